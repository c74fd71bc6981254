"""What the page of an area says: its figures, and its buildings with their vacancy."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import BadParameterError, NotFoundError
from geo.model import Area, Source
from geo.vacancy import Vacancy, total_vacancy, vacancy_of
from webmap.buildings import rows
from webmap.buildings.operations import Asker

LISTED = 500
"""Buildings on one page of an area; the figures are of all of them."""

AREA_SORTS = ("vacant", "rate", "leasable", "rent", "name")


@dataclass(frozen=True, slots=True)
class AreaBuilding:
    """A building of the area: its facts, its vacancy, rents per m² and day, and the oldest report among its units."""

    facts: Any
    vacancy: Vacancy
    rent_cny_m2_day: tuple[float, float] | None
    reported_on: date | None

    @property
    def operating(self) -> bool:
        """Whether it is in use, so that what is not let stands empty."""
        return bool(self.facts.status == "operating")


@dataclass(frozen=True, slots=True)
class AreaPage:
    """Everything the page of an area shows; `box` is west, south, east, north in degrees.

    `buildings` are the first of the order asked for, `count` is how many there are. `vacancy` is that of the
    `operating` ones: what is still being built is neither let nor vacant.
    """

    area: Area
    box: tuple[float, float, float, float]
    within: Sequence[Any]
    buildings: list[AreaBuilding]
    count: int
    operating: int
    vacancy: Vacancy
    sources: dict[int, Source]


def load_area(session: Session, code: str, asker: Asker, sort: str = "-vacant") -> AreaPage:
    """The page of the area with this code.

    Raises
    ------
    NotFoundError
        No such area, or it is withdrawn or not publishable and the asker is not staff.
    BadParameterError
        The buildings cannot be sorted so.
    """
    if sort.removeprefix("-") not in AREA_SORTS:
        raise BadParameterError("sort", sort, ", ".join(f"{name}, -{name}" for name in AREA_SORTS))
    found = rows.area_row(session, code, asker.staff)
    if found is None:
        raise NotFoundError(f"There is no area {code!r} here.")
    facts = rows.buildings_in(session, found.Area.id, asker.staff)
    sums = defaultdict(list)
    for row in rows.unit_sums(session, [row.id for row in facts], asker.today):
        sums[row.building_id].append(row)
    buildings = [_building(row, sums[row.id]) for row in facts]
    operating = [building for building in buildings if building.operating]
    return AreaPage(
        area=found.Area,
        box=(found.w, found.s, found.e, found.n),
        within=rows.areas_within(session, found.Area.id, asker.staff),
        buildings=_sorted(buildings, sort)[:LISTED],
        count=len(buildings),
        operating=len(operating),
        vacancy=total_vacancy(building.vacancy for building in operating),
        sources=rows.sources_of(session, [found.Area.source_id, *(row.source_id for row in facts)], asker.staff),
    )


def _building(facts: Any, sums: Sequence[Any]) -> AreaBuilding:
    market = [row for row in sums if row.status in ("vacant", "soon") and row.rent_low is not None]
    rents = (min(row.rent_low for row in market), max(row.rent_high for row in market)) if market else None
    reports = [row.reported_on for row in sums if row.reported_on]
    vacancy = vacancy_of([part for row in sums for part in _units(row)], facts.leasable_area_m2)
    return AreaBuilding(facts, vacancy, rents, min(reports) if reports else None)


def _units(row: Any) -> list[tuple[str, Decimal | None]]:
    """The units of one sum again, as `vacancy_of` takes them: the area on the first that has one."""
    known = row.units - row.area_unknown
    areas = [row.area_m2] + [Decimal(0)] * (known - 1) if known else []
    return [(row.status, area) for area in [*areas, *[None] * row.area_unknown]]


def _sorted(buildings: list[AreaBuilding], sort: str) -> list[AreaBuilding]:
    keys = {
        "vacant": lambda building: building.vacancy.vacant_m2,
        "rate": lambda building: building.vacancy.rate if building.operating else None,
        "leasable": lambda building: building.facts.leasable_area_m2,
        "rent": lambda building: building.rent_cny_m2_day[0] if building.rent_cny_m2_day else None,
        "name": lambda building: building.facts.name,
    }
    key = keys[sort.removeprefix("-")]
    known = sorted((each for each in buildings if key(each) is not None), key=key, reverse=sort.startswith("-"))
    return known + [each for each in buildings if key(each) is None]
