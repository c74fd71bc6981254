"""A copy of the public site as files: what its pages have to know of being one.

An app that is made for publishing (`webmap/publish/`) carries a `Copy`; a server that answers readers carries none.
Templates find it as `copy`.
"""

from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app

from webmap.security import CONTENT_POLICY


@dataclass(frozen=True, slots=True)
class Copy:
    """The day that a copy was made, where the site itself is and where the copy will be, both if known."""

    on: date
    live: str | None = None
    address: str | None = None
    policy: str = CONTENT_POLICY  # who may frame a page is not heard in a page; the server says it


def current_copy() -> Copy | None:
    """What the app is making a copy as, if it is."""
    found: Copy | None = current_app.extensions.get("loumap_copy")
    return found


def mark(app: Flask, copy: Copy) -> None:
    """Have the pages of an app say that they are a copy's."""
    app.extensions["loumap_copy"] = copy
