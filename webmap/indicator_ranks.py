"""One indicator of the areas within an area, and of its buildings, ranked, with what each brings to the figure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.indicators import AreaOutline, Part, Reckoned, by_building, work_out
from geo.indicators.days import Day
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


def rank_buildings(session: Session, part: Part, told: Reckoned) -> list[BuildingFigure]:
    """The buildings of a part by an indicator, those with most first; those without a value last."""
    on = Day(part, told.day)
    figures = by_building(on, told.indicator)
    places = _places(session, part.buildings["id"].tolist())
    columns = zip(
        part.buildings["id"].tolist(),
        *(each.tolist() for each in (figures.value, figures.numerator, figures.denominator, figures.unknown)),
        on.operating.tolist(),
        strict=True,
    )
    found = [
        BuildingFigure(places[ident], None if math.isnan(value) else value, *rest)
        for ident, value, *rest in columns
        if ident in places
    ]
    counted = [each for each in found if each.operating or each.numerator or each.denominator]
    return sorted(counted, key=lambda each: (each.value is None, -(each.value or 0), each.place.code))


def rank_areas(known: Known, area: AreaOutline | None, told: Reckoned) -> list[AreaFigure]:
    """The areas that share buildings with an area, widest first, in each level those with most first."""
    within = set(known.part(area).rows.tolist())
    found = list(_within(known, area, within, told))
    levels = list(dict.fromkeys(each.area.level for each in found))
    return sorted(found, key=lambda each: (levels.index(each.area.level), -(each.told.value or -math.inf)))


def _within(known: Known, area: AreaOutline | None, rows: set[int], told: Reckoned) -> Iterator[AreaFigure]:
    for other in known.areas:
        theirs = known.part(other)
        shared = rows & set(theirs.rows.tolist())
        if other == area or not shared or (area and shared == rows and len(theirs.rows) > len(rows)):
            continue
        whole = len(shared) == len(theirs.rows)
        part = theirs if whole else known.record.part_of(known.record.buildings["id"][sorted(shared)])
        [figure] = work_out(part, told.day, [told.indicator])
        yield AreaFigure(other, figure, len(shared), whole)


def _places(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address)
    # One parameter however many they are: a statement takes 65,535.
    chosen = select(*columns).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    return {row.id: row for row in session.execute(chosen, {"ids": ids})}
