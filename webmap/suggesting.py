"""What the one search box finds for visitors: units, and whatever else has a name."""

import math
from collections.abc import Mapping

import numpy as np

from geo.errors import BadParameterError
from geo.onebox import find
from geo.onebox.finding import At
from geo.onebox.showing import Shown, grouped, show, unit_alone, unit_asked, units_called, units_like
from geo.parameters import whole
from geo.stamps import stale_before
from webmap.config import current_settings
from webmap.db import public_session
from webmap.listed_units import PlaceRef
from webmap.looking_back import day_shown
from webmap.name_index import current_names
from webmap.past_searching import shown_table
from webmap.suggest_schemas import Suggestion, Suggestions

LONGEST = 100
LIMIT, MOST = 12, 50
MOST_BUILDINGS = 120
"""Buildings in which a unit is looked for by its number alone."""

_MICRO = 1e6
_OVER = 2
"""Things looked at for one shown, since what lets comes before what does not."""


def suggestions(typed: str, *, limit: int = LIMIT, at: At | None = None) -> Suggestions:
    """What is found for `typed`; of one kind at most a third, if there are others."""
    names = current_names()
    if names is None:
        return Suggestions(ready=False, items=[])
    today, each = day_shown(), max(3, limit // 3)
    connection = public_session().connection().connection.driver_connection
    assert connection is not None
    found = find(names.indexes, names.roots, typed, at=at, most=_OVER * limit)
    things = show(connection, found, today, stale_before(today, current_settings().stale_days))
    if alone := unit_alone(typed):
        things += units_called(connection, alone, _letting(at), today, limit)
    elif "building" in names.indexes and (asked := unit_asked(typed)):
        where, label = asked
        buildings = find({"building": names.indexes["building"]}, names.roots, where, at=at).get("building", [])
        things += units_like(connection, label, buildings, today, limit)
    listed = grouped(things, limit, each)
    if len(listed) < limit:
        listed = grouped(things, limit, limit if len({thing.kind for thing in things}) == 1 else each)
    return Suggestions(ready=True, items=[_item(thing) for thing in listed])


def _letting(at: At | None) -> list[int]:
    """Ids of the buildings with something to let: the nearest, or those with most, first."""
    table = shown_table()
    free = table.building("vacant") + table.building("soon")
    rows = np.flatnonzero(free > 0)
    if at is None:
        order = np.argsort(-free[rows], kind="stable")
    else:
        east = (table.building("lon")[rows] / _MICRO - at[0]) * math.cos(math.radians(at[1]))
        order = np.argsort(np.hypot(east, table.building("lat")[rows] / _MICRO - at[1]), kind="stable")
    ids: list[int] = table.building("id")[rows[order[:MOST_BUILDINGS]]].tolist()
    return ids


def asked_suggestions(sent: Mapping[str, str], *, most: int = LIMIT) -> Suggestions:
    """What is found for the parameters `q`, `limit` (else `most`) and `at`.

    Raises
    ------
    BadParameterError
        One of them cannot be.
    """
    limit = whole("limit", sent.get("limit") or str(most), 1, MOST)
    return suggestions(read_typed(sent.get("q", "")), limit=limit, at=read_at(sent.get("at", "")))


def read_typed(text: str) -> str:
    """What is typed, as far as it may be looked for.

    Raises
    ------
    BadParameterError
        It is too long.
    """
    if len(text) > LONGEST:
        raise BadParameterError("q", f"{text[:LONGEST]}…", f"at most {LONGEST} characters")
    return text.replace("\0", " ")


def read_at(text: str) -> At | None:
    """A place, written as longitude,latitude.

    Raises
    ------
    BadParameterError
        It is none.
    """
    if not text:
        return None
    try:
        lon, lat = map(float, text.split(","))
    except ValueError:
        lon = lat = math.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadParameterError("at", text[:LONGEST], "longitude,latitude in degrees")
    return lon, lat


def _item(thing: Shown) -> Suggestion:
    placed = thing.lon is not None and thing.lat is not None
    return Suggestion(
        kind=thing.kind,
        code=thing.code,
        name=thing.name,
        name_en=thing.name_en,
        where=(thing.building_name if thing.kind != "building" else None) or thing.address,
        where_en=(thing.building_name_en if thing.kind != "building" else None) or thing.address_en,
        word=thing.word,
        building=PlaceRef(code=thing.building, name=thing.building_name, name_en=thing.building_name_en)
        if thing.building
        else None,
        location=[round(thing.lon, 6), round(thing.lat, 6)] if placed else None,  # type: ignore[arg-type]
        bbox=[round(edge, 6) for edge in thing.box] if thing.box else None,
        units_to_let=thing.to_let,
        score=thing.score,
        matched=thing.matched,
        typo=thing.typo,
    )
