"""Takes back what was said of units and offers: as new knowledge, so that it stays known what was held in between.

What was written by one act is taken back as one, and only while nothing later stands on it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from geo.errors import NotFoundError, UndoRefusedError
from geo.history.locks import lock_units, stamp
from geo.history.present import write_present
from geo.model import AuditEntry, Confirmation, Offer, OfferUnit, Unit, UnitState, WithdrawnConfirmation

_CAN_UNDO = ("unit_states", "offers")


@dataclass(frozen=True, slots=True)
class Later:
    """What was said of a unit after what is to be taken back, and so stands in the way."""

    unit_id: int
    unit_label: str
    state_id: int
    said_at: datetime | None
    user_id: int | None


def undo_states(session: Session, state_ids: Collection[int], *, today: date) -> list[int]:
    """Take back states that were written, such as those of a return; gives the ids of their units.

    What was held before is held again, with the source and the person who said it. All of it is taken back or nothing.

    Raises
    ------
    NotFoundError
        There is no such state.
    UndoRefusedError
        Later facts stand on one of them, or it has been taken back already; the message says what can be done, `later`
        what stands in the way.
    """
    states = session.scalars(select(UnitState).where(UnitState.id.in_(state_ids))).all()
    if absent := set(state_ids).difference(state.id for state in states):
        raise NotFoundError(f"There is no state {min(absent)}.")
    units = sorted({state.unit_id for state in states})
    lock_units(session, units)
    session.expire_all()
    acts = {(state.unit_id, state.known.lower) for state in states}
    if later := _later(session, acts):
        told = ", ".join(f"{each.unit_label} ({each.said_at:%Y-%m-%d %H:%M} UTC)" for each in later[:5])
        raise UndoRefusedError(
            f"Something has been said since of {told}; take that back first, or say what is right from today on.",
            later=later,
        )
    known_from = stamp(session, units)
    for unit_id, said_at in sorted(acts):
        _take_back(session, UnitState, (UnitState.unit_id == unit_id,), said_at, known_from)
    write_present(session, units, today)
    return units


def undo_offer(session: Session, offer_id: int, *, today: date) -> list[int]:
    """Take back a version of an offer with what was written along with it; gives the units concerned.

    Raises
    ------
    NotFoundError, UndoRefusedError
        There is no such version; it is held no longer, since the offer has been changed again.
    """
    offer = session.get(Offer, offer_id)
    if offer is None:
        raise NotFoundError("There is no such offer.")
    covered = select(OfferUnit.unit_id).join(Offer, Offer.id == OfferUnit.offer_id).where(Offer.code == offer.code)
    units = sorted(set(session.scalars(covered)))
    lock_units(session, units)
    session.refresh(offer)
    if offer.known.upper is not None:
        raise UndoRefusedError(f"The offer {offer.code} has been changed since; take that back first, or withdraw it.")
    now = session.scalars(select(func.clock_timestamp())).one()
    pairs = _take_back(session, Offer, (Offer.code == offer.code,), offer.known.lower, now)
    for old, new in pairs:
        again = select(literal(new), OfferUnit.unit_id).where(OfferUnit.offer_id == old)
        session.execute(insert(OfferUnit).from_select(["offer_id", "unit_id"], again))
    write_present(session, units, today)
    return units


def undo_offers_since(
    session: Session, unit_ids: Collection[int], *, user_id: int | None, since: datetime, today: date
) -> list[int]:
    """Take back all that a person has written of the offers of units since an instant; gives the units concerned.

    Raises
    ------
    UndoRefusedError
        Somebody else has written of one of these offers after that.
    """
    covering = select(Offer.code).join(OfferUnit).where(OfferUnit.unit_id.in_(unit_ids))
    units = sorted(set(session.scalars(select(OfferUnit.unit_id).join(Offer).where(Offer.code.in_(covering)))))
    lock_units(session, units)
    session.expire_all()
    recent = select(Offer).where(Offer.code.in_(covering), func.lower(Offer.known) >= since)
    versions = session.scalars(recent.order_by(func.lower(Offer.known))).all()
    begun: dict[str, Any] = {}
    for version in versions:
        if version.written_by == user_id:
            begun.setdefault(version.code, version.known.lower)
        elif version.code in begun:
            raise UndoRefusedError(
                f"The offer {version.code} has been changed by somebody else since; take that back first.",
                later=[version],
            )
    now = session.scalars(select(func.clock_timestamp())).one()
    for code, first in begun.items():
        _restore_offer(session, code, first, now)
    write_present(session, units, today)
    return units if begun else []


def _restore_offer(session: Session, code: str, first: datetime, known_from: datetime) -> None:
    """Close what is held of an offer by acts from an instant on, and hold again what was held before."""
    started, ended = func.lower(Offer.known), func.upper(Offer.known)
    before = session.scalars(
        select(Offer.id).where(Offer.code == code, started < first, ended.is_not(None), ended >= first)
    ).all()
    written = update(Offer).where(Offer.code == code, started >= first, func.upper_inf(Offer.known))
    closing = written.values(known=func.tstzrange(started, known_from))
    session.execute(closing, execution_options={"synchronize_session": False})
    columns = [column for column in Offer.__table__.c if column.name not in ("id", "known", "recorded_at")]
    for old in before:
        again = select(*columns, func.tstzrange(known_from, text("NULL"))).where(Offer.id == old)
        names = [column.name for column in columns] + ["known"]
        made = session.scalars(insert(Offer).from_select(names, again).returning(Offer.id)).one()
        covered = select(literal(made), OfferUnit.unit_id).where(OfferUnit.offer_id == old)
        session.execute(insert(OfferUnit).from_select(["offer_id", "unit_id"], covered))


def undo_confirmations(
    session: Session,
    building_id: int,
    *,
    on: date,
    since: datetime,
    user_id: int | None,
    undone_by: int | None,
    today: date,
) -> list[int]:
    """Take back the "no change" that a person said of the units of a building for a day; gives the units concerned.

    `since` is the instant from which on it was noted. What was said before or since stands.
    """
    mine = Confirmation.user_id.is_not_distinct_from(user_id)
    noted = (Confirmation.confirmed_on == on, Confirmation.recorded_at >= since, mine)
    gone = select(WithdrawnConfirmation.confirmation_id)
    chosen = select(Confirmation.id, Confirmation.unit_id).join(Unit, Unit.id == Confirmation.unit_id)
    chosen = chosen.where(Unit.building_id == building_id, *noted, Confirmation.id.not_in(gone))
    found = session.execute(chosen).all()
    units = sorted({unit_id for _, unit_id in found})
    if units:
        lock_units(session, units)
        gone_now = [{"confirmation_id": ident, "user_id": undone_by} for ident, _ in found]
        session.execute(insert(WithdrawnConfirmation), gone_now)
        write_present(session, units, today)
    return units


def undo_entry(session: Session, entry_id: int, *, today: date) -> list[int]:
    """Take back what an entry of the audit tells of; gives the units concerned. Raises as `undo_states`."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None:
        raise NotFoundError("There is no such entry.")
    if not can_undo(entry):
        raise UndoRefusedError(
            "Only what was said of units and offers is taken back here; corrections of fields are on the page where"
            " they were made, and imports on the page of imports."
        )
    key = int(entry.row_key or 0)
    if entry.table_name == "offers":
        return undo_offer(session, key, today=today)
    return undo_states(session, [key], today=today)


