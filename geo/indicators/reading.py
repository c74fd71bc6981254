"""Reads a record out of the database: a dozen queries of numbers, taken as arrays without an object for each row."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow

from geo import taxonomy
from geo.columns import Array
from geo.indicators.concentration import codes_of
from geo.indicators.record import FOREVER, UNKNOWN, VACANT, Record, Staff
from geo.indicators.rows import Rows, joined, rows_of
from geo.looking_back import Moment
from geo.snapshot.reading import Reading
from geo.taxonomy.facts import PARTY_ORGANISATION, SMART_PLATFORM
from geo.taxonomy.rents import rent_cny_m2_day, rent_units

NOT_LET = ("parking", "plant", "refuge", "lobby", "amenity")
"""Uses of units that are no leasable area (DESIGN: 可租售面积)."""

FACTS = (PARTY_ORGANISATION, SMART_PLATFORM)
SERVICES = ("law", "accounting", "bank")
SERVICES_WITHIN_M = 500

_BUILDING = {
    "id": "i8",
    "lon": "f8",
    "lat": "f8",
    "gross": "i8",
    "leasable": "i8",
    "status": "i2",
    "year": "i2",
    "star": "i2",
    "themes": "i4",
    "source": "i8",
}
_STRETCH = {"building": "i8", "unit": "i8", "start": "i4", "stop": "i4"}
_SPACE = {**_STRETCH, "state": "i2", "area": "i8", "source": "i8"}
_STAY = {
    "building": "i8",
    "enterprise": "i8",
    "start": "i4",
    "stop": "i4",
    "industry": "i2",
    "letter": "i2",
    "division": "i2",
    "foreign": "i2",
    "headquarters": "?",
    "large": "?",
    "lon": "f8",
    "lat": "f8",
    "source": "i8",
}
_OFFER = {**_STRETCH, "amount": "f8", "per": "i2"}
_REPORT = {"building": "i8", "units": "i8", "told": "i8", "days": "i8", "fresh": "i8"}
_USED = {"building": "i8", "enterprise": "i8", "start": "i4", "stop": "i4", "area": "i8"}
_PERSON = {"enterprise": "i8", "employees": "i4", "registered": "i2"}
_RETURN = {"building": "i8", "week": "i4", "in_time": "?"}


def read_record(connection: Connection[TupleRow], moment: Moment, *, staff: bool = False) -> Record:
    """What is known at an instant.

    Parameters
    ----------
    connection
        In a transaction; where it looks back (`geo.looking_back`), buildings and their facts are those of that moment.
    moment
        The day asked about and the instant.
    staff
        Whether sources that are not public count, and what only staff hold is read; needs the app's login.
    """
    words: dict[str, list[str]] = {
        "status": [each.code for each in taxonomy.building_statuses()],
        "industry": codes_of("group"),
        "section": codes_of("section"),
        "division": codes_of("division"),
        "rent_unit": [each.code for each in rent_units()],
    }
    reading = Reading(connection, words, moment.as_of, staff=staff)
    asked = _Asking(reading, moment)
    buildings = asked.rows("indicator_buildings", _BUILDING)
    ids = buildings["id"]
    spaces = asked.rows("indicator_spaces", _SPACE, not_let=list(NOT_LET))
    return Record(
        moment,
        rows_of(buildings),
        _lives(_placed(spaces, ids)),
        _with_sections(rows_of(_placed(asked.rows("indicator_stays", _STAY), ids, others=True))),
        _priced(_placed(asked.rows("indicator_offers", _OFFER), ids)),
        _answers(reading, ids),
        _services(asked, ids),
        _by_building(asked.rows("indicator_reports", _REPORT, as_of=moment.as_of), ids),
        rows_of(asked.rows("indicator_lineage", {"parent": "i8", "child": "i8"})),
        _staff(asked, ids) if staff else None,
    )


class _Asking:
    """Asks for rows of the moment."""

    def __init__(self, reading: Reading, moment: Moment) -> None:
        self.reading, self._moment = reading, moment

    def rows(self, name: str, types: Mapping[str, str], **values: object) -> Array:
        return self.reading.rows(name, types, known_at=self._moment.known_at, **values)


def _placed(rows: Array, ids: Array, *, others: bool = False) -> Array:
    """With the row of the building instead of its id; rows of other buildings go, or get -1."""
    at = np.searchsorted(ids, rows["building"])
    known = np.append(ids, -1)[at] == rows["building"]
    rows["building"] = np.where(known, at, -1)
    return rows if others else rows[known]


def _with_sections(stays: Rows) -> Rows:
    """With the section of each division, or the one that stands alone."""
    letters = codes_of("section")
    sections = {each.code: letters.index(each.section) + 1 for each in taxonomy.industries() if each.level == 2}
    of_division = np.array([0, *(sections[code] for code in codes_of("division"))])
    return stays.having(section=np.where(stays["division"] > 0, of_division[stays["division"]], stays["letter"]))


def _lives(found: Array) -> Rows:
    """Stretches with what was before them; where nothing is held any more between or after two, it is not known."""
    rows = rows_of(found)
    follows = np.where(_last_of_each(rows["unit"]), FOREVER, np.append(rows["start"][1:], 0))
    gaps = rows["stop"] < follows
    unheld = rows[gaps]
    # A unit that had ceased to be stays so.
    state = np.where(unheld["state"] == 0, 0, UNKNOWN)
    unheld = unheld.having(start=unheld["stop"], stop=follows[gaps], state=state)
    rows = joined([rows, unheld], tuple(_SPACE))
    rows = rows[np.lexsort((rows["start"], rows["unit"]))]
    first = np.append(True, np.diff(rows["unit"]) != 0)[: len(rows)]
    area = np.where(rows["state"] == 0, 0, rows["area"])
    before = np.where(first, 0, np.append(0, rows["state"][:-1])[: len(rows)])
    area_before = np.where(first, 0, np.append(0, area[:-1])[: len(rows)])
    rows = rows.having(area=area, before=before, area_before=area_before)
    return rows.having(since=_since(rows, first))


def _last_of_each(units: Array) -> NDArray[np.bool_]:
    return np.append(units[1:] != units[:-1], True) if len(units) else np.zeros(0, bool)


def _since(rows: Rows, first: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The day on which each stretch's state began, over stretches that only say it again."""
    fresh = first | (rows["before"] != VACANT) | (rows["state"] != VACANT)
    begins = np.maximum.accumulate(np.where(fresh, np.arange(len(rows)), 0)) if len(rows) else np.zeros(0, int)
    since: NDArray[np.int64] = rows["start"][begins].astype(np.int64)
    return since


