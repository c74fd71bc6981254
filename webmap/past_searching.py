"""What matched a search on a past day, as known at an instant: found in the state file of that moment."""

from geo import past_units
from geo.errors import StaleVersionError
from geo.filters import Filters
from geo.snapshot import Moment
from geo.state_search import Search, Table, searched
from webmap.config import current_settings
from webmap.db import public_session
from webmap.errors import BusyError
from webmap.published import published

_TRIES = 3


def past_search(wanted: Filters, moment: Moment, *, staff: bool = False) -> Search:
    """What matched at a moment; for staff with unpublishable sources.

    Raises
    ------
    BadParameterError
        The moment lies before the record.
    BusyError
        Past days are being worked out for as many readers as may wait, or the city changes too fast.
    """
    table = _table(moment, staff)
    if not len(table.unit_ids):
        past_units.require_record(public_session(), moment)
    return searched(table, wanted)


def _table(moment: Moment, staff: bool) -> Table:
    states, today = published(staff=staff).states, current_settings().today()
    for _ in range(_TRIES):
        try:
            state = states.past(today, moment)
        except (StaleVersionError, FileNotFoundError):  # the city has changed, or its older files made room
            continue
        return Table(state.columns, state.unit_ids)
    raise BusyError
