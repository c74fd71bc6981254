"""What clients asked through private selections: kept beside the inquiry, read and answered by their senders."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from geo.errors import NotFoundError
from webmap.models import Inquiry
from webmap.share.models import ShortLink
from webmap.share.selection_models import Selection, SelectionInquiry


def keep(session: Session, made: Selection, inquiry: Inquiry, codes: Sequence[str], at: datetime | None) -> None:
    """Keep that an inquiry came through a selection: about which items, and when they are to be seen, if they are."""
    session.add(SelectionInquiry(selection_id=made.id, inquiry_id=inquiry.id, codes=list(codes), viewing_at=at))
    session.flush()


def asked_through(session: Session, made: Selection) -> Sequence[SelectionInquiry]:
    """What was asked through a selection: what waits for an answer first, then the latest."""
    chosen = _whole().join(Inquiry).where(SelectionInquiry.selection_id == made.id)
    return session.scalars(chosen.order_by(Inquiry.state != "waiting", Inquiry.last_message_at.desc())).all()


def asked(session: Session, made: Selection, code: str) -> SelectionInquiry:
    """The inquiry of a number, if it came through this selection.

    Raises
    ------
    NotFoundError
        It came another way, was erased, or was never there.
    """
    chosen = _whole().join(Inquiry).where(SelectionInquiry.selection_id == made.id, Inquiry.code == code)
    found = session.scalar(chosen)
    if found is None:
        raise NotFoundError
    return found


def waiting(session: Session, links: Iterable[ShortLink]) -> dict[int, int]:
    """Link id → how many inquiries wait for an answer, of the selections among some links that have any."""
    chosen = select(Selection.link_id, func.count().label("waiting")).join(SelectionInquiry).join(Inquiry)
    mine = chosen.where(Inquiry.state == "waiting", Selection.link_id.in_([link.id for link in links]))
    return {row.link_id: row.waiting for row in session.execute(mine.group_by(Selection.link_id))}


def _whole() -> Select[tuple[SelectionInquiry]]:
    return select(SelectionInquiry).options(joinedload(SelectionInquiry.inquiry))
