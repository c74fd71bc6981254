"""One indicator of the areas within an area, and of its buildings, ranked, with what each brings to the figure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.indicators import AreaOutline, Part, Reckoned, by_building, work_out
from geo.indicators.days import Day
from geo.indicators.reckoning import ByBuilding
from geo.model import Building
from webmap.indicator_records import Known


@dataclass(frozen=True, slots=True)
class BuildingFigure:
    """A building with its value (None without one) and the parts of it; `place` has code, name, name_en, address."""

    place: Any
    value: float | None
    numerator: float
    denominator: float
    unknown: float
    operating: bool


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """An area with the indicator of those of its buildings that stand in the area asked about; `whole` if all do."""

    area: AreaOutline
    told: Reckoned
    buildings: int
    whole: bool


def rank_buildings(session: Session, part: Part, told: Reckoned, most: int | None = None) -> list[BuildingFigure]:
    """The buildings of a part by an indicator, those with most first and those without a value last; `most` of them."""
    on = Day(part, told.day)
    figures = by_building(on, told.indicator)
    chosen = _ranked(on, figures)[:most]
    ids = part.buildings["id"][chosen].tolist()
    places = places_of(session, ids)
    columns = (figures.value, figures.numerator, figures.denominator, figures.unknown, on.operating)
    rows = zip(ids, *(each[chosen].tolist() for each in columns), strict=True)
    return [
        BuildingFigure(places[ident], None if math.isnan(value) else value, *rest)
        for ident, value, *rest in rows
        if ident in places
    ]


def count_ranked(part: Part, told: Reckoned) -> int:
    """How many buildings `rank_buildings` has."""
    on = Day(part, told.day)
    return len(_ranked(on, by_building(on, told.indicator)))


def _ranked(on: Day, figures: ByBuilding) -> NDArray[np.int64]:
    counted = np.flatnonzero(on.operating | (figures.numerator > 0) | (figures.denominator > 0))
    # What is no number stands last.
    order: NDArray[np.int64] = counted[np.lexsort((on.part.buildings["id"][counted], -figures.value[counted]))]
    return order


def rank_areas(known: Known, area: AreaOutline | None, told: Reckoned) -> list[AreaFigure]:
    """The areas that share buildings with an area, widest first, in each level those with most first."""
    found = list(_within(known, area, known.part(area).rows, told))
    levels = list(dict.fromkeys(each.area.level for each in found))
    return sorted(found, key=lambda each: (levels.index(each.area.level), -(each.told.value or -math.inf)))


def buildings_of(session: Session, part: Part) -> list[Any]:
    """The buildings of a part by name: id, code, name, name_en, address."""
    found = places_of(session, part.buildings["id"].tolist()).values()
    return sorted(found, key=lambda each: (each.name is None, each.name or each.address or each.code))


def _within(known: Known, area: AreaOutline | None, rows: NDArray[np.int64], told: Reckoned) -> Iterator[AreaFigure]:
    for other in known.areas:
        theirs = known.part(other)
        shared = np.intersect1d(rows, theirs.rows, assume_unique=True)
        around = area is not None and len(shared) == len(rows) < len(theirs.rows)
        if other == area or not len(shared) or around:
            continue
        whole = len(shared) == len(theirs.rows)
        part = theirs if whole else known.record.part_of(known.record.buildings["id"][shared])
        [figure] = work_out(part, told.day, [told.indicator])
        yield AreaFigure(other, figure, len(shared), whole)


def places_of(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    """Buildings by their ids: id, code, name, name_en, address."""
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address)
    # One parameter however many they are: a statement takes 65,535.
    chosen = select(*columns).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    return {row.id: row for row in session.execute(chosen, {"ids": ids})}
