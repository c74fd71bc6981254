"""Signing in and out, own sessions and passwords, and accounts as such."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.errors import LouMapError, NotFoundError
from webmap.auth.models import Attempt, Invitation, PasswordReset, User, UserRole, UserSession
from webmap.auth.passwords import check_strength, hash_password, is_outdated, is_right
from webmap.auth.tokens import digest, new_token
from webmap.errors import SignInRefusedError, TooManyAttemptsError
from webmap.networks import network_of

LIFETIME = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 40
"""Failed attempts within the window after which an account, or an address, has to wait."""

LONGEST_NAME = 200
INVITATIONS_KEPT = timedelta(days=90)
"""After they ended, so that the administrator sees what became of them."""

_OPEN = (UserSession.revoked_at.is_(None), UserSession.expires_at > func.now())


class UnknownAccountError(LouMapError):
    """There is no such account."""


class AccountExistsError(LouMapError):
    """There is an account of this name already."""


class BadNameError(LouMapError):
    """An account's name has 1 to 200 letters that can be printed."""


def count_attempt(session: Session, name: str, address: str, per_account: int = PER_ACCOUNT) -> None:
    """Count a try to sign in before the password is looked at, in a transaction of its own.

    Raises
    ------
    TooManyAttemptsError
        The account or the address has used up its attempts.
    """
    account, network = _account_key(session, name), network_of(address)
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"attempt {account}"})
    now = datetime.now(UTC)
    for limit, column, value in ((per_account, Attempt.account, account), (PER_ADDRESS, Attempt.address, network)):
        recent = select(Attempt.attempted_at).where(column == value, Attempt.attempted_at > now - WINDOW)
        times = session.scalars(recent.order_by(Attempt.attempted_at.desc()).limit(limit)).all()
        if len(times) == limit:
            raise TooManyAttemptsError(int((times[-1] + WINDOW - now).total_seconds()) + 1)
    session.add(Attempt(account=account, address=network, attempted_at=now))


def forget_attempts(session: Session, name: str) -> None:
    """Take back what `count_attempt` counted for an account, once its owner has signed in."""
    session.execute(delete(Attempt).where(Attempt.account == _account_key(session, name)))


def prove(session: Session, name: str, password: str) -> User:
    """The account whose name and password these are; nobody is signed in yet.

    An unknown name takes as long as a wrong password.

    Raises
    ------
    SignInRefusedError
        Wrong name or password, or a disabled account: which one is not said.
    """
    user = _find(session, name)
    if not is_right(password, user.password_hash if user else None) or user is None or user.disabled_at:
        raise SignInRefusedError
    if is_outdated(user.password_hash):
        user.password_hash = hash_password(password)
    return user


def begin(session: Session, user: User, address: str | None, browser: str | None) -> str:
    """Begin a session of somebody who has proved to be `user`; gives the token that only the browser keeps."""
    token = new_token()
    expires_at = datetime.now(UTC) + LIFETIME
    begun = UserSession(token_sha256=digest(token), user_id=user.id, address=address, expires_at=expires_at)
    begun.browser = browser[:300] if browser else None
    session.add(begun)
    session.flush()
    return token


def session_of(session: Session, token: str) -> UserSession | None:
    """The session that a token opens, if it is neither over nor revoked and the account is not disabled."""
    query = select(UserSession).where(
        UserSession.token_sha256 == digest(token),
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > func.now(),
    )
    found = session.scalar(query)
    return found if found and found.user.disabled_at is None else None


def mark_seen(session: Session, begun: UserSession) -> None:
    """Note that a session is in use, at most once in five minutes."""
    now = datetime.now(UTC)
    if begun.seen_at < now - SEEN_EVERY:
        session.execute(update(UserSession).where(UserSession.id == begun.id).values(seen_at=now))


def open_sessions(session: Session, user: User) -> Sequence[UserSession]:
    """The user's sessions that are open, last seen first."""
    query = select(UserSession).where(UserSession.user_id == user.id, *_OPEN)
    return session.scalars(query.order_by(UserSession.seen_at.desc())).all()


def revoke_session(session: Session, user: User, session_id: int) -> None:
    """End one of the user's own sessions.

    Raises
    ------
    NotFoundError
        It is not there or not the user's.
    """
    found = session.get(UserSession, session_id) if session_id < 2**63 else None
    if found is None or found.user_id != user.id:
        raise NotFoundError
    found.revoked_at = found.revoked_at or datetime.now(UTC)


