"""Making, opening, renaming and ending short links. A link never opens more than its reader may see by himself."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, NotFoundError
from geo.history import alone_with_history
from geo.snapshot import Moment
from webmap import map_address
from webmap.auth.models import User
from webmap.errors import LinkOverError
from webmap.past_searching import prepare_later
from webmap.share.models import ShortLink
from webmap.share.states import SELECTION, VERSION, LinkState
from webmap.share.tokens import PAGE_SIGNS, PRIVATE_SIGNS, new_token, read_token

LONGEST_NAME = 80
LASTS_DAYS = (7, 30, 90, 365)
"""What a maker may choose; without a choice a link lasts until it is withdrawn."""

MOST_OPEN = 2000
"""Links of one account that open something."""

SHOWN = 500


class LinkEndedError(LinkOverError):
    """This link was withdrawn by who made it, or its time is over."""


def make(
    session: Session,
    user: User,
    state: LinkState,
    name: str,
    *,
    moment: Moment | None = None,
    lasts_days: int | None = None,
) -> ShortLink:
    """A new link of `user` to a state.

    Raises
    ------
    BadParameterError
        Its name is empty or too long, its time is none of those offered, or the account has too many links.
    """
    link = _new(session, user, state.as_json(), name, lasts_days, PAGE_SIGNS)
    if moment:
        link.as_of, link.known_at = moment.as_of, moment.known_at
        prepare_later(session, moment)
    session.flush()
    return link


def make_private(session: Session, user: User, language: str, name: str, lasts_days: int | None) -> ShortLink:
    """A new link to a selection, with a token that nobody guesses; raises as `make`."""
    return _new(session, user, {"v": VERSION, "page": SELECTION, "language": language}, name, lasts_days, PRIVATE_SIGNS)


def freeze(session: Session, state: LinkState, today: date, looked_at: Moment | None = None) -> Moment:
    """The moment that a state is frozen to: the day that it shows, and all that is known now; or what is looked at.

    Raises
    ------
    BadParameterError
        Its page cannot show a moment.
    """
    if not state.can_freeze:
        raise BadParameterError("moment", "frozen", "a live link: of these pages only today can be shown")
    if looked_at:
        return looked_at
    shown = map_address.parse(state.query).date if state.page == "map" else None
    return Moment(shown or today, alone_with_history(session))


def opened(session: Session, typed: str) -> ShortLink:
    """The link of a token as it was typed.

    Raises
    ------
    NotFoundError
        There is no such link.
    LinkEndedError
        It was withdrawn, or its time is over.
    """
    link = find(session, typed)
    if link.is_over:
        raise LinkEndedError
    return link


def find(session: Session, typed: str) -> ShortLink:
    """The link of a token, also one that is over.

    Raises
    ------
    NotFoundError
        There is no such link.
    """
    link = session.scalar(select(ShortLink).where(ShortLink.token == read_token(typed)))
    if link is None:
        raise NotFoundError
    return link


def own(session: Session, user: User, typed: str) -> ShortLink:
    """The link of a token, if `user` made it; raises as `find`: that it is somebody else's is not said."""
    link = find(session, typed)
    if link.user_id != user.id:
        raise NotFoundError
    return link


def links_of(session: Session, user: User) -> Sequence[ShortLink]:
    """The links of an account, newest first; at most `SHOWN`."""
    mine = select(ShortLink).where(ShortLink.user_id == user.id)
    return session.scalars(mine.order_by(ShortLink.id.desc()).limit(SHOWN)).all()


def frozen_to(session: Session, most: int) -> list[Moment]:
    """The moments of links that open something, those made last first."""
    now = datetime.now(UTC)
    opens = ShortLink.withdrawn_at.is_(None), or_(ShortLink.expires_at.is_(None), ShortLink.expires_at > now)
    frozen = select(ShortLink).where(ShortLink.known_at.is_not(None), *opens).order_by(ShortLink.id.desc())
    moments = (link.moment for link in session.scalars(frozen.limit(most)))
    return list(dict.fromkeys(moment for moment in moments if moment))


def withdraw(session: Session, link: ShortLink) -> None:
    """End a link for good."""
    link.withdrawn_at = link.withdrawn_at or datetime.now(UTC)
    session.flush()


def expiry(lasts_days: int | None) -> datetime | None:
    """When a link made now that lasts so many days is over; never without.

    Raises
    ------
    BadParameterError
        Nobody is offered so many days.
    """
    if lasts_days is None:
        return None
    if lasts_days not in LASTS_DAYS:
        raise BadParameterError("lasts", f"{lasts_days}", ", ".join(map(str, LASTS_DAYS)))
    return (datetime.now(UTC) + timedelta(days=lasts_days)).replace(microsecond=0)


def checked_name(name: str) -> str:
    """A name without blanks around and in it.

    Raises
    ------
    BadParameterError
        It is empty or too long.
    """
    tidy = " ".join(name.split())
    if not 0 < len(tidy) <= LONGEST_NAME:
        raise BadParameterError("name", tidy[:20], f"1 to {LONGEST_NAME} characters")
    return tidy


def _new(
    session: Session, user: User, state: dict[str, Any], name: str, lasts_days: int | None, signs: int
) -> ShortLink:
    mine = select(func.count()).where(ShortLink.user_id == user.id, ShortLink.withdrawn_at.is_(None))
    if (session.scalar(mine) or 0) >= MOST_OPEN:
        raise BadParameterError("links", f"{MOST_OPEN}", f"fewer than {MOST_OPEN} links; withdraw some first")
    link = ShortLink(token=_free_token(session, signs), user_id=user.id, name=checked_name(name), state=state)
    link.expires_at = expiry(lasts_days)
    session.add(link)
    session.flush()
    return link


def _free_token(session: Session, signs: int) -> str:
    while True:
        token = new_token(signs)
        if session.scalar(select(ShortLink.id).where(ShortLink.token == token)) is None:
            return token
