"""What was public of a building's units on any day before: states, areas and asked rents under today's disclosure list.

What is told is what is now held to have been so: a report that was corrected later counts as corrected, unless what was
known at an earlier instant is asked for. A published offer counts from the day it was published.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple, TypeVar

from psycopg.types.range import Range
from sqlalchemy import ColumnElement, DateTime, cast, func, literal, select
from sqlalchemy.orm import Session

from geo.conditions import named, shown
from geo.disclosure import public_occupancy
from geo.model import Offer, OfferUnit, Source, Unit, UnitState
from geo.taxonomy import rent_cny_m2_day
from geo.vacancy import Vacancy, vacancy_of

MONTHS = 24
ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class PastUnit:
    """A unit as it was on a day; `rent_cny_m2_day` is what was asked, None when nothing was."""

    id: int
    label: str
    floor_id: int | None
    top_floor_id: int | None
    area_m2: Decimal | None
    status: str
    rent_cny_m2_day: float | None


@dataclass(frozen=True, slots=True)
class Month:
    """The first of a month: vacancy, and lowest, middle and highest rent asked; no rate where nothing was known."""

    day: date
    vacancy: Vacancy
    rate: Decimal | None
    rents: tuple[float, float, float] | None


class _State(NamedTuple):
    start: date
    end: date
    exists: bool
    occupancy: str
    contract: str
    area_m2: Decimal | None


class _Offer(NamedTuple):
    start: date
    end: date
    available_on: date | None
    low: Decimal | None
    high: Decimal | None
    unit: str | None


_Row = TypeVar("_Row", _State, _Offer)


@dataclass(frozen=True, slots=True)
class Archive:
    """What is known of the past of some units, read once for any number of days."""

    units: Sequence[Any]
    states: dict[int, list[_State]]
    offers: dict[int, list[_Offer]]

    @property
    def first_day(self) -> date | None:
        """The first day of which anything is said; None when nothing is."""
        return min((states[0].start for states in self.states.values()), default=None)

    def status(self, unit_id: int, day: date) -> str:
        """The public status of a unit on a day, 'absent' when it was not there, 'unknown' when nothing is said."""
        return self._on(unit_id, day)[0]

    def units_on(self, day: date) -> list[PastUnit]:
        """The units that stood on a day."""
        return [
            PastUnit(unit.id, unit.label, unit.floor_id, unit.top_floor_id, area, status, rent)
            for unit, status, area, rent in self.told_on(day)
        ]

    def told_on(self, day: date) -> Iterator[tuple[Any, str, Decimal | None, float | None]]:
        """The units that stood on a day, with status, area in m² and asked rent; cheaper for who only adds up."""
        for unit in self.units:
            if unit.id not in self.states:
                continue
            status, state, offer = self._on(unit.id, day)
            if status != ABSENT:
                area = state.area_m2 if state and state.area_m2 is not None else unit.area_m2
                yield unit, status, area, _rent(offer, area) if offer and status in ("vacant", "soon") else None

    def _on(self, unit_id: int, day: date) -> tuple[str, _State | None, _Offer | None]:
        """The status of a unit on a day, and the state and the offer that say so."""
        states = self.states.get(unit_id, ())
        state = _standing(states, day)
        if state is None:
            return ABSENT if states and day < states[0].start else "unknown", None, None
        if not state.exists:
            return ABSENT, state, None
        offer = _standing(self.offers.get(unit_id, ()), day)
        available = offer.available_on if offer else None
        return public_occupancy(state.occupancy, state.contract, offer is not None, available), state, offer


def load_archive(
    session: Session, building_id: int, unit_id: int | None = None, known_at: datetime | None = None
) -> Archive:
    """The past of a building's units, or of one of them, as it is (or was) known; also of units that are no more."""
    mine = [Unit.building_id == building_id, *shown(Unit, False)]
    mine += [Unit.id == unit_id] if unit_id is not None else []
    columns = (Unit.id, Unit.label, Unit.floor_id, Unit.top_floor_id, Unit.area_m2)
    units = session.execute(select(*columns).where(*mine).order_by(Unit.label, Unit.id)).all()
    ids = [unit.id for unit in units]
    return Archive(units, _states(session, ids, known_at), _offers(session, ids, known_at))


def months_of(archive: Archive, today: date, leasable_m2: Decimal | None, months: int = MONTHS) -> list[Month]:
    """The last `months` firsts of a month, oldest first, those before anything is known left out."""
    first = archive.first_day
    days = [month_before(today, back) for back in range(months - 1, -1, -1)]
    return [_month(archive, day, leasable_m2) for day in days if first and day >= first]


