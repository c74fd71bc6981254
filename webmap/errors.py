"""From an error's class to the answer: one table of statuses, a problem document or a page in the reader's language."""

import errno
import logging
from http import HTTPStatus
from typing import Any

import psycopg
from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from geo import errors as geo_errors
from geo.errors import LouMapError
from webmap.locale import is_page

_log = logging.getLogger(__name__)


class BusyError(LouMapError):
    """The server is busy; ask again in a moment."""

    retry_after_s = 2


class DiskFullError(LouMapError):
    """There is no room left on the server's disk; nothing was kept of this. Its operator has to make room."""


class FileRefusedError(LouMapError):
    """Files of this kind are not taken."""


class FileTooLargeError(LouMapError):
    """The file is too large."""


class FolderRefusedError(LouMapError):
    """The folder cannot be used."""


class LinkOverError(LouMapError):
    """This link has ended, was withdrawn or never was; sign in, or ask for a new one."""


class NotBuiltError(LouMapError):
    """The front end has not been built; run `npm ci && npm run build` (./loumap demo does)."""


class NotAllowedError(LouMapError):
    """Your account may not do this."""


class NotReadyError(LouMapError):
    """The present state of the district is still being read; that takes seconds, in a large city a minute."""


class PreparingError(LouMapError):
    """The past is being prepared; in a large city that takes up to a minute. Ask again in a moment."""

    retry_after_s = 2

    def __init__(self, done: int = 0, of: int = 1) -> None:
        super().__init__()
        self.done, self.of = done, of


class CheckingError(PreparingError):
    """The check by permutation is being worked out. Ask again in a moment."""

    retry_after_s = 1


class PublishingError(LouMapError):
    """The copy could not be finished; publish again."""


class OldSchemaError(LouMapError):
    """The database has another schema than this program; `./loumap migrate` brings it up to date."""


class SecondFactorNeededError(LouMapError):
    """Set up the second factor of your account first; it asks for a code of your telephone when you sign in."""


class SignInNeededError(LouMapError):
    """Sign in first."""


class SignInRefusedError(LouMapError):
    """Name or password is wrong."""


class TooManyAttemptsError(LouMapError):
    """Too many attempts; try again later."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"Too many attempts; try again in {-(-retry_after_s // 60)} minutes.")
        self.retry_after_s = retry_after_s


class TooSlowError(LouMapError):
    """This takes longer than one request may; ask for less, or again when the server is less busy."""

    retry_after_s = 10


class WeakPasswordError(LouMapError):
    """The password is too weak."""


STATUS: dict[type[Exception], HTTPStatus] = {
    geo_errors.BadParameterError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.DatabaseServerError: HTTPStatus.SERVICE_UNAVAILABLE,
    CheckingError: HTTPStatus.ACCEPTED,
    geo_errors.AreasDifferError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.EditConflictError: HTTPStatus.CONFLICT,
    geo_errors.FigureRefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.FilterError: HTTPStatus.BAD_REQUEST,
    geo_errors.ImportRefusedError: HTTPStatus.CONFLICT,
    geo_errors.NotFoundError: HTTPStatus.NOT_FOUND,
    geo_errors.TooMuchError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.PictureError: HTTPStatus.SERVICE_UNAVAILABLE,
    geo_errors.UndoRefusedError: HTTPStatus.CONFLICT,
    geo_errors.UnknownCrsError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.UnknownFieldError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.UnknownValueError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.MissingColumnsError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.UnreadableFileError: HTTPStatus.UNPROCESSABLE_ENTITY,
    geo_errors.UnreadableQuantityError: HTTPStatus.UNPROCESSABLE_ENTITY,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    DiskFullError: HTTPStatus.INSUFFICIENT_STORAGE,
    FileRefusedError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    FileTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    LinkOverError: HTTPStatus.GONE,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NotBuiltError: HTTPStatus.SERVICE_UNAVAILABLE,
    TooSlowError: HTTPStatus.SERVICE_UNAVAILABLE,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    OldSchemaError: HTTPStatus.SERVICE_UNAVAILABLE,
    PreparingError: HTTPStatus.SERVICE_UNAVAILABLE,
    SecondFactorNeededError: HTTPStatus.FORBIDDEN,
    SignInNeededError: HTTPStatus.UNAUTHORIZED,
    SignInRefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyAttemptsError: HTTPStatus.TOO_MANY_REQUESTS,
    WeakPasswordError: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""What readers are told; an error of any other class is a fault of ours and stays unexplained to them."""


def status_of(error: Exception) -> HTTPStatus:
    """The status that an error is answered with: that of its class or of the nearest one above."""
    found = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def is_disk_full(error: BaseException) -> bool:
    """Whether an error of the system or of the database says that a disk has no room left."""
    said = getattr(error, "orig", None) or error
    full = isinstance(said, OSError) and said.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or isinstance(said, psycopg.errors.DiskFull)


