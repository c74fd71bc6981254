"""A list filled in: to every code its unit or building as it stands today, or that it is no longer listed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from geo.costs import Cost, Terms, Usage, cost
from geo.exports.svg_stack import draw_stack
from geo.model import Source
from geo.stacking import Part, Room, StackingPlan, Storey, stacking_plan
from geo.vacancy import Vacancy, vacancy_of
from webmap.offer_terms import terms_of
from webmap.picked import rows
from webmap.picked.selection import Selection

TERM_MONTHS = 36
"""Costs are those of three years."""

MARKET = ("vacant", "soon")


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a unit on the list; `cost` is there once a rent is stated, `nearest` by category.

    It is that of `taken_m2`, where only a part of a divisible unit is looked at, else of all of it.
    """

    unit: Any
    building: Any
    floor: Any
    cost: Cost | None
    terms: Terms | None
    nearest: Mapping[str, Any]
    source: Source | None
    plan: StackingPlan
    taken_m2: Decimal | None = None

    @property
    def rent_free_months(self) -> int | None:
        """Months without rent, where the offer states any."""
        return self.terms.rent_free_months if self.terms else None

    def taking(self, area_m2: float) -> "Found":
        """The same with the cost of a part, unless that is all of it."""
        part = Decimal(str(round(area_m2, 2)))
        if self.terms is None or not self.unit.area_m2 or not 0 < part < self.unit.area_m2:
            return self
        return replace(self, cost=_cost(replace(self.terms, area_m2=part)), taken_m2=part)

    @property
    def on_market(self) -> bool:
        """Whether it can still be had."""
        return self.unit.status in MARKET

    def stack(self, title: str) -> str:
        """The stacking plan of its building as a small SVG, with the unit marked."""
        return draw_stack(self.plan, title=title, mark=(self.unit.id,))


@dataclass(frozen=True, slots=True)
class House:
    """What is known of a building on the list; `free` is what is to let in it today, the largest first."""

    building: Any
    free: Sequence[Any]
    floors: Mapping[int, Any]
    vacancy: Vacancy
    nearest: Mapping[str, Any]
    source: Source | None
    plan: StackingPlan

    @property
    def on_market(self) -> bool:
        """Whether anything in it can be had."""
        return bool(self.free)

    def stack(self, title: str) -> str:
        """Its stacking plan as a small SVG."""
        return draw_stack(self.plan, title=title)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a unit (`found`) or a building (`house`); neither when it is no longer listed."""

    number: int
    code: str
    note: str
    found: Found | None
    house: House | None = None
    is_building: bool = False

    @property
    def thing(self) -> Found | House | None:
        """The unit or building, whichever it is."""
        return self.found or self.house

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/b/{self.code}" if self.is_building else f"/u/{self.code}"


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The list on a day, and every source that something on it comes from."""

    selection: Selection
    entries: Sequence[Entry]
    today: date
    sources: list[Source] = field(default_factory=list)

    @property
    def found(self) -> list[Entry]:
        """The lines whose units or buildings are still listed."""
        return [entry for entry in self.entries if entry.thing]

    @property
    def places(self) -> list[tuple[Any, list[int]]]:
        """The buildings, each with the numbers of its lines."""
        numbers: dict[int, list[int]] = defaultdict(list)
        buildings = {}
        for entry in self.entries:
            if entry.thing:
                buildings[entry.thing.building.id] = entry.thing.building
                numbers[entry.thing.building.id].append(entry.number)
        return [(building, numbers[ident]) for ident, building in buildings.items()]


