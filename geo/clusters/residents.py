"""Which enterprises of which industries sit in which buildings on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow

from geo.clusters.field import Field
from geo.crs import LocalMetric, local_metric
from geo.db import query
from geo.looking_back import Moment
from geo.taxonomy import groups_of, map_groups, section_of

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]
Industry = tuple[str, str | None]

MICRODEGREES = 1e6

REST = "rest"
"""The group of what a table for everybody adds up without saying which industries it is of."""


@dataclass(frozen=True)
class Residents:
    """Numbers of resident enterprises by building and industry: one row for each pair that occurs.

    They may be weighed: `enterprises` are then square metres or yuan, and `firms` and `squares` say of how many.

    Attributes
    ----------
    building_ids
        Every building in which somebody sits, in the order of the ids, shape (b,).
    lon, lat
        A point on each in millionths of a degree of WGS 84, shape (b,).
    building
        The building of each row, its place in `building_ids`, in order; shape (n,).
    industry
        Which of `industries` each row is of, shape (n,).
    enterprises
        How many, shape (n,).
    industries
        The map group and the GB/T 4754 code (None where no one has stated it).
    firms, squares
        Of weighed rows the number of enterprises and the sum of their squared sizes (None where it is not told),
        each of shape (n,).
    laid_on
        The plane, where it is not to be chosen by these buildings alone.
    """

    building_ids: Integers
    lon: Integers
    lat: Integers
    building: Integers
    industry: Integers
    enterprises: NDArray[Any]
    industries: Sequence[Industry]
    firms: Integers | None = None
    squares: Floats | None = None
    laid_on: LocalMetric | None = None

    @property
    def counted(self) -> NDArray[Any]:
        """How many enterprises each row is of, weighed or not, shape (n,)."""
        return self.enterprises if self.firms is None else self.firms

    def herfindahl(self, groups: Integers, number: int) -> Floats:
        """The sum of the squared shares of each group's enterprises: 1 / n where all count alike, shape (number,)."""
        if self.squares is None:
            with np.errstate(divide="ignore"):
                return 1 / np.bincount(groups, self.counted, number)
        sizes = np.bincount(groups, self.enterprises, number)
        with np.errstate(divide="ignore", invalid="ignore"):
            lumps: Floats = np.bincount(groups, self.squares, number) / sizes**2
        return lumps

    def within(self, buildings: NDArray[np.bool_]) -> "Residents":
        """Those in some buildings (a mask, shape (b,)), on the same plane; the others' places stay, without anybody."""
        rows = buildings[self.building]
        return replace(
            self,
            building=self.building[rows],
            industry=self.industry[rows],
            enterprises=self.enterprises[rows],
            firms=None if self.firms is None else self.firms[rows],
            squares=None if self.squares is None else self.squares[rows],
            laid_on=self.plane,
        )

    def of(self, asked: str) -> NDArray[np.bool_]:
        """Which rows are of a group, section, division or finer code of industries, shape (n,)."""
        wanted = np.array([asked in names for names in self._names], dtype=bool)
        chosen: NDArray[np.bool_] = wanted[self.industry] if len(self.industries) else np.zeros(0, bool)
        return chosen

    def named(self, asked: str) -> list[Industry]:
        """Which of `industries` are of a group, section, division or finer code."""
        return [pair for pair, names in zip(self.industries, self._names, strict=True) if asked in names]

    def sorted_into(self, codes: Sequence[str]) -> Integers:
        """Which of `codes` (groups, sections, divisions) each row is of, the first that fits; -1 for none."""
        places = [next((at for at, code in enumerate(codes) if code in names), -1) for names in self._names]
        found: Integers = np.array(places, np.int64)[self.industry] if places else np.zeros(0, np.int64)
        return found

    @cached_property
    def map_group(self) -> Integers:
        """The place of each row's map group in `taxonomy.map_groups()`, that of the rest behind them, shape (n,)."""
        place = {group.code: number for number, group in enumerate(map_groups())}
        place[REST] = len(place)
        groups = np.array([place.get(group, place["other"]) for group, _ in self.industries], dtype=np.int64)
        return groups[self.industry] if len(groups) else np.zeros(0, np.int64)

    @cached_property
    def plane(self) -> LocalMetric:
        """A plane that stays where it is when some move in or out, so that the cells of two days can be compared."""
        return self.laid_on or plane_round(self.lon, self.lat)

    @cached_property
    def metres(self) -> tuple[Floats, Floats]:
        """Where the buildings are on the plane, each of shape (b,)."""
        return self.plane.to_metres(self.lon / MICRODEGREES, self.lat / MICRODEGREES)

    @cached_property
    def field(self) -> Field:
        """The buildings with all their enterprises."""
        everything = np.bincount(self.building, self.enterprises, len(self.building_ids))
        return Field(*self.metres, everything.astype(float))

    @cached_property
    def _names(self) -> list[frozenset[str]]:
        return [_names_of(group, code) for group, code in self.industries]


