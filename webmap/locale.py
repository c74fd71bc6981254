"""The reader's language is the first part of a page's path: none for 简体, `/en`, `/zh-hant`.

Every rule of a page gets a twin with the prefix under the same endpoint, so that `url_for` stays in the language of
the request. Tiles, state files, the API and static files have no language.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from flask import Flask, current_app, g, request
from flask_babel import Babel, format_datetime, get_locale
from werkzeug.routing import Submount


@dataclass(frozen=True)
class Language:
    """One of the languages of the site: its prefix, BCP 47 tag, name and Babel locale."""

    prefix: str
    tag: str
    name: str
    locale: str


SIMPLIFIED = Language("", "zh-Hans", "简体", "zh_Hans_CN")
ENGLISH = Language("en", "en", "English", "en")
TRADITIONAL = Language("zh-hant", "zh-Hant", "繁體", "zh_Hant_HK")
LANGUAGES = (SIMPLIFIED, ENGLISH, TRADITIONAL)

_KEPT = "loumap_language"
"""Where a request keeps its language."""

_BY_PREFIX = {language.prefix: language for language in LANGUAGES}
_WITHOUT_LANGUAGE = frozenset(
    (
        *("api", "oembed", "tiles", "state", "static", "pictures", "ogc", "healthz", "readyz", "metrics"),
        *("robots.txt", "sitemap.xml", "sitemaps"),
    )
)


def language() -> Language:
    """The language of the request; 简体 outside of one."""
    try:
        asked = request._get_current_object()
    except RuntimeError:
        return SIMPLIFIED
    found: Language | None = asked.__dict__.get(_KEPT)
    if found is None:  # a page asks hundreds of times
        found = asked.__dict__[_KEPT] = split_language(asked.path)[0]
    return found


def speak_as_preferred() -> None:
    """Have an answer outside of the pages, whose path says no language, speak the one that its reader prefers."""
    wanted = (_of_tag(tag.lower()) for tag, _ in request.accept_languages)
    found = next((each for each in wanted if each), SIMPLIFIED)
    request._get_current_object().__dict__[_KEPT] = found


def _of_tag(tag: str) -> Language | None:
    """The language of ours that a browser means."""
    if tag.startswith("zh"):
        return TRADITIONAL if tag.endswith(("hant", "tw", "hk", "mo")) else SIMPLIFIED
    return ENGLISH if tag.startswith("en") else None


def current_locale() -> Locale | None:
    """The locale that texts and numbers are written in, as Flask-Babel has it; None outside of a request.

    Flask-Babel looks through four proxies to say so; a page asks thousands of times.
    """
    try:
        kept = g._get_current_object().__dict__.get("_flask_babel")
    except RuntimeError:
        return None
    return getattr(kept, "babel_locale", None) or get_locale()


def is_page(path: str) -> bool:
    """Whether a path is for people, so that its errors are pages in their language."""
    return path.split("/")[1:2] != [] and path.split("/")[1] not in _WITHOUT_LANGUAGE


def address(path: str) -> str:
    """The address of a page (`/b/…`) in the language of the request."""
    return in_language(language(), path)


def in_language(wanted: Language, path: str) -> str:
    """The address of a page (`/b/…`) in a language."""
    return f"/{wanted.prefix}{path}" if wanted.prefix else path


def page_languages() -> list[tuple[str, str, str]]:
    """Tag, name and address of the present page in each language; an empty address where there is none."""
    if not is_page(request.path):
        return [(each.tag, each.name, "") for each in LANGUAGES]
    path = split_language(request.full_path.removesuffix("?"))[1]
    return [(each.tag, each.name, in_language(each, path)) for each in LANGUAGES]


def canonical_url() -> str:
    """The one address of the present page, without its query, for search engines and shared links."""
    site = current_app.extensions["loumap_settings"].base_url or request.host_url.rstrip("/")
    return f"{site}{request.path}"


def split_language(path: str) -> tuple[Language, str]:
    """The language of a path, with its query or without, and what is left of it."""
    head, _, rest = path.removeprefix("/").partition("/")
    head, question, query = head.partition("?")
    found = _BY_PREFIX.get(head) if head else None
    if found is None:
        return SIMPLIFIED, path
    return found, f"/{rest}{question}{query}"


def moment(value: datetime | None) -> str:
    """An instant to the minute, in the time zone of the district."""
    return format_datetime(value, "yyyy-MM-dd HH:mm") if value else ""


def init_app(app: Flask) -> None:
    """Choose languages by path. Call after all blueprints are registered."""
    zone = str(app.extensions["loumap_settings"].timezone)
    Babel(app, SIMPLIFIED.locale, default_timezone=zone, locale_selector=lambda: language().locale)
    app.add_template_filter(moment)
    _add_twins(app)
    app.url_value_preprocessor(_drop_language)
    app.url_defaults(_keep_language)


def _add_twins(app: Flask) -> None:
    prefixes = ",".join(f'"{each.prefix}"' for each in LANGUAGES if each.prefix)
    rules = [rule.empty() for rule in app.url_map.iter_rules() if is_page(rule.rule)]
    app.url_map.add(Submount(f"/<any({prefixes}):language>", rules))
    for rule in app.url_map.iter_rules():
        if not hasattr(rule, "provide_automatic_options"):  # Flask's own mark, which a twin does not inherit
            rule.provide_automatic_options = "OPTIONS" in (rule.methods or ())  # type: ignore[attr-defined]


def _drop_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("language", None)


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    wanted = values.pop("language", None) or language().prefix
    if wanted and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = wanted
