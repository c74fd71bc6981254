"""The cookie of a session, and what every page that begins or ends one does with it; for the routes beside it."""

from urllib.parse import urlsplit

from flask import g, redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from webmap import db, locale
from webmap.auth import operations
from webmap.auth.models import User, UserSession
from webmap.auth.second_factor import is_needed
from webmap.config import current_settings
from webmap.locale import LANGUAGES

COOKIE = "loumap_session"


def load_user() -> User | None:
    """The user of the request's cookie, if its session is open."""
    begun = session_of_cookie()
    if begun is None:
        return None
    asked_for = current_settings().second_factor == "required"
    begun.user.lacks_factor = asked_for and begun.user.factor_nonce is None and is_needed(begun.user)
    return begun.user


def session_of_cookie() -> UserSession | None:
    """The session of the request's cookie, asked of the database once per request."""
    if "user_session" not in g:
        token = request.cookies.get(cookie_name())
        g.user_session = operations.session_of(db.session(), token) if token else None
        if g.user_session:
            with db.own_transaction() as own:
                operations.mark_seen(own, g.user_session)
    found: UserSession | None = g.user_session
    return found


def present() -> UserSession:
    """The session of a request that has one."""
    begun = session_of_cookie()
    assert begun is not None, "the route needs an account"
    return begun


def let_in(user: User, target: str | None = None) -> AnyResponse:
    """Begin a session of somebody who has proved to be `user`, and go to `target` or where one was going."""
    token = operations.begin(db.session(), user, request.remote_addr, request.user_agent.string)
    with db.own_transaction() as own:
        operations.forget_attempts(own, user.name)
    session.clear()
    response = redirect(target or next_address(user))
    seconds = int(operations.LIFETIME.total_seconds())
    secure = current_settings().https
    response.set_cookie(cookie_name(), token, seconds, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def let_out() -> AnyResponse:
    """Take the cookie back, once its session has been ended, and go to the map."""
    session.clear()
    response = redirect(locale.address("/"))
    response.delete_cookie(cookie_name(), path="/", secure=current_settings().https, httponly=True, samesite="Lax")
    return response


def cookie_name() -> str:
    """The cookie's name; over https browsers then also refuse one set by another host of the domain."""
    return f"__Host-{COOKIE}" if current_settings().https else COOKIE


def next_address(user: User | None = None) -> str:
    """Where one was going: a path of this site, never another site; else the desk, in the language of the account."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    if is_local and wanted.isprintable() and "\\" not in wanted:
        return wanted
    return _desk(user)


def _desk(user: User | None) -> str:
    language = next((each for each in LANGUAGES if user and each.tag == user.language), None)
    return locale.in_language(language, "/desk") if language else locale.address("/desk")
