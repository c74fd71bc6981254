"""Inquiries: asking, answering and erasing; what comes from the asker is checked here and nowhere else.

Nothing but the number and a key made from it opens an inquiry: whoever has the link is the asker.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, delete, func, select, text
from sqlalchemy.orm import Session, joinedload

from geo.errors import LouMapError, NotFoundError
from geo.model import Building, Unit
from webmap.auth.models import User
from webmap.errors import TooManyAttemptsError
from webmap.mail import plain_address
from webmap.models import Inquiry, InquiryMessage, InquirySend, Mail
from webmap.networks import network_of
from webmap.private_links import key_of as link_key
from webmap.private_links import opens

KINDS = ("inquiry", "error")
FACTS = (
    "vacancy",
    "rent",
    "area",
    "available_on",
    "fitout",
    "floor",
    "name",
    "address",
    "outline",
    "distances",
    "tenants",
    "conditions",
    "contact",
    "other",
)
"""What of a building or unit may be wrong."""

LONGEST = {"name": 80, "contact": 120, "body": 2000}
PER_NETWORK, PER_SITE = (6, timedelta(hours=1)), (600, timedelta(hours=1))
"""So many messages within so long, before a network, or everybody, has to wait."""

MOST_MESSAGES = 40
"""Of one inquiry; who has more to say should telephone."""

SHOWN = 200


class BadInquiryError(LouMapError):
    """A field of the form is empty or too long; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} must not be empty or longer than {LONGEST[field]} characters.")
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody sends: about a building or a unit in it, what of it, by whom."""

    kind: str
    building: Building
    unit: Unit | None
    fact: str | None
    name: str
    contact: str
    body: str
    language: str

    def check(self) -> None:
        """Raise `BadInquiryError` for a field that is empty or too long."""
        for field, most in LONGEST.items():
            if not 0 < len(getattr(self, field).strip()) <= most:
                raise BadInquiryError(field)

    def with_note(self, note: str) -> "Asked":
        """The same with a line of the site's own under what was said."""
        return replace(self, body=f"{self.body.strip()}\n\n{note}")

    @property
    def digest(self) -> bytes:
        """The same for the same form sent twice."""
        said = (self.kind, self.building.code, self.unit and self.unit.code, self.fact, self.name, self.contact)
        return hashlib.sha256(repr((*said, self.body)).encode()).digest()


def thing(session: Session, building: str | None, unit: str | None) -> tuple[Building, Unit | None]:
    """The building and unit that an inquiry is about; `session` decides what may be seen.

    Raises
    ------
    NotFoundError
        There is no such thing, or it is not shown.
    """
    if unit:
        found = session.execute(
            select(Building, Unit)
            .join(Unit, Unit.building_id == Building.id)
            .where(Unit.code == unit, Unit.publishable, Unit.withdrawn_at.is_(None))
            .where(Building.publishable, Building.withdrawn_at.is_(None))
        ).one_or_none()
        if found is None:
            raise NotFoundError(f"There is no unit {unit!r}.")
        return found.Building, found.Unit
    shown = select(Building).where(Building.code == building, Building.publishable, Building.withdrawn_at.is_(None))
    alone = session.scalar(shown)
    if alone is None:
        raise NotFoundError(f"There is no building {building!r}.")
    return alone, None


