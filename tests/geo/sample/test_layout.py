"""Looks at the district from above, in metres of its plane."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from geo.sample.cells import cells, houses_of, warp
from geo.sample.district import district, metro
from geo.sample.stream import SEED
from geo.sample.streets import HALF_STREET_M, streets
from geo.sample.terrain import HALF_DEPTH_M, HALF_WIDTH_M, frame, river
from geo.sample.towers import towers

SEEDS = [SEED, 1, 11]
ROUNDING_M2 = 0.5


def outlines(seed):
    plain = [house.plain.outline for house in district(seed).houses]
    return np.array([tower.outline for tower in towers()] + plain, dtype=object)


def overlaps(first, second):
    """Square metres that shapes of two arrays share, pair by pair of those that meet."""
    left, right = shapely.STRtree(second).query(first, predicate="intersects")
    return left, right, shapely.area(shapely.intersection(first[left], second[right]))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_building_stands_in_another(seed):
    shapes = outlines(seed)
    left, right, shared = overlaps(shapes, shapes)
    assert shared[left < right].max(initial=0) < ROUNDING_M2


@pytest.mark.parametrize("seed", SEEDS)
def test_no_building_stands_on_a_street(seed):
    roads = np.array([shapely.buffer(s.line, HALF_STREET_M[s.road_class]) for s in streets()], dtype=object)
    assert overlaps(outlines(seed), roads)[2].max(initial=0) < ROUNDING_M2


@pytest.mark.parametrize("seed", SEEDS)
def test_no_building_stands_in_the_water_or_on_a_square(seed):
    kinds = ("water", "plaza")
    ground = [piece.shape for piece in district(seed).ground if piece.kind in kinds and piece.name]
    assert len(ground) >= 2
    assert overlaps(outlines(seed), np.array(ground, dtype=object))[2].max(initial=0) < ROUNDING_M2


@pytest.mark.parametrize("seed", SEEDS)
def test_only_pavilions_stand_in_parks(seed):
    parks = np.array([piece.shape for piece in district(seed).ground if piece.kind == "green"], dtype=object)
    kinds = ["tower"] * len(towers()) + [house.plain.kind for house in district(seed).houses]
    left, _, shared = overlaps(outlines(seed), parks)
    assert {kinds[i] for i in left[shared > ROUNDING_M2]} <= {"pavilion"}


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_is_a_valid_shape_inside_the_district(seed):
    shapes = outlines(seed)
    assert shapely.is_valid(shapes).all()
    assert frame().buffer(1).covers(shapely.union_all(shapes))


def test_there_are_thirty_six_towers_of_sixty_to_three_hundred_metres():
    heights = [tower.height_m for tower in towers()]
    assert len(heights) == 36
    assert min(heights) >= 60 and max(heights) <= 300
    assert len({round(height / 10) for height in heights}) > 12


def test_towers_stand_on_their_piece_of_the_podium():
    for tower in towers():
        for part in tower.parts:
            assert tower.outline.buffer(0.1).covers(part.outline), f"{tower.key} {part.kind}"


def test_some_towers_share_a_podium_and_have_another_outline_than_it():
    shared = [t for t in towers() if any(t.outline.touches(other.outline) for other in towers())]
    assert len(shared) >= 12
    assert all(tower.parts[2].outline.area < 0.75 * tower.outline.area for tower in shared)


def test_the_parts_of_a_tower_follow_each_other_without_gap():
    for tower in towers():
        above = tower.parts[1:]
        assert above[0].base_m == 0
        assert all(low.top_m == high.base_m for low, high in pairwise(above))
        assert all(low.floor_to + 1 == high.floor_from for low, high in pairwise(above))


def test_metro_has_two_lines_and_seven_stations():
    stations = {station.name for line in metro() for station in line.stations}
    assert (len(metro()), len(stations)) == (2, 7)


def test_streets_are_named_in_both_languages_and_some_cross_the_river():
    assert all(street.name and street.name_en.isprintable() for street in streets())
    bridges = [piece for piece in district(SEED).ground if piece.bridge]
    assert 4 <= len(bridges) <= 10
    assert {piece.road_class for piece in district(SEED).ground if piece.kind == "road"} >= {
        "primary", "secondary", "tertiary", "residential", "footway",
    }  # fmt: skip


def test_neighbourhoods_around_the_district_keep_clear_of_it_and_of_the_river():
    around = houses_of(next(cells(SEED)))
    left, right, shared = overlaps(around.outlines, around.outlines)
    assert shared[left < right].max(initial=0) < ROUNDING_M2
    assert shapely.is_valid(around.outlines).all()
    core = shapely.box(-HALF_WIDTH_M, -HALF_DEPTH_M, HALF_WIDTH_M, HALF_DEPTH_M)
    assert not shapely.intersects(around.outlines, core).any()
    reach = shapely.total_bounds(around.outlines)
    water = shapely.transform(river(reach[0], reach[2]), warp)
    assert not shapely.intersects(around.outlines, water).any()
