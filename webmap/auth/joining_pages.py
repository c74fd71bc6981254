"""Pages that links lead to: an invitation becomes an account, a forgotten password a new one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from webmap import db, locale
from webmap.auth import invitations, operations, resets
from webmap.auth.models import Invitation, PasswordReset
from webmap.auth.operations import AccountExistsError, BadNameError
from webmap.auth.signing_in import let_in
from webmap.errors import WeakPasswordError
from webmap.jobs import enqueue
from webmap.permissions import needs

blueprint = Blueprint("joining", __name__)


@blueprint.get("/invitation/<token>")
@needs("public")
def invitation(token: str) -> str:
    """What one is invited to do, and the form for name and password."""
    return _invitation_page(invitations.opened(db.session(), token))


@blueprint.post("/invitation/<token>")
@needs("public")
def accept(token: str) -> AnyResponse | tuple[str, int]:
    """Make the account and sign in."""
    _count("invitation")
    form = request.form
    found = invitations.opened(db.session(), token)
    said = {name: form.get(name, "") for name in ("name", "full_name")}
    try:
        user = invitations.accept(db.session(), found, said["name"], form.get("password", ""), said["full_name"])
    except (AccountExistsError, BadNameError, WeakPasswordError) as error:
        return _invitation_page(found, wrong=type(error).__name__, **said), 422
    return let_in(user, locale.address("/desk"))


@blueprint.get("/login/forgotten")
@needs("public")
def forgotten() -> str:
    """The form to ask for a link."""
    return render_template("auth/forgotten.html", here="login", asked=False)


@blueprint.post("/login/forgotten")
@needs("public")
def ask_for_link() -> AnyResponse:
    """Have a link mailed, if there is such an account; the same is said either way."""
    asked = request.form.get("asked", "").strip()[:200]
    _count(resets.attempt_key(asked), resets.PER_ACCOUNT)
    enqueue(db.session(), "send_reset_links", asked=asked, language=locale.language().tag)
    return redirect(url_for(".asked_for_link"), 303)


@blueprint.get("/login/forgotten/sent")
@needs("public")
def asked_for_link() -> str:
    """Says what happens next, whether there is such an account or not."""
    return render_template("auth/forgotten.html", here="login", asked=True)


@blueprint.get("/reset/<token>")
@needs("public")
def reset(token: str) -> str:
    """The form for a new password."""
    return _reset_page(resets.opened(db.session(), token))


@blueprint.post("/reset/<token>")
@needs("public")
def set_password(token: str) -> AnyResponse | tuple[str, int]:
    """Set the new password; one signs in with it then."""
    _count("reset")
    found = resets.opened(db.session(), token)
    try:
        user = resets.use(db.session(), found, request.form.get("password", ""))
    except WeakPasswordError:
        return _reset_page(found, wrong=True), 422
    with db.own_transaction() as own:
        operations.forget_attempts(own, user.name)
    flash(gettext("密码已修改，请用新密码登录。"))
    return redirect(url_for("auth.sign_in"))


def _count(what: str, most: int = operations.PER_ADDRESS) -> None:
    """Count a try from this address; those of a link are not those of an account."""
    key = what if what.startswith("reset\x1f") else f"{what}\x1f{request.remote_addr}"
    with db.own_transaction() as own:
        operations.count_attempt(own, key, request.remote_addr or "", most)


def _invitation_page(found: Invitation, wrong: str | None = None, name: str = "", full_name: str | None = None) -> str:
    shown = (found.full_name or "") if full_name is None else full_name
    return render_template(
        "auth/invitation.html", here="login", invitation=found, wrong=wrong, name=name, full_name=shown
    )


def _reset_page(found: PasswordReset, *, wrong: bool = False) -> str:
    return render_template("auth/reset.html", here="login", account=found.user, wrong=wrong)