def can_undo(entry: AuditEntry) -> bool:
    """Whether an entry tells of something that `undo_entry` may take back."""
    one = entry.rows == 1 and (entry.row_key or "").isdecimal()
    return one and entry.action == "insert" and entry.run_id is None and entry.table_name in _CAN_UNDO


def _later(session: Session, acts: Collection[tuple[int, Any]]) -> Sequence[Later]:
    found = []
    for unit_id, said_at in sorted(acts):
        after = select(UnitState, Unit.label).join(Unit, Unit.id == UnitState.unit_id)
        after = after.where(UnitState.unit_id == unit_id, func.lower(UnitState.known) > said_at)
        closed = (
            select(UnitState, Unit.label)
            .join(Unit, Unit.id == UnitState.unit_id)
            .where(
                UnitState.unit_id == unit_id, func.lower(UnitState.known) == said_at, ~func.upper_inf(UnitState.known)
            )
        )
        gone = session.execute(closed.limit(1)).first()
        if gone is not None:
            state, label = session.execute(after.order_by(UnitState.known).limit(1)).first() or gone
            found.append(Later(unit_id, label, state.id, state.known.lower, state.user_id))
    return found


def _take_back(
    session: Session, model: Any, mine: Sequence[Any], said_at: datetime | None, known_from: datetime
) -> list[tuple[int, int]]:
    """Close the rows of one act and add again those it had closed; gives (old id, new id) of these."""
    said = select(model.id).where(*mine, func.lower(model.known) == said_at, func.upper_inf(model.known))
    closing = update(model).where(model.id.in_(said)).values(known=func.tstzrange(func.lower(model.known), known_from))
    session.execute(closing, execution_options={"synchronize_session": False})
    columns = [column.name for column in model.__table__.c if column.name not in ("id", "known", "recorded_at")]
    before = session.execute(
        select(model.id, *(getattr(model, name) for name in columns)).where(
            *mine, func.upper(model.known) == said_at, func.lower(model.known) < said_at
        )
    ).all()
    pairs = []
    for row in before:
        values = dict(zip(columns, row[1:], strict=True))
        added = insert(model).values(**values, known=func.tstzrange(known_from, text("NULL"))).returning(model.id)
        pairs.append((row[0], session.scalars(added).one()))
    return pairs
