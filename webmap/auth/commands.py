"""`./loumap user`: accounts from the terminal of the machine, for whoever runs the site."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from webmap import database_setup
from webmap.auth import invitations, operations, people, resets, second_factor
from webmap.auth.models import ROLES, User, UserRole
from webmap.auth.people import Role
from webmap.config import Settings, read_settings
from webmap.locale import LANGUAGES

_ROLE = click.Choice(ROLES)
_AREA = click.option("--area", metavar="CODE", help="Only in this area (the code in the address of its page, /a/CODE).")
_BUILDING = click.option("--building", metavar="CODE", help="Only for this building (/b/CODE, or its whole name).")
_RANDOM = click.option("--random", "make_up", is_flag=True, help="Make up a password and show it once.")
_LANGUAGE = click.option("--language", type=click.Choice([each.tag for each in LANGUAGES]), default=LANGUAGES[0].tag)


@click.group("user")
def user_command() -> None:
    """Add and change accounts."""


@user_command.command("add")
@click.argument("name")
@click.option("--role", "roles", type=_ROLE, multiple=True, help="What the account may do.")
@_AREA
@_BUILDING
@click.option("--email", help="Where mail to this person goes.")
@click.option("--full-name", help="The person's name.")
@_RANDOM
def add_user(
    name: str,
    roles: tuple[str, ...],
    area: str | None,
    building: str | None,
    email: str | None,
    full_name: str | None,
    make_up: bool,
) -> None:
    """Make an account; its roles hold everywhere unless an area or a building is named."""
    with _accounts() as (session, _):
        given = [_role(session, role, area, building) for role in roles]
        password = _new_password(make_up)
        made = operations.add_user(session, name, password, email=email)
        made.full_name = full_name
        for role in given:
            people.grant(session, made, role)
    click.echo(f"{name} may sign in now.")
    _show_password(password, make_up)


@user_command.command("list")
@click.argument("text", default="")
def list_users(text: str) -> None:
    """Show every account with its roles, or those with a TEXT in their names or mail."""
    with _accounts() as (session, _):
        page = 1
        while True:
            found = people.find(session, text, page=page)
            for each in found.people:
                click.echo(_line(each))
            if page >= found.pages:
                return
            page += 1


@user_command.command("invite")
@click.argument("role", type=_ROLE)
@_AREA
@_BUILDING
@click.option("--email", help="Mail the link to this address as well.")
@click.option("--full-name", help="The person's name.")
@_LANGUAGE
def invite(
    role: str, area: str | None, building: str | None, email: str | None, full_name: str | None, language: str
) -> None:
    """Make a link by which somebody makes an account with a ROLE, once."""
    with _accounts() as (session, settings):
        wanted = _role(session, role, area, building)
        made, token = invitations.invite(session, wanted, full_name=full_name, email=email)
        if email:
            invitations.send_link(session, settings, made, token, language)
    click.echo(f"Valid for {invitations.LASTS.days} days, once: {settings.site_url}{invitations.path_of(token)}")


@user_command.command("role")
@click.argument("name")
@click.argument("role", type=_ROLE)
@_AREA
@_BUILDING
@click.option("--remove", is_flag=True, help="Take the role instead of giving it.")
def change_role(name: str, role: str, area: str | None, building: str | None, remove: bool) -> None:
    """Give an account a role everywhere, in an area or for a building; or take it."""
    with _accounts() as (session, _):
        found = operations.find_user(session, name)
        wanted = _role(session, role, area, building)
        if remove:
            people.withdraw_named(session, found, wanted)
        else:
            people.grant(session, found, wanted)
        click.echo(_line(found))


@user_command.command("password")
@click.argument("name")
@_RANDOM
def change_password(name: str, make_up: bool) -> None:
    """Give an account a new password and end its sessions."""
    with _accounts() as (session, _):
        found = operations.find_user(session, name)
        password = _new_password(make_up)
        operations.set_password(session, found, password)
    click.echo(f"{name} signs in with the new password now.")
    _show_password(password, make_up)


@user_command.command("reset")
@click.argument("name")
@click.option("--factor", is_flag=True, help="Take the second factor away as well: the telephone is lost.")
def reset(name: str, factor: bool) -> None:
    """Make a link by which the owner of an account sets a new password, once."""
    with _accounts() as (session, settings):
        found = operations.find_user(session, name)
        token = resets.make(session, found)
        if factor:
            second_factor.remove(session, found)
    click.echo(f"Valid for an hour, once: {settings.site_url}{resets.path_of(token)}")


@user_command.command("sessions")
@click.argument("name")
@click.option("--end", is_flag=True, help="End them all.")
def sessions(name: str, end: bool) -> None:
    """Show the open sessions of an account."""
    with _accounts() as (session, _):
        found = operations.find_user(session, name)
        for each in operations.open_sessions(session, found):
            click.echo(f"{each.seen_at:%Y-%m-%d %H:%M} UTC  {each.address or '?'}  {each.browser or '?'}")
        if end:
            operations.end_sessions(session, found)
            click.echo("All ended.")


@user_command.command("disable")
@click.argument("name")
def disable_user(name: str) -> None:
    """Close an account and end its sessions."""
    with _accounts() as (session, _):
        people.disable(session, operations.find_user(session, name))
    click.echo(f"{name} can no longer sign in.")


@user_command.command("enable")
@click.argument("name")
def enable_user(name: str) -> None:
    """Open a closed account again."""
    with _accounts() as (session, _):
        people.enable(operations.find_user(session, name))
    click.echo(f"{name} may sign in again.")


@contextmanager
def _accounts() -> Iterator[tuple[Session, Settings]]:
    """A session that commits at the block's end."""
    settings = read_settings()
    database_setup.prepare(settings)
    with database_setup.opened(settings) as engine, Session(engine) as session, session.begin():
        yield session, settings


def _role(session: Session, name: str, area: str | None, building: str | None) -> Role:
    if area and building:
        raise click.UsageError("Name an area or a building, not both.")
    if area:
        return Role(name, area=people.area_of(session, area))
    return Role(name, building=people.building_of(session, building)) if building else Role(name)


def _line(user: User) -> str:
    roles = ", ".join(sorted(_said(held) for held in user.roles)) or "no role"
    notes = [*(["second factor"] if user.factor_nonce else []), *(["disabled"] if user.disabled_at else [])]
    return f"{user.name}: {roles}" + (f" ({', '.join(notes)})" if notes else "")


def _said(held: UserRole) -> str:
    place = held.building or held.area
    return f"{held.role} of {place.name or place.code}" if place else held.role


def _new_password(make_up: bool) -> str:
    if make_up:
        return secrets.token_urlsafe(15)
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _show_password(password: str, made_up: bool) -> None:
    if made_up:
        click.echo(f"Password (shown only now): {password}")
