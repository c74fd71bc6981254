"""Whole columns from areas: shares that add up, and fixed places for what reaches over several rows."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """The rows a room takes, counted from the top, both ends included."""

    first: int
    last: int

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return self.last - self.first + 1

    def covers(self, row: int) -> bool:
        """Whether the row is one of them."""
        return self.first <= row <= self.last

    def meets(self, other: "Span") -> bool:
        """Whether the two share a row."""
        return self.first <= other.last and other.first <= self.last


class Place(NamedTuple):
    """The columns something takes."""

    start: int
    width: int

    @property
    def end(self) -> int:
        """The first column after it."""
        return self.start + self.width


def share(weights: Sequence[float], total: int, least: int) -> list[int]:
    """Split `total` columns in proportion to `weights`, each at least `least` or as much as there is.

    The shares add up to `total`. Largest remainder, once the small ones are raised to the least.
    """
    if not weights:
        return []
    least = min(least, total // len(weights))
    exact = _lifted(weights, total, least)
    widths = [int(width) for width in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (widths[i] - exact[i], i))
    for i in by_remainder[: total - sum(widths)]:
        widths[i] += 1
    return widths


def place_spans(
    spans: Mapping[int, Span], wanted: Mapping[int, int], columns: int, reserved: Sequence[int]
) -> dict[int, Place]:
    """Give each span one place that is free on all its rows, as far left as it goes.

    Parameters
    ----------
    spans : room → rows
    wanted : room → columns it should have
    columns : of the table
    reserved : columns each row must keep for what stands on that row alone

    Returns
    -------
    dict
        room → its columns; narrower than wanted where the rows are too full for all.
    """
    lanes = _lanes(spans)
    kept = max((reserved[row] for span in spans.values() for row in range(span.first, span.last + 1)), default=0)
    limits = _limits([max(wanted[key] for key in lane) for lane in lanes], columns - kept)
    places: dict[int, Place] = {}
    for lane, limit in zip(lanes, limits, strict=True):
        for key in lane:
            start = max((place.end for other, place in places.items() if spans[key].meets(spans[other])), default=0)
            places[key] = Place(start, min(wanted[key], limit))
    return places


def _lanes(spans: Mapping[int, Span]) -> list[list[int]]:
    """Rooms sorted into as few lanes as possible so that no two of a lane share a row."""
    lanes: list[list[int]] = []
    for key in sorted(spans, key=lambda key: (spans[key].first, -spans[key].rows, key)):
        free = (lane for lane in lanes if spans[lane[-1]].last < spans[key].first)
        lane = next(free, None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(key)
    return lanes


def _limits(wanted: Sequence[int], room: int) -> list[int]:
    return list(wanted) if sum(wanted) <= room else share([float(width) for width in wanted], room, 1)


def _lifted(weights: Sequence[float], total: int, least: int) -> list[float]:
    """Proportional widths after raising the small ones to `least`; what that costs is taken from the others."""
    small: set[int] = set()
    while True:
        rest = total - least * len(small)
        weight = sum(w for i, w in enumerate(weights) if i not in small) or 1.0
        exact = [float(least) if i in small else w * rest / weight for i, w in enumerate(weights)]
        fresh = {i for i, width in enumerate(exact) if width < least and i not in small}
        if not fresh:
            return exact
        small |= fresh
