"""What is held of every unit of a building now: what the return of a week starts from and is compared with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Select, and_, cast, func, literal, select
from sqlalchemy.orm import Session

from geo.conditions import standing
from geo.history.reading import NO_STATE
from geo.model import Enterprise, Floor, Offer, Unit, UnitState
from geo.returns.said import Said, state_of


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit of the building with its place, size and present state; `seen` is the row that says so (its version)."""

    id: int
    code: str
    building_id: int
    label: str
    floor_id: int | None
    floor: str
    position: int | None
    area_m2: Decimal | None
    said: Said
    seen: int
    since: date | None
    reported_on: date | None
    verified_on: date | None
    status: str
    offer_id: int | None


def units_now(session: Session, building_id: int, today: date) -> list[UnitNow]:
    """The units that stand in the building today, from the top floor down and by their labels."""
    rows = session.execute(_chosen(today).where(Unit.building_id == building_id)).all()
    return sorted((_unit(row) for row in rows), key=lambda unit: (-(unit.position or -1000), _natural(unit.label)))


def units_by_id(session: Session, unit_ids: Collection[int], today: date) -> dict[int, UnitNow]:
    """Those of some units that stand today, read anew; take the units' locks before to build on it."""
    chosen = _chosen(today).where(Unit.id.in_(unit_ids)).execution_options(populate_existing=True)
    return {row.Unit.id: _unit(row) for row in session.execute(chosen)}


def _chosen(today: date) -> Select[Unit, Floor, UnitState, Offer, str]:
    """Units that stand today, each with its floor, the state held of it, its offer and its tenant."""
    day = cast(literal(today), Date)
    held = and_(UnitState.unit_id == Unit.id, func.upper_inf(UnitState.known), UnitState.valid.op("@>")(day))
    offer = and_(Offer.id == Unit.offer_id, Offer.withdrawn_at.is_(None), Offer.published_at.is_not(None))
    return (
        select(Unit, Floor, UnitState, Offer, Enterprise.name.label("tenant"))
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .outerjoin(UnitState, held)
        .outerjoin(Offer, offer)
        .outerjoin(Enterprise, Enterprise.id == UnitState.tenant_id)
        .where(*standing(today, staff=True))
    )


def _unit(row: Any) -> UnitNow:
    unit, floor, state, offer = row.Unit, row.Floor, row.UnitState, row.Offer
    return UnitNow(
        id=unit.id,
        code=unit.code,
        building_id=unit.building_id,
        label=unit.label,
        floor_id=unit.floor_id,
        floor=floor.label if floor else "",
        position=floor.position if floor else None,
        area_m2=unit.area_m2,
        said=_said(unit, state, offer, row.tenant),
        seen=state.id if state else NO_STATE,
        since=state.valid.lower if state else None,
        reported_on=unit.reported_on,
        verified_on=unit.verified_on,
        status=unit.public_status,
        offer_id=offer.id if offer else None,
    )


def _said(unit: Unit, state: UnitState | None, offer: Offer | None, tenant: str | None) -> Said:
    occupancy, contract = (state.occupancy, state.contract) if state else (unit.occupancy, "none")
    rent = offer.rent_low if offer else None
    return Said(
        state_of(occupancy, contract),
        offer is not None,
        rent,
        offer.rent_unit if offer and rent is not None else None,
        offer.available_on if offer else None,
        tenant,
        unit.area_m2,
    ).whole()


def _natural(label: str) -> tuple[int, str]:
    """Room numbers by their digits first, so that 902 comes before 1002."""
    digits = "".join(sign for sign in label if sign.isdecimal())
    return int(digits[:9] or 0), label
