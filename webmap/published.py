"""What the map is drawn from: the versions of its layers, their tiles and the state files."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from geo import versions
from webmap.config import Settings
from webmap.db import Bind, Database, driver_connection
from webmap.state_files import StateFiles
from webmap.tile_source import TileSource


@dataclass(frozen=True, slots=True)
class Published:
    """All of it for one kind of reader: visitors, or staff, who also see unpublishable sources."""

    bind: Bind
    tiles: TileSource
    states: StateFiles

    def versions(self) -> dict[str, int]:
        """Layer → current version."""
        with driver_connection(self.bind) as connection:
            return versions.current(connection)


def published(*, staff: bool = False) -> Published:
    """What the running app publishes; for staff with unpublishable sources."""
    found: Published = current_app.extensions["loumap_published_to_staff" if staff else "loumap_published"]
    return found


def init_app(app: Flask, folder: Path) -> None:
    """Give the app its publishers; state files are kept in `folder`."""
    database: Database = app.extensions["loumap_database"]
    settings: Settings = app.extensions["loumap_settings"]
    states = StateFiles(database.public, folder)
    shown = TileSource(database.public, settings.tile_cache_bytes, states=states, today=settings.today)
    app.extensions["loumap_published"] = Published(database.public, shown, states)
    to_staff = TileSource(database.app, settings.tile_cache_bytes, staff=True)
    staff_states = StateFiles(database.app, folder / "staff", staff=True)
    app.extensions["loumap_published_to_staff"] = Published(database.app, to_staff, staff_states)