def change_password(session: Session, user: User, old: str, new: str, *, kept: UserSession | None) -> None:
    """Take a new password from its owner; every other session ends.

    Raises
    ------
    SignInRefusedError
        The old password is wrong.
    WeakPasswordError
        The new one is easily guessed.
    """
    if not is_right(old, user.password_hash):
        raise SignInRefusedError("The present password is wrong.")
    set_password(session, user, new, kept=kept)


def set_password(session: Session, user: User, new: str, *, kept: UserSession | None = None) -> None:
    """Give an account a new password; ends its sessions, but for `kept`, and the links to set one."""
    check_strength(new, unlike=user.name)
    user.password_hash = hash_password(new)
    user.password_changed_at = datetime.now(UTC)
    end_sessions(session, user, kept=kept)
    _end_resets(session, user)


def add_user(session: Session, name: str, password: str, roles: Iterable[str] = (), email: str | None = None) -> User:
    """Make an account whose roles hold everywhere.

    Raises
    ------
    AccountExistsError, BadNameError, WeakPasswordError
        The name is taken, or is none; the password is easily guessed.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadNameError(f"{name[:LONGEST_NAME]!r} cannot be the name of an account.")
    if _find(session, name):
        raise AccountExistsError(f"There is an account {name!r} already; change its password with user password.")
    check_strength(password, unlike=name)
    user = User(name=name, password_hash=hash_password(password), email=email)
    user.roles = [UserRole(role=role) for role in roles]
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise AccountExistsError(f"There is an account {name!r} already.") from None
    return user


def find_user(session: Session, name: str) -> User:
    """The account of a name, without regard to case.

    Raises
    ------
    UnknownAccountError
        There is none.
    """
    user = _find(session, name)
    if user is None:
        raise UnknownAccountError(f"There is no account {name!r}; ./loumap user list shows them.")
    return user


def all_users(session: Session) -> Sequence[User]:
    """Every account by name."""
    return session.scalars(select(User).order_by(func.lower(User.name))).all()


def last_seen(session: Session, users: Iterable[User]) -> dict[int, datetime]:
    """When each of the users was seen last, by id; those who never signed in are left out."""
    seen = select(UserSession.user_id, func.max(UserSession.seen_at).label("last")).group_by(UserSession.user_id)
    rows = session.execute(seen.where(UserSession.user_id.in_([user.id for user in users])))
    return {row.user_id: row.last for row in rows}


def end_sessions(session: Session, user: User, *, kept: UserSession | None = None) -> None:
    """End every open session of a user, but for `kept`."""
    ended = update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
    if kept is not None:
        ended = ended.where(UserSession.id != kept.id)
    session.execute(ended.values(revoked_at=datetime.now(UTC)))


def disable_user(session: Session, user: User) -> None:
    """Close an account and end its sessions; what it did keeps its name."""
    user.disabled_at = user.disabled_at or datetime.now(UTC)
    end_sessions(session, user)
    _end_resets(session, user)


def prune(session: Session) -> int:
    """Delete sessions and links that are over for a day and attempts that count no more; gives how many rows went."""
    now = datetime.now(UTC)
    yesterday = now - timedelta(days=1)
    over = or_(UserSession.expires_at < yesterday, UserSession.revoked_at < yesterday)
    old = (
        delete(UserSession).where(over).returning(UserSession.id),
        delete(Attempt).where(Attempt.attempted_at < now - WINDOW).returning(Attempt.id),
        delete(PasswordReset).where(PasswordReset.expires_at < yesterday).returning(PasswordReset.id),
        delete(Invitation).where(Invitation.expires_at < now - INVITATIONS_KEPT).returning(Invitation.id),
    )
    return sum(len(session.scalars(each).all()) for each in old)


def _find(session: Session, name: str) -> User | None:
    return session.scalar(select(User).where(func.lower(User.name) == func.lower(name.strip())))


def _account_key(session: Session, name: str) -> str:
    """What attempts are counted under: the name as `_find` compares it, so that no other spelling counts anew."""
    return (session.scalar(select(func.lower(name.strip()))) or "")[:200]


def _end_resets(session: Session, user: User) -> None:
    ended = update(PasswordReset).where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
    session.execute(ended.values(used_at=datetime.now(UTC)))
