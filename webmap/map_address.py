"""The address of the map page as one frozen object: filters, camera, selection, floor, day and how all of it is drawn.

The browser reads and writes the same in `static/src/map/state.js`; a property test holds the two to one answer. The map
page leaves out what it does not understand; here that is an error, so that a link never keeps what nobody reads.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date as Day
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from geo import filters as filter_language
from geo.errors import BadParameterError
from geo.filters import Filters
from geo.parameters import codes, day, decimal, one_of, whole
from geo.state_search.orders import ORDERS

COLOURINGS = ("vacancy", "grade", "star", "industry", "age")
LAYERS = ("transit",)
"""Those that are drawn unless the address says otherwise."""

NOTHING = "-"
"""A list that was emptied, where an empty one is not what is usual."""

_CODE = re.compile(r"[\w-]{1,40}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d))?",
    re.ASCII,
)
"""As `KNOWN` in static/src/map/state.js."""


@dataclass(frozen=True, slots=True)
class MapState:
    """What a map page shows; camera fields are None where the address leaves them to the page.

    `date` is the day shown, `known_at` the day or instant of what was known of it, as it was written.
    `at` is latitude, longitude (degrees, five decimals) and zoom (two); `pitch` and `bearing` are whole degrees.
    """

    filters: Filters = field(default_factory=Filters)
    sort: str = "area"
    by: str = "vacancy"
    only: tuple[str, ...] = ()
    layers: tuple[str, ...] = LAYERS
    b: str = ""
    floor: int | None = None
    date: Day | None = None
    known_at: str = ""
    beside: str = "off"
    view: str = "3d"
    at: tuple[float, float, float] | None = None
    pitch: int | None = None
    bearing: int | None = None
    moving: str = "off"


def parse(query: str, *, also: Iterable[str] = ()) -> MapState:
    """The state that a query string says; `also` names parameters that are left alone.

    Raises
    ------
    BadParameterError
        A parameter that nobody knows, or a value that it does not take; names both and what is allowed.
    """
    pairs = {name: value for name, value in parse_qsl(query, keep_blank_values=True) if name not in also}
    asked = {name: value for name, value in pairs.items() if name not in _READERS}
    filters = filter_language.parse(asked)
    said = {name: read(name, pairs[name].strip()) for name, read in _READERS.items() if pairs.get(name, "").strip()}
    if said.get("view") == "2d":
        said.pop("pitch", None)
    return MapState(filters=filters, **said)


def to_query(state: MapState) -> str:
    """The query string of a state, what is usual left out."""
    pairs = parse_qsl(filter_language.to_query(state.filters), keep_blank_values=True)
    pairs += [
        (name, written)
        for name, usual in _USUAL.items()
        if (value := getattr(state, name)) != usual and (written := _WRITERS.get(name, str)(value))
    ]
    return urlencode(pairs, safe=",", quote_via=quote)


def _choice(*allowed: str) -> Callable[[str, str], str]:
    return lambda name, value: one_of(name, value, allowed)


def _list(name: str, value: str) -> tuple[str, ...]:
    return () if value == NOTHING else codes(name, value)


def _code(name: str, value: str) -> str:
    if not _CODE.fullmatch(value):
        raise BadParameterError(name, value[:40], "the code of a building, such as x7k2m9qd")
    return value


def _date(name: str, value: str) -> Day:
    if not _DAY.fullmatch(value):
        raise BadParameterError(name, value[:20], "a date such as 2026-03-31")
    return day(name, value)


def _known(name: str, value: str) -> str:
    if not _INSTANT.fullmatch(value):
        raise BadParameterError(name, value[:40], "a date, or an instant such as 2026-03-31T18:00:00Z")
    return value


def _degrees(low: int, high: int) -> Callable[[str, str], int]:
    return lambda name, value: int(decimal(name, value, low, high).quantize(Decimal(1), ROUND_HALF_UP))


def _camera(name: str, value: str) -> tuple[float, float, float]:
    try:
        lat, lng, zoom = (Decimal(part.strip()) for part in value.split(","))
        known = abs(lat) <= 85 and abs(lng) <= 180 and 0 <= zoom <= 24
    except (ArithmeticError, ValueError):
        known = False
    if not known:
        raise BadParameterError(name, value[:60], "latitude,longitude,zoom such as 31.23000,121.47000,15.5")
    return round(float(lat), 5), round(float(lng), 5), round(float(zoom), 2)


def _write_camera(at: tuple[float, float, float]) -> str:
    lat, lng, zoom = at
    return f"{lat:.5f},{lng:.5f},{format(Decimal(f'{zoom:.2f}').normalize(), 'f')}"


_READERS: dict[str, Callable[[str, str], Any]] = {
    "sort": _choice(*ORDERS),
    "by": _choice(*COLOURINGS),
    "only": _list,
    "layers": _list,
    "b": _code,
    "floor": lambda name, value: whole(name, value, -20, 300),
    "date": _date,
    "known_at": _known,
    "beside": _choice("off", "on"),
    "view": _choice("3d", "2d"),
    "at": _camera,
    "pitch": _degrees(0, 85),
    "bearing": _degrees(-180, 180),
    "moving": _choice("off", "on"),
}
_WRITERS: dict[str, Callable[[Any], str]] = {
    "at": _write_camera,
    **dict.fromkeys(("only", "layers"), lambda words: ",".join(words) or NOTHING),
}
_USUAL = {each.name: each.default for each in fields(MapState) if each.name != "filters"}
KEYS = frozenset({"near_minutes", *_READERS, *(each.name for each in fields(Filters))})
"""Every parameter that the map page reads."""
