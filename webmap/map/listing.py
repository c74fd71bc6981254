"""The list of the map page for readers without JavaScript: the same search, the buildings with most space first."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from flask_babel import gettext

from geo import filters as filter_language
from geo.errors import BadParameterError
from geo.filters import MARKET, Filters
from geo.state_search import Search, Table
from geo.state_search.orders import best
from webmap import numbers
from webmap.locale import ENGLISH, language
from webmap.names import hant
from webmap.walking import located

MOST = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    code: str
    name: str
    facts: str


def listing(table: Table, query: Mapping[str, str]) -> list[Listed]:
    """The buildings that match the filters in `query` with what is to let in them; other keys are left alone."""
    wanted = _filters(query)
    if not wanted.occupancy:
        wanted = replace(wanted, occupancy=MARKET)
    search = Search(table, wanted)
    to_let = search.area_per_building
    first = best(search, np.flatnonzero(to_let > 0), "area", MOST)
    return [_line(table, row, float(to_let[row])) for row in first.tolist()]


def _line(table: Table, row: int, to_let: float) -> Listed:
    code, name, english = (table.columns.texts("buildings", column)[row] for column in ("code", "name", "name_en"))
    shown = english or name if language() is ENGLISH else hant(name)
    floors = int(table.building("floors")[row])
    facts = f"{gettext('可租')} {numbers.area(to_let)} · {gettext('层数')} {floors}"
    return Listed(code, shown, facts)


def _filters(query: Mapping[str, str]) -> Filters:
    known = {field.name for field in fields(Filters)} | {"near_minutes"}
    try:
        return located(filter_language.parse({name: value for name, value in query.items() if name in known}))
    except BadParameterError:
        return Filters()