def on_floors(archive: Archive, floor_ids: Iterable[int]) -> Archive:
    """The same of some floors alone."""
    wanted = set(floor_ids)
    units = [unit for unit in archive.units if wanted & {unit.floor_id, unit.top_floor_id}]
    return of_units(archive, [unit.id for unit in units])


def of_units(archive: Archive, unit_ids: Iterable[int]) -> Archive:
    """The same of some units alone."""
    wanted = set(unit_ids)
    units = [unit for unit in archive.units if unit.id in wanted]
    return Archive(units, {key: rows for key, rows in archive.states.items() if key in wanted}, archive.offers)


def month_before(day: date, back: int) -> date:
    """The first of the month so many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)


def rents_of(units: Iterable[Any]) -> tuple[float, float, float] | None:
    """The lowest, the middle and the highest rent that was asked per m² and day, CNY."""
    return _spread([unit.rent_cny_m2_day for unit in units if unit.rent_cny_m2_day is not None])


def _spread(rents: list[float]) -> tuple[float, float, float] | None:
    return (min(rents), median(rents), max(rents)) if rents else None


def _month(archive: Archive, day: date, leasable_m2: Decimal | None) -> Month:
    told = list(archive.told_on(day))
    vacancy = vacancy_of([(status, area) for _, status, area, _ in told], leasable_m2)
    known = any(status != "unknown" for _, status, _, _ in told)
    rents = _spread([rent for *_, rent in told if rent is not None])
    return Month(day, vacancy, vacancy.rate if known else None, rents)


def _states(session: Session, ids: list[int], known_at: datetime | None) -> dict[int, list[_State]]:
    columns = (UnitState.unit_id, UnitState.valid, UnitState.exists, UnitState.occupancy, UnitState.contract)
    chosen = select(*columns, UnitState.area_m2).join(Source, Source.id == UnitState.source_id)
    mine = UnitState.unit_id == func.any(ids)
    found: dict[int, list[_State]] = defaultdict(list)
    for row in session.execute(chosen.where(mine, _known(UnitState, known_at), *named(Source, False))):
        told = (row.exists, row.occupancy, row.contract, row.area_m2)
        found[row.unit_id].append(_State(*_span(row.valid), *told))
    return {unit_id: sorted(states, key=lambda state: state.start) for unit_id, states in found.items()}


def _offers(session: Session, ids: list[int], known_at: datetime | None) -> dict[int, list[_Offer]]:
    columns = (OfferUnit.unit_id, Offer.valid, Offer.published_at, Offer.available_on)
    chosen = select(*columns, Offer.rent_low, Offer.rent_high, Offer.rent_unit).join(
        Offer, Offer.id == OfferUnit.offer_id
    )
    chosen = chosen.join(Source, Source.id == Offer.source_id)
    live = (Offer.published_at.is_not(None), Offer.withdrawn_at.is_(None), _known(Offer, known_at))
    chosen = chosen.where(OfferUnit.unit_id == func.any(ids))
    found: dict[int, list[_Offer]] = defaultdict(list)
    for row in session.execute(chosen.where(*live, *named(Source, False)).order_by(Offer.published_at.desc())):
        start, end = _span(row.valid)
        told = (row.available_on, row.rent_low, row.rent_high, row.rent_unit)
        found[row.unit_id].append(_Offer(max(start, row.published_at.date()), end, *told))
    return found


def _known(table: Any, known_at: datetime | None) -> ColumnElement[bool]:
    """What is held now, or was at an instant."""
    if known_at is None:
        return func.upper_inf(table.known)
    return table.known.op("@>")(cast(literal(known_at), DateTime(timezone=True)))


def _span(valid: Range[date]) -> tuple[date, date]:
    """The first day and the one after the last."""
    return valid.lower or date.min, valid.upper or date.max


def _standing(rows: Sequence[_Row], day: date) -> _Row | None:
    for row in rows:
        if row.start <= day < row.end:
            return row
    return None


def _rent(offer: _Offer, area_m2: Decimal | None) -> float | None:
    """What is asked per m² and day; of a range its lower end, as units have it."""
    amount = offer.low if offer.low is not None else offer.high
    return rent_cny_m2_day(amount, offer.unit, area_m2) if amount is not None and offer.unit else None
