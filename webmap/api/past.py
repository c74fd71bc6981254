"""Lists, counts and buildings of a past day, as known at an instant: found in the state file of that moment.

What units were is read at that moment; names, floors and other facts of buildings are those of today.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta

import numpy as np

from geo import past_units, search
from geo.errors import BadParameterError
from geo.filters import Filters
from geo.page_keys import write_key
from geo.past_units import UnitThen
from geo.search import Asked, Page
from geo.snapshot import Moment
from geo.state_search import Table
from geo.state_search.pages import ORDERS, building_page, unit_page
from webmap import moments
from webmap.api.finding import STATE_ORDERS
from webmap.api.operations import Then
from webmap.api.schemas import PastMoment, Vacancy
from webmap.config import Settings
from webmap.db import public_session
from webmap.past_searching import past_search

PARAMETERS = ("as_of", "known_at")
_EPOCH = date(1970, 1, 1)


def read_moment(query: Mapping[str, str], settings: Settings) -> tuple[Moment, PastMoment] | None:
    """The past that a query asks for, and how the answer says so; None for the present.

    Raises
    ------
    BadParameterError
        A day or an instant that is none, or still to come.
    """
    day, known = (query.get(name, "").strip() for name in PARAMETERS)
    moment = moments.read_moment(day, known, settings)
    return moment and (moment, PastMoment(as_of=moment.as_of, known_at=moment.known_at if known else None))


def units(wanted: Filters, asked: Asked, moment: Moment) -> Page:
    """Units that matched, as rows of `UnitThen`. Raises as `past_search`."""
    start = search.unit_start(asked)
    found = past_search(wanted, moment)
    page = unit_page(found, asked.sort, start, asked.limit)
    rows = past_units.units_by_id(public_session(), page.ids, moment)
    key = _unit_key(found.table, page.ids[-1], asked.sort) if page.more else None
    return Page(rows, found.unit_count, key, found.stale_count)  # type: ignore[arg-type]


def buildings(wanted: Filters, asked: Asked, moment: Moment) -> tuple[Page, dict[int, Vacancy]]:
    """Listed buildings that matched, and by their ids what their units added up to. Raises as `past_search`."""
    start = search.building_start(asked)
    if asked.sort.removeprefix("-") not in STATE_ORDERS:
        raise BadParameterError("sort", asked.sort, "year, -year, or no order, for a past day")
    found = past_search(wanted, moment)
    page = building_page(found, asked.sort, start, asked.limit)
    rows = search.buildings_of_page(public_session(), page.ids, asked)
    key = search.next_key(rows, asked.sort) if page.more and rows else None
    return Page(rows, found.building_count, key, found.stale_count), _vacancies(found.table, page.ids)


def building_then(code: str, moment: Moment, told: PastMoment) -> Then:
    """The units that stood in a building, by their floors, and what they added up to.

    Raises
    ------
    BadParameterError
        The moment lies before the record.
    """
    found = past_units.units_of_building(public_session(), code, moment)
    if not found:
        past_units.require_record(public_session(), moment)
    by_floor: dict[int | None, list[UnitThen]] = defaultdict(list)
    for unit in found:
        by_floor[unit.floor_id].append(unit)
    return Then(told, by_floor, _vacancy_of(found))


def file_name(path: str, told: PastMoment | None) -> str:
    """What a table of a list is called: the day is in its name, and the instant where one was asked for."""
    if told is None:
        return path
    known = f"-{told.known_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" if told.known_at else ""
    return f"{path}-{told.as_of}{known}"


def _vacancy_of(units: Sequence[UnitThen]) -> Vacancy | None:
    area: dict[str, float] = defaultdict(float)
    for unit in units:
        area[unit.public_status] += float(unit.area_m2 or 0)
    told = {f"{status}_m2": round(area[status], 2) for status in ("vacant", "soon", "unknown")}
    oldest = min((unit.reported_on for unit in units if unit.reported_on), default=None)
    total = round(sum(area.values()), 2)
    return Vacancy(units=len(units), total_m2=total, oldest_report_on=oldest, **told) if units else None


def _unit_key(table: Table, ident: int, sort: str) -> str:
    """The key to go on from after a unit: its value in the order as the state file has it, so that none is skipped."""
    name = sort.removeprefix("-")
    if not name:
        return write_key([ident])
    row = int(np.flatnonzero(table.unit_ids == ident)[0])
    for group in table.groups.values():
        place = int(np.searchsorted(group.rows, row))
        if place < len(group.rows) and group.rows[place] == row:
            value = group.column(ORDERS[name])[place].item()
    return write_key([_EPOCH + timedelta(days=value) if name.endswith("_on") else value, ident])


def _vacancies(table: Table, ids: Sequence[int]) -> dict[int, Vacancy]:
    rows = np.searchsorted(table.building("id"), np.array(ids, np.int64))
    words = table.words["occupancy"]
    found = {}
    for ident, row in zip(ids, rows.tolist(), strict=True):
        units, _ = table.unit_rows(np.array([row]))
        if len(units):
            area = np.round(table.columns.array("units", "area")[units].astype(float), 2)
            occupancy = table.columns.array("units", "occupancy")[units]
            sums = {f"{word}_m2": round(float(area[occupancy == words.index(word) + 1].sum()), 2) for word in words}
            told = {name: sums[name] for name in ("vacant_m2", "soon_m2", "unknown_m2")}
            day = int(table.building("reported")[row])
            oldest = _EPOCH + timedelta(days=day) if day else None
            total = round(float(area.sum()), 2)
            found[ident] = Vacancy(units=len(units), total_m2=total, oldest_report_on=oldest, **told)
    return found
