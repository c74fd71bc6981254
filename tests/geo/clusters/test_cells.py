"""Cells: every point is in the nearest one, neighbours are the ones that touch."""

import numpy as np
import pytest
from scipy.spatial import cKDTree
from shapely import Point, Polygon

from geo.clusters.cells import KINDS, Cells, Kind, cut

RANDOM = np.random.default_rng(4)
X, Y = RANDOM.uniform(-900, 1300, 4000), RANDOM.uniform(-2100, -300, 4000)


@pytest.mark.parametrize("kind", KINDS)
def test_every_point_lies_in_the_cell_whose_middle_is_nearest(kind: Kind) -> None:
    cells = cut(X, Y, 120, kind)
    points = np.column_stack([X, Y])
    _, nearest = cKDTree(cells.centres).query(points, p=2 if kind == "hexagon" else np.inf)
    assert (nearest == cells.of).all()
    assert len(cells) == len({*zip(cells.column.tolist(), cells.row.tolist(), strict=True)})


@pytest.mark.parametrize("kind", KINDS)
def test_the_outline_of_a_cell_has_its_width_and_area_and_holds_its_points(kind: Kind) -> None:
    cells = cut(X, Y, 120, kind)
    outline = Polygon(cells.outlines[7])
    west, _, east, _ = outline.bounds
    assert east - west == pytest.approx(120)
    assert outline.area == pytest.approx(cells.area_m2)
    assert outline.exterior.is_ccw
    assert all(outline.distance(Point(X[at], Y[at])) < 1e-6 for at in np.flatnonzero(cells.of == 7))


@pytest.mark.parametrize("rings", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_are_the_cells_within_so_many_steps_and_the_cell_itself(kind: Kind, rings: int) -> None:
    cells = cut(X, Y, 120, kind)
    near = cells.around(rings)
    assert (near.diagonal() == 1).all()
    assert (near != near.T).nnz == 0
    reached = _by_steps(cells, rings)
    assert [sorted(row) for row in near.tolil().rows] == reached


def test_far_apart_towns_have_the_same_cells_as_each_alone() -> None:
    together = cut(np.r_[X, X + 120 * 90_000], np.r_[Y, Y], 120)
    alone = cut(X, Y, 120)
    assert len(together) == 2 * len(alone)
    assert (together.column[: len(alone)] == alone.column).all()
    assert (together.of[: len(X)] == alone.of).all()


def test_points_are_added_up_by_cell_and_group() -> None:
    cells = cut([5, 6, 105], [5, 5, 5], 100, "square")
    assert cells.sums(np.array([0, 1, 1]), 2).tolist() == [[1, 1], [0, 1]]
    assert cells.sums(np.array([0, 1, 1]), 2, [10.5, 2, 4]).tolist() == [[10.5, 2], [0, 4]]


def test_no_points_make_no_cells() -> None:
    none = cut([], [], 100)
    assert len(none) == 0
    assert none.sums(np.array([], int), 3).shape == (0, 3)
    assert none.around(1).shape == (0, 0)


@pytest.mark.parametrize("size", [0, -5, 19, 6000, float("nan")])
def test_a_size_out_of_range_is_refused_with_the_range(size: float) -> None:
    with pytest.raises(ValueError, match="20 to 5000 m wide"):
        cut([1.0], [1.0], size)


def test_a_point_without_a_position_is_refused() -> None:
    with pytest.raises(ValueError, match="without a position"):
        cut([1.0, np.nan], [1.0, 2.0], 100)


def _by_steps(cells: Cells, rings: int) -> list[list[int]]:
    """Neighbours by walking over touching cells of a plane that has all of them."""
    steps = _touching_hexagons if cells.kind == "hexagon" else _touching_squares
    place = {at: number for number, at in enumerate(zip(cells.column.tolist(), cells.row.tolist(), strict=True))}
    reached = []
    for start in place:
        found = {start}
        for _ in range(rings):
            found |= {beside for at in found for beside in steps(*at)}
        reached.append(sorted(place[at] for at in found if at in place))
    return reached


def _touching_squares(column: int, row: int) -> list[tuple[int, int]]:
    return [(column + along, row + up) for along in (-1, 0, 1) for up in (-1, 0, 1)]


def _touching_hexagons(column: int, row: int) -> list[tuple[int, int]]:
    shifted = row % 2
    across = [(column - 1 + shifted, row + step) for step in (-1, 1)] + [(column + shifted, row + s) for s in (-1, 1)]
    return [(column - 1, row), (column + 1, row), *across]
