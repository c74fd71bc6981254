"""States of the past made ready for search, shared by searches, windows and filtered tiles of a process."""

from datetime import date
from pathlib import Path

from geo.kept import Kept
from geo.snapshot import Moment
from geo.state_search import Table
from webmap.searchable import Searchable
from webmap.state_files import StateFiles

KEPT = 4
"""Tables of moments; what is worked out of a state for one search serves the next."""


class PastTables:
    """The tables of moments for one kind of reader; what is the same at present is taken over from there."""

    def __init__(self, states: StateFiles, present: Searchable) -> None:
        self._states, self._present = states, present
        self._kept: Kept[Path, Table] = Kept(KEPT)

    def table(self, today: date, moment: Moment) -> Table:
        """The state of a moment, ready for search. Raises as `PastStates.open`."""
        state = self._states.pasts.open(today, moment)
        found = self._kept.get(state.path)
        return found or self._kept.keep(state.path, Table(state.columns, state.unit_ids, self._present.ready))
