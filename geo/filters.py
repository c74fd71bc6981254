"""What a person asks for: one frozen object that the page, the API, SQL and the snapshot all understand.

The keys of the query string are the field names; lists are separated by commas. An empty filter asks for everything.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from geo import taxonomy
from geo.errors import BadParameterError
from geo.parameters import codes, day, decimal, whole, write
from geo.quantities import WALKING_M_MIN
from geo.shapes import Shape, parse_shape
from geo.taxonomy.rents import DAYS_PER_MONTH

Box = tuple[float, float, float, float]

RENT_UNITS = {"cny_m2_day": 1.0, "cny_m2_month": 1 / DAYS_PER_MONTH}
"""Rent units a filter may be given in → factor to CNY per m² and day (a month is 365/12 days)."""

RENT_SLACK = 1e-4
"""CNY per m² and day: a rent quoted by the month must not miss a limit in days by rounding."""

MOST_NEAR_M = 3000
"""Distances to amenities beyond this are not kept (`geo/access`)."""

MOST_AMOUNT = 10_000_000
"""Of areas in m² and of rents."""

OCCUPANCIES = ("vacant", "soon", "in_use", "own_use", "unknown")
MARKET = ("vacant", "soon")
"""The public states of a unit that a tenant can take."""

UNIT_FIELDS = frozenset(
    {"area_min", "area_max", "rent_min", "rent_max", "floor_min", "floor_max", "fitout", "available_by", "occupancy"}
)
"""Fields that speak of a unit; the others speak of its building."""


_PLACE = re.compile(r"(-?\d{1,3}(?:\.\d{1,16})?),\s*(-?\d{1,2}(?:\.\d{1,16})?)", re.ASCII)

WALKS_MIN = (5, 10, 15)
"""Minutes on foot that can be asked for."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one walks from: the code of a building, or "longitude,latitude" of a place.

    `land` is what is reached from there (WKB, degrees), once that is known.
    """

    code: str
    land: bytes = field(default=b"", compare=False, repr=False)

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude, unless it is a building."""
        match = _PLACE.fullmatch(self.code)
        return (float(match[1]), float(match[2])) if match else None

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Filters:
    """A search. Areas in m², rents in `rent_unit`, floors by physical position (1 is the ground floor).

    `stale` finds also units on the market whose last word is old (`geo/stamps.py`), which are left out else.
    """

    q: str = ""
    area_min: Decimal | None = None
    area_max: Decimal | None = None
    rent_min: Decimal | None = None
    rent_max: Decimal | None = None
    rent_unit: str = "cny_m2_day"
    grade: tuple[str, ...] = ()
    star: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    floor_min: int | None = None
    floor_max: int | None = None
    fitout: tuple[str, ...] = ()
    available_by: date | None = None
    occupancy: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    bbox: Box | None = None
    shape: Shape | None = None
    near: tuple[str, ...] = ()
    near_m: int = 500
    walk_from: Origin | None = None
    walk_min: int = 10
    cluster: tuple[str, ...] = ()
    stale: bool = False

    @property
    def asks_of_units(self) -> bool:
        """Whether any field speaks of units, so that a building matches only through one of its units."""
        return any(getattr(self, name) != _DEFAULTS[name] for name in UNIT_FIELDS)

    def rent_cny_m2_day(self, amount: Decimal) -> float:
        """`amount` in `rent_unit` as CNY per m² and day."""
        return float(amount) * RENT_UNITS[self.rent_unit]


def parse_origin(value: str) -> Origin:
    """Where one walks from, as an address says it; places are told apart by about a metre.

    Raises
    ------
    BadParameterError
        It is neither one code nor one place.
    """
    if len(words := codes("walk_from", value)) == 1:
        return Origin(words[0])
    match = _PLACE.fullmatch(value)
    lon, lat = (float(match[1]), float(match[2])) if match else (math.inf, math.inf)
    if not (abs(lon) <= 180 and abs(lat) <= 85):
        raise BadParameterError("walk_from", value[:60], "the code of a building, or longitude,latitude in degrees")
    return Origin(f"{lon:.5f},{lat:.5f}")


def land_of(origin: Origin) -> bytes:
    """The land that is reached from a building.

    Raises
    ------
    BadParameterError
        Nobody has found out: whoever searches does not take this filter.
    """
    if not origin.land:
        raise BadParameterError("walk_from", origin.code, "lists and counts; it cannot be used here")
    return origin.land


