"""How geometries and stretches of time may lie to each other, by the names that CQL2 has for it.

References
----------
J. F. Allen, "Maintaining knowledge about temporal intervals", CACM 26 (1983): the thirteen relations.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import and_, or_

SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_equals": "ST_Equals",
    "s_disjoint": "ST_Disjoint",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
    "s_contains": "ST_Contains",
}


class Span(NamedTuple):
    """First and last day as expressions of SQL; the same for an instant."""

    first: Any
    last: Any


def _disjoint(one: Span, other: Span) -> Any:
    return or_(one.last < other.first, one.first > other.last)


def _intersects(one: Span, other: Span) -> Any:
    return and_(one.last >= other.first, one.first <= other.last)


TEMPORAL: dict[str, Callable[[Span, Span], Any]] = {
    "t_after": lambda one, other: one.first > other.last,
    "t_before": lambda one, other: one.last < other.first,
    "t_contains": lambda one, other: and_(one.first < other.first, one.last > other.last),
    "t_disjoint": _disjoint,
    "t_during": lambda one, other: and_(one.first > other.first, one.last < other.last),
    "t_equals": lambda one, other: and_(one.first == other.first, one.last == other.last),
    "t_finishedby": lambda one, other: and_(one.first < other.first, one.last == other.last),
    "t_finishes": lambda one, other: and_(one.first > other.first, one.last == other.last),
    "t_intersects": _intersects,
    "t_meets": lambda one, other: one.last == other.first,
    "t_metby": lambda one, other: one.first == other.last,
    "t_overlappedby": lambda one, other: and_(one.first > other.first, one.first < other.last, one.last > other.last),
    "t_overlaps": lambda one, other: and_(one.first < other.first, one.last > other.first, one.last < other.last),
    "t_startedby": lambda one, other: and_(one.first == other.first, one.last > other.last),
    "t_starts": lambda one, other: and_(one.first == other.first, one.last < other.last),
}
