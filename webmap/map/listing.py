"""The list of the map page for readers without JavaScript: the same search, the buildings with most space first."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from flask_babel import gettext

from geo import filters as filter_language
from geo.columns import Columns
from geo.errors import BadParameterError
from geo.facets import matching
from geo.filters import MARKET, Filters
from webmap import numbers
from webmap.locale import ENGLISH, language
from webmap.names import hant

MOST = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    code: str
    name: str
    facts: str


def listing(state: Columns, query: Mapping[str, str]) -> list[Listed]:
    """The buildings that match the filters in `query` with what is to let in them; other keys are left alone."""
    wanted = _filters(query)
    if not wanted.occupancy:
        wanted = replace(wanted, occupancy=MARKET)
    answer = matching(state, wanted)
    areas, rows = state.array("units", "area")[answer.units], state.array("units", "b")[answer.units]
    to_let = np.bincount(rows, weights=areas, minlength=len(answer.buildings))
    best = np.argsort(-to_let, kind="stable")[:MOST]
    return [_line(state, int(row), float(to_let[row])) for row in best if to_let[row] > 0]


def _line(state: Columns, row: int, to_let: float) -> Listed:
    name, english = (state.texts("buildings", column)[row] for column in ("name", "name_en"))
    shown = english or name if language() is ENGLISH else hant(name)
    floors = int(state.array("buildings", "floors")[row])
    facts = f"{gettext('可租')} {numbers.area(to_let)} · {gettext('层数')} {floors}"
    return Listed(state.texts("buildings", "code")[row], shown, facts)


def _filters(query: Mapping[str, str]) -> Filters:
    known = {field.name for field in fields(Filters)}
    try:
        return filter_language.parse({name: value for name, value in query.items() if name in known})
    except BadParameterError:
        return Filters()
