"""The offsets of Chinese map services are put on and taken off without losing a centimetre."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.china_offsets import LonLat, bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

EARTH = Geod(ellps="WGS84")
Conversion = Callable[[object, object], LonLat]
in_china = st.tuples(st.floats(73.5, 135.0), st.floats(18.0, 53.5))


def metres_between(there: object, here: object) -> np.ndarray:
    (lon1, lat1), (lon2, lat2) = (np.atleast_2d(np.asarray(pair, dtype=float).T).T for pair in (there, here))
    return np.asarray(EARTH.inv(lon1, lat1, lon2, lat2)[2])


@given(in_china)
def test_gcj02_goes_there_and_back(place: tuple[float, float]) -> None:
    assert metres_between(gcj02_to_wgs84(*wgs84_to_gcj02(*place)), place).max() < 1e-5
    assert metres_between(wgs84_to_gcj02(*gcj02_to_wgs84(*place)), place).max() < 1e-5


@given(in_china)
def test_bd09_goes_there_and_back(place: tuple[float, float]) -> None:
    assert metres_between(bd09_to_wgs84(*wgs84_to_bd09(*place)), place).max() < 1e-5
    assert metres_between(wgs84_to_bd09(*bd09_to_wgs84(*place)), place).max() < 1e-5


@given(in_china)
def test_an_offset_inside_china_is_never_nothing_and_never_kilometres(place: tuple[float, float]) -> None:
    assert 5 < metres_between(wgs84_to_gcj02(*place), place).max() < 1000


@pytest.mark.parametrize("convert", [wgs84_to_gcj02, gcj02_to_wgs84, wgs84_to_bd09, bd09_to_wgs84])
@pytest.mark.parametrize("place", [(24.94, 60.17), (-1.75, 53.79), (139.7, 35.7), (151.2, -33.9), (np.nan, np.nan)])
def test_places_outside_china_and_gaps_stay(convert: Conversion, place: tuple[float, float]) -> None:
    np.testing.assert_array_equal(convert(*place), place)


def test_a_whole_grid_is_converted_in_its_own_shape() -> None:
    lon, lat = np.meshgrid(np.linspace(80, 130, 5), np.linspace(20, 50, 3))
    there_lon, there_lat = wgs84_to_gcj02(lon, lat)
    assert there_lon.shape == there_lat.shape == (3, 5)
    assert float(there_lon[1, 2]) == float(wgs84_to_gcj02(lon[1, 2], lat[1, 2])[0])


@pytest.mark.real_data
def test_664_places_agree_with_the_map_services(shared_data: Path) -> None:
    places = json.loads((shared_data / "crs_vectors/gcoord_china-cities.json").read_text("utf-8"))
    wgs, gcj, bd = (np.array([place["coords"][key] for place in places]).T for key in ("WGS84", "GCJ02", "BD09"))
    assert metres_between(wgs84_to_gcj02(*wgs), gcj).max() < 1
    assert metres_between(gcj02_to_wgs84(*gcj), wgs).max() < 1
    assert metres_between(wgs84_to_bd09(*wgs), bd).max() < 1
    assert metres_between(bd09_to_wgs84(*bd), wgs).max() < 1


@pytest.mark.real_data
def test_the_vectors_of_the_public_formula_agree(shared_data: Path) -> None:
    # Its "bd2wgs" pairs are left out: they were made with π in place of 3000π/180 (googollee/eviltransform, number 43)
    # and lie 10 and 41 m from the 664 places of the test above.
    vectors = json.loads((shared_data / "crs_vectors/eviltransform_vectors.json").read_text("utf-8"))
    for lat, lon, gcj_lat, gcj_lon in vectors["wgs2gcj"]:
        assert metres_between(wgs84_to_gcj02(lon, lat), (gcj_lon, gcj_lat)).max() < 0.5
        assert metres_between(gcj02_to_wgs84(gcj_lon, gcj_lat), (lon, lat)).max() < 0.5