def count_send(session: Session, address: str | None) -> None:
    """Count a message before it is taken in, in a transaction of its own.

    Raises
    ------
    TooManyAttemptsError
        The network, or everybody together, has sent too many.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('inquiry_sends', 0))"))
    network, now = network_of(address), datetime.now(UTC)
    everybody = select(func.count(), func.min(InquirySend.sent_at))
    for (most, window), counted in (
        (PER_NETWORK, everybody.where(InquirySend.network == network)),
        (PER_SITE, everybody),
    ):
        times, first = session.execute(counted.where(InquirySend.sent_at > now - window)).one()
        if times >= most:
            raise TooManyAttemptsError(int((first + window - now).total_seconds()) + 1)
    session.add(InquirySend(network=network, sent_at=now))


def ask(session: Session, asked: Asked) -> tuple[Inquiry, bool]:
    """Take an inquiry in; gives it, and whether it is new: the same form sent twice is one inquiry.

    Raises
    ------
    BadInquiryError
        A field is empty or too long.
    """
    asked.check()
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": asked.digest.hex()})
    known = session.scalar(select(Inquiry).where(Inquiry.sent_sha256 == asked.digest))
    if known:
        return known, False
    made = Inquiry(
        kind=asked.kind,
        building_id=asked.building.id,
        unit_id=asked.unit.id if asked.unit else None,
        fact=asked.fact,
        name=asked.name.strip(),
        contact=asked.contact.strip(),
        language=asked.language,
        sent_sha256=asked.digest,
    )
    made.messages = [InquiryMessage(body=asked.body.strip())]
    session.add(made)
    session.flush()
    return made, True


def add(session: Session, inquiry: Inquiry, body: str, answered_by: User | None = None) -> None:
    """Say something more: the asker, or the account that answers.

    Raises
    ------
    BadInquiryError
        Nothing was said, or too much.
    """
    if not 0 < len(body.strip()) <= LONGEST["body"] or len(inquiry.messages) >= MOST_MESSAGES:
        raise BadInquiryError("body")
    inquiry.messages.append(InquiryMessage(body=body.strip(), user_id=answered_by.id if answered_by else None))
    inquiry.state = "answered" if answered_by else "waiting"
    inquiry.last_message_at = datetime.now(UTC)
    session.flush()


def key_of(inquiry: Inquiry, secret: str) -> str:
    """The part of the link that only the asker knows."""
    return link_key("inquiry", inquiry.code, secret)


def opened(session: Session, code: str, key: str, secret: str) -> Inquiry:
    """The inquiry of a link.

    Raises
    ------
    NotFoundError
        It was erased, or never there, or the key is not its own: which is not said.
    """
    found = session.scalar(_whole().where(Inquiry.code == code))
    if found is None or not opens(key, "inquiry", code, secret):
        raise NotFoundError
    return found


def find(session: Session, code: str) -> Inquiry:
    """The inquiry of a number, for who answers it.

    Raises
    ------
    NotFoundError
        It was erased, or never there.
    """
    found = session.scalar(_whole().where(Inquiry.code == code))
    if found is None:
        raise NotFoundError
    return found


def latest(session: Session, state: str | None = None) -> Sequence[Inquiry]:
    """Inquiries, those that wait longest first, others by their last message; at most `SHOWN`."""
    query = _whole().limit(SHOWN)
    if state:
        query = query.where(Inquiry.state == state)
    newest = Inquiry.last_message_at.asc() if state == "waiting" else Inquiry.last_message_at.desc()
    return session.scalars(query.order_by(newest)).all()


def waiting(session: Session) -> int:
    """How many wait for an answer."""
    return session.scalar(select(func.count()).select_from(Inquiry).where(Inquiry.state == "waiting")) or 0


def mail_address(inquiry: Inquiry) -> str | None:
    """Where the asker can be written to, if the contact is an address of mail."""
    return plain_address(inquiry.contact)


def administrators(session: Session) -> Sequence[str]:
    """Addresses of those who answer."""
    users = session.scalars(select(User).where(User.disabled_at.is_(None), User.email.is_not(None)))
    return [u.email for u in users if u.email and any(held.role == "administrator" for held in u.roles)]


def erase(session: Session, inquiry: Inquiry) -> None:
    """Delete an inquiry with all that was said, and mail that led to it."""
    session.execute(delete(Mail).where(Mail.body.contains(f"/inquiries/{inquiry.code}", autoescape=True)))
    session.delete(inquiry)
    session.flush()


def prune(session: Session, days: int) -> int:
    """Erase what nobody has added to for `days`, and forget who sent what yesterday; gives how many were erased."""
    now = datetime.now(UTC)
    session.execute(delete(InquirySend).where(InquirySend.sent_at < now - timedelta(days=1)))
    old = session.scalars(select(Inquiry).where(Inquiry.last_message_at < now - timedelta(days=days))).all()
    for inquiry in old:
        erase(session, inquiry)
    return len(old)


def _whole() -> Select[tuple[Inquiry]]:
    return select(Inquiry).options(joinedload(Inquiry.building), joinedload(Inquiry.unit))