def plane_round(lon: Integers, lat: Integers) -> LocalMetric:
    """The plane round places in millionths of a degree: that of their middle, to a tenth of a degree."""
    middle = (round((float(side.min()) + float(side.max())) / 2 / MICRODEGREES, 1) for side in (lon, lat))
    return local_metric(*([side] for side in middle))


def load_residents(
    connection: Connection[TupleRow], moment: Moment, building_ids: Iterable[int] | None = None
) -> Residents:
    """Read who sat where on a day, as known at an instant and public today; in some buildings, or in all."""
    only = None if building_ids is None else list(building_ids)
    values = {"as_of": moment.as_of, "known_at": moment.known_at, "only": only}
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(query("residents"), values).fetchall()
    ids, lon, lat, groups, codes, enterprises = zip(*rows, strict=True) if rows else ((),) * 6
    pairs: list[Industry] = list(zip(groups, codes, strict=True))
    industries = _in_order(pairs)
    place = {pair: number for number, pair in enumerate(industries)}
    sitting_in, first, building = np.unique(np.array(ids, np.int64), return_index=True, return_inverse=True)
    return Residents(
        sitting_in,
        np.array(lon, np.int32)[first],
        np.array(lat, np.int32)[first],
        building.astype(np.uint32),
        np.array([place[pair] for pair in pairs], np.uint16),
        np.array(enterprises, np.uint32),
        industries,
    )


def replaced(old: Residents, fresh: Residents, changed: Iterable[int]) -> Residents:
    """The old residents with those of the buildings `changed` (ids) taken out and the fresh ones put in."""
    stays = ~np.isin(old.building_ids, np.fromiter(changed, np.int64))[old.building]
    industries = _in_order([*old.industries, *fresh.industries])
    place = {pair: number for number, pair in enumerate(industries)}
    rows = []
    for each, chosen in ((old, stays), (fresh, slice(None))):
        building = each.building[chosen]
        numbers = np.array([place[pair] for pair in each.industries], np.uint16)
        places = (each.building_ids[building], each.lon[building], each.lat[building])
        rows.append((*places, numbers[each.industry[chosen]], each.enterprises[chosen]))
    ids, lon, lat, industry, enterprises = (np.concatenate(pair) for pair in zip(*rows, strict=True))
    order = np.argsort(ids, kind="stable")
    building_ids, first, building = np.unique(ids[order], return_index=True, return_inverse=True)
    return Residents(
        building_ids,
        lon[order][first],
        lat[order][first],
        building.astype(np.uint32),
        industry[order],
        enterprises[order],
        industries,
    )


def _in_order(pairs: Iterable[Industry]) -> list[Industry]:
    return sorted(set(pairs), key=lambda pair: (pair[0], pair[1] or ""))


def _names_of(group: str, code: str | None) -> frozenset[str]:
    """Every name under which an industry may be asked for: groups, section, division and finer codes."""
    if not code:
        return frozenset({group})
    finer = {code[:length] for length in range(2, len(code) + 1)}
    return frozenset({group, section_of(code), *finer, *(groups_of(code) - {each.code for each in map_groups()})})
