"""Amenities, ground, lines, areas and industry codes come into the database; so does a whole OpenStreetMap file."""

from pathlib import Path

import pytest
from shapely import LineString, Point, box
from sqlalchemy import func, select

from geo.errors import ImportRefusedError
from geo.model import (
    Amenity,
    AmenityDistance,
    Area,
    Building,
    GroundFeature,
    IndustryCode,
    Section,
    Source,
    TransitLine,
)
from tests.factories import create_building, square
from tests.geo.importers.importing import bring, counts, geojson, table

OSM = """<?xml version="1.0"?><osm version="0.6">
 <node id="1" lat="31.2300" lon="121.4700"/><node id="2" lat="31.2300" lon="121.4704"/>
 <node id="3" lat="31.2304" lon="121.4704"/><node id="4" lat="31.2304" lon="121.4700"/>
 <node id="5" lat="31.2310" lon="121.4700"><tag k="amenity" v="cafe"/><tag k="name" v="云边咖啡"/></node>
 <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
  <tag k="building" v="yes"/><tag k="name" v="云澜大厦"/><tag k="name:en" v="Yunlan Tower"/>
  <tag k="building:levels" v="20"/></way>
 <way id="11"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="海湾路"/></way>
</osm>"""


def test_amenities_get_a_category_and_distances_from_buildings(session, tmp_path):
    building = create_building(session)
    head = "name,address,type,经度,纬度"
    lines = (
        "江湾站,1号线;2号线,交通设施服务;地铁站;地铁站,121.4702,31.2350",
        "江海银行,,金融保险服务;银行;银行,121.4702,31.2310",
    )
    path = table(tmp_path / "poi.csv", head, *lines)
    report = bring(session, path, "amenities", source_publishable=True)
    assert counts(report) == {"read": 2, "added": 2}
    found = dict(session.execute(select(Amenity.category, Amenity.name)).all())
    assert found == {"metro": "江湾站", "bank": "江海银行"}
    metres = dict(
        session.execute(
            select(AmenityDistance.category, AmenityDistance.metres).where(AmenityDistance.building_id == building.id)
        ).all()
    )
    assert set(metres) == {"metro", "bank"}
    assert metres["bank"] == pytest.approx(89, abs=3)


def test_a_place_of_no_category_is_counted_not_imported(session, tmp_path):
    path = table(tmp_path / "poi.csv", "name,type,lon,lat", "某某,公司企业;公司;公司,121.47,31.23")
    report = bring(session, path, "amenities")
    assert counts(report) == {"read": 1, "skipped": 1}


def test_an_amenity_without_a_place_is_refused(session, tmp_path):
    path = table(tmp_path / "poi.csv", "name,type,lon,lat", "江海银行,银行,,", "云海银行,银行,121.47,31.23")
    report = bring(session, path, "amenities")
    assert counts(report) == {"read": 2, "added": 1, "rejected": 1}
    assert report.issue_counts["place_missing"] == 1


def test_the_same_place_twice_in_a_file_is_one(session, tmp_path):
    line = "江海银行,银行,121.47,31.23"
    report = bring(session, table(tmp_path / "poi.csv", "name,type,lon,lat", line, line), "amenities")
    assert counts(report) == {"read": 2, "added": 1, "skipped": 1}


def test_roads_water_and_metro_tracks_go_where_they_belong(session, tmp_path):
    line, area = LineString([(121.47, 31.23), (121.48, 31.23)]), box(121.47, 31.22, 121.48, 31.225)
    path = geojson(
        tmp_path / "ground.geojson",
        (line, {"id": 1, "kind": "primary", "name": "海湾路"}),
        (area, {"id": 2, "kind": "water", "name": "澜江"}),
        (line, {"id": 3, "kind": "subway", "name": "1号线"}),
    )
    report = bring(session, path, "ground")
    assert counts(report) == {"read": 3, "added": 3}
    found = dict(session.execute(select(GroundFeature.kind, GroundFeature.name)).all())
    assert found == {"road": "海湾路", "water": "澜江"}
    assert session.execute(select(TransitLine.mode, TransitLine.name)).all() == [("metro", "1号线")]
    assert counts(bring(session, path, "ground")) == {"read": 3, "unchanged": 3}


def test_areas_take_their_level_from_their_name_and_lie_in_one_another(session, tmp_path):
    path = geojson(
        tmp_path / "areas.geojson",
        (box(121, 31, 122, 32), {"名称": "东海市"}),
        (box(121.4, 31.2, 121.6, 31.4), {"名称": "江海区"}),
        (square(121.5, 31.3), {"名称": "澜桥街道"}),
        (square(121.45, 31.25), {"名称": "云端", "级别": "商圈"}),
        (square(121.41, 31.21), {"名称": ""}),
    )
    report = bring(session, path, "areas")
    found = {area.name: area for area in session.scalars(select(Area))}
    assert {name: area.level for name, area in found.items()} == {
        "东海市": "city",
        "江海区": "district",
        "澜桥街道": "subdistrict",
        "云端": "zone",
    }
    assert found["澜桥街道"].parent_id == found["江海区"].id
    assert found["江海区"].parent_id == found["东海市"].id
    assert report.issue_counts["name_missing"] == 1


