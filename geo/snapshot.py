"""The present (or a past) public state of all listed buildings and their units as one columns file.

Built in one repeatable-read transaction, so that it is exactly what the version it carries stands for. The web
processes map it for search, the browser filters with it, and a static publication ships it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from geo import taxonomy
from geo.columns import Array, Column, pack
from geo.db import query
from geo.disclosure import month_of, public_occupancy
from geo.filters import OCCUPANCIES
from geo.taxonomy import rent_cny_m2_day
from geo.text import to_traditional

NO_AMENITY = 65535
"""What `near_…` columns hold where no amenity of the category is within reach."""

BUILDING_FIELDS = (
    *("id", "code", "name", "name_en", "search", "lon", "lat", "height", "floors"),
    *("grade", "star", "status", "themes", "leasable", "year", "managed"),
)
"""What the query `snapshot_buildings` gives, in its order."""

_EPOCH = date(1970, 1, 1)
_NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The bytes of a state file, and what the server alone keeps beside it: the ids of its units, row by row."""

    version: int
    data: bytes
    unit_ids: Array


@dataclass(frozen=True, slots=True)
class Moment:
    """A day in the district, and the instant whose knowledge of that day is asked for."""

    as_of: date
    known_at: datetime


def build(
    connection: Connection[TupleRow], today: date, moment: Moment | None = None, *, staff: bool = False
) -> Snapshot:
    """The state of the district today, or at `moment`.

    Parameters
    ----------
    connection
        In a repeatable-read transaction; version and rows are read from the same snapshot of the database.
    today
        The present day in the time zone of the installation.
    moment
        A past to show instead; disclosure is that of today.
    staff
        Include unpublishable sources; every other rule of disclosure stands.
    """
    (version,) = _rows(connection, "SELECT version FROM layer_versions WHERE layer = 'state'")[0]
    as_of = moment.as_of if moment else today
    words = vocabulary(connection, staff)
    buildings = _rows(connection, query("snapshot_buildings", staff=staff))
    units = _units(connection, today, moment, staff)
    rows = {building[0]: row for row, building in enumerate(buildings)}
    units = [unit for unit in units if unit[1] in rows]
    unit_columns = _unit_columns(units, rows, words)
    tables = {
        "buildings": {
            **_building_columns(buildings, words),
            **_sums(unit_columns, len(buildings)),
            **_industries(connection, rows, words, as_of, staff),
            **_memberships(connection, rows, words, staff),
            **_distances(connection, rows, words, staff),
        },
        "units": unit_columns,
    }
    header = {
        "version": version,
        "as_of": as_of.isoformat(),
        "known_at": moment.known_at.isoformat() if moment else None,
        "words": words,
    }
    return Snapshot(version, pack(header, tables), np.fromiter((unit[0] for unit in units), np.int64, len(units)))


def vocabulary(connection: Connection[TupleRow], staff: bool = False) -> dict[str, list[str]]:
    """The words that numbers in a state file stand for: word i is i + 1 in a word column, bit i in a bit column."""
    return {
        "grade": list(dict.fromkeys(grade.code for grade in taxonomy.grades())),
        "status": [status.code for status in taxonomy.building_statuses()],
        "theme": [theme.code for theme in taxonomy.themes()],
        "industry": [group.code for group in taxonomy.map_groups()],
        "fitout": [kind.code for kind in taxonomy.fitouts()],
        "occupancy": list(OCCUPANCIES),
        "amenity": [category.code for category in taxonomy.amenity_categories()],
        "areas": [row[0] for row in _rows(connection, query("snapshot_area_codes", staff=staff))],
        "clusters": [row[0] for row in _rows(connection, "SELECT code FROM clusters ORDER BY id")],
    }


def days(day: date | None) -> int:
    """Days since 1970-01-01; nothing is 0."""
    return (day - _EPOCH).days if day else 0


def _rows(connection: Connection[TupleRow], sql: str, values: Mapping[str, Any] | None = None) -> list[TupleRow]:
    return connection.execute(sql, values).fetchall()


def _units(connection: Connection[TupleRow], today: date, moment: Moment | None, staff: bool) -> list[Sequence[Any]]:
    if moment is None:
        return list(_rows(connection, query("snapshot_units_now", staff=staff), {"today": today}))
    then = {"as_of": moment.as_of, "known_at": moment.known_at}
    return [_past_unit(row) for row in _rows(connection, query("snapshot_units_then", staff=staff), then)]


def _past_unit(row: Sequence[Any]) -> Sequence[Any]:
    ident, building, floor, area, occupancy, contract, offered, amount, unit, fitout, available, least, reported = row
    status = public_occupancy(occupancy, contract, offered, available)
    rent = None if amount is None or unit is None else rent_cny_m2_day(amount, unit, area)
    return ident, building, floor, area, status, rent, fitout, available, least, reported


