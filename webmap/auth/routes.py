"""Pages of one's account: sign in, sign out, open sessions, password."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from webmap import db, locale
from webmap.auth import operations
from webmap.auth.devices import device
from webmap.auth.models import User, UserSession
from webmap.config import current_settings
from webmap.errors import SignInRefusedError, WeakPasswordError
from webmap.permissions import check, current_user, needs

blueprint = Blueprint("auth", __name__)
COOKIE = "loumap_session"


@blueprint.get("/login")
@needs("public")
def sign_in() -> AnyResponse | str:
    """The form; who is signed in already goes on."""
    if current_user() is not None:
        return redirect(_next())
    return render_template("auth/sign_in.html", here="login", refused=False, next=_next(), name="")


@blueprint.post("/login")
@needs("public")
def begin_session() -> AnyResponse | tuple[str, int]:
    """Begin a session and go where one was going, or show the form again."""
    name, address = request.form.get("name", ""), request.remote_addr or ""
    with db.own_transaction() as own:
        operations.count_attempt(own, name, address)
    try:
        password, browser = request.form.get("password", ""), request.user_agent.string
        _, token = operations.sign_in(db.session(), name, password, address, browser)
    except SignInRefusedError:
        return render_template("auth/sign_in.html", here="login", refused=True, next=_next(), name=name), 422
    with db.own_transaction() as own:
        operations.forget_attempts(own, name)
    session.clear()
    return _with_cookie(redirect(_next()), token)


@blueprint.post("/logout")
@needs("account")
def end_session() -> AnyResponse:
    """End the session of this browser."""
    begun = _present()
    operations.revoke_session(db.session(), begun.user, begun.id)
    session.clear()
    response = redirect(locale.address("/"))
    response.delete_cookie(_cookie_name(), path="/", secure=current_settings().https, httponly=True, samesite="Lax")
    return response


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
        operations.change_password(db.session(), user, form.get("old", ""), form.get("new", ""), kept=_present())
    except (SignInRefusedError, WeakPasswordError) as error:
        return _account_page(user, wrong=type(error).__name__), 422
    with db.own_transaction() as own:
        operations.forget_attempts(own, user.name)
    flash(gettext("密码已修改，其他设备需要重新登录。"))
    return redirect(url_for(".account"))


def init_app(app: Flask) -> None:
    """Let the app know who a request comes from."""
    app.extensions["loumap_user_loader"] = load_user
    app.add_template_filter(device)
    app.after_request(_keep_private)


def load_user() -> User | None:
    """The user of the request's cookie, if its session is open."""
    begun = _session_of_cookie()
    return begun.user if begun else None


def _session_of_cookie() -> UserSession | None:
    if "user_session" not in g:
        token = request.cookies.get(_cookie_name())
        g.user_session = operations.session_of(db.session(), token) if token else None
        if g.user_session:
            with db.own_transaction() as own:
                operations.mark_seen(own, g.user_session)
    found: UserSession | None = g.user_session
    return found


def _present() -> UserSession:
    begun = _session_of_cookie()
    assert begun is not None, "the route needs an account"
    return begun


def _account_page(user: User, wrong: str | None = None) -> str:
    begun = operations.open_sessions(db.session(), user)
    return render_template("auth/account.html", here="desk", sessions=begun, present=_present(), wrong=wrong)


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


def _with_cookie(response: AnyResponse, token: str) -> AnyResponse:
    seconds = int(operations.LIFETIME.total_seconds())
    secure = current_settings().https
    response.set_cookie(_cookie_name(), token, seconds, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def _cookie_name() -> str:
    """The cookie's name; over https browsers then also refuse one set by another host of the domain."""
    return f"__Host-{COOKIE}" if current_settings().https else COOKIE


def _next() -> str:
    """Where one was going: a path of this site, never another site."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return wanted if is_local and wanted.isprintable() and "\\" not in wanted else locale.address("/desk")
