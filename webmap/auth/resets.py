"""A forgotten password: a link by which the owner of an account sets a new one; it works once and for an hour.

Whoever asks is told the same whether there is such an account or not, and as fast: the account is looked up by the
worker. The link leads to the site's own address (`LOUMAP_BASE_URL`), never to one that a request names.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask_babel import gettext
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from webmap.auth.models import PasswordReset, User
from webmap.auth.operations import set_password
from webmap.auth.tokens import digest, new_token
from webmap.config import Settings
from webmap.errors import LinkOverError
from webmap.locale import address
from webmap.mail import send
from webmap.reading import reading

LASTS = timedelta(hours=1)
MOST_ACCOUNTS = 5
"""Accounts that share an address of mail and get a link each."""

PER_ACCOUNT = 3
"""Links that may be asked for within the window of attempts."""


def attempt_key(asked: str) -> str:
    """What asking for a link is counted under, apart from signing in."""
    return f"reset\x1f{asked}"


def make(session: Session, user: User) -> str:
    """A new link for an account, in place of older ones; gives its token."""
    now, token = datetime.now(UTC), new_token()
    older = update(PasswordReset).where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
    session.execute(older.values(used_at=now))
    session.add(PasswordReset(token_sha256=digest(token), user_id=user.id, expires_at=now + LASTS))
    session.flush()
    return token


def send_links(session: Session, settings: Settings, asked: str, language: str) -> int:
    """Mail a link to each account that has this name or address of mail; gives how many."""
    users = _accounts_of(session, asked)
    for user in users:
        send_link(session, settings, user, make(session, user), user.language or language)
    return len(users)


def send_link(session: Session, settings: Settings, user: User, token: str, language: str) -> None:
    """Mail a link to the owner of an account."""
    with reading(settings, language) as site:
        subject = gettext("%(site)s：设置新密码", site=settings.site_name)
        body = gettext(
            "账号 %(name)s 申请设置新密码。请在一小时内打开链接，只能使用一次：\n%(link)s\n"
            "如果不是您本人操作，不必理会，密码不变。",
            name=user.name,
            link=f"{site}{address(path_of(token))}",
        )
    send(session, user.email or "", subject, f"{body}\n")


def path_of(token: str) -> str:
    """The path of a link, without its language."""
    return f"/reset/{token}"


def opened(session: Session, token: str) -> PasswordReset:
    """The open link of a token, locked until the transaction ends.

    Raises
    ------
    LinkOverError
        It was used, has ended or never was, or its account is closed: which is not said.
    """
    query = select(PasswordReset).where(PasswordReset.token_sha256 == digest(token), PasswordReset.used_at.is_(None))
    found = session.scalar(query.where(PasswordReset.expires_at > datetime.now(UTC)).with_for_update(of=PasswordReset))
    if found is None or found.user.disabled_at:
        raise LinkOverError
    return found


def use(session: Session, reset: PasswordReset, password: str) -> User:
    """Set the new password; the link is used up and all sessions end. A second factor stays as it is.

    Raises
    ------
    WeakPasswordError
        The password is easily guessed; the link stays open.
    """
    set_password(session, reset.user, password)
    reset.used_at = datetime.now(UTC)
    return reset.user


def _accounts_of(session: Session, asked: str) -> Sequence[User]:
    wanted = func.lower(asked.strip())
    is_meant = or_(func.lower(User.name) == wanted, func.lower(User.email) == wanted)
    query = select(User).where(is_meant, User.email.is_not(None), User.disabled_at.is_(None))
    return session.scalars(query.order_by(User.id).limit(MOST_ACCOUNTS)).all()
