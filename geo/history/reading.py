"""Reads what is held of a building's units now, each with the version that a writer has to name again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Date, and_, cast, func, literal, select
from sqlalchemy.orm import Session

from geo.model import Floor, Unit, UnitState

NO_STATE = 0
"""The version of a unit of which nothing is held yet."""


@dataclass(frozen=True, slots=True)
class PresentState:
    """A unit as it is held to be today, for whoever may see staff's values.

    `version` is the id of the row in `unit_states`, `NO_STATE` where there is none; `since` its first day.
    """

    unit_id: int
    code: str
    label: str
    floor_id: int | None
    position: int | None
    floor_label: str | None
    version: int
    since: date | None
    exists: bool
    occupancy: str
    contract: str
    tenant_id: int | None
    rent_amount: Decimal | None
    rent_unit: str | None
    area_m2: Decimal | None
    area_basis: str
    use: str
    reported_on: date | None
    verified_on: date | None
    offer_id: int | None


def present_states(session: Session, building_id: int, today: date) -> Sequence[PresentState]:
    """The units of a building that stand today, the highest floor first."""
    state = UnitState
    now = and_(state.unit_id == Unit.id, func.upper_inf(state.known), state.valid.op("@>")(cast(literal(today), Date)))
    rows = session.execute(
        select(
            *(Unit.id, Unit.code, Unit.label, Unit.floor_id, Floor.position, Floor.label),
            *(func.coalesce(state.id, NO_STATE), func.lower(state.valid), func.coalesce(state.exists, True)),
            *(func.coalesce(state.occupancy, Unit.occupancy), func.coalesce(state.contract, "none")),
            *(state.tenant_id, state.rent_amount, state.rent_unit, func.coalesce(state.area_m2, Unit.area_m2)),
            *(Unit.area_basis, Unit.use, Unit.reported_on, Unit.verified_on, Unit.offer_id),
        )
        .outerjoin(state, now)
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .where(Unit.building_id == building_id, Unit.withdrawn_at.is_(None))
        .where(Unit.valid.op("@>")(cast(literal(today), Date)))
        .order_by(Floor.position.desc().nulls_last(), Unit.label, Unit.id)
    )
    return [PresentState(*row) for row in rows]
