"""Lists of units and buildings out of the state in memory; where it cannot tell, out of the database.

The state finds and orders; the rows of a page, and only these, are read from the database with the visitors' login.
"""

from flask import current_app

from geo import search
from geo.filters import Filters
from geo.kept import Kept
from geo.search import Asked, Page
from geo.state_search.pages import building_page, unit_page
from webmap.db import public_session
from webmap.published import published
from webmap.searching import open_search

KEPT_TOTALS = 1024

STATE_ORDERS = ("", "year")
"""Of buildings; their names are ordered by the database's language, their heights are whole numbers in the state."""


def units(wanted: Filters, asked: Asked) -> Page:
    """Units that match, as rows of `geo.search.UNIT_COLUMNS`."""
    start = search.unit_start(asked)
    found = open_search(wanted)
    if found is not None:
        page = unit_page(found, asked.sort, start, asked.limit)
        rows = search.units_of_page(public_session(), page.ids, asked)
        if rows or not page.ids:  # if all of them are gone, the state is about to be replaced
            return Page(
                rows, found.unit_count, search.next_key(rows, asked.sort) if page.more else None, found.stale_count
            )
    return search.find_units(public_session(), wanted, asked)


def buildings(wanted: Filters, asked: Asked) -> Page:
    """Buildings that match; those without units are not all in the state."""
    start = search.building_start(asked)
    can_tell = wanted.asks_of_units and asked.sort.removeprefix("-") in STATE_ORDERS
    found = open_search(wanted) if can_tell else None
    if found is not None:
        page = building_page(found, asked.sort, start, asked.limit)
        rows = search.buildings_of_page(public_session(), page.ids, asked)
        if rows or not page.ids:
            return Page(
                rows, found.building_count, search.next_key(rows, asked.sort) if page.more else None, found.stale_count
            )
    return _out_of_the_city(wanted, asked)


def _out_of_the_city(wanted: Filters, asked: Asked) -> Page:
    """The same in SQL; how many there are in all is counted once for each version of what is public."""
    totals: Kept[tuple[object, Filters], int] = current_app.extensions.setdefault("loumap_totals", Kept(KEPT_TOTALS))
    key = (asked.today, *published().versions().items()), wanted
    page = search.find_buildings(public_session(), wanted, asked, totals.get(key))
    totals.keep(key, page.total)
    return page
