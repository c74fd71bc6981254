"""What the map colours buildings by: the class of each listed building under one of the legends.

The same classes are in `static/src/map/colours.js`, where they have their colours.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.state_search.table import Table
from geo.state_search.units import Mask

LEGENDS = ("vacancy", "grade", "star", "industry", "age")
UNKNOWN = "unknown"

FILTER_OF = {"grade": "grade", "star": "star"}
"""Legend → the filter that a click in it sets; in the others it sets `only`."""

_SHARES = {"full": 0.0, "v10": 0.1, "v25": 0.25, "v50": 0.5, "v100": np.inf}
_DAYS = {"week": 7.0, "month": 31.0, "quarter": 92.0, "older": np.inf}
_STARS = ("5", "4", "3", "2", "1")
_EPOCH = date(1970, 1, 1)


def codes(table: Table, legend: str) -> tuple[str, ...]:
    """The classes of a legend, in its order; the last is what is not known."""
    if legend == "vacancy":
        return (*_SHARES, UNKNOWN)
    if legend == "age":
        return (*_DAYS, UNKNOWN)
    return (*(_STARS if legend == "star" else table.words[legend]), UNKNOWN)


def classes(table: Table, legend: str) -> NDArray[np.intp]:
    """The class of each building, as its place among `codes`."""
    if legend == "vacancy":
        return _by_vacancy(table)
    if legend == "age":
        return _by_age(table)
    unknown = len(codes(table, legend)) - 1
    word = table.building({"industry": "leading"}.get(legend, legend)).astype(np.intp)
    place = 5 - word if legend == "star" else word - 1
    return np.where(word > 0, place, unknown)


def of_classes(table: Table, legend: str, chosen: tuple[str, ...]) -> Mask:
    """Which buildings are of one of the classes chosen."""
    wanted = np.array([code in chosen for code in codes(table, legend)])
    found: Mask = wanted[classes(table, legend)]
    return found


def _by_vacancy(table: Table) -> NDArray[np.intp]:
    units, leasable, vacant, unknown = (table.building(name) for name in ("units", "leasable", "vacant", "unknown"))
    untold = (units == 0) | (leasable == 0) | ((vacant == 0) & (unknown > 0))
    share = vacant.astype(float) / np.where(leasable > 0, leasable, 1)
    return np.where(untold, len(_SHARES), np.searchsorted(list(_SHARES.values()), share))


def _by_age(table: Table) -> NDArray[np.intp]:
    reported = table.building("reported")
    today = (date.fromisoformat(table.columns.header["as_of"]) - _EPOCH).days
    age = np.searchsorted(list(_DAYS.values()), (today - reported).astype(float))
    return np.where(reported > 0, age, len(_DAYS))