def _priced(found: Array) -> Rows:
    """With the rent per m² and day; those quoted for a desk, or a whole unit, have none that can be compared."""
    factors = [np.nan]
    for unit in rent_units():
        factors.append((rent_cny_m2_day(1, unit.code) if unit.per == "m2" else None) or np.nan)
    rows = rows_of(found)
    rows = rows.having(rent=rows["amount"] * np.array(factors)[rows["per"]])
    return rows[~np.isnan(rows["rent"])]


def _answers(reading: Reading, ids: Array) -> NDArray[np.int8]:
    spellings = taxonomy.answer_spellings()
    types = {"building": "i8", "fact": "i2", "answer": "i2"}
    rows = _placed(reading.rows("snapshot_facts", types, fact=list(FACTS), answer=list(spellings)), ids)
    told = np.zeros((len(FACTS), len(ids)), np.int8)
    # What is written last stays: the newest.
    told[rows["fact"] - 1, rows["building"]] = np.array([0, *spellings.values()], np.int8)[rows["answer"]]
    return told


def _services(asked: _Asking, ids: Array) -> NDArray[np.int8]:
    near = np.zeros((2, len(ids)), np.int8)
    types = {"building": "i8", "service": "i2"}
    rows = _placed(asked.rows("indicator_services", types, service=list(SERVICES), within_m=SERVICES_WITHIN_M), ids)
    near[(rows["service"] == len(SERVICES)).astype(int), rows["building"]] = 1
    measured = _placed(asked.rows("indicator_measured", {"building": "i8"}), ids)["building"]
    unmeasured = np.ones(len(ids), bool)
    unmeasured[measured] = False
    near[:, unmeasured] = -1
    return near


def _by_building(rows: Array, ids: Array) -> Rows:
    rows = _placed(rows, ids)
    found = np.zeros(len(ids), rows.dtype)
    found[rows["building"]] = rows
    return rows_of(found)


def _staff(asked: _Asking, ids: Array) -> Staff:
    names = "SELECT name FROM areas WHERE level = 'district' AND withdrawn_at IS NULL"
    # What stands in brackets behind a name is a remark.
    districts = [name.split("（")[0].split("(")[0].strip() for (name,) in asked.reading.connection.execute(names)]
    people = asked.rows("indicator_people", _PERSON, districts=districts)
    returns, areas = asked.rows("indicator_returns", _RETURN), asked.rows("indicator_areas_used", _USED)
    return Staff(rows_of(people), rows_of(_placed(returns, ids)), rows_of(_placed(areas, ids)))
