"""The index of the search box on disk, made by a process of its own when names have changed, mapped by all others.

A layer of names has a folder for each version. While a newer one is being made, readers search the one before: what
they find is read from the database anyhow. Where no thread follows the names, the index is made for whoever asks.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask, current_app
from psycopg import Connection

from geo.onebox import LAYERS, Index, making, open_index
from webmap.config import Settings
from webmap.db import Bind, Database, driver_connection
from webmap.freshness import Follower, also_follow
from webmap.published import Published

REST = 2
"""After the making of an index nobody makes the next for so many times as long as it took."""

_ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class Names:
    """What is open: layer → version, and the indexes of all kinds; `roots` as `geo.onebox.find` wants them."""

    versions: dict[str, int] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)
    roots: tuple[str, ...] = ()

    def take(self, layer: str, version: int, folder: Path) -> None:
        """Open a layer's folder."""
        fresh = {kind: open_index(folder / kind) for kind in LAYERS[layer]}
        self.roots = tuple(map(str, np.load(folder / making.ROOTS)))
        self.indexes = {**self.indexes, **fresh}
        self.versions[layer] = version


class NameIndex:
    """The index of a process and the thread that keeps it in step."""

    def __init__(self, bind: Bind, folder: Path) -> None:
        self._bind = bind
        self._folder = folder
        self._names = Names()
        self._not_before: dict[str, float] = {}
        self._followed = False

    def follow(self, noted: Mapping[str, int]) -> None:
        """For the thread: open the current version of each layer; one process of the machine has it made."""
        self._followed = True
        for layer in LAYERS:
            version = noted.get(layer)
            if version is None or self._names.versions.get(layer) == version:
                continue
            if not self._open(layer, version):
                self._have_made(layer, version)

    def unfollow(self) -> None:
        """Nobody follows the names any more."""
        self._followed = False

    def current(self) -> Names | None:
        """What readers search; None while the first index is being made."""
        if self._followed:
            return self._names if self._names.versions.keys() == LAYERS.keys() else None
        return self._made_here()

    def of(self, connection: Connection[Any], layer: str, version: int) -> tuple[tuple[str, ...], dict[str, Index]]:
        """The indexes of a version of a layer, and the places that addresses begin with; made if they are not kept."""
        folder = self._folder / f"{layer}-{version}"
        if not folder.exists():
            return making.made(connection, layer)
        names = Names()
        names.take(layer, version, folder)
        return names.roots, names.indexes

    def _open(self, layer: str, version: int) -> bool:
        folder = self._folder / f"{layer}-{version}"
        if not folder.exists():
            return False
        self._names.take(layer, version, folder)
        return True

    def _have_made(self, layer: str, version: int) -> None:
        if time.monotonic() < self._not_before.get(layer, 0):
            return
        with _alone(self._folder / f"{layer}.lock") as alone:
            if not alone or (self._folder / f"{layer}-{version}").exists():
                return
            began = time.monotonic()
            subprocess.run(
                [sys.executable, "-P", "-m", "webmap.name_index_making", str(self._folder), layer, str(version)],
                check=False,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
                input=self._bind.engine.url.render_as_string(hide_password=False).encode(),
            )
            self._not_before[layer] = time.monotonic() + REST * (time.monotonic() - began)
        self._open(layer, version)  # better than none, if names have changed again meanwhile

    def _made_here(self) -> Names:
        names = Names()
        with driver_connection(self._bind) as connection:
            for layer in LAYERS:
                with connection.transaction():
                    names.roots, indexes = making.made(connection, layer)
                names.indexes.update(indexes)
        return names


def init_app(app: Flask) -> None:
    """Give the app its index and a thread that follows the names."""
    database: Database = app.extensions["loumap_database"]
    published: Published = app.extensions["loumap_published"]
    settings: Settings = app.extensions["loumap_settings"]
    index = NameIndex(database.public, settings.data / "names")
    app.extensions["loumap_names"] = index
    also_follow(app, Follower("names", lambda: index.follow(published.noted), index.unfollow))


def current_names() -> Names | None:
    """What the running app searches; None while the first index is being made."""
    index: NameIndex = current_app.extensions["loumap_names"]
    return index.current()


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
