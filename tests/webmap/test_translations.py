"""Every text of the site is there in every language."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import gettext, ngettext

from webmap.translations import FOLDER, catalogue

ROOT = Path(__file__).parents[2]
METHODS = [("webmap/**.py", "python"), ("templates/**.html", "jinja2")]


@pytest.fixture(scope="module")
def texts() -> dict[tuple[str, ...], str]:
    """Text (and plural) → where it stands."""
    found: dict[tuple[str, ...], str] = {}
    options = {"templates/**.html": {"extensions": "jinja2.ext.i18n"}}
    for folder in ("webmap", "templates"):
        methods = [
            (pattern.removeprefix(f"{folder}/"), kind) for pattern, kind in METHODS if pattern.startswith(folder)
        ]
        for name, line, message, *_ in extract_from_dir(ROOT / folder, methods, options_map={"**.html": options}):
            key = message if isinstance(message, tuple) else (message,)
            found.setdefault(key, f"{folder}/{name}:{line}")
    return found


def test_every_text_has_english(texts: dict[tuple[str, ...], str]):
    english = catalogue("en")
    missing = {
        where: text[0]
        for text, where in texts.items()
        if (english.ngettext(*text, 1) if len(text) > 1 else english.gettext(text[0])) == text[0]
    }
    assert not missing


def test_no_english_text_is_left_over(texts: dict[tuple[str, ...], str]):
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    said = {message.id if isinstance(message.id, tuple) else (message.id,) for message in messages}
    assert not said - texts.keys()


def test_english_fills_in_the_same_values(texts: dict[tuple[str, ...], str]):
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file, locale="en"):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = set(re.findall(r"%\(\w+\)s", ids[0]))
            assert all(set(re.findall(r"%\(\w+\)s", text)) == wanted for text in strings if ids[0]), ids


@pytest.mark.parametrize(
    ("path", "title", "floors"),
    [("/", "楼层剖面", "12 层"), ("/en/", "Stacking plan", "12 floors"), ("/zh-hant/", "樓層剖面", "12 層")],
)
def test_texts_follow_the_language_of_the_page(app: Flask, path: str, title: str, floors: str):
    with app.test_request_context(path):
        assert gettext("楼层剖面") == title
        assert ngettext("%(num)s 层", "%(num)s 层", 12) == floors


def test_english_counts_one_and_many(app: Flask):
    with app.test_request_context("/en/"):
        assert [ngettext("%(num)s 个单元", "%(num)s 个单元", n) for n in (1, 2)] == ["1 unit", "2 units"]
