"""Texts of the site in the reader's language, without a build step.

The texts in code and templates are 简体中文 themselves. English is read from `translations/en/LC_MESSAGES/messages.po`
when it is first asked for; 繁體 is the 简体 text converted by OpenCC, so that it can never be incomplete.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Domain

from geo.text import to_traditional
from webmap.locale import current_locale

FOLDER = Path(__file__).resolve().parents[1] / "translations"


def init_app(app: Flask) -> None:
    """Have the app's `_()` read these texts. Call after Babel is set up."""
    texts = Catalogues()
    app.extensions["babel"].instance.domain_instance = texts
    found = texts.get_translations  # templates ask for it directly, without the way through Flask-Babel
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # by the extension i18n
        gettext=lambda text: found().ugettext(text),
        ngettext=lambda one, many, n: found().ungettext(one, many, n),
        newstyle=True,
        pgettext=lambda context, text: found().upgettext(context, text),
        npgettext=lambda context, one, many, n: found().unpgettext(context, one, many, n),
    )


class Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The texts of all languages; which one is asked for follows the request."""

    def get_translations(self) -> NullTranslations:
        """The texts of the request's language."""
        locale = current_locale()
        if locale is None:
            return _PLAIN
        if locale.script == "Hant":
            return _TRADITIONAL
        return catalogue(locale.language) if locale.language != "zh" else _PLAIN


class Traditional(NullTranslations):  # type: ignore[misc]  # as above
    """Every text as it is written in 简体, in traditional characters."""

    def gettext(self, message: str) -> str:
        """The text in traditional characters."""
        return to_traditional(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Chinese has one form for all numbers."""
        return to_traditional(msgid1)

    ugettext: Callable[[str], str] = gettext
    ungettext: Callable[[str, str, int], str] = ngettext

    def upgettext(self, context: str, message: str) -> str:
        """The text, whatever its context."""
        return to_traditional(message)

    def unpgettext(self, context: str, singular: str, plural: str, num: int) -> str:
        """The text, whatever its context and number."""
        return to_traditional(singular)


_PLAIN, _TRADITIONAL = NullTranslations(), Traditional()


@cache
def catalogue(language: str) -> Any:
    """The texts of a language from its .po file.

    Raises
    ------
    FileNotFoundError
        There is none for this language.
    """
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return Translations(compiled)
