"""Pages of the second factor: the code when signing in, setting it up, new recovery codes, taking it away."""

import base64
import time
from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from webmap import db
from webmap.auth import operations, second_factor
from webmap.auth.models import User
from webmap.auth.passwords import is_right
from webmap.auth.second_factor import WrongCodeError
from webmap.auth.signing_in import let_in, next_address
from webmap.config import current_settings
from webmap.errors import NotAllowedError, SignInRefusedError
from webmap.permissions import check, needs

blueprint = Blueprint("factor", __name__)

PATIENCE_S = 300
"""For the code, after the password was right."""

_HALF, _NONCE = "half", "factor_nonce"


def remember(user: User) -> None:
    """Keep in the signed cookie of forms that a browser has shown the right password, and when."""
    session[_HALF] = [user.id, int(time.time()), _password_of(user)]


@blueprint.get("/login/code")
@needs("public")
def ask() -> AnyResponse | str:
    """The form for the code; who has not shown a password yet does that first."""
    if _half_way() is None:
        return redirect(url_for("auth.sign_in", next=request.args.get("next")))
    return _code_page()


@blueprint.post("/login/code")
@needs("public")
def take() -> AnyResponse | tuple[str, int]:
    """Begin the session, once the code is right."""
    user = _half_way()
    if user is None:
        return redirect(url_for("auth.sign_in", next=request.form.get("next")))
    _count(user)
    try:
        second_factor.prove(db.session(), user, current_settings().secret_key, request.form.get("code", ""))
    except WrongCodeError:
        return _code_page(wrong=True), 422
    return let_in(user)


@blueprint.get("/account/second-factor")
@needs("account")
def own() -> str:
    """The QR code to set a factor up, or what there is of it."""
    return _own_page(check("account"))


@blueprint.post("/account/second-factor")
@needs("account")
def set_up() -> str | tuple[str, int]:
    """Begin to ask for the factor, once password and code are right; shows the recovery codes, once."""
    user, form = check("account"), request.form
    if user.factor_nonce is not None:
        raise NotAllowedError("There is a second factor already; take it away first.")
    try:
        _require_password(user)
        codes = second_factor.set_up(db.session(), user, _nonce(), current_settings().secret_key, form.get("code", ""))
    except (SignInRefusedError, WrongCodeError) as error:
        return _own_page(user, wrong=type(error).__name__), 422
    session.pop(_NONCE, None)
    user.lacks_factor = False
    return _own_page(user, fresh=codes)


@blueprint.post("/account/second-factor/codes")
@needs("account")
def renew_codes() -> str | tuple[str, int]:
    """New recovery codes in place of the old, shown once."""
    user = check("account")
    try:
        _require_both(user)
    except (SignInRefusedError, WrongCodeError) as error:
        return _own_page(user, wrong=type(error).__name__), 422
    return _own_page(user, fresh=second_factor.renew_recovery(db.session(), user))


@blueprint.post("/account/second-factor/remove")
@needs("account")
def remove() -> AnyResponse | tuple[str, int]:
    """Ask for no factor any more, where the site does not insist on one."""
    user = check("account")
    try:
        _require_both(user)
    except (SignInRefusedError, WrongCodeError) as error:
        return _own_page(user, wrong=type(error).__name__), 422
    second_factor.remove(db.session(), user)
    flash(gettext("已停用两步验证。"))
    return redirect(url_for("auth.account"))


def _half_way() -> User | None:
    """Who has shown the right password in this browser a moment ago, and not changed it since."""
    match session.get(_HALF):
        case [int(user_id), int(since), str(password)] if since + PATIENCE_S > time.time():
            user = db.session().get(User, user_id)
            current = user is not None and user.disabled_at is None and _password_of(user) == password
            return user if current else None
    return None


def _password_of(user: User) -> str:
    return f"{user.password_changed_at.timestamp():.6f}"


def _count(user: User) -> None:
    with db.own_transaction() as own:
        operations.count_attempt(own, user.name, request.remote_addr or "")


def _require_password(user: User) -> None:
    _count(user)
    if not is_right(request.form.get("password", ""), user.password_hash):
        raise SignInRefusedError


def _require_both(user: User) -> None:
    """Password and code: an open browser alone may not weaken an account."""
    _require_password(user)
    second_factor.prove(db.session(), user, current_settings().secret_key, request.form.get("code", ""))


def _nonce() -> bytes:
    """The random number of the factor that is being set up in this browser; it is no secret."""
    kept = session.get(_NONCE)
    if not isinstance(kept, str):
        kept = session[_NONCE] = base64.b64encode(second_factor.new_nonce()).decode()
    return base64.b64decode(kept)


def _code_page(*, wrong: bool = False) -> str:
    asked = next_address() if request.values.get("next") else None
    return render_template("auth/code.html", here="login", wrong=wrong, next=asked)


def _own_page(user: User, *, wrong: str | None = None, fresh: list[str] | None = None) -> str:
    told: dict[str, Any] = {"wrong": wrong, "fresh": fresh, "needed": second_factor.is_needed(user)}
    told["codes_left"] = second_factor.codes_left(db.session(), user)
    if user.factor_nonce is None:
        settings, nonce = current_settings(), _nonce()
        code = segno.make_qr(second_factor.uri_of(user, nonce, settings.secret_key, settings.site_name), error="m")
        drawn = code.svg_inline(border=2, dark="#17202b", light="#ffffff", omitsize=True, svgclass="qr", lineclass=None)
        secret = second_factor.secret_of(user, nonce, settings.secret_key)
        told |= {"qr": Markup(drawn), "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}
    return render_template("auth/second_factor.html", here="desk", **told)