def choices() -> dict[str, tuple[str, ...]]:
    """For every field with a fixed vocabulary: the codes it allows."""
    return {
        "rent_unit": tuple(RENT_UNITS),
        "grade": tuple(dict.fromkeys(grade.code for grade in taxonomy.grades())),
        "star": ("1", "2", "3", "4", "5"),
        "theme": tuple(theme.code for theme in taxonomy.themes()),
        "industry": tuple(group.code for group in taxonomy.map_groups()),
        "fitout": tuple(kind.code for kind in taxonomy.fitouts()),
        "occupancy": OCCUPANCIES,
        "status": tuple(status.code for status in taxonomy.building_statuses()),
        "near": tuple(category.code for category in taxonomy.amenity_categories()),
        "walk_min": tuple(str(minutes) for minutes in WALKS_MIN),
        "stale": ("1",),
    }


def parse(query: Mapping[str, str], *, also: Iterable[str] = ()) -> Filters:
    """The filters of a query string.

    Parameters
    ----------
    query
        Parameter → value as sent; an empty value means "not set".
    also
        Other parameters the page understands; they are left alone here.

    Raises
    ------
    BadParameterError
        A parameter that nobody knows, or a value that its field does not take; names both and what is allowed.
    """
    known = {each.name for each in fields(Filters)}
    query = _in_metres(query)
    for name in query:
        if name not in known and name not in also:
            raise BadParameterError(name, query[name], "the parameters " + ", ".join(sorted(known.union(also))))
    found = Filters(
        **{name: _read(name, value.strip()) for name, value in query.items() if name in known and value.strip()}
    )
    _check_order(found)
    return found


def to_query(filters: Filters) -> str:
    """The query string of `filters`, in the order of the fields, defaults left out."""
    pairs = []
    for each in fields(Filters):
        value = getattr(filters, each.name)
        if value != _DEFAULTS[each.name]:
            pairs.append((each.name, write(value)))
    return urlencode(pairs, safe=",")


def _in_metres(query: Mapping[str, str]) -> Mapping[str, str]:
    """The same with `near_m` for `near_minutes`: what is stored and shown are metres."""
    minutes = query.get("near_minutes", "").strip()
    rest = {name: value for name, value in query.items() if name != "near_minutes"}
    if minutes and rest.get("near_m", "").strip():
        raise BadParameterError("near_minutes", minutes, "either near_minutes or near_m")
    most = MOST_NEAR_M // WALKING_M_MIN
    return rest | {"near_m": str(WALKING_M_MIN * whole("near_minutes", minutes, 1, most))} if minutes else rest


def _read(name: str, value: str) -> Any:
    if name == "q":
        if len(value) > 100:
            raise BadParameterError(name, value[:20] + "…", "at most 100 characters")
        return value
    if name == "bbox":
        return _box(value)
    if name == "shape":
        return parse_shape(value)
    if name == "available_by":
        return day(name, value)
    if name in {"area_min", "area_max", "rent_min", "rent_max"}:
        return decimal(name, value, 0, MOST_AMOUNT)
    if name in {"floor_min", "floor_max"}:
        return whole(name, value, -20, 300)
    if name == "near_m":
        return whole(name, value, 50, MOST_NEAR_M)
    if name == "rent_unit":
        return _words(name, value)[0]
    if name == "walk_from":
        return parse_origin(value)
    if name == "walk_min":
        return int(_words(name, value)[0])
    if name == "stale":
        return bool(_words(name, value))
    return _words(name, value)


def _words(name: str, value: str) -> tuple[str, ...]:
    return codes(name, value, choices().get(name))


def _box(value: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise BadParameterError("bbox", value, "west,south,east,north in degrees") from None
    if not (-180 <= west < east <= 180 and -85.06 <= south < north <= 85.06):
        raise BadParameterError("bbox", value, "west,south,east,north in degrees, west < east and south < north")
    return west, south, east, north


def _check_order(filters: Filters) -> None:
    for thing in ("area", "rent", "floor"):
        low, high = getattr(filters, f"{thing}_min"), getattr(filters, f"{thing}_max")
        if low is not None and high is not None and low > high:
            raise BadParameterError(f"{thing}_min", str(low), f"at most {thing}_max ({high})")


_DEFAULTS = {each.name: each.default for each in fields(Filters)}
