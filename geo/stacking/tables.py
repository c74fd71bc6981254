"""One table of the plan: its rows of cells from the top floor down, units as wide as their area asks for."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median

from geo.stacking.apportion import Span, place_spans, share
from geo.stacking.plan import Cell, Part, Room, Row, Storey, Table

COLUMNS = 60
"""Columns of a table; a floor of more than twenty units asks for more."""

LEAST = 3
"""Columns of the smallest cell, so that it can be seen and touched."""

REST_FROM = 0.05
"""Share of a floor that no listed unit covers, from which the plan says so."""

SERVICE_USES = frozenset({"plant", "refuge", "parking", "lobby"})
"""Uses of floors that are never let: they show their use, not a gap in the reports."""


def make_table(part: Part | None, storeys: Sequence[Storey], rooms: Sequence[Room]) -> Table:
    """The table of one part from its storeys (any order, at least one) and the rooms that stand on them."""
    ordered = sorted(storeys, key=lambda storey: -storey.position)
    spans = _spans(ordered, rooms)
    weights = _weights(rooms, spans)
    on = _rooms_on(ordered, rooms, spans)
    fullest = max((len(group) for group in on), default=0)
    columns, least = (COLUMNS, LEAST) if fullest * LEAST <= COLUMNS else (max(COLUMNS, fullest), 1)
    widest = _widest(ordered, on, weights)
    layout = _Layout(columns, least, columns / widest, weights, spans, on)
    return Table(part, columns, tuple(_row(layout, ordered, index) for index in range(len(ordered))))


def natural_order(label: str) -> tuple[tuple[int, int | str], ...]:
    """A sort key under which 9A comes before 10A and 1202 before 1210."""
    return tuple((0, int(run)) if run.isdecimal() else (1, run) for run in re.findall(r"\d+|\D+", label))


def area_of(rooms: Iterable[Room]) -> Decimal:
    """The sum of the known areas, m²."""
    return sum((room.area_m2 for room in rooms if room.area_m2 is not None), Decimal(0))


def unknown_areas(rooms: Iterable[Room]) -> int:
    """How many of the rooms have no known area."""
    return sum(room.area_m2 is None for room in rooms)


def _spans(ordered: Sequence[Storey], rooms: Sequence[Room]) -> dict[int, Span]:
    """Room → the first and last row (from the top) it takes."""
    index = {storey.key: row for row, storey in enumerate(ordered)}
    spans = {}
    for room in rooms:
        ends = [index[key] for key in (room.storey, room.top_storey) if key in index]
        spans[room.key] = Span(min(ends), max(ends))
    return spans


def _weights(rooms: Sequence[Room], spans: dict[int, Span]) -> dict[int, float]:
    """Room → m² per floor; a room of unknown area counts as a typical one of its part."""
    known = {room.key: float(room.area_m2) / spans[room.key].rows for room in rooms if room.area_m2}
    typical = median(known.values()) if known else 1.0
    return {room.key: known.get(room.key, typical) for room in rooms}


def _rooms_on(ordered: Sequence[Storey], rooms: Sequence[Room], spans: dict[int, Span]) -> list[list[Room]]:
    """The rooms of each row, those reaching over several floors first."""
    by_size = sorted(rooms, key=lambda room: (-spans[room.key].rows, natural_order(room.label), room.key))
    return [[room for room in by_size if spans[room.key].covers(row)] for row in range(len(ordered))]


def _widest(ordered: Sequence[Storey], on: Sequence[Sequence[Room]], weights: dict[int, float]) -> float:
    """The m² that the full width stands for: the largest floor with units, else the largest of all.

    A car park or plant floor takes the full width whatever its size, so that it never squeezes the floors with units.
    """
    extents = [_extent(storey, group, weights) for storey, group in zip(ordered, on, strict=True)]
    with_rooms = [extent for extent, group in zip(extents, on, strict=True) if group]
    return max(with_rooms or extents) or 1.0


def _extent(storey: Storey, rooms: Sequence[Room], weights: dict[int, float]) -> float:
    return max(float(storey.area_m2 or 0), sum(weights[room.key] for room in rooms))


class _Layout:
    """What the rows of one table share: columns per m², and the fixed columns of rooms over several floors."""

    def __init__(
        self,
        columns: int,
        least: int,
        per_m2: float,
        weights: dict[int, float],
        spans: dict[int, Span],
        on: Sequence[Sequence[Room]],
    ) -> None:
        self.columns, self.least, self.per_m2 = columns, least, per_m2
        self.weights, self.spans, self.on = weights, spans, on
        tall = [key for key, span in spans.items() if span.rows > 1]
        singles = [sum(spans[room.key].rows == 1 for room in group) for group in on]
        wanted = {key: max(least, round(weights[key] * per_m2)) for key in tall}
        self.fixed = place_spans({key: spans[key] for key in tall}, wanted, columns, [n * least for n in singles])


def _row(layout: _Layout, ordered: Sequence[Storey], index: int) -> Row:
    storey, rooms = ordered[index], layout.on[index]
    starting = [room for room in rooms if layout.spans[room.key].first == index]
    below = ordered[index + 1] if index + 1 < len(ordered) else None
    return Row(
        storey,
        tuple(_cells(layout, storey, index)),
        area_of(starting),
        area_of(room for room in starting if room.status in ("vacant", "soon")),
        unknown_areas(starting),
        _skipped(storey, below),
        _missing(storey, below),
    )


def _cells(layout: _Layout, storey: Storey, index: int) -> Iterable[Cell]:
    rooms = layout.on[index]
    if not rooms:
        return _empty_floor(layout, storey)
    tall = sorted((layout.fixed[room.key], room) for room in rooms if room.key in layout.fixed)
    cells, at = [], 0
    for (start, width), room in tall:
        cells += _gap(start - at)
        if layout.spans[room.key].first == index:
            cells.append(Cell("unit", width, layout.spans[room.key].rows, room, room.area_m2))
        at = start + width
    singles = [room for room in rooms if room.key not in layout.fixed]
    return cells + _singles(layout, storey, rooms, singles, layout.columns - at)


def _singles(layout: _Layout, storey: Storey, rooms: Sequence[Room], singles: Sequence[Room], free: int) -> list[Cell]:
    """The rooms of this floor alone, what no room covers, and the part of the width where nothing is built."""
    weights = [layout.weights[room.key] for room in singles]
    wanted = round(sum(weights) * layout.per_m2)
    widths = share(weights, min(free, max(wanted, layout.least * len(singles))), layout.least) if singles else []
    cells = [Cell("unit", width, 1, room, room.area_m2) for room, width in zip(singles, widths, strict=True)]
    free -= sum(widths)
    rest = _rest_m2(storey, rooms, layout.weights)
    columns = min(free, max(1, round(float(rest) * layout.per_m2))) if rest else 0
    return cells + ([Cell("rest", columns, area_m2=rest)] if columns and rest else []) + _gap(free - columns)


def _rest_m2(storey: Storey, rooms: Sequence[Room], weights: dict[int, float]) -> Decimal | None:
    """The area of the floor that no unit covers, where both are known and it is more than a rounding."""
    if not storey.area_m2 or any(room.area_m2 is None for room in rooms):
        return None
    rest = float(storey.area_m2) - sum(weights[room.key] for room in rooms)
    return Decimal(str(round(rest, 2))) if rest >= REST_FROM * float(storey.area_m2) else None


def _empty_floor(layout: _Layout, storey: Storey) -> list[Cell]:
    if storey.use in SERVICE_USES:
        return [Cell("service", layout.columns, area_m2=storey.area_m2)]
    wanted = round(float(storey.area_m2) * layout.per_m2) if storey.area_m2 else layout.columns
    columns = min(layout.columns, max(1, wanted))
    return [Cell("rest", columns, area_m2=storey.area_m2), *_gap(layout.columns - columns)]


def _gap(columns: int) -> list[Cell]:
    return [Cell("gap", columns)] if columns > 0 else []


def _skipped(storey: Storey, below: Storey | None) -> tuple[str, ...]:
    """The numbers between two neighbouring storeys' labels that no storey bears: 15 above 12 skips 13 and 14."""
    if below is None or storey.position - below.position != 1 or not (storey.label + below.label).isdecimal():
        return ()
    return tuple(str(number) for number in range(int(below.label) + 1, int(storey.label)))


def _missing(storey: Storey, below: Storey | None) -> int:
    """Storeys between two recorded ones that nothing is recorded of (there is no storey 0)."""
    if below is None:
        return 0
    between = storey.position - below.position - 1
    return between - 1 if below.position < 0 < storey.position else between
