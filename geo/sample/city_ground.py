"""Rows of streets, parks, water and amenities of the city around the core."""

from collections.abc import Iterator

import numpy as np
import shapely

from geo.sample.batches import Batch
from geo.sample.cells import CORE_COLUMNS, CORE_ROWS, SIDE_M, Cells, Houses, warp
from geo.sample.core import Core
from geo.sample.names import root
from geo.sample.plane import Floats, Shapes, ewkb
from geo.sample.records import read_list
from geo.sample.terrain import river

HOUSES_PER_AMENITY = 20
PRIMARY_EVERY = 4
RIVER_CLEAR_M = 14.0


def ground(core: Core, some: Cells) -> Iterator[Batch]:
    """Streets along and across the cells, their gardens, and the river where it passes."""
    columns = np.unique(some.middles[:, 0])
    water = shapely.union_all([river(x - SIDE_M / 2, x + SIDE_M / 2) for x in columns.tolist()])
    wet = shapely.buffer(water, RIVER_CLEAR_M)
    rows = [row for number in range(len(some.plans)) for row in _cell_rows(some, number, wet)]
    ids = core.keys.take("ground_features", len(rows))
    kinds, classes, ranks, names, bridges, shapes = zip(*rows, strict=True)
    yield Batch("ground_features", len(rows), {
        "id": ids, "kind": kinds, "road_class": classes, "rank": ranks, "name": [name[0] for name in names],
        "name_en": [name[1] for name in names], "bridge": bridges, "foot": [kind != "water" for kind in kinds],
        "geom": ewkb(_bent(np.array(shapes, dtype=object))), "source_id": core.source,
        "source_key": [f"ground-{ident}" for ident in ids], "publishable": True,
    })  # fmt: skip


def amenities(core: Core, houses: Houses, rng: np.random.Generator) -> Iterator[Batch]:
    """Amenities beside some of the houses, in the mix of the core."""
    rows = read_list("amenity_names")
    weights = np.array([float(row["count"]) for row in rows])
    count = len(houses.areas) // HOUSES_PER_AMENITY
    lines = rng.choice(len(rows), count, p=weights / weights.sum()).tolist()
    places = houses.centres[rng.integers(0, len(houses.areas), count)] + rng.uniform(-12, 12, (count, 2))
    ids = core.keys.take("amenities", count)
    names = [_amenity_name(rows[line], ident) for line, ident in zip(lines, ids, strict=True)]
    yield Batch("amenities", count, {
        "id": ids, "code": core.keys.codes("amenities", ids), "category": [rows[line]["category"] for line in lines],
        "name": [name for name, _ in names], "name_en": [name for _, name in names],
        "geom": ewkb(shapely.points(places)), "source_id": core.source,
        "source_key": [f"amenity-{ident}" for ident in ids], "publishable": True,
    })  # fmt: skip


Row = tuple[str, str | None, int, tuple[str | None, str | None], bool, shapely.Geometry]


def _cell_rows(some: Cells, number: int, wet: shapely.Geometry) -> Iterator[Row]:
    plan, middle, (column, row) = some.plans[number], some.middles[number], some.places[number].tolist()
    for line, name, main in _borders(middle, column, row):
        yield from _street(line, "primary" if main else "secondary", 1 if main else 2, name, wet)
    for index, line in enumerate(_moved(plan.streets, middle)):
        yield from _street(line, "residential", 3, _name(7 * column + 11 * row + index, "街", "Street"), wet)
    for green in shapely.difference(_moved(plan.green, middle), wet):
        if not green.is_empty:
            yield "green", None, 2 if green.area > 6000 else 3, (None, None), False, green
    water = shapely.intersection(river(middle[0] - SIDE_M / 2, middle[0] + SIDE_M / 2), shapely.box(*_square(middle)))
    if not water.is_empty:
        yield "water", None, 1, ("澄澜河", "Chenglan River"), False, water


def _street(
    line: shapely.LineString, road_class: str, rank: int, name: tuple[str, str], wet: shapely.Geometry
) -> Iterator[Row]:
    """A street cut at the banks; only larger ones have bridges."""
    if not shapely.intersects(line, wet):
        yield "road", road_class, rank, name, False, line
        return
    for part in shapely.get_parts(shapely.difference(line, wet)):
        yield "road", road_class, rank, name, False, part
    if rank < 3:
        for part in shapely.get_parts(shapely.intersection(line, wet)):
            yield "road", road_class, rank, name, True, part


def _borders(middle: Floats, column: int, row: int) -> Iterator[tuple[shapely.LineString, tuple[str, str], bool]]:
    """The streets on the western and southern side of a cell, with their names and whether they are main ones."""
    west, south, east, north = _square(middle)
    steps = np.linspace(0, 1, 9)
    x, y = west + (east - west) * steps, south + (north - south) * steps
    upright = shapely.LineString(np.column_stack([np.full_like(y, west), y]))
    level = shapely.LineString(np.column_stack([x, np.full_like(x, south)]))
    # The core draws the streets around itself.
    if not (column == CORE_COLUMNS and 0 <= row < CORE_ROWS):
        yield upright, _name(5000 + column, "路", "Road"), column % PRIMARY_EVERY == 0
    if not (row == CORE_ROWS and 0 <= column < CORE_COLUMNS):
        yield level, _name(6000 + row, "路", "Road"), row % PRIMARY_EVERY == CORE_ROWS


def _name(number: int, word: str, word_en: str) -> tuple[str, str]:
    zh, en = root(number % 340_000)
    return f"{zh}{word}", f"{en} {word_en}"


def _amenity_name(row: dict[str, str], ident: int) -> tuple[str, str]:
    patterns, patterns_en = row["zh"].split("|"), row["en"].split("|")
    which, (zh, en) = ident % len(patterns), root(ident)
    return patterns[which].format(root=zh, street=zh), patterns_en[which].format(root=en, street=en)


def _square(middle: Floats) -> tuple[float, float, float, float]:
    half = SIDE_M / 2
    return float(middle[0] - half), float(middle[1] - half), float(middle[0] + half), float(middle[1] + half)


def _moved(shapes: Shapes, middle: Floats) -> Shapes:
    return np.asarray(shapely.transform(shapes, lambda xy: xy + middle), dtype=object)


def _bent(shapes: Shapes) -> Shapes:
    return np.asarray(shapely.transform(shapes, warp), dtype=object)
