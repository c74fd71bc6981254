"""Takes an accepted return back: what it made facts is held no longer, as a new fact, and the week is owed again."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import UndoRefusedError
from geo.history import undo_confirmations, undo_offers_since, undo_states
from geo.model import Unit
from webmap.vacancy.deciding import read_reason
from webmap.vacancy.models import ReturnLine, ReturnSubmission, VacancyReturn
from webmap.vacancy.owing import Clock


def accepted_lines(owed: VacancyReturn) -> Sequence[ReturnLine]:
    """The lines of a return that became facts."""
    return [line for sent in owed.submissions for line in sent.lines if line.outcome == "accepted"]


def can_take_back(owed: VacancyReturn) -> bool:
    """Whether anything of a return that was decided has become a fact, were it that nothing changed."""
    return owed.state == "accepted" or (owed.state == "rejected" and bool(accepted_lines(owed)))


def was_taken_back(owed: VacancyReturn) -> bool:
    """Whether a return is owed again because it was taken back."""
    return owed.state == "open" and owed.decided_at is not None


def take_back(session: Session, user_id: int, owed: VacancyReturn, clock: Clock, reason: str) -> int:
    """Take back all that a return made facts, and say why; gives how many units that were.

    Raises
    ------
    NoReasonError
        No reason is given.
    UndoRefusedError
        Nothing of it is a fact; or later facts stand on it, which are named and are to be taken back first.
    """
    why = read_reason(reason, of_doubt=False)
    session.refresh(owed, with_for_update=True)
    if not can_take_back(owed):
        raise UndoRefusedError
    lines = accepted_lines(owed)
    _refuse_later(session, lines)
    concerned = {line.unit_id for line in lines}
    states = [line.state_id for line in lines if line.state_id is not None and line.state_id != line.seen_id]
    if states:
        undo_states(session, states, today=clock.today)
    for sent in owed.submissions:
        if units := [line.unit_id for line in sent.lines if line.outcome == "accepted"]:
            undo_offers_since(session, units, user_id=sent.user_id, since=sent.received_at, today=clock.today)
        concerned |= set(
            undo_confirmations(
                session,
                owed.building_id,
                on=sent.said_on,
                since=sent.received_at,
                user_id=sent.user_id,
                undone_by=user_id,
                today=clock.today,
            )
        )
    for line in lines:
        session.refresh(line)
        line.outcome, line.reason = "rejected", why
    owed.state, owed.reason, owed.decided_at, owed.decided_by = "open", why, datetime.now(UTC), user_id
    session.flush()
    return len(concerned)


def _refuse_later(session: Session, lines: Sequence[ReturnLine]) -> None:
    """Refuse where a later return has become a fact of one of the units."""
    mine = {line.submission.return_id for line in lines}
    since = {line.unit_id: line.id for line in lines}
    chosen = select(ReturnLine, ReturnSubmission.code, Unit.label).join(ReturnSubmission).join(Unit)
    chosen = chosen.where(ReturnLine.unit_id.in_(since), ReturnLine.outcome == "accepted")
    found = session.execute(chosen.where(ReturnSubmission.return_id.not_in(mine)).order_by(ReturnLine.id)).all()
    later = [row for row in found if row[0].id > since[row[0].unit_id]]
    if later:
        told = ", ".join(f"{label} ({code})" for _, code, label in later[:5])
        raise UndoRefusedError(
            f"A later return has been accepted of {told}; take that back first, or say what is right from today on.",
            later=[line for line, _, _ in later],
        )
