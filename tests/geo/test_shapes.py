"""Shapes drawn on the map: what is inside, and how they are written."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.errors import BadParameterError
from geo.shapes import Circle, Polygon, parse_shape

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "shapes.json").read_text("utf-8"))
"""What the browser has to answer as well (tests/js/shapes.test.js)."""


@pytest.mark.parametrize("case", VECTORS["drawn"], ids=lambda case: case["shape"][:20])
def test_a_shape_holds_what_the_browser_finds_in_it(case: dict) -> None:
    shape, places = parse_shape(case["shape"]), np.array(case["places"], np.int32)
    assert str(shape) == case["shape"]
    assert shape.holds(places[:, 0], places[:, 1]).astype(int).tolist() == case["inside"]
    assert shape.bounds == pytest.approx(case["bounds"], abs=1e-7)


@pytest.mark.parametrize("text", VECTORS["refused"])
def test_what_is_no_shape_is_refused(text: str) -> None:
    with pytest.raises(BadParameterError, match="shape"):
        parse_shape(text)


@given(st.floats(-175, 175), st.floats(-80, 80), st.integers(100, 20_000), st.floats(0, 360))
def test_the_edge_of_a_circle_is_as_far_as_it_says(lon: float, lat: float, metres: int, azimuth: float) -> None:
    circle = Circle(round(lon, 6), round(lat, 6), metres)
    # A plane is as good as the ellipsoid as long as its meridians run beside each other.
    slack = 0.002 + metres / 6_371_000 * abs(np.tan(np.radians(lat)))
    for part, inside in ((1 - slack, True), (1 + slack, False)):
        east, north, _ = Geod(ellps="WGS84").fwd(circle.lon, circle.lat, azimuth, metres * part)
        place = (np.array([round(degrees * 1e6)], np.int32) for degrees in (east, north))
        assert circle.holds(*place).tolist() == [inside]


corners = st.lists(st.tuples(st.integers(-500, 500), st.integers(-500, 500)), min_size=3, max_size=12)


@given(corners, st.integers(-5000, 5000), st.integers(-5000, 5000))
def test_a_polygon_holds_what_its_outline_covers_however_it_crosses_itself(
    line: list[tuple[int, int]], lon: int, lat: int
) -> None:
    polygon = Polygon(tuple(line))
    inside = polygon.holds(np.array([lon], np.int32), np.array([lat], np.int32))[0]
    point = shapely.Point(lon / 1e6, lat / 1e6)
    on_the_line = shapely.LineString(np.array([*line, line[0]]) / 1e5).distance(point) < 1e-8
    assert on_the_line or inside == polygon.outline.covers(point)


@given(corners)
def test_a_polygon_survives_its_own_address(line: list[tuple[int, int]]) -> None:
    polygon = Polygon(tuple(line))
    if len(set(line)) > 2:
        assert parse_shape(str(polygon)) == polygon


def test_a_polygon_of_a_hundred_corners_fits_into_an_address() -> None:
    angle = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    ring = np.column_stack([12147000 + 2000 * np.cos(angle), 3123000 + 2000 * np.sin(angle)]).round().astype(int)
    text = str(Polygon(tuple(map(tuple, ring.tolist()))))
    assert len(text) < 500
    assert text.replace("polygon:", "").replace("-", "").replace("_", "").isalnum()
