"""An outline is looked at before it is kept: its validity with a remedy, its area, what it lies over."""

import json

import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from geo.editing.outline_texts import read_outline
from geo.editing.outlines import examine, written
from geo.errors import BadParameterError, UnknownCrsError
from geo.model import Section
from tests.factories import create_building, square

SQUARE = square()
RING = [list(corner) for corner in SQUARE.geoms[0].exterior.coords]
BOW = MultiPolygon([Polygon([(121.47, 31.23), (121.471, 31.231), (121.471, 31.23), (121.47, 31.231)])])


@pytest.mark.parametrize(
    "text",
    [
        SQUARE.wkt,
        f"SRID=4326;{SQUARE.geoms[0].wkt}",
        json.dumps({"type": "Polygon", "coordinates": [RING]}),
        json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [RING]}}),
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [RING]}}
                ],
            }
        ),
        json.dumps([[*corner, 12.5] for corner in RING]),
    ],
)
def test_an_outline_is_read_however_it_is_pasted(text):
    read = read_outline(text)
    assert shapely.equals(read, SQUARE)
    assert not read.has_z


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "GeoJSON or WKT"),
        ("POINT (121 31)", "this is a Point"),
        ("POLYGON EMPTY", "polygon"),
        ("POLYGON ((121", "GeoJSON or WKT"),
        ('{"type": "Polygon"}', "GeoJSON or WKT"),
        ('{"type": "FeatureCollection", "features": []}', "polygon"),
        ("[" * 2000, "GeoJSON or WKT"),
        ("POLYGON ((500000 3456000, 500100 3456000, 500100 3456100, 500000 3456000))", "coordinate system"),
        ("POLYGON ((nan nan, 1 1, 2 2, nan nan))", "polygon|degrees"),
    ],
)
def test_what_is_no_outline_is_refused_in_words(text, message):
    with pytest.raises(BadParameterError, match=message):
        read_outline(text)


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09", "EPSG:4549"])
def test_an_outline_goes_out_and_in_again_in_every_system(crs):
    again = read_outline(written(SQUARE, crs), crs)
    assert shapely.hausdorff_distance(again, SQUARE) < 2e-6


def test_an_unknown_system_is_refused():
    with pytest.raises(UnknownCrsError):
        read_outline(SQUARE.wkt, "EPSG:999999")


def test_what_crosses_itself_is_told_with_the_place_and_a_remedy(session):
    seen = examine(session, BOW)
    assert not seen.fits
    assert seen.reason == "Self-intersection"
    assert seen.at == pytest.approx((121.4705, 31.2305), abs=1e-6)
    assert seen.repaired.is_valid
    assert examine(session, seen.repaired).fits


def test_area_and_distance_are_compared_with_what_was_there(session):
    building = create_building(session)
    seen = examine(session, square(121.4701, half=0.0002), building)
    assert seen.fits
    assert seen.corners == 4
    assert seen.area_m2 == pytest.approx(seen.before_m2, rel=1e-6)
    assert 1600 < seen.area_m2 < 1800
    assert seen.moved_m == pytest.approx(9.5, abs=0.2)
    assert seen.overlaps == []


def test_neighbours_that_it_lies_over_are_named(session):
    building, other = create_building(session), create_building(session, square(121.4703), name="乙楼")
    seen = examine(session, square(121.4701), building)
    assert [(each.code, each.name) for each in seen.overlaps] == [(other.code, "乙楼")]
    assert seen.overlaps[0].share == pytest.approx(0.5, abs=0.01)


def test_a_section_is_measured_against_its_building(session):
    building = create_building(session)
    half_out = MultiPolygon([box(121.47, 31.2298, 121.4704, 31.2302)])
    seen = examine(session, half_out, building, Section(building_id=building.id))
    assert seen.outside == pytest.approx(0.5, abs=0.01)
    assert seen.overlaps == ()


def test_specks_and_districts_are_no_buildings(session):
    assert not examine(session, square(half=0.000005)).fits
    assert not examine(session, square(half=0.02)).fits
