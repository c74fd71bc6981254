"""The table of the present state that searches and filtered tiles share, made anew out of the one before."""

from threading import Lock

from geo.facets import facets
from geo.filters import MARKET, Filters
from geo.kept import Kept
from geo.state_search import Search, Table, searched
from webmap.opened_states import OpenState

KEPT_SEARCHES = 4
"""A page and the counts beside it are two requests with one search; at a million buildings it takes up to 10 MB."""


class Searchable:
    """The table of the state that is open, and searches in it; a new table takes over what has not changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ready: tuple[OpenState, Table] | None = None
        self._coming: tuple[OpenState, Table] | None = None
        self._searches: Kept[tuple[int, Filters], Search] = Kept(KEPT_SEARCHES)

    @property
    def ready(self) -> Table | None:
        """The table that was asked for last, if any was."""
        return self._ready[1] if self._ready else None

    def table(self, state: OpenState) -> Table:
        """The table of a state."""
        ready = self._ready
        if ready is None or ready[0] is not state:
            with self._lock:
                ready = self._ready
                if ready is None or ready[0] is not state:
                    ready = self._coming if self._coming and self._coming[0] is state else self._made(state)
                    self._ready, self._coming = ready, None
                    self._searches = Kept(KEPT_SEARCHES)  # those in the state before would hold on to all of it
        return ready[1]

    def prepare(self, state: OpenState) -> None:
        """Work out ahead what nearly every search needs of a state that is about to open, if readers do search."""
        ready, unasked = self._ready, self._coming is not None
        self._coming = None
        if ready and not unasked:
            coming = self._made(state)
            facets(Search(coming[1], Filters(occupancy=MARKET)))
            coming[1].like(ready[1])
            if "name_ranks" in vars(ready[1]):
                _ = coming[1].name_ranks
            self._coming = coming

    def _made(self, state: OpenState) -> tuple[OpenState, Table]:
        return state, Table(state.columns, state.unit_ids, self.ready)

    def search(self, state: OpenState, filters: Filters) -> Search:
        """The search of a state for what matches `filters`."""
        table, key = self.table(state), (state.version, filters)
        found = self._searches.get(key)
        return found or self._searches.keep(key, searched(table, filters))
