"""Headers that every answer carries, and protection of forms against requests from elsewhere."""

from collections.abc import Sequence

from flask import Flask, Response, abort, current_app, request
from flask_wtf import CSRFProtect
from werkzeug.sansio.utils import host_is_trusted

from geo.errors import BadParameterError
from webmap import images
from webmap.config import Settings
from webmap.permissions import current_user, may, may_somewhere

CONTENT_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)
"""What a page may load: our own files alone."""

FRAMED = "frame-ancestors 'self'"
"""Which sites may show a page within one of theirs: our own."""

PAGE_HEADERS = {
    "Content-Security-Policy": f"{CONTENT_POLICY}; {FRAMED}",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
MACHINE_FOOD = ("/tiles/", "/state/", "/static/")
"""Never shown as a page, asked for by the dozen: what guards a page would only make them heavier."""

FOR_PROGRAMS = ("/healthz", "/readyz", "/metrics")
"""Asked by programs that know an address and no name; nothing they are answered has a link in it."""

MOST_FORM_BYTES = 500_000
"""Of what anybody may send; only who may import sends files, and photos those who report and who check on the spot."""

PHOTOS = {"/desk/checks/": "review_returns", "/return/photos/": "report_vacancy"}
"""Where photos of units are sent, and by whom."""

ONE_YEAR_S = 31_536_000


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers and check the token of every form."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="loumap_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
        LOUMAP_UPLOAD_BYTES=settings.upload_mb * 1_000_000,
        MAX_CONTENT_LENGTH=MOST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES,
        MAX_FORM_PARTS=1000,
        LOUMAP_TRUSTED_HOSTS=settings.trusted_hosts,
    )
    app.before_request(_refuse_strange_hosts)
    app.before_request(_limit_body)
    CSRFProtect(app)
    app.before_request(_refuse_nul)

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in headers_for(request.path, secure=settings.https or request.is_secure).items():
            response.headers.setdefault(name, value)
        return response


def policy_for_frames(hosts: Sequence[str]) -> str:
    """The policy of a page that sites at `hosts` may show: with a dot in front for all below one, or * for any."""
    allowed = [f"*{host}" if host.startswith(".") else host for host in hosts]
    return " ".join([f"{CONTENT_POLICY}; {FRAMED}", *allowed])


def headers_for(path: str, *, secure: bool) -> dict[str, str]:
    """What every answer at `path` says beside its own; `secure` when it is reached over https."""
    page = {} if path.startswith(MACHINE_FOOD) else PAGE_HEADERS
    transport = {"Strict-Transport-Security": f"max-age={ONE_YEAR_S}"} if secure else {}
    return {"X-Content-Type-Options": "nosniff", **page, **transport}


def _refuse_strange_hosts() -> None:
    """Refuse who asks for us by a strange name, which would stand in links of pages and mails."""
    trusted = current_app.config["LOUMAP_TRUSTED_HOSTS"]
    if trusted and not request.path.startswith(FOR_PROGRAMS) and not host_is_trusted(request.host, trusted):
        abort(400, "The site is not known by this name; its operator adds it to LOUMAP_HOSTS.")


def _limit_body() -> None:
    """Take large bodies from those alone who may send files: reading the token of a form reads all of it."""
    if (request.content_length or 0) <= current_app.config["MAX_CONTENT_LENGTH"]:
        return
    if may(current_user(), "import"):
        request.max_content_length = current_app.config["LOUMAP_UPLOAD_BYTES"] + MOST_FORM_BYTES
    elif any(part in request.path and may_somewhere(current_user(), right) for part, right in PHOTOS.items()):
        request.max_content_length = images.MOST_BYTES + MOST_FORM_BYTES


def _refuse_nul() -> None:
    """Refuse the one sign that no text of the database can hold, wherever it is sent."""
    if "\0" in request.path:
        abort(404)
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            if "\0" in name or "\0" in value:
                raise BadParameterError(name.replace("\0", ""), value.replace("\0", "")[:20], "text without zero bytes")
