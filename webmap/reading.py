"""The language and time zone of a reader for whoever writes to people outside of a request, such as the worker."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from webmap import locale, translations
from webmap.config import Settings


@contextmanager
def reading(settings: Settings, tag: str) -> Iterator[str]:
    """Texts, addresses and numbers in the language of a BCP 47 tag; gives the address of the site."""
    app = Flask("webmap.reading", static_folder=None)
    app.extensions["loumap_settings"] = settings
    locale.init_app(app)
    translations.init_app(app)
    language = next((each for each in locale.LANGUAGES if each.tag == tag), locale.SIMPLIFIED)
    with app.test_request_context(f"/{language.prefix}/" if language.prefix else "/"):
        yield settings.site_url
