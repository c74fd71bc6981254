"""A copy of the public site as files: what its pages have to know of being one.

An app that is made for publishing (`webmap/publish/`) carries a `Copy`; a server that answers readers carries none.
Templates find it as `copy`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from flask import Flask, current_app

from webmap.security import CONTENT_POLICY

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Copy:
    """The day of a copy, where the site itself is and where the copy will be if known.

    `pictures` are what chats show beside a link: language → address, where that can be said.
    """

    on: date
    live: str | None = None
    address: str | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    policy: str = CONTENT_POLICY  # who may frame a page is not heard in a page; the server says it


def current_copy() -> Copy | None:
    """What the app is making a copy as, if it is."""
    found: Copy | None = current_app.extensions.get("loumap_copy")
    return found


def mark(app: Flask, copy: Copy) -> None:
    """Have the pages of an app say that they are a copy's."""
    app.extensions["loumap_copy"] = copy
    app.extensions["loumap_copied"] = {}


def read_once(what: str, code: str, read: Callable[[], Found]) -> Found:
    """What a page is made of: for a copy read once for the page in all languages, for readers each time."""
    kept: dict[str, tuple[str, Any]] | None = current_app.extensions.get("loumap_copied")
    if kept is None:
        return read()
    if what not in kept or kept[what][0] != code:
        kept[what] = code, read()
    found: Found = kept[what][1]
    return found
