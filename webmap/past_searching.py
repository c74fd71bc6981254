"""Searches at a moment: found in the state file of that moment, or in the present one where nobody looks back."""

from sqlalchemy.orm import Session

from geo import past_units
from geo.filters import Filters
from geo.looking_back import Moment
from geo.state_search import Search, Table, searched
from webmap.config import current_settings
from webmap.db import public_session
from webmap.jobs import enqueue
from webmap.looking_back import moment_shown
from webmap.moments import write_instant
from webmap.published import published
from webmap.searching import present_search, present_table


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
    BusyError, PreparingError
        Past days are being worked out for as many readers as may wait; this one takes longer than a reader does.
    """
    table = past_table(moment, staff=staff)
    if not len(table.unit_ids):
        past_units.require_record(public_session(), moment)
    return searched(table, wanted)


def prepare_later(session: Session, moment: Moment) -> None:
    """Have the worker make the state of a moment once the session is committed, where readers would wait for it."""
    if published().states.pasts.takes_long(current_settings().today()):
        enqueue(session, "prepare_past", as_of=f"{moment.as_of}", known_at=write_instant(moment.known_at))


def past_table(moment: Moment, *, staff: bool = False) -> Table:
    """The state of a moment, ready for search. Raises as `past_search`."""
    return published(staff=staff).pasts.table(current_settings().today(), moment)
