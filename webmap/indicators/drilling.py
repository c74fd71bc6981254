"""What one building gives to an indicator: floor by floor and unit by unit, or enterprise by enterprise.

Visitors are told what the page of the building shows: units and floors with their state and area, and who sits there by
the public register, but never since when.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.disclosure import Audience
from geo.errors import BadParameterError
from geo.indicators import Indicator, Part, Reckoned
from geo.indicators.by_unit import UnitFigures, by_unit, is_of_units
from geo.indicators.days import Day
from geo.indicators.measures import MEASURES
from geo.model import Building, Enterprise, Floor, Unit

MOST_ENTERPRISES = 300


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """A unit with what it gives; `place` has code and label, and is None where the reader may not see it."""

    place: Any
    state: int
    area_m2: float
    numerator: float
    denominator: float


@dataclass(frozen=True, slots=True)
class FloorFigure:
    """A floor (None: no floor is told) with what its units give together."""

    floor: Any
    units: Sequence[UnitFigure]

    @property
    def numerator(self) -> float:
        """What its units give to the numerator."""
        return sum(each.numerator for each in self.units)

    @property
    def denominator(self) -> float:
        """What they give to the denominator."""
        return sum(each.denominator for each in self.units)


@dataclass(frozen=True, slots=True)
class Inside:
    """A building from within: its floors from the top, and what it gives beside its units; or who sits there.

    `enterprises` has (name, name_en, group, counted above, counted below); `hidden` are those without a name.
    """

    floors: Sequence[FloorFigure]
    beside: tuple[float, float]
    enterprises: Sequence[tuple[Any, bool, bool]]
    hidden: int


def read_building(session: Session, code: str, part: Part) -> Any:
    """The building of a part with this code: id, code, name, name_en, address.

    Raises
    ------
    BadParameterError
        It is not in the part.
    """
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address)
    found = session.execute(select(*columns).where(Building.code == code[:40])).one_or_none()
    if found is None or found.id not in part.buildings["id"]:
        raise BadParameterError("building", code[:40], "the code of a followed building of the area")
    return found


def inside(
    session: Session, around: Part, part: Part, told: Reckoned, audiences: frozenset[Audience]
) -> Inside:
    """What a building (`part`) gives; who came or left is asked of all that is `around` it."""
    indicator = told.indicator
    floors: Sequence[FloorFigure] = ()
    beside = (0.0, 0.0)
    if is_of_units(indicator):
        figures = by_unit(Day(part, told.day), indicator)
        floors = _floors(session, figures)
        given = float(figures.numerator.sum()), float(figures.denominator.sum())
        beside = ((told.numerator or 0) - given[0], (told.denominator or 0) - given[1])
    rows = _counted(Day(around, told.day), part, indicator, audiences)
    named = _enterprises(session, sorted({ident for each in rows for ident in each})[:MOST_ENTERPRISES])
    listed = [(each, each.id in rows[0], each.id in rows[1]) for each in named]
    return Inside(floors, beside, listed, len(rows[0] | rows[1]) - len(listed))


def _counted(
    on: Day, part: Part, indicator: Indicator, audiences: frozenset[Audience]
) -> tuple[set[int], set[int]]:
    """The enterprises of a building that numerator and denominator count, where the asker may know which they are."""
    measures = [MEASURES[name] for name in (*indicator.numerator, *indicator.denominator)]
    unsaid = Audience.STAFF not in audiences and any(each.when for each in measures)
    if unsaid or any(each.rows is None for each in measures):
        return set(), set()
    place = int(np.flatnonzero(on.part.rows == part.rows[0])[0])
    over, under = (_there(on, names, place) for names in (indicator.numerator, indicator.denominator))
    return over, under


def _there(on: Day, names: Sequence[str], place: int) -> set[int]:
    found: set[int] = set()
    for name in names:
        taken = MEASURES[name].rows
        assert taken
        rows = taken(on)
        found |= set(rows["enterprise"][rows["building"] == place].tolist())
    return found


def _floors(session: Session, figures: UnitFigures) -> Sequence[FloorFigure]:
    places = _by_id(session, select(Unit.id, Unit.code, Unit.label, Unit.floor_id), Unit.id, figures.unit.tolist())
    columns = select(Floor.id, Floor.position, Floor.label)
    floors = _by_id(session, columns, Floor.id, list({each.floor_id for each in places.values()} - {None}))
    units: defaultdict[int | None, list[UnitFigure]] = defaultdict(list)
    rows = zip(
        *(each.tolist() for each in (figures.unit, figures.state, figures.area_m2)),
        *(each.tolist() for each in (figures.numerator, figures.denominator)),
        strict=True,
    )
    for ident, *figure in rows:
        place = places.get(ident)
        units[place.floor_id if place else None].append(UnitFigure(place, *figure))
    found = [FloorFigure(floors.get(ident), sorted(each, key=_label)) for ident, each in units.items()]
    return sorted(found, key=lambda each: each.floor.position if each.floor else -1000, reverse=True)


def _label(figure: UnitFigure) -> tuple[bool, str]:
    return figure.place is None, figure.place.label if figure.place else ""


def _enterprises(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    columns = select(Enterprise.id, Enterprise.name, Enterprise.name_en, Enterprise.industry_group)
    found = _by_id(session, columns.where(~Enterprise.is_individual), Enterprise.id, ids)
    return sorted(found.values(), key=lambda each: each.name)


def _by_id(session: Session, chosen: Any, column: Any, ids: Sequence[int]) -> Mapping[int, Any]:
    if not ids:
        return {}
    wanted = column == any_(bindparam("ids", type_=ARRAY(BigInteger)))
    return {row.id: row for row in session.execute(chosen.where(wanted), {"ids": list(ids)})}
