"""The building and the units that somebody is about to edit, as they stand on a day."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, NotFoundError
from geo.model import Building, Floor, Offer, OfferUnit, Unit, UnitState

LONGEST_LABEL = 40


def building_with(session: Session, code: str) -> Building:
    """The building of a code, also one that is not public.

    Raises
    ------
    NotFoundError
        There is none.
    """
    building = session.scalar(select(Building).where(Building.code == code, Building.withdrawn_at.is_(None)))
    if building is None:
        raise NotFoundError(f"There is no building {code!r}.")
    return building


def units_on(session: Session, unit_ids: Collection[int], on: date) -> list[Unit]:
    """Those units, which must all stand on a day in one building, in the order of their labels.

    Raises
    ------
    NotFoundError, BadParameterError
        One of them is not there, or not on that day; they are in several buildings.
    """
    found = session.scalars(
        select(Unit).where(Unit.id.in_(unit_ids), Unit.withdrawn_at.is_(None)).order_by(Unit.label, Unit.id)
    ).all()
    if len(found) < len(set(unit_ids)):
        raise NotFoundError("One of the units is not there any more; look at the building again.")
    if gone := [unit.label for unit in found if on not in unit.valid]:
        raise BadParameterError("on", str(on), f"a day on which {gone[0]} stands")
    if len({unit.building_id for unit in found}) > 1:
        raise BadParameterError("units", ", ".join(unit.label for unit in found), "units of one building")
    return list(found)


def state_on(session: Session, unit_id: int, on: date) -> UnitState | None:
    """What is held of a unit on a day."""
    held = UnitState.valid.op("@>")(cast(literal(on), Date))
    chosen = select(UnitState).where(UnitState.unit_id == unit_id, func.upper_inf(UnitState.known), held)
    return session.scalars(chosen.execution_options(populate_existing=True)).one_or_none()


def check_labels(session: Session, building_id: int, labels: Sequence[str], on: date, but: Collection[int]) -> None:
    """Refuse labels that are empty, repeated, or borne by another unit of the building that stands from a day on.

    Raises
    ------
    BadParameterError
        With the label.
    """
    for place, label in enumerate(labels):
        if not label or len(label) > LONGEST_LABEL or label in labels[:place]:
            raise BadParameterError("label", label, f"a label of its own of 1 to {LONGEST_LABEL} characters")
    ahead = or_(func.upper_inf(Unit.valid), func.upper(Unit.valid) > cast(literal(on), Date))
    here = (Unit.building_id == building_id, Unit.withdrawn_at.is_(None), ~func.isempty(Unit.valid), ahead)
    taken = session.scalars(select(Unit.label).where(*here, Unit.label.in_(labels), Unit.id.not_in(but))).first()
    if taken is not None:
        raise BadParameterError("label", taken, "a label that no other unit of the building has")


def floors_spanned(session: Session, units: Sequence[Unit]) -> tuple[int | None, int | None]:
    """The lowest floor that units stand on, and the highest where that is another."""
    wanted = {each for unit in units for each in (unit.floor_id, unit.top_floor_id) if each is not None}
    chosen = select(Floor.id).where(Floor.id.in_(wanted)).order_by(Floor.position, Floor.id)
    ids = session.scalars(chosen).all()
    if not ids:
        return None, None
    return ids[0], ids[-1] if len(ids) > 1 else None


def offers_ahead(session: Session, unit_ids: Collection[int], on: date) -> Sequence[Any]:
    """Published offers that promise one of some units on a day or later, the newest first."""
    ahead = or_(func.upper_inf(Offer.valid), func.upper(Offer.valid) > cast(literal(on), Date))
    live = (Offer.published_at.is_not(None), Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known))
    of_them = select(OfferUnit.offer_id).where(OfferUnit.unit_id.in_(unit_ids))
    chosen = select(Offer).where(Offer.id.in_(of_them), *live, ahead, ~func.isempty(Offer.valid))
    return session.scalars(chosen.order_by(Offer.published_at.desc(), Offer.id.desc())).all()
