"""The list of the map page for readers without JavaScript: the same search, orders and filters, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

import numpy as np
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from geo import filters as filter_language
from geo.errors import BadParameterError
from geo.filters import MARKET, Filters
from geo.snapshot import Moment
from geo.state_search import Search
from geo.state_search.orders import DEFAULT, ORDERS, best
from webmap import numbers
from webmap.config import current_settings
from webmap.locale import ENGLISH, language
from webmap.looking_back import PARAMETERS
from webmap.moments import read_shown
from webmap.names import hant
from webmap.past_searching import past_search
from webmap.searching import present_search
from webmap.walking import located

PER_PAGE = 30
MOST_PAGES = 400
"""Whoever wants more than 12,000 buildings takes the API."""

FORM = "form"
"""The field by which the form says that it sent lists piece by piece."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    code: str
    name: str
    facts: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list, with what was asked for and how much matches in all."""

    lines: list[Listed]
    buildings: int
    units: int
    filters: Filters
    sort: str
    page: int
    problem: str = ""
    past: tuple[str, str] = ("", "")
    stale: int = 0
    """Units left out only because their last word is old."""

    version: int = 0
    """Of the state that this was found in."""

    @property
    def moment(self) -> str:
        """How the pages that the list leads to are asked for the same day."""
        return urlencode([(name, value) for name, value in zip(PARAMETERS, self.past, strict=True) if value])

    @property
    def pages(self) -> int:
        """How many pages can be had."""
        return min(MOST_PAGES, -(-self.buildings // PER_PAGE))

    def query(self, page: int = 1) -> str:
        """The query string of this search at another page."""
        return Asked(self.filters, self.sort, page, past=self.past).query()

    def unstale(self) -> str:
        """The query string with those units shown, or left out again."""
        return Asked(replace(self.filters, stale=not self.filters.stale), self.sort, past=self.past).query()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the query string of the map page asks of the list."""

    filters: Filters
    sort: str = DEFAULT
    page: int = 1
    problem: str = ""
    past: tuple[str, str] = ("", "")
    """The day of the past and the instant of what was known of it, as they were sent."""

    @property
    def wanted(self) -> Filters:
        """The filters with the market, where they do not say which units."""
        return self.filters if self.filters.occupancy else replace(self.filters, occupancy=MARKET)

    def query(self) -> str:
        """The query string that asks for this, what is usual left out."""
        sort, page = ("" if self.sort == DEFAULT else self.sort), (self.page if self.page > 1 else "")
        day, known_at = self.past
        named = (("sort", sort), ("date", day), ("known_at", known_at), ("page", page))
        further = urlencode({name: value for name, value in named if value})
        return "&".join(filter(None, [filter_language.to_query(self.filters), further]))


def listing(query: Mapping[str, str], *, staff: bool = False) -> Listing:
    """The buildings that match the filters in `query` with what is to let in them; other keys are left alone."""
    asked = read(query)
    search, rows = matching(asked, staff=staff)
    page = min(asked.page, max(1, -(-len(rows) // PER_PAGE)))
    first = best(search, rows, asked.sort, PER_PAGE * page)[PER_PAGE * (page - 1) :]
    lines = _lines(search, first.tolist())
    units, stale = search.unit_count, search.stale_count
    version = search.table.version
    return Listing(lines, len(rows), units, asked.filters, asked.sort, page, asked.problem, asked.past, stale, version)


def matching(asked: Asked, *, staff: bool = False) -> tuple[Search, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """The search, and the rows of the buildings with something that matches."""
    moment = _moment(asked)
    # Of a past day all that was on the market is shown, as the map does; what is frozen stays as its sender saw it.
    looks_back = moment is not None and not asked.past[1]
    wanted = replace(asked.wanted, stale=True) if looks_back else asked.wanted
    search = past_search(wanted, moment, staff=staff) if moment else present_search(wanted, staff=staff)
    bare = not len(search.table.unit_ids)  # nothing is followed floor by floor
    return search, np.flatnonzero(search.passing if bare else search.area_per_building > 0)


def read(query: Mapping[str, str]) -> Asked:
    """What is asked for; what cannot be understood is left out, and said to be."""
    sort, page = query.get("sort", ""), query.get("page", "")
    order = sort if sort in ORDERS else DEFAULT
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    try:
        asked = Asked(located(filter_language.parse(_known(query))), order, min(max(number, 1), MOST_PAGES))
        asked = replace(asked, past=(query.get("date", "").strip(), query.get("known_at", "").strip()))
        _moment(asked)
        return asked
    except BadParameterError as error:
        return Asked(Filters(), order, 1, f"{error.parameter}={error.value}")


def _moment(asked: Asked) -> Moment | None:
    """The past that is asked for."""
    return read_shown(*asked.past, current_settings())


def of_form(sent: MultiDict[str, str]) -> str:
    """The query string that the fields of the form mean: boxes of one list are sent one by one."""
    joined = {name: ",".join(value for value in values if value.strip()) for name, values in sent.lists()}
    asked = read(joined)
    if asked.problem:  # what was sent stays, so that it can be named
        return urlencode([(name, value) for name, value in joined.items() if value and name != FORM], safe=",")
    return asked.query()


def _known(query: Mapping[str, str]) -> dict[str, str]:
    known = {field.name for field in fields(Filters)} | {"near_minutes"}
    return {name: value for name, value in query.items() if name in known}


def _lines(search: Search, rows: list[int]) -> list[Listed]:
    table = search.table
    codes, names, english = (table.columns.texts("buildings", column) for column in ("code", "name", "name_en"))
    area, units, floors = search.area_per_building, search.units_per_building, table.building("floors")
    rents = ORDERS["rent"](search)
    return [
        Listed(
            codes[row],
            (english[row] or names[row]) if language() is ENGLISH else hant(names[row]),
            _facts(float(area[row]), int(units[row]), float(rents[row]), int(floors[row])),
        )
        for row in rows
    ]


def _facts(area: float, units: int, rent: float, floors: int) -> str:
    said = (
        [f"{gettext('可租')} {numbers.area(area)}", ngettext("%(num)s 个单元", "%(num)s 个单元", units)]
        if units
        else []
    )
    if np.isfinite(rent):
        said.append(gettext("%(rent)s 起", rent=numbers.quoted(rent, "cny_m2_day")))
    return " · ".join([*said, f"{gettext('层数')} {floors}"])
