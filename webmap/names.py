"""Names in the reader's language, as filters for templates.

Data has `name` (as its source writes it) and perhaps `name_en`. English pages fall back to `name` and mark it with
its language; 繁體 pages convert what is on the page.
"""

from typing import Protocol

from flask import Flask
from markupsafe import Markup, escape

from geo.text import to_traditional
from webmap.locale import current_locale


class Named(Protocol):
    """Anything with a name and perhaps an English one."""

    name: str | None
    name_en: str | None


def hant(text: str | None) -> str:
    """A Chinese text in the characters of the page: traditional on 繁體 pages, unchanged elsewhere."""
    return to_traditional(text) if text and _script() == "Hant" else text or ""


def label(thing: Named) -> str:
    """The name of a thing as plain text, for titles and attributes; empty when it has none."""
    return (thing.name_en if _english() and thing.name_en else hant(thing.name)) or ""


def named(thing: Named) -> str | Markup:
    """The name of a thing for a page; a Chinese name on an English page says so to screen readers and fonts."""
    if _english() and not thing.name_en and thing.name:
        return Markup('<span lang="zh-Hans">{}</span>').format(thing.name)
    return label(thing)


def other_name(thing: Named) -> str | Markup:
    """The name in the other language, to be set small under the first; empty when there is none."""
    if _english():
        return Markup('<span lang="zh-Hans">{}</span>').format(thing.name) if thing.name_en and thing.name else ""
    return Markup('<span lang="en">{}</span>').format(thing.name_en) if thing.name_en else ""


def attribution(source: object) -> str | Markup:
    """How a source wants to be named, else its name."""
    chinese = getattr(source, "attribution", None) or getattr(source, "name", "")
    english = getattr(source, "attribution_en", None) or getattr(source, "name_en", None)
    return escape(english if _english() and english else hant(chinese))


def web_link(address: str | None) -> str | None:
    """An address that may stand in a link: of the web, not of a script."""
    return address if address and address.lower().startswith(("https://", "http://")) else None


def add_filters(app: Flask) -> None:
    """Make these functions filters of the app's templates, under their own names."""
    for function in (hant, label, named, other_name, attribution, web_link):
        app.add_template_filter(function)


def _english() -> bool:
    locale = current_locale()
    return locale is not None and locale.language == "en"


def _script() -> str | None:
    locale = current_locale()
    return locale.script if locale else None
