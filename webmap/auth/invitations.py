"""Invitations: a link by which somebody makes an account with a role; it works once and ends by itself."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from webmap.auth.models import Invitation, User, UserRole
from webmap.auth.operations import add_user
from webmap.auth.people import Role
from webmap.auth.tokens import digest, new_token
from webmap.config import Settings
from webmap.errors import LinkOverError
from webmap.locale import address
from webmap.mail import send
from webmap.reading import reading

LASTS = timedelta(days=7)
LONGEST = 120


def invite(
    session: Session, role: Role, *, full_name: str | None = None, email: str | None = None, by: User | None = None
) -> tuple[Invitation, str]:
    """A new invitation and the token of its link, which is nowhere kept."""
    token = new_token()
    made = Invitation(
        token_sha256=digest(token),
        role=role.name,
        area=role.area,
        building=role.building,
        full_name=full_name or None,
        email=email or None,
        invited_by_id=by.id if by else None,
        expires_at=datetime.now(UTC) + LASTS,
    )
    session.add(made)
    session.flush()
    return made, token


def send_link(session: Session, settings: Settings, invitation: Invitation, token: str, language: str) -> None:
    """Mail the link to the person invited, in a language (BCP 47).

    Raises
    ------
    BadAddressError
        The address cannot be written to.
    """
    with reading(settings, language) as site:
        subject = gettext("%(site)s 邀请您开通账号", site=settings.site_name)
        body = gettext(
            "请打开链接，设置账号和密码。链接 %(days)s 天内有效，只能使用一次。\n%(link)s",
            days=LASTS.days,
            link=f"{site}{address(path_of(token))}",
        )
    send(session, invitation.email or "", subject, f"{body}\n")


def path_of(token: str) -> str:
    """The path of an invitation's link, without its language."""
    return f"/invitation/{token}"


def opened(session: Session, token: str) -> Invitation:
    """The invitation of a link, locked until the transaction ends.

    Raises
    ------
    LinkOverError
        It was used, has ended, was withdrawn or never was: which is not said.
    """
    open_ones = (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    query = select(Invitation).where(Invitation.token_sha256 == digest(token), *open_ones)
    found = session.scalar(query.where(Invitation.expires_at > datetime.now(UTC)).with_for_update())
    if found is None:
        raise LinkOverError
    return found


def accept(session: Session, invitation: Invitation, name: str, password: str, full_name: str) -> User:
    """Make the account of an invitation; the link is used up.

    Raises
    ------
    AccountExistsError, BadNameError, WeakPasswordError
        As `add_user`; the link stays open.
    """
    user = add_user(session, name, password, email=invitation.email)
    user.full_name = full_name.strip()[:LONGEST] or invitation.full_name
    user.roles.append(UserRole(role=invitation.role, area_id=invitation.area_id, building_id=invitation.building_id))
    session.flush()
    invitation.used_at, invitation.user_id = datetime.now(UTC), user.id
    return user


def waiting(session: Session) -> Sequence[Invitation]:
    """Invitations that can still be used, newest first."""
    open_ones = (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    query = select(Invitation).where(*open_ones, Invitation.expires_at > datetime.now(UTC))
    return session.scalars(query.order_by(Invitation.id.desc())).all()


def revoke(session: Session, invitation_id: int) -> None:
    """Withdraw an invitation.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.get(Invitation, invitation_id) if invitation_id < 2**63 else None
    if found is None:
        raise NotFoundError
    found.revoked_at = found.revoked_at or datetime.now(UTC)
