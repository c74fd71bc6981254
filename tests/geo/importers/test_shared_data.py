"""The real files give what is known of them (SOURCES.md beside them); skipped where they are absent."""

from collections import Counter

import numpy as np
import pytest
import shapely

from geo.importers.fields import Kind

pytestmark = pytest.mark.real_data


def test_tiled_shanghai_buildings_are_united(read, shared):
    found = read(shared / "shanghai_osm" / "tz_sh_buildings.geojson", Kind.BUILDINGS)
    assert found.count("buildings") == 1321
    assert found.filled("name", "buildings") == 219
    assert found.filled("height_m", "buildings") == 583
    united = [issue.value for issue in found.log if issue.code == "geometry_merged"]
    assert len(set(united) & set(found.column("source_id", "buildings"))) == 103
    assert 219 - len(set(found.column("name", "buildings")) - {None}) == 11


def test_every_shanghai_feature_is_accounted_for(read, shared):
    found = read(shared / "shanghai_osm" / "tz_sh_buildings.geojson", Kind.BUILDINGS)
    counts = found.log.counts
    rows = found.count("buildings") + found.count("sections")
    assert counts["read"] == 1981 == rows + counts["rejected"] + counts["skipped"] + counts["merged"]


def test_united_outlines_are_those_of_the_dissolved_file(read, shared):
    tiled = read(shared / "shanghai_osm" / "tz_sh_buildings.geojson", Kind.BUILDINGS)
    whole = read(shared / "shanghai_osm" / "buildings_dissolved.gpkg", Kind.BUILDINGS)
    areas = dict(zip(tiled.column("source_id"), shapely.area(tiled.geometry("buildings")), strict=True))
    for key, area in zip(whole.column("source_id"), shapely.area(whole.geometry()), strict=True):
        assert areas[key] == pytest.approx(area, rel=1e-6)


def test_helsinki_gives_its_complete_buildings_and_reports_the_cut_ones(read, shared):
    found = read(shared / "helsinki_osm" / "Helsinki.osm.pbf", Kind.BUILDINGS)
    kinds = Counter(key.split("/")[0] for key in found.column("source_id", "buildings"))
    assert kinds == {"way": 385, "relation": 61}
    assert found.log.by_code["osm_way_cut"] == 48
    assert found.log.by_code["osm_relation_cut"] == 6
    assert [found.filled(name, "buildings") for name in ("name", "floors_above", "height_m", "name_zh")] == [
        74,
        149,
        16,
        4,
    ]
    assert shapely.is_valid(found.geometry("buildings")).all()


def test_helsinki_gives_transit_and_ground_in_the_same_reading(read, shared):
    found = read(shared / "helsinki_osm" / "Helsinki.osm.pbf", Kind.BUILDINGS)
    categories = Counter(found.column("category", "amenities"))
    assert categories["bank"] >= 16
    assert categories["bus"] >= 92
    assert {"metro", "tram"} <= set(found.column("mode", "transit_lines"))
    assert {"road", "green", "water"} <= set(found.column("kind", "ground"))


def test_broken_multipolygons_are_reported(read, shared):
    found = read(shared / "messy" / "multipolygon_testcases.osm", Kind.BUILDINGS)
    assert found.count("buildings") == 0
    assert found.log.by_code["osm_unsorted"] == 1
    assert found.log.by_code["osm_relation_ignored"] == 17


def test_bradford_gives_all_premises_with_blank_as_vacant(read, shared):
    found = read(shared / "uk_vacancy" / "bradford.csv", Kind.UNITS)
    assert found.count("units") == 19323
    assert sum(shape is None for shape in found.geometry()) == 73
    assert found.log.by_code["no_coordinates"] == 73
    assert found.log.by_code["row_short"] == 72
    assert found.log.counts["rejected"] == 0
    # In the file as it stands 16868 rows say Y under "Occupied" and 2452 nothing; the 72 rows that lack a field say
    # theirs one column further left: 67 times Y, 5 times nothing.
    assert Counter(found.column("occupancy")) == {"in_use": 16868 + 67, "vacant": 2452 - 69 + 5}