def _building_columns(buildings: Sequence[Sequence[Any]], words: Mapping[str, list[str]]) -> dict[str, Column]:
    columns = zip(*buildings, strict=True) if buildings else [()] * len(BUILDING_FIELDS)
    column: dict[str, Sequence[Any]] = dict(zip(BUILDING_FIELDS, columns, strict=True))
    return {
        "id": ("u4", column["id"]),
        **{name: ("utf8", column[name]) for name in ("code", "name", "name_en")},
        # Browsers cannot fold 繁體 to 简体, so they get both.
        "search": ("utf8", [_with_traditional(*pair) for pair in zip(column["search"], column["name"], strict=True)]),
        **{name: ("i4", column[name]) for name in ("lon", "lat")},
        **{name: ("f4", column[name]) for name in ("height", "leasable")},
        **{name: ("i2", column[name]) for name in ("floors", "year")},
        "grade": ("u1", _numbers(column["grade"], words["grade"])),
        "star": ("u1", [star or 0 for star in column["star"]]),
        "status": ("u1", _numbers(column["status"], words["status"])),
        "themes": ("u4", [_bits(themes, words["theme"]) for themes in column["themes"]]),
        "managed": ("u1", column["managed"]),
    }


def _unit_columns(
    units: Sequence[Sequence[Any]], rows: Mapping[int, int], words: Mapping[str, list[str]]
) -> dict[str, Column]:
    columns = list(zip(*units, strict=True)) if units else [()] * 10
    _, building, floor, area, status, rent, fitout, available, least, reported = columns
    return {
        "b": ("u4", np.array([rows[ident] for ident in building], "<u4")),
        "floor": ("i2", np.array(floor, "<i2")),
        "area": ("f4", np.array(area, "<f4")),
        "occupancy": ("u1", np.array(_numbers(status, words["occupancy"]), "u1")),
        "rent": ("f4", np.array([float("nan") if amount is None else amount for amount in rent], "<f4")),
        "fitout": ("u1", _numbers(fitout, words["fitout"])),
        "available": ("i4", [days(day and month_of(day)) for day in available]),
        "min_area": ("f4", np.array(least, "<f4")),
        "reported": ("i4", np.array([days(day) for day in reported], "<i4")),
    }


def _sums(units: Mapping[str, Column], buildings: int) -> dict[str, Column]:
    row, area, occupancy, reported = (np.asarray(units[name][1]) for name in ("b", "area", "occupancy", "reported"))

    def square_metres(status: str) -> Column:
        chosen = occupancy == OCCUPANCIES.index(status) + 1
        return "f4", np.bincount(row[chosen], weights=area[chosen], minlength=buildings)

    oldest = np.full(buildings, _NEVER, np.int32)
    stamped = reported > 0
    np.minimum.at(oldest, row[stamped], reported[stamped])
    return {
        "vacant": square_metres("vacant"),
        "soon": square_metres("soon"),
        "unknown": square_metres("unknown"),
        "units": ("u2", np.minimum(np.bincount(row, minlength=buildings), 65535)),
        "reported": ("i4", np.where(oldest == _NEVER, 0, oldest)),
    }


def _industries(
    connection: Connection[TupleRow], rows: Mapping[int, int], words: Mapping[str, list[str]], as_of: date, staff: bool
) -> dict[str, Column]:
    place = {group: number for number, group in enumerate(words["industry"])}
    bits, leading, most = np.zeros(len(rows), "<u4"), np.zeros(len(rows), "u1"), np.zeros(len(rows), int)
    for building, group, count in _rows(connection, query("snapshot_industries", staff=staff), {"as_of": as_of}):
        row, number = rows.get(building), place.get(group)
        if row is None or number is None:
            continue
        bits[row] |= 1 << number
        if (count, -number) > (most[row], -int(leading[row])):
            most[row], leading[row] = count, number + 1
    return {"industries": ("u4", bits), "leading": ("u1", leading)}


def _memberships(
    connection: Connection[TupleRow], rows: Mapping[int, int], words: Mapping[str, list[str]], staff: bool
) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name in ("areas", "clusters"):
        place = {code: number for number, code in enumerate(words[name])}
        lists: list[list[int]] = [[] for _ in rows]
        found = _rows(connection, query(f"snapshot_{name}", staff=staff))
        for building, pairs in groupby(found, key=lambda pair: pair[0]):
            lists[rows[building]] = [place[code] for _, code in pairs]
        columns[name] = ("u4[]", lists)
    return columns


def _distances(
    connection: Connection[TupleRow], rows: Mapping[int, int], words: Mapping[str, list[str]], staff: bool
) -> dict[str, Column]:
    near = {category: np.full(len(rows), NO_AMENITY, "<u2") for category in words["amenity"]}
    for building, category, metres in _rows(connection, query("snapshot_distances", staff=staff)):
        if building in rows and category in near:
            near[category][rows[building]] = metres
    return {f"near_{category}": ("u2", metres) for category, metres in near.items()}


def _with_traditional(keys: str, name: str) -> str:
    traditional = to_traditional(name)
    return keys if traditional == name else f"{keys} {traditional.lower()}"


def _numbers(values: Iterable[str | None], words: list[str]) -> list[int]:
    place = {word: number for number, word in enumerate(words, 1)}
    return [place.get(value or "", 0) for value in values]


def _bits(values: Iterable[str], words: list[str]) -> int:
    return sum(1 << words.index(value) for value in set(values) if value in words)
