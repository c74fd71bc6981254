"""robots.txt and the sitemaps of all public pages, for search engines."""

from flask import Blueprint, Response, current_app, render_template, request

from geo.errors import NotFoundError
from webmap.config import current_settings
from webmap.crawling import operations
from webmap.db import public_session
from webmap.locale import LANGUAGES, in_language
from webmap.permissions import needs
from webmap.searching import present_table

blueprint = Blueprint("crawling", __name__)

KEPT_S = 3600
"""Seconds for which an answer may be kept; sitemaps are read once a day."""

NOT_FOR_PROGRAMS = (
    *("/inquiries/", "/brochure/", "/alerts", "/feeds/", "/share"),
    *("/login", "/account", "/desk", "/admin/", "/downloads/"),
)
"""Forms and private pages, in every language; the API and its exports have none."""


@blueprint.get("/robots.txt")
@needs("public")
def robots() -> Response:
    """All public pages are open to search engines; forms, private pages and exports are not for them."""
    closed = [in_language(each, path) for each in LANGUAGES for path in NOT_FOR_PROGRAMS]
    lines = ["User-agent: *", "Allow: /", *(f"Disallow: {path}" for path in [*closed, "/api/"])]
    return _kept("\n".join([*lines, "", f"Sitemap: {_site()}/sitemap.xml", ""]), "text/plain")


@blueprint.get("/sitemap.xml")
@needs("public")
def sitemap() -> Response:
    """The index of all parts."""
    parts = operations.parts(public_session(), present_table())
    return _kept(render_template("crawling/index.xml", parts=parts, root=_site()))


@blueprint.get("/sitemaps/<kind>-<int:part>.xml")
@needs("public")
def sitemap_part(kind: str, part: int) -> Response:
    """A part: every page in every language, each with the same page in the others."""
    found = []
    if kind in operations.KINDS and part > 0:
        zone = current_settings().timezone
        found = list(operations.entries(public_session(), present_table(), kind, part, zone))
    if not found:
        raise NotFoundError("There is no such part; /sitemap.xml names all of them.")
    return _kept(render_template("crawling/part.xml", entries=found, tongues=_tongues(), root=_site()))


def _tongues() -> list[tuple[str, str]]:
    """Tag and prefix of every language; before a path both make an address."""
    return [(each.tag, f"/{each.prefix}" if each.prefix else "") for each in LANGUAGES]


def _site() -> str:
    return current_settings().base_url or request.host_url.rstrip("/")


def _kept(text: str, kind: str = "application/xml") -> Response:
    response = current_app.response_class(text, mimetype=kind)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return response
