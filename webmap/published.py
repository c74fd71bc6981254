"""What the map is drawn from: the versions of its layers, their tiles and the state files."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flask import Flask, current_app

from geo import versions
from geo.tiles import STATE
from webmap.config import Settings
from webmap.db import Bind, Database, driver_connection
from webmap.past_tables import PastTables
from webmap.searchable import Searchable
from webmap.state_files import StateFiles
from webmap.tile_source import TileSource


@dataclass(frozen=True, slots=True)
class Published:
    """All of it for one kind of reader: visitors, or staff, who also see unpublishable sources."""

    bind: Bind
    tiles: TileSource
    states: StateFiles
    searchable: Searchable
    """What is worked out of the state for searches and filtered tiles."""
    pasts: PastTables
    """The same for moments of the past."""
    noted: dict[str, int] = field(default_factory=dict)
    """The current versions as a thread has last read them, if one does."""

    def versions(self) -> dict[str, int]:
        """Layer → current version; that of the state is the one which readers get without waiting."""
        state = self.states.followed
        return {**self.noted, STATE: state.version} if state and self.noted else self._ask()

    @property
    def ready(self) -> bool:
        """Whether the first who asks for the state need not wait for it, or nobody but he will open it."""
        return self.states.opened is not None or not self.states.awaited

    def note_versions(self) -> None:
        """For the thread that follows the versions: read them for everybody."""
        self.noted.update(self._ask())

    def follow_state(self, today: date) -> None:
        """For the thread that follows the state: open the one that is noted, or that of a new day."""
        state = self.states.followed
        if state is None or (state.version, state.today) != (self.noted.get(STATE, state.version), today):
            self.states.follow(today)

    def _ask(self) -> dict[str, int]:
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
    cache_bytes, stale_days = settings.tile_cache_bytes, settings.stale_days
    states, searchable = StateFiles(database.public, folder, stale_days=stale_days), Searchable()
    pasts = PastTables(states, searchable)
    shown = TileSource(
        database.public, cache_bytes, states=states, searchable=searchable, pasts=pasts, today=settings.today
    )
    app.extensions["loumap_published"] = Published(database.public, shown, states, searchable, pasts)
    to_staff, staff_searchable = TileSource(database.app, cache_bytes, staff=True), Searchable()
    staff_states = StateFiles(database.app, folder / "staff", staff=True, stale_days=stale_days)
    staff_pasts = PastTables(staff_states, staff_searchable)
    app.extensions["loumap_published_to_staff"] = Published(
        database.app, to_staff, staff_states, staff_searchable, staff_pasts
    )
