"""What the query string asks of a collection, read once and refused in words where it is not understood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import shapely

from geo.cql import parse_json, parse_text
from geo.cql.tree import Node
from geo.errors import BadParameterError, UnknownCrsError
from geo.exports.fields import Field, Kind
from geo.features.collections import Collection
from geo.features.crs import CRS84, LARGEST, Crs, crs_of
from geo.parameters import decimal, one_of, whole

LIMIT, MOST = 100, 10_000
"""Features of a page: usually, and at most. Whoever asks for more gets the most."""

ABOUT_THE_PAGE = ("f", "limit", "after", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs")
LANGUAGES: dict[str, Callable[[str], Node]] = {"cql2-text": parse_text, "cql2-json": parse_json}
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Filter:
    """A filter as it was written, what it says, and the system of its coordinates."""

    text: str
    node: Node
    crs: Crs


@dataclass(frozen=True)
class Question:
    """Which features are asked for: a box in degrees, days, values of fields, a filter, and where a page begins."""

    crs: Crs = CRS84
    box: shapely.Geometry | None = None
    days: tuple[date | None, date | None] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    filter: Filter | None = None
    after: int = 0
    limit: int = LIMIT

    @property
    def takes_all(self) -> bool:
        """Whether nothing is left out but by the page."""
        return self.box is None and self.days is None and not self.values and self.filter is None


def read_question(query: Mapping[str, str], collection: Collection) -> Question:
    """The query string as a question.

    Raises
    ------
    BadParameterError
        A parameter that nobody knows, or a value that it does not take.
    FilterError
        The filter is not understood; says where.
    """
    _refuse_unknown(query, collection)
    return Question(
        crs=_crs(query, "crs"),
        box=_box(query["bbox"], _crs(query, "bbox-crs")) if "bbox" in query else None,
        days=_days(query["datetime"]) if "datetime" in query else None,
        values={each.name: _value(each, query[each.name]) for each in collection.fields if each.name in query},
        filter=_filter(query),
        after=whole("after", query["after"], 0, LARGEST_ID) if "after" in query else 0,
        limit=_limit(query["limit"]) if "limit" in query else LIMIT,
    )


def _refuse_unknown(query: Mapping[str, str], collection: Collection) -> None:
    known = [*ABOUT_THE_PAGE, *(each.name for each in collection.fields)]
    for name in query:
        if name not in known:
            raise BadParameterError(name[:40], query[name][:40], f"one of the parameters {', '.join(known)}")


def _filter(query: Mapping[str, str]) -> Filter | None:
    language = one_of("filter-lang", query.get("filter-lang", "cql2-text"), LANGUAGES)
    crs, text = _crs(query, "filter-crs"), query.get("filter")
    return None if text is None else Filter(text, LANGUAGES[language](text), crs)


def _limit(text: str) -> int:
    return min(whole("limit", text, 1, 10**9), MOST)


def _crs(query: Mapping[str, str], name: str) -> Crs:
    try:
        return crs_of(query[name]) if name in query else CRS84
    except UnknownCrsError:
        raise BadParameterError(name, "…", "one of the systems that the collection lists under crs") from None


def _box(text: str, crs: Crs) -> shapely.Geometry:
    """The box as a polygon in degrees; one across the date line as two. Heights are passed over."""
    allowed = "west,south,east,north (or with heights, six numbers), in the order of axes of bbox-crs"
    numbers = text.split(",")
    if len(numbers) not in (4, 6):
        raise BadParameterError("bbox", text[:80], allowed)
    try:
        sides = [float(decimal("bbox", number.strip(), -int(LARGEST), int(LARGEST))) for number in numbers]
    except BadParameterError:
        raise BadParameterError("bbox", text[:80], allowed) from None
    left, low, right, high = (*sides[:2], *sides[len(sides) // 2 :][:2])
    if crs.lon_first and left > right:
        return shapely.union_all([_rectangle(left, low, 180, high, crs), _rectangle(-180, low, right, high, crs)])
    if left > right or low > high:
        raise BadParameterError("bbox", text[:80], allowed)
    return _rectangle(left, low, right, high, crs)


def _rectangle(left: float, low: float, right: float, high: float, crs: Crs) -> shapely.Geometry:
    """A rectangle of another system has curved sides in degrees: corners alone would not tell them."""
    rectangle = shapely.box(left, low, right, high)
    if crs.code == CRS84.code:
        return crs.to_wgs84(rectangle)
    longest = max(right - left, high - low)
    return crs.to_wgs84(shapely.segmentize(rectangle, longest / 16) if longest > 0 else rectangle)


def _days(text: str) -> tuple[date | None, date | None]:
    """First and last day of an instant or interval; None where it is open."""
    first, separator, last = text.partition("/")
    if not separator:
        return _day(first, text), _day(first, text)
    between = tuple(None if side in ("", "..") else _day(side, text) for side in (first, last))
    if between == (None, None) or (between[0] and between[1] and between[0] > between[1]):
        raise BadParameterError("datetime", text[:60], _DATETIME)
    return between[0], between[1]


def _day(side: str, text: str) -> date:
    try:
        return datetime.fromisoformat(side).date()
    except ValueError:
        raise BadParameterError("datetime", text[:60], _DATETIME) from None


_DATETIME = "a date, an instant such as 2026-03-01T00:00:00Z, or two of them as first/last, open with '..'"


def _value(wanted: Field, text: str) -> Any:
    return _READ[wanted.kind](wanted.name, text)


def _yes_no(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise BadParameterError(name, text[:40], "true or false")
    return text == "true"


def _date(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadParameterError(name, text[:40], "a date such as 2026-03-01") from None


def _number(name: str, text: str) -> Decimal:
    return decimal(name, text, -(10**15), 10**15)


def _whole(name: str, text: str) -> int:
    return whole(name, text, -(10**9), 10**9)


_READ: dict[Kind, Callable[[str, str], Any]] = {
    "text": lambda _, text: text,
    "whole": _whole,
    "number": _number,
    "day": _date,
    "yes_no": _yes_no,
}
