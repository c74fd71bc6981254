"""Pages of one's account: sign in, sign out, open sessions, password, language."""

from flask import Blueprint, Flask, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from webmap import db, locale
from webmap.auth import factor_pages, joining_pages, operations, people_pages, second_factor
from webmap.auth.devices import device
from webmap.auth.models import User
from webmap.auth.signing_in import let_in, let_out, load_user, next_address, present
from webmap.errors import SignInRefusedError, WeakPasswordError
from webmap.locale import LANGUAGES
from webmap.permissions import check, current_user, needs

blueprint = Blueprint("auth", __name__)


@blueprint.get("/login")
@needs("public")
def sign_in() -> AnyResponse | str:
    """The form; who is signed in already goes on."""
    if current_user() is not None:
        return redirect(next_address())
    return render_template("auth/sign_in.html", here="login", refused=False, next=_asked_next(), name="")


@blueprint.post("/login")
@needs("public")
def begin_session() -> AnyResponse | tuple[str, int]:
    """Begin a session and go where one was going, ask for the second factor, or show the form again."""
    name, address = request.form.get("name", ""), request.remote_addr or ""
    with db.own_transaction() as own:
        operations.count_attempt(own, name, address)
    try:
        user = operations.prove(db.session(), name, request.form.get("password", ""))
    except SignInRefusedError:
        return render_template("auth/sign_in.html", here="login", refused=True, next=_asked_next(), name=name), 422
    if user.factor_nonce is not None:
        factor_pages.remember(user)
        return redirect(url_for("factor.ask", next=_asked_next()))
    return let_in(user)


@blueprint.post("/logout")
@needs("account")
def end_session() -> AnyResponse:
    """End the session of this browser."""
    begun = present()
    operations.revoke_session(db.session(), begun.user, begun.id)
    return let_out()


@blueprint.get("/account")
@needs("account")
def account() -> str:
    """The signed-in person's sessions and password form."""
    return _account_page(check("account"))


@blueprint.post("/account/sessions/<int:session_id>/revoke")
@needs("account")
def revoke(session_id: int) -> AnyResponse:
    """End another session of one's own."""
    operations.revoke_session(db.session(), check("account"), session_id)
    flash(gettext("已退出该设备。"))
    return redirect(url_for(".account"))


@blueprint.post("/account/password")
@needs("account")
def change_password() -> AnyResponse | tuple[str, int]:
    """Change the password; other devices have to sign in again."""
    user, form = check("account"), request.form
    with db.own_transaction() as own:
        operations.count_attempt(own, user.name, request.remote_addr or "")
    try:
        operations.change_password(db.session(), user, form.get("old", ""), form.get("new", ""), kept=present())
    except (SignInRefusedError, WeakPasswordError) as error:
        return _account_page(user, wrong=type(error).__name__), 422
    with db.own_transaction() as own:
        operations.forget_attempts(own, user.name)
    flash(gettext("密码已修改，其他设备需要重新登录。"))
    return redirect(url_for(".account"))


@blueprint.post("/account/language")
@needs("account")
def choose_language() -> AnyResponse:
    """Choose the language of the desk and of mail."""
    wanted = request.form.get("language", "")
    chosen = next((each for each in LANGUAGES if each.tag == wanted), None)
    if chosen is None:
        raise BadParameterError("language", wanted, ", ".join(each.tag for each in LANGUAGES))
    check("account").language = chosen.tag
    return redirect(locale.in_language(chosen, "/account"))


def init_app(app: Flask) -> None:
    """Let the app know who a request comes from, and add the pages of second factor, invitations and people."""
    app.extensions["loumap_user_loader"] = load_user
    for pages in (factor_pages, joining_pages, people_pages):
        app.register_blueprint(pages.blueprint)
    app.add_template_filter(device)
    app.after_request(_keep_private)


def _account_page(user: User, wrong: str | None = None) -> str:
    begun = operations.open_sessions(db.session(), user)
    left = second_factor.codes_left(db.session(), user)
    return render_template(
        "auth/account.html",
        here="desk",
        codes_left=left,
        tongues=LANGUAGES,
        sessions=begun,
        present=present(),
        wrong=wrong,
    )


def _keep_private(response: Response) -> Response:
    """Keep what is for one person, and forms with their tokens, out of every cache; let nothing be kept unasked."""
    if (g.get("user") is not None or "csrf_token" in g) and not response.cache_control.public:
        response.cache_control.private = True
        response.cache_control.no_cache = True
        response.cache_control.no_store = True
    elif "Cache-Control" not in response.headers:
        response.cache_control.no_cache = True
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
    return response


def _asked_next() -> str | None:
    """Where one was going, if somewhere."""
    return next_address() if request.values.get("next") else None