def test_the_table_of_industries_is_checked_and_loaded(session, tmp_path):
    head = "code,level,section,parent,name"
    lines = ("J,1,J,,金融业", "66,2,J,J,货币金融服务", "662,3,J,66,货币银行服务", "6629,4,J,661,错位")
    path = table(tmp_path / "codes.csv", head, *lines)
    report = bring(session, path, "taxonomy")
    assert counts(report) == {"read": 4, "added": 3, "rejected": 1}
    assert session.scalar(select(func.count()).select_from(IndustryCode)) == 3
    assert counts(bring(session, path, "taxonomy")) == {"read": 4, "unchanged": 3, "rejected": 1}


def test_one_reading_of_an_osm_file_brings_everything_and_may_be_shown(session, tmp_path):
    path = tmp_path / "district.osm"
    path.write_text(OSM, "utf-8")
    report = bring(session, path, None)
    assert counts(report) == {"read": 3, "added": 3}
    source = session.scalars(select(Source).where(Source.name == "district")).one()
    assert (source.licence, source.attribution, source.publishable) == (
        "ODbL 1.0",
        "© OpenStreetMap contributors",
        True,
    )
    building = session.scalars(select(Building)).one()
    assert (building.source_key, building.name_en, building.floors_above) == ("way/10", "Yunlan Tower", 20)
    assert (building.height_m, building.managed, building.publishable) == (None, False, True)
    assert session.scalars(select(AmenityDistance.category)).all() == ["cafe"]
    assert counts(bring(session, path, None)) == {"read": 3, "unchanged": 3}


def test_only_the_kind_that_is_named_is_taken_from_an_osm_file(session, tmp_path):
    path = tmp_path / "district.osm"
    path.write_text(OSM, "utf-8")
    assert counts(bring(session, path, "amenities")) == {"read": 1, "added": 1}
    with pytest.raises(ImportRefusedError, match="gives all, buildings, amenities, ground"):
        bring(session, path, "units")


def test_a_file_that_is_no_osm_must_be_named(session, tmp_path):
    with pytest.raises(ImportRefusedError, match="--as buildings"):
        bring(session, geojson(tmp_path / "a.geojson", (Point(0, 0), {})), None)


REAL = (
    # file under the shared data, kind, options, what becomes of its rows
    ("shanghai_poi/metrostop2.csv", "amenities", {}, {"read": 60}),
    ("shanghai_poi/shanghai_urban.csv", "amenities", {}, {"read": 449, "added": 449}),
    ("shanghai_poi/shanghai_bus.csv", "amenities", {}, {"read": 10186}),
    ("shanghai_poi/metroline2.shp", "ground", {}, {"read": 2, "added": 2}),
    ("shanghai_boundary_gbk/区县界_area.shp", "areas", {}, {"read": 17, "added": 17}),
    ("messy/gbk_no_ldid/districts.shp", "areas", {}, {"read": 17, "added": 17}),
    ("messy/shanghai_bus_gbk.csv", "amenities", {}, {"read": 611}),
    ("messy/shanghai_hotels_gbk.csv", "amenities", {}, {"read": 43, "added": 43}),
    ("messy/shanghai_metro_gcj02.csv", "amenities", {"crs": "gcj02"}, {"read": 449, "added": 449}),
    ("boundaries_gcj02/310101.geojson", "areas", {"crs": "gcj02"}, {"read": 1, "added": 1}),
    ("shanghai_osm/tz_sh_pois.geojson", "amenities", {}, {"read": 494}),
    ("shanghai_osm/tz_sh_roads.geojson", "ground", {}, {"read": 1778}),
    ("shanghai_osm/tz_sh_water.geojson", "ground", {}, {"read": 106}),
    ("taxonomy/gbt4754_2017.csv", "taxonomy", {}, {"read": 1971, "added": 1971}),
)


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "kind", "options", "expected"), REAL, ids=[Path(row[0]).stem for row in REAL])
def test_real_files_come_in_whole_and_a_second_time_change_nothing(session, shared_data, name, kind, options, expected):
    report = bring(session, shared_data / name, kind, **options)
    assert {key: report.rows[key] for key in expected} == expected
    again = bring(session, shared_data / name, kind, **options)
    assert (again.rows["added"], again.rows["updated"]) == (0, 0)
    assert again.rows["unchanged"] == report.rows["added"]


@pytest.mark.real_data
def test_helsinki_gives_its_complete_buildings_and_names_the_cut_ones(session, shared_data):
    report = bring(session, shared_data / "helsinki_osm" / "Helsinki.osm.pbf", None)
    assert session.scalar(select(func.count()).select_from(Building)) == 446
    assert report.issue_counts["osm_way_cut"] == 48
    assert session.scalar(select(func.count(Building.name))) == 74
    assert session.scalar(select(func.count(Building.floors_above))) == 149
    assert session.scalar(select(func.count()).where(Amenity.category == "hotel")) >= 24
    assert session.scalar(select(func.count()).select_from(Section)) > 0