def test_rows_that_seemed_to_say_land_for_occupied_are_put_right(read, shared):
    found = read(shared / "uk_vacancy" / "bradford.csv", Kind.UNITS)
    states = dict(zip(found.rows(), found.column("occupancy"), strict=True))
    assert {states[row] for row in (1445, 5053, 9970)} == {"vacant"}


def test_offices_under_a_merged_header_are_read(read, shared):
    found = read(shared / "messy" / "bradford_offices_merged_header.xlsx", Kind.UNITS)
    assert (found.rows()[0], found.rows()[-1], found.count("units")) == (4, 403, 400)
    assert found.filled("building", "units") == 400
    assert all(shape is not None for shape in found.geometry())
    assert [issue.row for issue in found.log if issue.code == "row_total"] == [404]


def test_gbk_tables_are_read(read, shared):
    assert read(shared / "messy" / "shanghai_bus_gbk.csv", Kind.AMENITIES).count("amenities") == 611
    hotels = read(shared / "messy" / "shanghai_hotels_gbk.csv", Kind.AMENITIES)
    assert Counter(hotels.column("category")) == {"hotel": 43}


def test_offset_metro_stations_come_back_within_a_metre(read, shared):
    moved = read(shared / "messy" / "shanghai_metro_gcj02.csv", Kind.AMENITIES, crs="gcj02")
    source = read(shared / "shanghai_poi" / "shanghai_urban.csv", Kind.AMENITIES)
    assert moved.count("amenities") == 449
    apart = shapely.get_coordinates(moved.geometry()) - shapely.get_coordinates(source.geometry())
    assert np.abs(apart * [95_000, 111_000]).max() < 1


def test_stations_under_construction_are_not_open(read, shared):
    found = read(shared / "shanghai_poi" / "shanghai_urban.csv", Kind.AMENITIES)
    # 92 rows carry "(在建)": 60 have no line that runs yet, 32 are stations of a running line as well.
    assert Counter(found.column("open")) == {True: 389, False: 60}
    assert found.log.by_code["amenity_partly_open"] == 32


@pytest.mark.parametrize(
    ("name", "rows"), [("bus", 10186), ("food", 14398), ("hospital", 7513), ("school", 6151), ("Theatr_Cinema", 753)]
)
def test_every_row_of_the_amenity_tables_is_accounted_for(read, shared, name, rows):
    found = read(shared / "shanghai_poi" / f"shanghai_{name}.csv", Kind.AMENITIES)
    assert found.count("amenities") + found.log.counts["skipped"] == rows == found.log.counts["read"]


def test_an_empty_list_for_an_address_is_no_address(read, shared):
    found = read(shared / "shanghai_poi" / "shanghai_food.csv", Kind.AMENITIES)
    assert found.column("address").count(None) == 131
    assert Counter(found.column("category"))["hotel"] == 43


@pytest.mark.parametrize("name", ["messy/gbk_no_ldid/districts.shp", "shanghai_boundary_gbk/区县界_area.shp"])
def test_gbk_districts_are_named_with_and_without_a_code_page(read, shared, name):
    found = read(shared / name, Kind.AREAS)
    assert found.count("areas") == 17
    assert {"宝山区", "闸北区", "崇明县"} <= set(found.column("name"))
    assert set(found.column("level")) == {"district"}


def test_boundaries_from_a_map_service_move_by_its_offset(read, shared):
    path = shared / "boundaries_gcj02" / "310101.geojson"
    raw, moved = read(path, Kind.AREAS), read(path, Kind.AREAS, crs="gcj02")
    assert moved.column("official_code") == ["310101"]
    assert 300 < raw.geometry()[0].centroid.distance(moved.geometry()[0].centroid) * 100_000 < 700


def test_the_industry_standard_is_read_whole(read, shared):
    found = read(shared / "taxonomy" / "gbt4754_2017.csv", Kind.TAXONOMY)
    assert Counter(found.column("level")) == {1: 20, 2: 97, 3: 473, 4: 1381}


def test_a_metro_line_without_a_coordinate_system_is_placed_and_said(read, shared):
    found = read(shared / "shanghai_poi" / "metroline2.shp", Kind.GROUND)
    assert found.column("kind") == ["rail", "rail"]
    assert found.log.by_code["crs_assumed"] == 1
