"""The present state made ready for search, one for all threads of a process, replaced when the state is."""

from threading import Lock

from flask import current_app

from geo.filters import Filters
from geo.kept import Kept
from geo.state_search import Search, Table
from webmap.config import current_settings
from webmap.published import published
from webmap.state_files import OpenState

KEPT_SEARCHES = 4
"""A page and the counts beside it are two requests with one search; at a million buildings it takes up to 10 MB."""


class Searchable:
    """The table of the state that is open, and searches in it; a new table takes over what has not changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ready: tuple[OpenState, Table] | None = None
        self._searches: Kept[tuple[int, Filters], Search] = Kept(KEPT_SEARCHES)

    def table(self, state: OpenState) -> Table:
        """The table of a state."""
        ready = self._ready
        if ready is None or ready[0] is not state:
            with self._lock:
                ready = self._ready
                if ready is None or ready[0] is not state:
                    before = ready[1] if ready else None
                    ready = self._ready = state, Table(state.columns, state.unit_ids, before)
        return ready[1]

    def search(self, state: OpenState, filters: Filters) -> Search:
        """The search of a state for what matches `filters`."""
        table, key = self.table(state), (state.version, filters)
        found = self._searches.get(key)
        if found is None or found.table is not table:
            found = self._searches.keep(key, Search(table, filters))
        return found


def present_table(*, staff: bool = False) -> Table:
    """The present state, ready for search; for staff with unpublishable sources."""
    return _searchable(staff).table(_present(staff))


def present_search(filters: Filters) -> Search:
    """What of the present public state matches `filters`."""
    return _searchable(False).search(_present(False), filters)


def open_search(filters: Filters) -> Search | None:
    """The same if a state is open already; None rather than wait for the first one."""
    return None if published().states.opened is None else present_search(filters)


def _present(staff: bool) -> OpenState:
    return published(staff=staff).states.current(current_settings().today())


def _searchable(staff: bool) -> Searchable:
    kept: dict[bool, Searchable] = current_app.extensions.setdefault("loumap_searchable", {})
    return kept.setdefault(staff, Searchable())
