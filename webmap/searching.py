"""The present state made ready for search, one for all threads of a process, replaced when the state is."""

from dataclasses import dataclass
from threading import Lock

from flask import current_app

from geo.state_search import Table
from webmap.config import current_settings
from webmap.published import published
from webmap.state_files import OpenState


@dataclass(slots=True)
class _Ready:
    state: OpenState
    table: Table


class Searchable:
    """Keeps the table of the state that is open; the one before gives it what has not changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ready: _Ready | None = None

    def of(self, state: OpenState) -> Table:
        """The table of a state."""
        ready = self._ready
        if ready is None or ready.state is not state:
            with self._lock:
                ready = self._ready
                if ready is None or ready.state is not state:
                    before = ready.table if ready else None
                    ready = self._ready = _Ready(state, Table(state.columns, state.unit_ids, before))
        return ready.table


def present_table(*, staff: bool = False) -> Table:
    """The present state, ready for search; for staff with unpublishable sources."""
    kept: dict[bool, Searchable] = current_app.extensions.setdefault("loumap_searchable", {})
    searchable = kept.setdefault(staff, Searchable())
    return searchable.of(published(staff=staff).states.current(current_settings().today()))
