"""Alerts: begun with a mail that has to be answered, ended with one click, forgotten soon after."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, delete, func, or_, select, text
from sqlalchemy.orm import Session

from geo import filters as filter_language
from geo.errors import LouMapError, NotFoundError
from geo.filters import Filters
from webmap.errors import TooManyAttemptsError
from webmap.follow.models import Alert
from webmap.mail import plain_address
from webmap.private_links import key_of as link_key
from webmap.private_links import opens

UNCONFIRMED = timedelta(days=3)
ENDED = timedelta(days=7)
"""How long an alert is kept that nobody confirmed, or that was ended, in case the click was a mistake."""

PER_ADDRESS = 20
"""Searches that one address may follow."""

PER_HOUR = 200
"""Mails that ask for a confirmation, for everybody together: nobody shall send mail through us."""


class BadEmailError(LouMapError):
    """This is not an address of mail."""


def begin(session: Session, email: str, filters: Filters, language: str) -> Alert | None:
    """Note that an address wants to follow a search; None when it does so already.

    Raises
    ------
    BadEmailError
        It is not an address.
    TooManyAttemptsError
        The address follows too much already, or too many ask at once.
    """
    address = plain_address(email)
    if address is None:
        raise BadEmailError(f"{email[:80]!r} is not an address of mail.")
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('alerts', 0))"))
    query = filter_language.to_query(filters)
    same = func.lower(Alert.email) == address.lower()
    known = session.scalar(select(Alert).where(same, Alert.query == query))
    if known and known.confirmed_at and not known.ended_at:
        return None
    _check_numbers(session, same)
    now = datetime.now(UTC)
    if known:
        known.ended_at, known.confirmed_at, known.language, known.created_at = None, None, language, now
        return known
    made = Alert(email=address, query=query, language=language)
    session.add(made)
    session.flush()
    return made


def confirm(session: Session, alert: Alert) -> None:
    """Begin to send."""
    if alert.confirmed_at is None or alert.ended_at is not None:
        alert.confirmed_at = alert.told_until = datetime.now(UTC)
        alert.ended_at = None
        session.flush()


def end(session: Session, alert: Alert) -> None:
    """Send no more."""
    alert.ended_at = alert.ended_at or datetime.now(UTC)
    session.flush()


def key_of(alert: Alert, secret: str) -> str:
    """The part of its links that only the owner of the address knows."""
    return link_key("alert", alert.code, secret)


def opened(session: Session, code: str, key: str, secret: str) -> Alert:
    """The alert of a link.

    Raises
    ------
    NotFoundError
        It is long over, or the key is not its own.
    """
    found = session.scalar(select(Alert).where(Alert.code == code))
    if found is None or not opens(key, "alert", code, secret):
        raise NotFoundError
    return found


def due(session: Session) -> Sequence[Alert]:
    """Alerts that are to be told what is new, locked until the transaction ends."""
    running = select(Alert).where(Alert.confirmed_at.is_not(None), Alert.ended_at.is_(None))
    return session.scalars(running.order_by(Alert.id).with_for_update(skip_locked=True)).all()


def filters_of(alert: Alert) -> Filters:
    """The search that an alert follows."""
    return filter_language.parse(dict(parse_qsl(alert.query)))


def prune(session: Session) -> int:
    """Forget alerts that were never confirmed or are over; gives how many."""
    now = datetime.now(UTC)
    unanswered = Alert.confirmed_at.is_(None) & (Alert.created_at < now - UNCONFIRMED)
    gone = delete(Alert).where(or_(unanswered, Alert.ended_at < now - ENDED)).returning(Alert.id)
    return len(session.scalars(gone).all())


def _check_numbers(session: Session, same: ColumnElement[bool]) -> None:
    hour = datetime.now(UTC) - timedelta(hours=1)
    count = select(func.count()).select_from(Alert)
    if (session.scalar(count.where(same)) or 0) >= PER_ADDRESS:
        raise TooManyAttemptsError(3600)
    if (session.scalar(count.where(Alert.created_at > hour)) or 0) >= PER_HOUR:
        raise TooManyAttemptsError(3600)
