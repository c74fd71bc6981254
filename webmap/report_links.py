"""Links by which a manager reports on one building and one week without a password.

Whoever holds a link may send the return of that building, and nothing else: `opened` gives an identity that
`webmap.permissions.may` understands for exactly `report_vacancy` on it. A link ends by itself, can be withdrawn, and
every opening is noted. Its key is made from the row with the site's secret; the table alone opens nothing.

    token = report_links.make(session, secret, building, monday, user=manager)      # the mail says …/return/<token>
    bearer = report_links.opened(session, secret, token, address, browser)          # in the route of that address
    may(bearer, "report_vacancy", building)                                         # True for this building alone
"""

import hmac
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.model import Building
from webmap.auth.models import User
from webmap.errors import LinkOverError
from webmap.models import ReportLink, ReportLinkUse
from webmap.networks import network_of
from webmap.permissions import REPORT, LinkBearer, may

LASTS = timedelta(days=14)
"""How long a link opens unless said otherwise: the week it is about and one more, for who is late."""

NOTED_EVERY = timedelta(minutes=10)
"""Opening a link again from the same network is noted no more often."""

USES_KEPT, LINKS_KEPT = timedelta(days=180), timedelta(days=400)


def make(
    session: Session,
    secret: str,
    building: Building,
    week: date,
    *,
    user: User | None = None,
    made_by: User | None = None,
    lasts: timedelta = LASTS,
) -> str:
    """A new link for the return of `building` for `week`; gives the token that stands in its address.

    Parameters
    ----------
    secret
        The site's (`Settings.secret_key`).
    week
        The Monday of the week.
    user
        Whom it is given to: the link opens only while that account may report on the building. Without one it opens
        for whoever holds it.
    made_by
        Who asked for it; nobody when the site sends it by itself.

    Raises
    ------
    BadParameterError
        `week` is not a Monday.
    """
    if week.weekday():
        raise BadParameterError("week", f"{week}", "the Monday of a week")
    link = ReportLink(
        building_id=building.id,
        week=week,
        user_id=user.id if user else None,
        made_by_id=made_by.id if made_by else None,
        expires_at=(datetime.now(UTC) + lasts).replace(microsecond=0),
    )
    session.add(link)
    session.flush()
    return token_of(link, secret)


def token_of(link: ReportLink, secret: str) -> str:
    """What stands in the address of a link: its number and its key."""
    return f"{link.code}.{_key(link, secret)}"


def opened(
    session: Session, secret: str, token: str, address: str | None = None, browser: str | None = None
) -> LinkBearer:
    """Who holds the link of a token; that it was opened is noted, with `address` and `browser` of who did.

    Raises
    ------
    LinkOverError
        It has ended or was withdrawn, its account may no longer report, or it never was: which is not said.
    """
    code, _, key = token.partition(".")
    link = session.scalar(select(ReportLink).where(ReportLink.code == code))
    if link is None or not hmac.compare_digest(_key(link, secret).encode(), key.encode()) or not is_open(session, link):
        raise LinkOverError
    _note_use(session, link, network_of(address), browser)
    return LinkBearer(link.id, link.building_id, link.week, link.user_id)


def is_open(session: Session, link: ReportLink) -> bool:
    """Whether a link still lets somebody report."""
    if link.revoked_at is not None or link.expires_at <= datetime.now(UTC):
        return False
    if link.user_id is None:
        return True
    user, building = session.get(User, link.user_id), session.get(Building, link.building_id)
    return building is not None and may(user, REPORT, building)


def revoke(session: Session, building: Building, week: date | None = None) -> int:
    """Withdraw the open links of a building, of one week or of all; gives how many."""
    ended = update(ReportLink).where(ReportLink.building_id == building.id, ReportLink.revoked_at.is_(None))
    if week is not None:
        ended = ended.where(ReportLink.week == week)
    return len(session.scalars(ended.values(revoked_at=datetime.now(UTC)).returning(ReportLink.id)).all())


def of_building(session: Session, building: Building) -> Sequence[ReportLink]:
    """The links of a building, newest first, those that have ended too."""
    mine = select(ReportLink).where(ReportLink.building_id == building.id)
    return session.scalars(mine.order_by(ReportLink.id.desc())).all()


def uses(session: Session, link: ReportLink) -> Sequence[ReportLinkUse]:
    """When and from where a link was opened, latest first."""
    noted = select(ReportLinkUse).where(ReportLinkUse.link_id == link.id)
    return session.scalars(noted.order_by(ReportLinkUse.used_at.desc())).all()


def prune(session: Session) -> int:
    """Delete notes of uses after half a year and links a year after they ended; gives how many links went."""
    now = datetime.now(UTC)
    session.execute(delete(ReportLinkUse).where(ReportLinkUse.used_at < now - USES_KEPT))
    old = delete(ReportLink).where(ReportLink.expires_at < now - LINKS_KEPT)
    return len(session.scalars(old.returning(ReportLink.id)).all())


def _key(link: ReportLink, secret: str) -> str:
    said = f"report {link.code} {link.building_id} {link.week} {link.user_id} {link.expires_at.timestamp():.0f}"
    return hmac.new(secret.encode(), said.encode(), "sha256").hexdigest()[:32]


def _note_use(session: Session, link: ReportLink, network: str, browser: str | None) -> None:
    lately = (ReportLinkUse.used_at > datetime.now(UTC) - NOTED_EVERY, ReportLinkUse.network == network)
    if session.scalar(select(ReportLinkUse.id).where(ReportLinkUse.link_id == link.id, *lately).limit(1)) is None:
        session.add(ReportLinkUse(link_id=link.id, network=network, browser=browser[:300] if browser else None))
        session.flush()