def load(session: Session, selection: Selection, today: date) -> Shortlist:
    """The list as it stands today; what is unknown, withdrawn or not public stays on it without facts."""
    units = rows.units_with(session, selection.units, today) if selection.units else ()
    houses = rows.ids_of(session, selection.buildings) if selection.buildings else {}
    around = _around(session, {*houses.values(), *(unit.building_id for unit in units)}, today)
    found = _units(session, units, around, today) if units else {}
    whole = _houses(session, houses, around, today) if houses else {}
    notes, of_buildings = selection.notes, selection.buildings
    entries = [
        Entry(number, code, notes.get(code, ""), found.get(code), whole.get(code), code in of_buildings)
        for number, code in enumerate(selection.codes, 1)
    ]
    things = [*found.values(), *whole.values()]
    return Shortlist(selection, entries, today, _sources(session, things) if things else [])


@dataclass(frozen=True, slots=True)
class _Around:
    """What units and buildings on a list have in common: rows of buildings by id, of floors, plans, ways on foot."""

    buildings: Mapping[int, Any]
    floors: Mapping[int, Any]
    rooms: Mapping[int, list[Any]]
    plans: Mapping[int, StackingPlan]
    nearest: Mapping[int, Mapping[str, Any]]


def _around(session: Session, building_ids: Collection[int], today: date) -> _Around:
    if not building_ids:
        return _Around({}, {}, {}, {}, {})
    buildings = {row.id: row for row in rows.buildings_with(session, building_ids)}
    floors = rows.floors_of(session, buildings)
    rooms = _by_building(rows.rooms_of(session, buildings, today))
    plans = _plans(session, buildings, floors, rooms)
    near = _nearest(rows.amenities_near(session, buildings))
    return _Around(buildings, {floor.id: floor for floor in floors}, rooms, plans, near)


def _units(session: Session, units: Sequence[Any], around: _Around, today: date) -> dict[str, Found]:
    """Code → what is known of the unit."""
    terms = terms_of(session, [unit.id for unit in units], today)
    sources = rows.sources_with(session, [unit.state_source_id or unit.source_id for unit in units])
    return {
        unit.code: Found(
            unit=unit,
            building=around.buildings[unit.building_id],
            floor=around.floors.get(unit.floor_id),
            cost=_cost(terms.get(unit.id)),
            terms=terms.get(unit.id),
            nearest=around.nearest.get(unit.building_id, {}),
            source=sources.get(unit.state_source_id or unit.source_id),
            plan=around.plans[unit.building_id],
        )
        for unit in units
        if unit.building_id in around.buildings
    }


def _houses(session: Session, ids: Mapping[str, int], around: _Around, today: date) -> dict[str, House]:
    """Code → what is known of the building."""
    free = _by_building(rows.market_of(session, ids.values(), today))
    rows_of = {code: around.buildings[ident] for code, ident in ids.items() if ident in around.buildings}
    sources = rows.sources_with(session, [row.source_id for row in rows_of.values()])
    return {
        code: House(
            building=row,
            free=free[row.id],
            floors={unit.floor_id: around.floors[unit.floor_id] for unit in free[row.id] if unit.floor_id},
            vacancy=vacancy_of([(room.status, room.area_m2) for room in around.rooms[row.id]], row.leasable_area_m2),
            nearest=around.nearest.get(row.id, {}),
            source=sources.get(row.source_id),
            plan=around.plans[row.id],
        )
        for code, row in rows_of.items()
    }


def _cost(terms: Terms | None) -> Cost | None:
    return cost(terms, Usage(term_months=TERM_MONTHS)) if terms and terms.rent_amount else None


def _plans(
    session: Session, buildings: Iterable[int], floors: Sequence[Any], rooms: Mapping[int, list[Any]]
) -> dict[int, StackingPlan]:
    """Building id → its stacking plan."""
    storeys, parts = _by_building(floors), _by_building(rows.sections_of(session, buildings))
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


def _sources(session: Session, things: Iterable[Found | House]) -> list[Source]:
    ids: set[int | None] = set()
    for each in things:
        units = [each.unit] if isinstance(each, Found) else each.free
        ids |= {each.building.source_id, *(place.source_id for place in each.nearest.values())}
        ids |= {ident for unit in units for ident in (unit.state_source_id or unit.source_id, unit.source_id)}
    return list(rows.sources_with(session, ids).values())
