"""Headers that every answer carries, and protection of forms against requests from elsewhere."""

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from webmap.config import Settings

CONTENT_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
"""What a page may load: our own files alone."""

PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
MACHINE_FOOD = ("/tiles/", "/state/", "/static/")
"""Never shown as a page, asked for by the dozen: what guards a page would only make them heavier."""

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
        MAX_CONTENT_LENGTH=settings.upload_mb * 1_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1000,
    )
    CSRFProtect(app)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if not request.path.startswith(MACHINE_FOOD):
            for name, value in PAGE_HEADERS.items():
                response.headers.setdefault(name, value)
        if settings.https or request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR_S}")
        return response
