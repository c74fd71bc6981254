"""Takes a split or merger back: the old units stand again from its day on, the new ones never were."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from geo.editing.moving import reopen_tenancy
from geo.errors import EditConflictError, NotFoundError
from geo.field_edits import end_edits
from geo.history import Author, UnitChange, change_offer, change_units, publish_offer
from geo.history.values import OFFER_COLUMNS
from geo.model import Offer, OfferUnit, Unit, UnitLineage, UnitReshape, UnitState


def undo_reshape(session: Session, code: str, *, by: Author, today: date) -> UnitReshape:
    """Take the act of a code back; gives it, marked as undone.

    Raises
    ------
    NotFoundError
        There is none, or it has been taken back.
    EditConflictError
        Something has been said of one of the new units since, which would be lost; the message names it.
    """
    act = session.scalar(select(UnitReshape).where(UnitReshape.code == code).with_for_update())
    if act is None or act.undone_at is not None:
        raise NotFoundError("There is no such split or merger, or it has been taken back.")
    old = [each["id"] for each in act.details["before"]]
    new = [each["id"] for each in act.details["after"]]
    _refuse_later_word(session, act)
    _bring_back(session, act, by, today)
    change_units(session, [UnitChange(ident, {"exists": False}, act.happened_on) for ident in new], by=by, today=today)
    standing_again = [_beginning(session, ident, act) for ident in old]
    change_units(session, standing_again, by=by, today=today)
    end_edits(session, [("units", ident, "exists") for ident in old], "undone", by.user_id)
    session.execute(delete(UnitLineage).where(UnitLineage.parent_id.in_(old), UnitLineage.child_id.in_(new)))
    now = datetime.now(UTC)
    for unit in session.scalars(select(Unit).where(Unit.id.in_(new))):
        unit.withdrawn_at = now
    act.undone_at, act.undone_by = now, by.user_id
    session.flush()
    return act


def _beginning(session: Session, unit_id: int, act: UnitReshape) -> UnitChange:
    ended = session.get_one(UnitState, act.details["states"][str(unit_id)])
    return UnitChange(unit_id, {"exists": True}, act.happened_on, None, ended.reported_on)


def _refuse_later_word(session: Session, act: UnitReshape) -> None:
    for each in act.details["after"]:
        held = session.scalars(
            select(UnitState.id).where(UnitState.unit_id == each["id"], func.upper_inf(UnitState.known))
        ).all()
        if list(held) != [act.details["states"][str(each["id"])]]:
            raise EditConflictError(
                f"Something has been said of unit {each['label']} since; take that back first, or correct the units."
            )


def _bring_back(session: Session, act: UnitReshape, by: Author, today: date) -> None:
    for moved in reversed(act.details["moved"]):
        if moved["kind"] == "tenancy":
            reopen_tenancy(session, moved["before"], moved["after"])
        else:
            _bring_offer_back(session, moved, act.happened_on, by, today)


def _bring_offer_back(session: Session, moved: Mapping[str, Any], on: date, by: Author, today: date) -> None:
    """Let an offer promise what it did; one changed or withdrawn since stays as it was left."""
    before, after = session.get_one(Offer, moved["before"]), session.get_one(Offer, moved["after"][0])
    session.refresh(after)
    if after.known.upper is not None:
        return
    end = before.valid.upper
    until = {"valid_until": date.fromordinal(end.toordinal() - 1) if end else None}
    since = max(on, before.valid.lower) if before.valid.lower else on
    if after.withdrawn_at is None:
        change_offer(session, after.id, until, on=since, by=by, today=today, unit_ids=moved["units"])
        return
    terms = {name: getattr(before, name) for name in OFFER_COLUMNS} | until
    standing = session.scalars(select(OfferUnit.unit_id).where(OfferUnit.offer_id == before.id)).all()
    publish_offer(session, standing, terms, on=since, by=Author(before.source_id, before.user_id), today=today)
