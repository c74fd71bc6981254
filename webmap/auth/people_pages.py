"""Pages of the administrator: the list of people, inviting them, their roles, closing and opening accounts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from webmap import db, locale
from webmap.auth import invitations, operations, people, resets, second_factor
from webmap.auth.models import ROLES, Invitation, User
from webmap.auth.people import LastAdministratorError, ManyBuildingsError, Role, UnknownPlaceError
from webmap.config import current_settings
from webmap.mail import BadAddressError
from webmap.permissions import check, needs

blueprint = Blueprint("people", __name__, url_prefix="/admin/people")
PLACES = ("everywhere", "area", "building")


@blueprint.get("")
@needs("administer")
def index() -> str:
    """Accounts by name, and invitations that wait."""
    asked = request.args
    found = people.find(db.session(), asked.get("q", "").strip(), asked.get("role", ""), asked.get("page", 1, int))
    return render_template(
        "auth/people.html",
        here="desk",
        found=found,
        seen=operations.last_seen(db.session(), found.people),
        roles=ROLES,
        waiting=invitations.waiting(db.session()),
    )


@blueprint.get("/invite")
@needs("administer")
def invite_form() -> str:
    """Who is invited to do what, where."""
    return _invite_page()


@blueprint.post("/invite")
@needs("administer")
def invite() -> str | tuple[str, int]:
    """Make an invitation, mail it if there is an address, and show its link, once."""
    try:
        with db.session().begin_nested():
            made, token = _invite()
    except (UnknownPlaceError, ManyBuildingsError, BadAddressError) as error:
        return _invite_page(error), 422
    link = f"{_site()}{locale.address(invitations.path_of(token))}"
    return render_template("auth/invited.html", here="desk", invitation=made, link=link, days=invitations.LASTS.days)


@blueprint.post("/invitations/<int:invitation_id>/revoke")
@needs("administer")
def revoke_invitation(invitation_id: int) -> AnyResponse:
    """Withdraw an invitation."""
    invitations.revoke(db.session(), invitation_id)
    flash(gettext("邀请已撤回。"))
    return redirect(url_for(".index"))


@blueprint.get("/<int:user_id>")
@needs("administer")
def person(user_id: int) -> str:
    """One account: roles, devices, what can be done with it."""
    return _person_page(people.person(db.session(), user_id))


@blueprint.post("/<int:user_id>")
@needs("administer")
def change(user_id: int) -> AnyResponse:
    """Correct name and mail."""
    found = people.person(db.session(), user_id)
    found.full_name = request.form.get("full_name", "").strip()[: invitations.LONGEST] or None
    found.email = request.form.get("email", "").strip()[:200] or None
    return _back(found, gettext("已保存。"))


@blueprint.post("/<int:user_id>/roles")
@needs("administer")
def grant(user_id: int) -> AnyResponse | tuple[str, int]:
    """Give a role for a place."""
    found = people.person(db.session(), user_id)
    try:
        people.grant(db.session(), found, _role())
    except (UnknownPlaceError, ManyBuildingsError) as error:
        return _person_page(found, error), 422
    return _back(found, gettext("已授予角色。"))


@blueprint.post("/<int:user_id>/roles/<int:role_id>/withdraw")
@needs("administer")
def withdraw(user_id: int, role_id: int) -> AnyResponse | tuple[str, int]:
    """Take a role."""
    found = people.person(db.session(), user_id)
    try:
        people.withdraw(db.session(), found, role_id)
    except LastAdministratorError as error:
        return _person_page(found, error), 422
    return _back(found, gettext("已收回角色。"))


@blueprint.post("/<int:user_id>/act")
@needs("administer")
def act(user_id: int) -> AnyResponse | str | tuple[str, int]:
    """Close or open the account, end its sessions, take its second factor away, or make a link for a new password."""
    found, session = people.person(db.session(), user_id), db.session()
    match request.form.get("act"):
        case "disable":
            try:
                people.disable(session, found)
            except LastAdministratorError as error:
                return _person_page(found, error), 422
            return _back(found, gettext("账号已停用。"))
        case "enable":
            people.enable(found)
            return _back(found, gettext("账号已启用。"))
        case "end_sessions":
            operations.end_sessions(session, found)
            return _back(found, gettext("已退出全部设备。"))
        case "remove_factor":
            second_factor.remove(session, found)
            return _back(found, gettext("已停用两步验证。"))
        case "reset" if found.disabled_at is None:
            return _person_page(found, link=f"{_site()}{locale.address(resets.path_of(resets.make(session, found)))}")
    return _back(found, gettext("没有改动。"))


def _invite() -> tuple[Invitation, str]:
    form, session = request.form, db.session()
    name, email = form.get("full_name", "").strip()[: invitations.LONGEST], form.get("email", "").strip()
    made, token = invitations.invite(session, _role(), full_name=name, email=email, by=check("administer"))
    if made.email:
        invitations.send_link(session, current_settings(), made, token, form.get("language", ""))
    return made, token


def _role() -> Role:
    """The role and place of the form.

    Raises
    ------
    UnknownPlaceError, ManyBuildingsError
        The place is not known, or not one.
    """
    form, session = request.form, db.session()
    name, where = form.get("role", ""), form.get("where", "")
    if name not in ROLES or where not in PLACES:
        raise UnknownPlaceError("Say which role, and where.")
    if where == "area":
        return Role(name, area=people.area_of(session, form.get("area", "")))
    if where == "building":
        return Role(name, building=people.building_of(session, form.get("building", "")))
    return Role(name)


def _site() -> str:
    """The address of the site for a link that only who asked for it is shown."""
    return current_settings().base_url or request.host_url.rstrip("/")


def _back(found: User, said: str) -> AnyResponse:
    flash(said)
    return redirect(url_for(".person", user_id=found.id))


def _invite_page(error: Exception | None = None) -> str:
    return render_template("auth/invite.html", here="desk", **_choices(error))


def _person_page(found: User, error: Exception | None = None, link: str | None = None) -> str:
    return render_template(
        "auth/person.html",
        here="desk",
        person=found,
        sessions=operations.open_sessions(db.session(), found),
        link=link,
        **_choices(error),
    )


def _choices(error: Exception | None) -> dict[str, object]:
    """What the form for a role offers, and what was wrong with it."""
    return {
        "roles": ROLES,
        "areas": people.areas(db.session()),
        "said": request.form,
        "wrong": type(error).__name__ if error else None,
        "several": error.found if isinstance(error, ManyBuildingsError) else (),
        "tongues": locale.LANGUAGES,
    }