def init_app(app: Flask) -> None:
    """Have the app answer every error by the table."""
    app.register_error_handler(LouMapError, lambda error: answer(error))
    app.register_error_handler(PreparingError, _answer_preparing)
    app.register_error_handler(OperationalError, _answer_unavailable)
    app.register_error_handler(psycopg.OperationalError, _answer_unavailable)
    app.register_error_handler(InternalError, answer_cut_off)
    app.register_error_handler(psycopg.InternalError, answer_cut_off)
    app.register_error_handler(OSError, _answer_disk)
    app.register_error_handler(PoolTimeoutError, lambda _: answer(BusyError()))
    app.register_error_handler(HTTPException, _answer_http)


def answer(error: LouMapError, status: HTTPStatus | None = None) -> AnyResponse:
    """The answer to an error of ours; `status` where an interface has another one for it than the table."""
    status = status or status_of(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s %s", request.method, request.path, exc_info=error)
        return _answer(status, None)
    if is_page(request.path) and request.method in ("GET", "HEAD"):
        if isinstance(error, SignInNeededError):
            return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
        if isinstance(error, SecondFactorNeededError):
            return redirect(url_for("factor.own"))
    said = "" if is_page(request.path) and str(error) == type(error).__doc__ else str(error)
    preparing = f"{error.done}/{error.of}" if isinstance(error, PreparingError) else None
    told = {"parameter": _of(error, "parameter"), "allowed": _of(error, "allowed"), "preparing": preparing}
    response = _answer(status, said or None, position=getattr(error, "position", None), **told)
    if isinstance(error, BusyError | PreparingError | TooManyAttemptsError | TooSlowError):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _answer_preparing(error: PreparingError) -> AnyResponse:
    """A page that says how far something is and asks again; who asks for data is told in a problem document."""
    if not is_page(request.path):
        return answer(error)
    checking = isinstance(error, CheckingError)
    title = gettext("正在用置换检验") if checking else gettext("正在准备这一天的数据")
    page = render_template("waiting.html", here=None, title=title, done=error.done, of=error.of)
    response = Response(page, status_of(error), mimetype="text/html")
    response.headers["Retry-After"] = response.headers["Refresh"] = str(error.retry_after_s)
    response.cache_control.no_store = True
    return response


def _answer_disk(error: OSError) -> AnyResponse:
    """Say that the disk is full; whatever else the system refuses is a fault of ours."""
    if not is_disk_full(error):
        raise error
    _log.error("%s %s: the disk is full (%s)", request.method, request.path, error.filename or error.strerror)
    return answer(DiskFullError())


def _answer_unavailable(error: DBAPIError | psycopg.Error) -> AnyResponse:
    said = getattr(error, "orig", error)
    if isinstance(said, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable) or _is_interrupted(said):
        return answer(TooSlowError())
    if is_disk_full(error):
        _log.error("%s %s: the disk of the database is full: %s", request.method, request.path, said)
        return answer(DiskFullError())
    _log.error("The database does not answer: %s", error)
    response = _answer(HTTPStatus.SERVICE_UNAVAILABLE, None)
    response.headers["Retry-After"] = "5"
    return response


def answer_cut_off(error: InternalError | psycopg.InternalError) -> AnyResponse:
    """Where the database ended a statement or a connection before its time, say so; what else it found is our fault."""
    if not was_cut_off(error):
        raise error
    return _answer_unavailable(error)


def was_cut_off(error: DBAPIError | psycopg.Error) -> bool:
    """Whether an internal error of the database is an end before its time.

    It cuts off connections that seemed silent for too long, as it does to all when its clock jumps; and GEOS ends what
    takes too long with an error of its own where it looks for the interrupt before PostgreSQL does.
    """
    said = getattr(error, "orig", error)
    return isinstance(said, psycopg.errors.IdleInTransactionSessionTimeout) or _is_interrupted(said)


def _is_interrupted(said: object) -> bool:
    return isinstance(said, psycopg.errors.InternalError_) and "InterruptedException" in str(said)


def _answer_http(error: HTTPException) -> AnyResponse:
    """Answer what Flask itself found wrong; a fault of ours has been logged by Flask and is not explained."""
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    ours = isinstance(error, InternalServerError)
    detail = None if ours or is_page(request.path) else error.description
    response = _answer(HTTPStatus(error.code), detail, expired=isinstance(error, CSRFError))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            response.headers[name] = value
    return response


def _answer(status: HTTPStatus, detail: str | None, *, expired: bool = False, **extra: Any) -> Response:
    if is_page(request.path):
        response = Response(_page(status, detail, expired=expired), status, mimetype="text/html")
    else:
        said: dict[str, Any] = {"title": status.phrase, "status": status.value, "detail": detail, **extra}
        response = jsonify({key: value for key, value in said.items() if value is not None})
        response.status_code = status
        response.mimetype = "application/problem+json"
    response.cache_control.no_store = True
    return response


def _page(status: HTTPStatus, detail: str | None, *, expired: bool) -> str:
    """The page of an error; of the server's own faults one that asks the database nothing."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        g.setdefault("user", None)
    try:
        return render_template("error.html", status=status, detail=detail, expired=expired, here=None)
    except NotBuiltError as error:
        return f"<!doctype html><title>{status.value}</title><p>{escape(detail or status.phrase)}</p><p>{error}</p>"


def _of(error: Exception, name: str) -> str | None:
    value = getattr(error, name, None)
    return None if value is None else str(value)
