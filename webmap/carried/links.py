"""Offline maps of links: what opens links says here what one carries, and the command line asks for it here."""

from collections.abc import Callable

from flask import Flask, current_app

from webmap.carried.asked import Carried
from webmap.locale import Language

Opened = Callable[[str, str | None], tuple[Language, Callable[[int], Carried]]]
"""From a token and a passcode to the language of the link, and to what it carries of so many buildings."""


def register(app: Flask, opened: Opened) -> None:
    """Have links opened by `opened`."""
    app.extensions["loumap_carried_links"] = opened


def opened(token: str, passcode: str | None) -> tuple[Language, Callable[[int], Carried]]:
    """What the link of a token carries; raises as what opens it."""
    found: Opened = current_app.extensions["loumap_carried_links"]
    return found(token, passcode)
