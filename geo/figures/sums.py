"""Reads figures and adds them up for buildings and areas, source by source."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from geo.db import query
from geo.figures.kinds import AXES, Counted, figure_kind
from geo.figures.periods import Period
from geo.figures.place_sums import Contributor, Gap, PlaceSum, SourceSum
from geo.looking_back import Moment, driver_of

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are to be added up: a kind, a period, and of tax how it was counted."""

    indicator: str
    period: Period
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of buildings by their ids, and of areas by theirs."""

    buildings: Mapping[int, PlaceSum]
    areas: Mapping[int, PlaceSum]


def read_sums(
    session: Session,
    asked: Asked,
    members: Mapping[int, Collection[int]] | None = None,
    moment: Moment | None = None,
) -> Sums:
    """Add up the figures that are asked for.

    Parameters
    ----------
    session : Session
        Of a login that may read confidential figures; who is shown what is for the caller to decide.
    asked : Asked
        Kind, period and way of counting. Of a stock (employees) the figure at the end of the period is taken.
    members : mapping
        Area → ids of the buildings in it, as `standing_in` gives them; an area without figures of its own is the sum
        of what is taken of these.
    moment : Moment
        A past to read instead: periods that had ended on that day, as known at that instant.

    Returns
    -------
    Sums
        Of every building and area of which anything was entered in the period.
    """
    held = _Held(asked)
    for row in _rows(session, asked, moment):
        held.take(row)
    residing = _residing(session, held.absences(), moment)
    buildings = {ident: PlaceSum(tuple(held.of_building(ident, residing))) for ident in sorted(held.building_ids)}
    areas = {}
    for area_id in sorted({*(members or {}), *held.direct["area"]}):
        inside = [buildings[ident] for ident in (members or {}).get(area_id, ()) if ident in buildings]
        if sums := (*held.direct_sums("area", area_id), *_of_parts(inside)):
            areas[area_id] = PlaceSum(sums)
    return Sums(buildings, areas)


def standing_in(session: Session, area_ids: Iterable[int]) -> dict[int, list[int]]:
    """The ids of the buildings that stand in each of some areas."""
    found: dict[int, list[int]] = {ident: [] for ident in area_ids}
    for area_id, building_id in driver_of(session).execute(query("standing_in"), {"areas": list(found)}):
        found[area_id].append(building_id)
    return found


@dataclass(slots=True)
class _Said:
    """What one source says of one thing, period by period."""

    values: dict[Period, Decimal] = field(default_factory=dict)
    said_at: datetime = _LONG_AGO
    parts: tuple[int | None, float | None] = (None, None)

    def take(self, row: Mapping[str, Any]) -> None:
        self.values[Period(row["start"], row["end"])] = row["value"]
        self.said_at = max(self.said_at, row["said_at"])
        self.parts = (row["contributors"], row["largest"] and float(row["largest"]))


class _Held:
    """Everything that was read, by place and source."""

    def __init__(self, asked: Asked) -> None:
        self.period, self._stock = asked.period, figure_kind(asked.indicator).nature == "stock"
        self.direct: dict[str, dict[int, dict[int, _Said]]] = {"building": {}, "area": {}}
        self._firms: defaultdict[int, defaultdict[int, dict[int, _Said]]] = defaultdict(lambda: defaultdict(dict))
        """Building → enterprise → source."""

    @property
    def building_ids(self) -> set[int]:
        return {*self.direct["building"], *self._firms}

    def take(self, row: Mapping[str, Any]) -> None:
        source = row["source_id"]
        if row["enterprise_id"] is not None:
            if row["building_id"] is not None:
                self._firms[row["building_id"]][row["enterprise_id"]].setdefault(source, _Said()).take(row)
            return
        kind = "area" if row["area_id"] is not None else "building"
        self.direct[kind].setdefault(row[f"{kind}_id"], {}).setdefault(source, _Said()).take(row)

    def absences(self) -> set[tuple[int, int, date]]:
        """(enterprise, building, last day) of every period that an enterprise of a building says nothing of; with
        enterprise 0 where none of them does."""
        firms = {
            (firm, building, gap.last_day)
            for building, firms in self._firms.items()
            for firm, sources in firms.items()
            for said in sources.values()
            for gap in self._covered(said)[1]
        }
        return firms | {(0, building, gap.last_day) for building in self._firms for gap in self._untold(building)}

    def of_building(self, building_id: int, residing: Collection[tuple[int, int, date]]) -> Iterator[SourceSum]:
        """What each source says of a building itself, and its firms added up; of each firm what was entered last.

        A gap is only one while the enterprise, or any at all, operated there.
        """
        yield from self.direct_sums("building", building_id)
        firms: Mapping[int, dict[int, _Said]] = self._firms.get(building_id, {})
        taken = {firm: max(sources.items(), key=self._standing) for firm, sources in firms.items()}
        if taken:
            untold = self._untold(building_id)
            given, gaps = {}, [Gap(None, gap) for gap in untold if (0, building_id, gap.last_day) in residing]
            for firm, (_, said) in taken.items():
                given["enterprise", firm, 0], missing = self._covered(said)
                here = (gap for gap in missing if (firm, building_id, gap.last_day) in residing)
                gaps += [Gap(firm, gap) for gap in here if gap not in untold]
            sources = {source for source, _ in taken.values()}
            source, said_at = sources.pop() if len(sources) == 1 else None, max(s.said_at for _, s in taken.values())
            disputed = sum(map(self._is_disputed, firms.values()))
            yield SourceSum(source, False, given, tuple(gaps), said_at, disputed=disputed)

    def _untold(self, building_id: int) -> list[Period]:
        """The parts of the period of which no enterprise of a building says anything."""
        if self._stock:
            return []
        told = (said for sources in self._firms[building_id].values() for said in sources.values())
        return covered({part: Decimal(1) for said in told for part in said.values}, self.period)[1]

    def _standing(self, told: tuple[int, _Said]) -> tuple[bool, datetime, int]:
        """What is whole goes before what is not, then what was entered later."""
        return not self._covered(told[1])[1], told[1].said_at, told[0]

    def _is_disputed(self, sources: Mapping[int, _Said]) -> bool:
        whole = [value for value, missing in map(self._covered, sources.values()) if not missing]
        return len(set(whole)) > 1

    def direct_sums(self, kind: str, ident: int) -> Iterator[SourceSum]:
        """What each source says of a building or an area itself."""
        for source, said in self.direct[kind].get(ident, {}).items():
            value, missing = self._covered(said)
            whole = len(said.values) == 1 and None not in said.parts
            given = _shared_out(kind, ident, value, *(said.parts if whole else (None, None)))
            yield SourceSum(source, True, given, tuple(Gap(None, gap) for gap in missing), said.said_at, whole)

    def _covered(self, said: _Said) -> tuple[Decimal, list[Period]]:
        if self._stock:
            last = max(said.values)
            return said.values[last], [] if last.end == self.period.end else [self.period]
        return covered(said.values, self.period)


def covered(values: Mapping[Period, Decimal], period: Period) -> tuple[Decimal, list[Period]]:
    """The sum of what is known of a period, by the coarsest figures that make it up, and what is missing of it."""
    if period in values:
        return values[period], []
    parts = period.parts()
    told = [covered(values, part) for part in parts]
    missing = [gap for _, gaps in told for gap in gaps]
    if not parts or missing == list(parts):
        return Decimal(0), [period]
    return sum((value for value, _ in told), Decimal(0)), missing


def _of_parts(inside: Collection[PlaceSum]) -> Iterator[SourceSum]:
    """An area as the sum of what is taken of its buildings."""
    taken = [each.taken for each in inside]
    if taken:
        given: defaultdict[Contributor, Decimal] = defaultdict(Decimal)
        for each in taken:
            for who, value in each.given.items():
                given[who] += value
        sources = {each.source_id for each in taken}
        yield SourceSum(
            sources.pop() if len(sources) == 1 else None,
            False,
            dict(given),
            tuple(dict.fromkeys(gap for each in taken for gap in each.gaps)),
            max(each.said_at for each in taken),
            all(each.counted_parts for each in taken),
            sum(each.disputed for each in taken),
        )


def _shared_out(
    kind: str, ident: int, value: Decimal, contributors: int | None, largest: float | None
) -> dict[Contributor, Decimal]:
    """A sum without its parts as parts without names: the largest as stated, the others alike."""
    if not contributors or largest is None or contributors < 2:
        return {(kind, ident, 0): value}
    first = value * Decimal(str(largest))
    rest = (value - first) / (contributors - 1)
    return {(kind, ident, number): rest if number else first for number in range(contributors)}


def parameters(asked: Asked, moment: Moment | None) -> dict[str, Any]:
    """What the queries of `geo/sql/figures.sql` want to know."""
    counted = asked.counted
    return {
        "indicator": asked.indicator,
        "start": asked.period.start,
        "end": asked.period.end,
        "until": moment.as_of + timedelta(days=1) if moment else asked.period.end,
        "known_at": _known_at(moment),
        **{name: counted and getattr(counted, name) for name in AXES},
    }


def _rows(session: Session, asked: Asked, moment: Moment | None) -> Iterator[dict[str, Any]]:
    with driver_of(session).cursor(row_factory=dict_row) as cursor:
        yield from cursor.execute(query("figures_known"), parameters(asked, moment))


def _residing(
    session: Session, asked: Collection[tuple[int, int, date]], moment: Moment | None
) -> set[tuple[int, int, date]]:
    if not asked:
        return set()
    firms, buildings, days = (list(each) for each in zip(*sorted(asked), strict=True))
    values = {"enterprises": firms, "buildings": buildings, "days": days, "known_at": _known_at(moment)}
    return set(driver_of(session).execute(query("residents_on"), values).fetchall())


def _known_at(moment: Moment | None) -> str | datetime:
    return moment.known_at if moment else "infinity"
