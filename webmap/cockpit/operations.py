"""Gathers what a district looks at together: who is to be looked after, and the first and last of each ranking."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.disclosure import Audience
from geo.indicators import Indicator, Part, work_out
from geo.indicators.days import Day
from geo.indicators.tiers import NEXT, Standing, count_tiers, standing
from geo.indicators.warnings import Rule, Warned, warn
from geo.model import Building, Enterprise
from webmap.indicator_ranks import BuildingFigure, rank_buildings

RANKED = 6
MARKED = 9
"""Buildings with a number on the map: as many as fit into a glance."""


@dataclass(frozen=True, slots=True)
class Called:
    """A warning with its building; `mark` is its number on the map, 0 without one."""

    warned: Warned
    place: Any
    mark: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """Buildings by an indicator, those with most first; `most` is the largest value, which bars are measured by."""

    indicator: Indicator
    rows: Sequence[BuildingFigure]
    most: float


@dataclass(frozen=True, slots=True)
class TaxRanks:
    """Towers by tax of a year: how many are in each tier, those with most, those next to cross, and those that bring
    least per square metre (none where too few are known to rank)."""

    year: int
    known: int
    counts: Mapping[str, int]
    most: Ranking
    near: Sequence[tuple[BuildingFigure, Standing]]
    least: Ranking


def warnings_of(
    session: Session, on: Day, chosen: Sequence[Rule], addresses: Mapping[int, int]
) -> list[tuple[Rule, list[Called]]]:
    """The warnings of a part, rule by rule; rules that nothing reaches are there too, with none."""
    found = warn(on, chosen, addresses)
    marks = {ident: at for at, ident in enumerate(dict.fromkeys(each.building_id for each in found), 1) if at <= MARKED}
    places = _places(session, [each.building_id for each in found])
    called = [
        Called(each, places[each.building_id], marks.get(each.building_id, 0))
        for each in found
        if each.building_id in places
    ]
    return [(rule, [each for each in called if each.warned.rule is rule]) for rule in chosen]


def rankings(session: Session, part: Part, on: Day, chosen: Sequence[Indicator]) -> list[Ranking]:
    """The first buildings of a part by each indicator."""
    found = []
    for told in work_out(part, on.day, chosen):
        rows = [row for row in rank_buildings(session, part, told) if row.value]
        most = max((abs(row.value or 0) for row in rows), default=0)
        found.append(Ranking(told.indicator, rows[:RANKED], most))
    return found


def tax_ranks(session: Session, part: Part, on: Day, chosen: Sequence[Indicator]) -> TaxRanks | None:
    """The ranks of a part by tax; `chosen` are tax and tax per square metre, exact or as published.

    None where nothing is known, or not to the reader.
    """
    told = work_out(part, on.day, chosen)
    rows = _known(rank_buildings(session, part, told[0])) if told else []
    if not rows:
        return None
    stands = [(row, standing(row.value or 0)) for row in rows]
    near = [(row, stand) for row, stand in stands if stand.tier == NEXT][:RANKED]
    output = _known(rank_buildings(session, part, told[1]))
    least = output[::-1][:RANKED] if len(output) > RANKED else []
    return TaxRanks(
        on.day.year - 1,
        len(rows),
        count_tiers(stand.tax_cny for _, stand in stands),
        Ranking(told[0].indicator, rows[:RANKED], rows[0].value or 0),
        near,
        Ranking(told[1].indicator, least, max((row.value or 0 for row in output), default=0)),
    )


def _known(rows: Sequence[BuildingFigure]) -> list[BuildingFigure]:
    return [row for row in rows if row.operating and row.value is not None]


def shared_addresses(session: Session, part: Part, on: Day) -> dict[int, int]:
    """Building id → how many of its residents are registered at the address that most of them share."""
    there = on.residents
    ids = there["enterprise"].tolist()
    said = dict(
        session.execute(
            select(Enterprise.id, func.regexp_replace(Enterprise.registered_address, r"\s", "", "g")).where(
                Enterprise.id == any_(bindparam("ids", type_=ARRAY(BigInteger))), Enterprise.registered_address != ""
            ),
            {"ids": ids},
        ).all()
    )
    buildings = part.buildings["id"][there["building"]].tolist()
    counted = Counter((home, said[ident]) for home, ident in zip(buildings, ids, strict=True) if ident in said)
    most: dict[int, int] = {}
    for (home, _), count in counted.items():
        most[home] = max(most.get(home, 0), count)
    return most


def chosen_rules(rules: Sequence[Rule], audiences: frozenset[Audience]) -> list[Rule]:
    """The rules whose warnings somebody may see."""
    return [rule for rule in rules if rule.audience in audiences]


def _places(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address)
    chosen = select(*columns).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    return {row.id: row for row in session.execute(chosen, {"ids": sorted(set(ids))})}
