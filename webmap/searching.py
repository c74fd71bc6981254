"""The present state made ready for search, one for all threads of a process, replaced when the state is."""

from flask import Flask

from geo.filters import Filters
from geo.state_search import Search, Table
from webmap.config import current_settings
from webmap.opened_states import OpenState
from webmap.published import Published, published


def present_table(*, staff: bool = False) -> Table:
    """The present state, ready for search; for staff with unpublishable sources."""
    return published(staff=staff).searchable.table(_present(staff))


def present_search(filters: Filters, *, staff: bool = False) -> Search:
    """What of the present state matches `filters`; for staff with unpublishable sources."""
    return published(staff=staff).searchable.search(_present(staff), filters)


def open_search(filters: Filters) -> Search | None:
    """The same if a state is open already; None rather than wait for the first one."""
    return None if published().states.opened is None else present_search(filters)


def prepare(app: Flask, state: OpenState) -> None:
    """Make the public state that is about to open ready for search, so that no reader has to wait for that."""
    found: Published = app.extensions["loumap_published"]
    found.searchable.prepare(state)


def _present(staff: bool) -> OpenState:
    return published(staff=staff).states.current(current_settings().today())
