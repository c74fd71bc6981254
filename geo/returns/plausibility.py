"""What about a return is not plausible: doubts, each with the units it is about; none of them refuses anything.

Every check compares what is said with what is held of the whole building, so that a doubt names all rows that make it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Date, cast, func, literal, select
from sqlalchemy.orm import Session

from geo.model import Building, Enterprise, Floor, Tenancy
from geo.returns.said import EMPTY, Said
from geo.returns.standing import UnitNow
from geo.taxonomy import rent_cny_m2_day

SLACK = Decimal("1.02")
"""How far the units of a floor may exceed it: measured and registered areas differ by a little."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From what on a return is doubtful: points of vacancy (per cent of the area), rents per m² and day."""

    jump_pct: int
    rent_low_cny_m2_day: Decimal
    rent_high_cny_m2_day: Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """A unit with what is said of it and from which day on."""

    unit: UnitNow
    said: Said
    since: date


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that is not plausible, with the units that make it; `details` fill in its sentence."""

    kind: str
    unit_ids: tuple[int, ...]
    details: Mapping[str, str] = field(default_factory=dict)


def doubts_about(
    session: Session, told: Sequence[Told], units: Sequence[UnitNow], limits: Limits, today: date
) -> list[Doubt]:
    """Everything that is doubtful about what is said of units of one building; `units` are all that stand in it."""
    after = {unit.id: unit.said for unit in units} | {each.unit.id: each.said for each in told}
    return [
        *_twice(told, units),
        *_over_floor(session, told, units, after),
        *_jump(units, after, limits),
        *_rents(told, limits),
        *_elsewhere(session, told, today),
        *_backwards(told),
    ]


def _twice(told: Sequence[Told], units: Sequence[UnitNow]) -> Iterator[Doubt]:
    """A room that stands twice on its floor, as 1203 and 12-03, and is spoken of."""
    rooms: dict[tuple[str, str], list[UnitNow]] = defaultdict(list)
    for unit in units:
        rooms[unit.floor, "".join(sign for sign in unit.label if sign.isalnum()).lower()].append(unit)
    spoken = {each.unit.id for each in told}
    for same in rooms.values():
        if len(same) > 1 and spoken & {unit.id for unit in same}:
            yield Doubt("twice", tuple(unit.id for unit in same), {"labels": _labels(same)})


def _over_floor(
    session: Session, told: Sequence[Told], units: Sequence[UnitNow], after: Mapping[int, Said]
) -> Iterator[Doubt]:
    """Units that add up to more than their floor, where one of them is said to have another area."""
    grown = {each.unit.floor_id for each in told if each.said.area_m2 != each.unit.said.area_m2}
    floors = session.execute(select(Floor.id, Floor.label, Floor.area_m2).where(Floor.id.in_(grown - {None})))
    for floor_id, label, area_m2 in floors:
        here = [unit for unit in units if unit.floor_id == floor_id]
        whole = sum((after[unit.id].area_m2 or Decimal(0) for unit in here), Decimal(0))
        if area_m2 and whole > area_m2 * SLACK:
            details = {"floor": label, "sum": f"{whole:,.0f}", "area": f"{area_m2:,.0f}"}
            yield Doubt("over_floor", tuple(unit.id for unit in here), details)


def _jump(units: Sequence[UnitNow], after: Mapping[int, Said], limits: Limits) -> Iterator[Doubt]:
    """Vacancy that rises or falls by more points in one week than usual."""
    whole = sum((unit.area_m2 or Decimal(0) for unit in units), Decimal(0))
    if not whole:
        return
    was = _empty_m2((unit, unit.said) for unit in units) / whole * 100
    is_now = _empty_m2((unit, after[unit.id]) for unit in units) / whole * 100
    if abs(is_now - was) >= limits.jump_pct:
        moved = [unit.id for unit in units if (unit.said.state in EMPTY) != (after[unit.id].state in EMPTY)]
        details = {"before": f"{was:.1f}", "after": f"{is_now:.1f}", "most": f"{limits.jump_pct}"}
        yield Doubt("jump", tuple(moved), details)


def _empty_m2(units: Iterable[tuple[UnitNow, Said]]) -> Decimal:
    return sum((unit.area_m2 or Decimal(0) for unit, said in units if said.state in EMPTY), Decimal(0))


def _rents(told: Sequence[Told], limits: Limits) -> Iterator[Doubt]:
    for each in told:
        said = each.said
        if said.rent_amount is None or said.rent_unit is None or said.rent_amount == each.unit.said.rent_amount:
            continue
        rent = rent_cny_m2_day(said.rent_amount, said.rent_unit, said.area_m2 or each.unit.area_m2)
        if rent is not None and not limits.rent_low_cny_m2_day <= Decimal(rent) <= limits.rent_high_cny_m2_day:
            low, high = limits.rent_low_cny_m2_day, limits.rent_high_cny_m2_day
            details = {"labels": each.unit.label, "rent": f"{rent:.2f}", "low": f"{low:f}", "high": f"{high:f}"}
            yield Doubt("rent", (each.unit.id,), details)


def _elsewhere(session: Session, told: Sequence[Told], today: date) -> Iterator[Doubt]:
    """A tenant that is new in a unit and sits in another building on the same day."""
    come = {each.said.tenant: each for each in told if each.said.tenant and each.said.tenant != each.unit.said.tenant}
    sits = (Tenancy.valid.op("@>")(cast(literal(today), Date)), func.upper_inf(Tenancy.known))
    chosen = (
        select(Enterprise.name, Building.name, Tenancy.building_id)
        .join(Tenancy, Tenancy.enterprise_id == Enterprise.id)
        .join(Building, Building.id == Tenancy.building_id)
        .where(Enterprise.name.in_(come), Enterprise.withdrawn_at.is_(None), *sits)
    )
    for tenant, building, building_id in session.execute(chosen.distinct().order_by(Enterprise.name, Building.name)):
        unit = come[tenant].unit
        if building_id != unit.building_id:
            details = {"labels": unit.label, "tenant": tenant, "building": building or ""}
            yield Doubt("tenant_elsewhere", (unit.id,), details)


def _backwards(told: Sequence[Told]) -> Iterator[Doubt]:
    """A state that would end before it began, or space that is free before the one who sits there came."""
    for each in told:
        held_since, free_on = each.unit.since, each.said.available_on
        if each.said.state != each.unit.said.state and held_since is not None and each.since < held_since:
            details = {"labels": each.unit.label, "first": held_since.isoformat(), "then": each.since.isoformat()}
            yield Doubt("end_before_start", (each.unit.id,), details)
        elif free_on is not None and each.said.state not in EMPTY and free_on < each.since:
            details = {"labels": each.unit.label, "first": each.since.isoformat(), "then": free_on.isoformat()}
            yield Doubt("end_before_start", (each.unit.id,), details)


def _labels(units: Iterable[UnitNow]) -> str:
    return ", ".join(unit.label for unit in units)
