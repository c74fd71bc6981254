"""Finds the floors that units stand on by their labels, and adds those that are not known yet."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow

from geo.db import query
from geo.errors import UnreadableQuantityError
from geo.floor_labels import FloorLabel, parse_floor
from geo.importers.loading import Loading

_ROOF = 400


class Wanted(NamedTuple):
    """The floor of a unit: its building and the label that is written there."""

    building_id: int
    label: str


def floor_ids(loading: Loading, wanted: Sequence[Wanted | None]) -> list[int | None]:
    """Return the id of each floor; floors that are not there are added and counted in the report.

    The position of a new floor is the number in its label where that place is free, else the next free one above.
    """
    asked = set(filter(None, wanted))
    known = _known(loading.run.connection, {floor.building_id for floor in asked})
    missing = sorted(floor for floor in asked if floor.label not in known[floor.building_id])
    if missing:
        rows = list(_placed(missing, known))
        for ident, building_id, label, position in _added(loading, rows):
            known[building_id][label] = (ident, position)
        loading.log.add("floors_made", count=len(missing))
    return [known[floor.building_id][floor.label][0] if floor else None for floor in wanted]


def spelled(label: str) -> str:
    """Return the one spelling of a floor's label ("12F", "12层": "12")."""
    try:
        return parse_floor(label).label
    except UnreadableQuantityError:
        return label.strip().upper()


Known = defaultdict[int, dict[str, tuple[int, int]]]


def _known(connection: Connection[TupleRow], buildings: Iterable[int]) -> Known:
    """Building → label → (id, position); of floors with one label in several sections the lowest id."""
    known: Known = defaultdict(dict)
    statement = "SELECT building_id, label, id, position FROM floors WHERE building_id = ANY (%s) ORDER BY id"
    for building_id, label, ident, position in connection.execute(statement, [list(buildings)]):
        known[building_id].setdefault(spelled(label), (ident, position))
    return known


def _placed(missing: Sequence[Wanted], known: Known) -> Iterable[tuple[int, str, int]]:
    """Give each missing floor a free position: upwards from the ground, downwards for basements."""
    by_building: defaultdict[int, list[FloorLabel]] = defaultdict(list)
    for floor in missing:
        by_building[floor.building_id].append(_parsed(floor.label))
    for building_id, labels in by_building.items():
        taken = {position for _, position in known[building_id].values()}
        for label in sorted(
            labels, key=lambda label: (_start(label, taken) < 0, abs(_start(label, taken)), label.order)
        ):
            position = _start(label, taken)
            while position in taken or position == 0:
                position += 1 if position >= 0 else -1
            taken.add(position)
            yield building_id, label.label, position


def _start(label: FloorLabel, taken: set[int]) -> int:
    """Where a floor belongs by its label alone; the roof above everything."""
    if label.number is not None:
        return label.number
    return 2 if label.label == "M" else max((*taken, 1)) + 1 if label.label == "R" else _ROOF


def _parsed(label: str) -> FloorLabel:
    try:
        return parse_floor(label)
    except UnreadableQuantityError:
        return FloorLabel(label, None)


def _added(loading: Loading, rows: Sequence[tuple[int, str, int]]) -> list[TupleRow]:
    buildings, labels, positions = map(list, zip(*rows, strict=True))
    values = {"run": loading.run.id, "buildings": buildings, "labels": labels, "positions": positions}
    return loading.run.connection.execute(query("floors_add"), values).fetchall()
