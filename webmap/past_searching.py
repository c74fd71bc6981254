"""Searches at a moment: found in the state file of that moment, or in the present one where nobody looks back."""

from flask import current_app

from geo import past_units
from geo.errors import StaleVersionError
from geo.filters import Filters
from geo.kept import Kept
from geo.looking_back import Moment
from geo.state_search import Search, Table, searched
from webmap.config import current_settings
from webmap.db import public_session
from webmap.errors import BusyError
from webmap.looking_back import moment_shown
from webmap.published import published
from webmap.searching import present_search, present_table

_TRIES = 3
_KEPT_TABLES = 4
"""Tables of moments; what is worked out of a state for one search serves the next."""

Tables = Kept[tuple[bool, str], Table]


def shown_search(filters: Filters) -> Search:
    """What matches at the moment that the request looks back to, or now. Raises as `past_search`."""
    moment = moment_shown()
    return past_search(filters, moment) if moment else present_search(filters)


def shown_table() -> Table:
    """The state of that moment, or the present one, ready for search. Raises as `past_search`."""
    moment = moment_shown()
    return past_table(moment) if moment else present_table()


def past_search(wanted: Filters, moment: Moment, *, staff: bool = False) -> Search:
    """What matched at a moment; for staff with unpublishable sources.

    Raises
    ------
    BadParameterError
        The moment lies before the record.
    BusyError
        Past days are being worked out for as many readers as may wait, or the city changes too fast.
    """
    table = past_table(moment, staff=staff)
    if not len(table.unit_ids):
        past_units.require_record(public_session(), moment)
    return searched(table, wanted)


def past_table(moment: Moment, *, staff: bool = False) -> Table:
    """The state of a moment, ready for search. Raises BusyError as `past_search`."""
    states, today = published(staff=staff).states, current_settings().today()
    kept: Tables = current_app.extensions.setdefault("loumap_past_tables", Kept(_KEPT_TABLES))
    for _ in range(_TRIES):
        try:
            state = states.past(today, moment)
        except (StaleVersionError, FileNotFoundError):  # the city has changed, or its older files made room
            continue
        key = (staff, state.path.name)
        return kept.get(key) or kept.keep(key, Table(state.columns, state.unit_ids))
    raise BusyError
