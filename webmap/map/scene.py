"""What of the map does not depend on the reader: whose data it shows, how far it reaches, where it opens.

In a large city that takes seconds to read. A thread of every web process does so when outlines, ground or names have
changed (`webmap/freshness.py`), and readers keep the scene before until it is done; without a thread it is read for the
first who asks.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, log2, radians
from threading import Lock
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.db import query
from geo.text import to_traditional
from webmap.db import BUILDING_TIMEOUT, Database

LAYERS = ("buildings", "ground", "amenities", "areas")
"""What a scene follows from."""

NEAREST_START = 14.95
"""Just below 15 the map draws tiles of zoom 14: few of them, and as sharp as a screen shows."""

REST = 9
"""After a scene the thread rests for so many times as long as it took: outlines may change every second."""

Box = tuple[float, float, float, float]
Key = tuple[int, ...]
"""The versions of the layers."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Sources with their boxes, the box of all, the heart, and how 繁體 is folded."""

    sources: Sequence[Any]
    bounds: Box | None
    start: dict[str, Any]
    fold: str

    @property
    def credited(self) -> list[Any]:
        """Each source once."""
        return list({row.name: row for row in self.sources}.values())


class Scenes:
    """The scene for visitors and the one for staff, who also see unpublishable sources."""

    def __init__(self) -> None:
        self._locks = {staff: Lock() for staff in (False, True)}
        self._known: dict[bool, tuple[Key, Scene]] = {}
        self._outdated: set[bool] = set()
        self._followed = False
        self._resting_until = 0.0

    def of(self, session: Session, versions: dict[str, int], *, staff: bool = False) -> Scene:
        """The scene of the present versions, or the one before while a thread works it out."""
        key, known = _key(versions), self._known.get(staff)
        if known and known[0] != key and self._followed:
            self._outdated.add(staff)
            return known[1]
        return self._read(session, key, staff)

    def follow(self, database: Database, versions: dict[str, int]) -> None:
        """For the thread that follows the versions: read what has changed; what staff see, once they have asked."""
        self._followed = True
        if not versions or time.monotonic() < self._resting_until:
            return
        began = time.monotonic()
        for staff in (False, *(self._outdated & {True})):
            known = self._known.get(staff)
            if known is None or known[0] != _key(versions):
                with database.new_session() if staff else database.new_public_session() as session:
                    session.execute(text(f"SET LOCAL statement_timeout = '{BUILDING_TIMEOUT}'"))
                    self._read(session, _key(versions), staff)
            self._outdated.discard(staff)
        self._resting_until = time.monotonic() + REST * (time.monotonic() - began)

    def ready(self) -> bool:
        """Whether visitors need not wait for a scene."""
        return False in self._known

    def unfollow(self) -> None:
        """Nobody follows the versions any more."""
        self._followed = False

    def _read(self, session: Session, key: Key, staff: bool) -> Scene:
        with self._locks[staff]:
            known = self._known.get(staff)
            if known is None or known[0] != key:
                known = self._known[staff] = key, _scene(session, staff)
            return known[1]


def _key(versions: dict[str, int]) -> Key:
    return tuple(versions[layer] for layer in LAYERS)


def _scene(session: Session, staff: bool) -> Scene:
    sources = session.execute(text(query("shown_sources", staff=staff))).all()
    boxes = [row[8:12] for row in sources if row.layer != "areas"]  # a city's outline may reach far beyond its tiles
    bounds = None
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        bounds = (min(west), min(south), max(east), max(north))
    names = session.scalar(text(query("names_shown", staff=staff))) or ""
    return Scene(sources, bounds, _start(session, staff), _fold_pairs(names))


def _start(session: Session, staff: bool) -> dict[str, Any]:
    """A camera on the heart of the district, low and near enough that towers stand up."""
    lon, lat, wide, high = session.execute(text(query("heart", staff=staff))).one()
    if lon is None:
        return {"center": [104.2, 35.9], "zoom": 10, "bearing": 0, "pitch": 0}
    span = max(wide * cos(radians(lat)), high * 1.3, 0.004)
    zoom = min(NEAREST_START, max(12.5, log2(360 / span) + 0.2))
    return {"center": [round(lon, 5), round(lat, 5)], "zoom": round(zoom, 2), "bearing": -20, "pitch": 52}


def _fold_pairs(names: str) -> str:
    pairs = {(to_traditional(character), character) for character in set(names)}
    return "".join(sorted(a + b for a, b in pairs if a != b and len(a) == 1))
