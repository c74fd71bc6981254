"""Who works around a building: firms of one's own industry, those that supply it and those that buy from it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, cast, func, literal, select
from sqlalchemy.orm import Session

from geo.conditions import named, shown
from geo.errors import BadParameterError
from geo.model import Building, Enterprise, Source, Tenancy
from geo.shapes import metres_per_degree
from geo.state_search.around import WITHIN_M
from geo.taxonomy import customers_of, map_groups, suppliers_of
from webmap.buildings.operations import Asker, BuildingPage

MOST_BUILDINGS = 5


@dataclass(frozen=True, slots=True)
class House:
    """A building around with so many firms, and how far its outline is in a straight line."""

    code: str
    name: str | None
    name_en: str | None
    metres: float
    firms: int


@dataclass(frozen=True, slots=True)
class Side:
    """Firms that stand to the chosen industry as `kind` says: 'same', 'suppliers' or 'customers'; by group."""

    kind: str
    groups: list[tuple[str, int]]
    firms: int
    houses: list[House]
    more_houses: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The sides around a building for one industry, and the industries that can be chosen."""

    industry: str
    choices: tuple[str, ...]
    sides: list[Side]


def neighbours_of(session: Session, page: BuildingPage, asker: Asker, industry: str = "") -> Neighbours | None:
    """The neighbours for an industry; for the leading one of the building when none is asked for.

    Raises
    ------
    BadParameterError
        There is no such industry.
    """
    choices = tuple(group.code for group in map_groups() if group.code != "other")
    if industry and industry not in choices:
        raise BadParameterError("trade", industry, ", ".join(choices))
    leading = next((each.group for each in page.industries if each.group in choices), "")
    industry = industry or leading
    if not industry:
        return None
    kinds = {"same": (industry,), "suppliers": suppliers_of(industry), "customers": customers_of(industry)}
    wanted = {group for groups in kinds.values() for group in groups}
    found = _counts(session, page, asker.today, wanted)
    return Neighbours(industry, choices, [_side(kind, groups, found) for kind, groups in kinds.items()])


def _side(kind: str, groups: Iterable[str], found: Sequence[Any]) -> Side:
    mine = set(groups)
    by_group: Counter[str] = Counter()
    firms: Counter[str] = Counter()
    at: dict[str, Any] = {}
    for row in found:
        if row.industry_group in mine:
            by_group[row.industry_group] += row.firms
            firms[row.code] += row.firms
            at[row.code] = row
    order = sorted(firms, key=lambda code: (-firms[code], at[code].metres, code))
    houses = [
        House(code, at[code].name, at[code].name_en, at[code].metres, firms[code]) for code in order[:MOST_BUILDINGS]
    ]
    return Side(kind, by_group.most_common(), firms.total(), houses, max(0, len(order) - MOST_BUILDINGS))


def _counts(session: Session, page: BuildingPage, today: date, groups: set[str]) -> Sequence[Any]:
    """Of every building within reach: its distance, and its public firms of each of the groups.

    Outlines are compared in a plane of metres that fits here: geography is a hundred times slower over a whole city.
    """
    east, north = metres_per_degree(page.lat)
    building_id = page.building.id
    here = select(Building.geom).where(Building.id == building_id).scalar_subquery()
    plane = func.ST_Scale(here, east, north)
    metres = func.ST_Distance(func.ST_Scale(Building.geom, east, north), plane).label("metres")
    near = select(Building.id, Building.code, Building.name, Building.name_en, metres).where(
        Building.geom.op("&&")(func.ST_Expand(here, WITHIN_M / east, WITHIN_M / north)),
        Building.id != building_id,
        *shown(Building, False),
    )
    around = near.cte("around").prefix_with("MATERIALIZED", dialect="postgresql")
    now = (Tenancy.valid.op("@>")(cast(literal(today), Date)), func.upper_inf(Tenancy.known))
    firms = func.count(Enterprise.id.distinct()).label("firms")
    chosen = (
        select(around.c.code, around.c.name, around.c.name_en, around.c.metres, Enterprise.industry_group, firms)
        .join(Tenancy, Tenancy.building_id == around.c.id)
        .join(Enterprise, Enterprise.id == Tenancy.enterprise_id)
        .join(Source, Source.id == Tenancy.source_id)
        .where(around.c.metres <= WITHIN_M, Enterprise.industry_group.in_(sorted(groups)), *now)
        .where(*shown(Enterprise, False), *named(Source, False))
        .group_by(
            around.c.id, around.c.code, around.c.name, around.c.name_en, around.c.metres, Enterprise.industry_group
        )
    )
    return session.execute(chosen).all()
