"""Lists of units and buildings out of the state in memory; where it cannot tell, out of the database.

The state finds and orders; the rows of a page, and only these, are read from the database with the visitors' login.
"""

from geo import search
from geo.filters import Filters
from geo.search import Asked, Page
from geo.state_search.pages import building_page, unit_page
from webmap.db import public_session
from webmap.searching import present_search

STATE_ORDERS = ("", "year")
"""Of buildings; their names are ordered by the database's language, their heights are whole numbers in the state."""


def units(wanted: Filters, asked: Asked) -> Page:
    """Units that match, as rows of `geo.search.UNIT_COLUMNS`."""
    start = search.unit_start(asked)
    found = present_search(wanted)
    page = unit_page(found, asked.sort, start, asked.limit)
    rows = search.units_of_page(public_session(), page.ids, asked)
    if page.ids and not rows:  # all of them are gone: the state is about to be replaced
        return search.find_units(public_session(), wanted, asked)
    return Page(rows, found.unit_count, search.next_key(rows, asked.sort) if page.more else None)


def buildings(wanted: Filters, asked: Asked) -> Page:
    """Buildings that match; those without units are not all in the state."""
    start = search.building_start(asked)
    if not wanted.asks_of_units or asked.sort.removeprefix("-") not in STATE_ORDERS:
        return search.find_buildings(public_session(), wanted, asked)
    found = present_search(wanted)
    page = building_page(found, asked.sort, start, asked.limit)
    rows = search.buildings_of_page(public_session(), page.ids, asked)
    if page.ids and not rows:
        return search.find_buildings(public_session(), wanted, asked)
    return Page(rows, found.building_count, search.next_key(rows, asked.sort) if page.more else None)
