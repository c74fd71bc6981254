"""What staff make of a return: lines become facts or go back with a reason, and what is silent is confirmed."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geo.errors import LouMapError
from geo.model import Unit
from webmap.vacancy import facts
from webmap.vacancy.models import ReturnLine, ReturnSubmission, VacancyReturn
from webmap.vacancy.owing import Clock
from webmap.vacancy.sending import waiting_lines

REASON_LENGTH = 500


class NoReasonError(LouMapError):
    """A reason is missing, or too long."""

    def __init__(self, *, of_doubt: bool) -> None:
        super().__init__("Give a reason for every doubt." if of_doubt else "Say why it is sent back.")
        self.of_doubt = of_doubt


def accept(
    session: Session,
    user_id: int | None,
    owed: VacancyReturn,
    clock: Clock,
    line_ids: Collection[int] | None = None,
) -> Sequence[ReturnLine]:
    """Accept lines of a return, or all that wait; gives those that could not be.

    Of these somebody was faster (`overtaken` says what is held now), or the unit is gone.

    When nothing waits any more the return is decided, and the units it says nothing of are confirmed.

    Raises
    ------
    NoReasonError
        A doubt about the return has no reason yet.
    """
    session.refresh(owed, with_for_update=True)
    _refuse_doubts(session, owed)
    waiting = [line for line in waiting_lines(session, owed) if line_ids is None or line.id in line_ids]
    left = facts.write_lines(session, waiting, clock.today) if waiting else []
    settle(session, user_id, owed, clock)
    return left


def send_back(
    session: Session, user_id: int, owed: VacancyReturn, clock: Clock, reason: str, line_ids: Collection[int] | None
) -> None:
    """Send lines back to the building, or all that wait, and say why.

    Raises
    ------
    NoReasonError
        No reason is given.
    """
    session.refresh(owed, with_for_update=True)
    said = read_reason(reason, of_doubt=False)
    for line in waiting_lines(session, owed):
        if line_ids is None or line.id in line_ids:
            line.outcome, line.reason = "rejected", said
    if line_ids is None:
        owed.state, owed.reason, owed.decided_at, owed.decided_by = "rejected", said, datetime.now(UTC), user_id
        session.flush()
    else:
        settle(session, user_id, owed, clock)


def settle(session: Session, user_id: int | None, owed: VacancyReturn, clock: Clock) -> None:
    """Decide a return of which nothing waits any more: sent back where a line of its last sending was."""
    session.flush()
    if owed.state != "received" or waiting_lines(session, owed):
        return
    last = session.scalars(_sent(owed).order_by(ReturnSubmission.id.desc()).limit(1)).one()
    back = next((line for line in last.lines if line.outcome == "rejected"), None)
    owed.state, owed.reason = ("rejected", back.reason) if back else ("accepted", None)
    owed.decided_at, owed.decided_by = datetime.now(UTC), user_id
    if back is None:
        _confirm_silent(session, owed, last, clock)
    session.flush()


def settle_doubts(session: Session, user_id: int, owed: VacancyReturn, reasons: dict[int, str]) -> None:
    """Say of doubts why what the return says can be so all the same."""
    for doubt in owed.doubts:
        if doubt.id in reasons and reasons[doubt.id].strip():
            doubt.reason = read_reason(reasons[doubt.id], of_doubt=True)
            doubt.user_id, doubt.settled_at = user_id, datetime.now(UTC)
    session.flush()


def read_reason(text: str, *, of_doubt: bool) -> str:
    """A reason as it is kept. Raises NoReasonError where there is none, or it is too long."""
    said = " ".join(text.split())
    if not 0 < len(said) <= REASON_LENGTH:
        raise NoReasonError(of_doubt=of_doubt)
    return said


def _refuse_doubts(session: Session, owed: VacancyReturn) -> None:
    session.expire(owed, ["doubts"])
    if any(doubt.reason is None for doubt in owed.doubts):
        raise NoReasonError(of_doubt=True)


def _confirm_silent(session: Session, owed: VacancyReturn, last: ReturnSubmission, clock: Clock) -> None:
    """The units of which nothing was said are as they were: confirmed on the day that was said."""
    spoken = select(ReturnLine.unit_id).join(ReturnSubmission).where(ReturnSubmission.return_id == owed.id)
    silent = select(Unit.id).where(
        Unit.building_id == owed.building_id,
        Unit.withdrawn_at.is_(None),
        Unit.valid.op("@>")(func.cast(clock.today, Unit.reported_on.type)),
        Unit.id.not_in(spoken.where(ReturnLine.outcome.in_(("accepted", "waiting")))),
    )
    facts.confirm(session, session.scalars(silent).all(), last, clock.today)


def _sent(owed: VacancyReturn) -> Select[tuple[ReturnSubmission]]:
    return select(ReturnSubmission).where(ReturnSubmission.return_id == owed.id)
