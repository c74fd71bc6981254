"""A shortlist filled in: to every code its unit as it stands today, or that it is no longer listed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geo.costs import Cost, Usage, cost
from geo.exports.svg_stack import draw_stack
from geo.model import Source
from geo.stacking import Part, Room, StackingPlan, Storey, stacking_plan
from webmap.offer_terms import terms_of
from webmap.picked import rows
from webmap.picked.selection import Selection

TERM_MONTHS = 36
"""Costs are those of three years."""

MARKET = ("vacant", "soon")


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a unit on the list; `cost` is there once a rent is stated, `nearest` by category."""

    unit: Any
    building: Any
    floor: Any
    cost: Cost | None
    rent_free_months: int | None
    nearest: Mapping[str, Any]
    source: Source | None
    plan: StackingPlan

    @property
    def on_market(self) -> bool:
        """Whether it can still be had."""
        return self.unit.status in MARKET

    def stack(self, title: str) -> str:
        """The stacking plan of its building as a small SVG, with the unit marked."""
        return draw_stack(self.plan, title=title, mark=(self.unit.id,))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list; `found` is None when the unit is no longer listed."""

    number: int
    code: str
    note: str
    found: Found | None


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The list on a day, and every source that something on it comes from."""

    selection: Selection
    entries: Sequence[Entry]
    today: date
    sources: list[Source] = field(default_factory=list)

    @property
    def found(self) -> list[Entry]:
        """The lines whose units are still listed."""
        return [entry for entry in self.entries if entry.found]

    @property
    def places(self) -> list[tuple[Any, list[int]]]:
        """The buildings, each with the numbers of its lines."""
        numbers: dict[int, list[int]] = defaultdict(list)
        buildings = {}
        for entry in self.entries:
            if entry.found:
                buildings[entry.found.building.id] = entry.found.building
                numbers[entry.found.building.id].append(entry.number)
        return [(building, numbers[ident]) for ident, building in buildings.items()]


def load(session: Session, selection: Selection, today: date) -> Shortlist:
    """The list as it stands today; what is unknown, withdrawn or not public stays on it without facts."""
    units = {unit.code: unit for unit in rows.units_with(session, selection.codes, today)} if selection.codes else {}
    found = _filled(session, list(units.values()), today) if units else {}
    entries = [
        Entry(number, code, selection.notes.get(code, ""), found.get(code))
        for number, code in enumerate(selection.codes, 1)
    ]
    return Shortlist(selection, entries, today, _sources(session, found.values()) if found else [])


def _filled(session: Session, units: Sequence[Any], today: date) -> dict[str, Found]:
    """Code → what is known of the unit."""
    buildings = {row.id: row for row in rows.buildings_with(session, {unit.building_id for unit in units})}
    floors = rows.floors_of(session, buildings)
    plans = _plans(session, buildings, floors, today)
    by_floor = {floor.id: floor for floor in floors}
    terms = terms_of(session, [unit.id for unit in units], today)
    near = _nearest(rows.amenities_near(session, buildings))
    sources = rows.sources_with(session, [unit.state_source_id or unit.source_id for unit in units])
    return {
        unit.code: Found(
            unit=unit,
            building=buildings[unit.building_id],
            floor=by_floor.get(unit.floor_id),
            cost=_cost(terms.get(unit.id)),
            rent_free_months=terms[unit.id].rent_free_months if unit.id in terms else None,
            nearest=near.get(unit.building_id, {}),
            source=sources.get(unit.state_source_id or unit.source_id),
            plan=plans[unit.building_id],
        )
        for unit in units
        if unit.building_id in buildings
    }


def _cost(terms: Any) -> Cost | None:
    return cost(terms, Usage(term_months=TERM_MONTHS)) if terms and terms.rent_amount else None


def _plans(session: Session, buildings: Iterable[int], floors: Sequence[Any], today: date) -> dict[int, StackingPlan]:
    """Building id → its stacking plan."""
    storeys, rooms, parts = (
        _by_building(found)
        for found in (floors, rows.rooms_of(session, buildings, today), rows.sections_of(session, buildings))
    )
    return {
        ident: stacking_plan(
            [Storey(row.id, row.position, row.label, row.section_id, row.use, row.area_m2) for row in storeys[ident]],
            [Room(row.id, row.floor_id, row.label, row.area_m2, row.status, row.top_floor_id) for row in rooms[ident]],
            [Part(row.id, row.kind, row.name) for row in parts[ident]],
        )
        for ident in buildings
    }


def _by_building(found: Iterable[Any]) -> Mapping[int, list[Any]]:
    grouped: Mapping[int, list[Any]] = defaultdict(list)
    for row in found:
        grouped[row.building_id].append(row)
    return grouped


def _nearest(found: Iterable[Any]) -> dict[int, dict[str, Any]]:
    """Building id → category → the nearest."""
    grouped: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in found:
        grouped[row.building_id].setdefault(row.category, row)
    return grouped


def _sources(session: Session, found: Iterable[Found]) -> list[Source]:
    ids: set[int | None] = set()
    for each in found:
        ids |= {each.unit.state_source_id or each.unit.source_id, each.unit.source_id, each.building.source_id}
        ids |= {place.source_id for place in each.nearest.values()}
    return list(rows.sources_with(session, ids).values())
