"""Coordinates of every kind of file must end at the right place in WGS-84."""

import numpy as np
import pytest
import shapely

from geo.crs import accuracy_m, crs_of_wkt, local_metric, lonlat_to_wgs84, parse_crs, to_wgs84, wgs84_to_gcj02
from geo.errors import UnknownCrsError

# Its projected coordinates below come from Krüger's series (Karney 2011), written out apart from PROJ.
TOWER = (121.4952, 31.2419)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gcj02", "gcj02"), ("GCJ-02", "gcj02"), ("高德", "gcj02"), ("BD-09", "bd09"), ("百度", "bd09"),
        ("WGS 84", "wgs84"), ("EPSG:4326", "wgs84"), ("CGCS2000", "cgcs2000"), ("epsg:4490", "cgcs2000"),
        ("EPSG:4549", "EPSG:4549"), ("4549", "EPSG:4549"), ("EPSG 32651", "EPSG:32651"),
    ],
)  # fmt: skip
def test_a_coordinate_system_has_one_spelling(written: str, meant: str) -> None:
    assert parse_crs(written) == meant


@pytest.mark.parametrize("written", ["", "mars", "EPSG:", "EPSG:999999", "EPSG:12345678901234567890", "４５４９x"])
def test_an_unknown_coordinate_system_is_refused(written: str) -> None:
    with pytest.raises(UnknownCrsError):
        parse_crs(written)


def test_parameters_of_a_local_system_are_refused_and_not_repeated() -> None:
    with pytest.raises(UnknownCrsError) as refusal:
        parse_crs("+proj=tmerc +lon_0=121.4 +towgs84=11.1,22.2,33.3,0,0,0,0")
    assert "towgs84" not in str(refusal.value)
    assert "11.1" not in str(refusal.value)


@pytest.mark.parametrize("code", [4610, 2383, 4555])
def test_a_system_without_a_published_transformation_names_the_remedy(code: int) -> None:
    with pytest.raises(UnknownCrsError, match="CGCS2000"):
        parse_crs(f"EPSG:{code}")


def test_a_city_grid_in_a_prj_file_is_refused() -> None:
    grid = (
        'LOCAL_CS["City grid",LOCAL_DATUM["City",0],UNIT["metre",1],AXIS["E",EAST],AXIS["N",NORTH]]',
        "not a definition at all",
    )
    for wkt in grid:
        with pytest.raises(UnknownCrsError, match="--crs"):
            crs_of_wkt(wkt)


def test_an_esri_prj_without_a_code_is_recognised() -> None:
    wkt = (
        'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )
    assert crs_of_wkt(wkt) == "wgs84"


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [
        ("EPSG:4549", 642443.762, 3458758.263),
        ("EPSG:32651", 356698.917, 3457387.177),
        ("EPSG:3857", 13524783.798, 3664204.472),
    ],
)
def test_projected_coordinates_reach_the_same_tower(crs: str, x: float, y: float) -> None:
    lon, lat = lonlat_to_wgs84([x], [y], crs)
    np.testing.assert_allclose([lon[0], lat[0]], TOWER, atol=1e-8)


def test_cgcs2000_degrees_are_taken_as_they_are() -> None:
    lon, lat = lonlat_to_wgs84([121.5], [31.2], "cgcs2000")
    assert (lon[0], lat[0]) == (121.5, 31.2)


def test_geometries_are_moved_with_their_heights_and_gaps_kept() -> None:
    flat = shapely.Polygon([(121.5, 31.2), (121.6, 31.2), (121.6, 31.3)], holes=None)
    high = shapely.Point(121.5, 31.2, 88.0)
    geometries = np.array([flat, None, high, shapely.Point()], dtype=object)

    shifted = shapely.transform(flat, lambda xy: np.column_stack(wgs84_to_gcj02(xy[:, 0], xy[:, 1])))
    back = to_wgs84(np.array([shifted], dtype=object), "gcj02")
    assert shapely.hausdorff_distance(back[0], flat) < 1e-9

    moved = to_wgs84(geometries, "gcj02")
    assert moved[1] is None
    assert moved[2].z == 88.0
    assert not moved[0].has_z
    assert moved[3].is_empty
    assert moved[0].distance(flat) == 0.0
    assert moved[0] != flat


def test_each_system_states_how_exact_it_is() -> None:
    assert accuracy_m("wgs84") == 0.0
    assert accuracy_m("gcj02") == 1.0
    assert accuracy_m("EPSG:2437") == 15.0  # Beijing 1954, as registered


def test_a_kilometre_is_a_kilometre_on_the_local_plane() -> None:
    plane = local_metric([121.4, 121.6], [31.1, 31.3])
    assert (plane.lon, plane.lat) == (121.5, 31.2)
    x_m, y_m = plane.to_metres([121.5, 121.5], [31.2, 31.209])
    # One degree of latitude at 31.2° is 110,868 m on WGS-84.
    assert y_m[1] - y_m[0] == pytest.approx(0.009 * 110_868, abs=0.05)
    assert x_m[0] == pytest.approx(0.0, abs=1e-6)
    lon, lat = plane.to_degrees(x_m, y_m)
    np.testing.assert_allclose([lon, lat], [[121.5, 121.5], [31.2, 31.209]], atol=1e-10)


def test_polygons_go_to_the_plane_and_back() -> None:
    plane = local_metric([121.5], [31.2])
    square = np.array([shapely.box(-50, -50, 50, 50)], dtype=object)
    assert plane.project(plane.unproject(square))[0].area == pytest.approx(10_000, abs=0.01)


def test_a_plane_needs_a_point() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        local_metric([], [])
