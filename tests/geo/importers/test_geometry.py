import pytest
import shapely

from geo.importers import geometry
from geo.importers.fields import Kind
from tests.factories import square
from tests.geo.importers.importing import geojson


def test_an_invalid_outline_is_repaired_and_said_with_its_reason(read):
    found = read("broken_outlines.geojson", Kind.BUILDINGS)
    knot = found.geometry()[found.column("name").index("Knot House")]
    assert knot.is_valid
    assert knot.area > 0
    assert found.sentences("geometry_repaired")[0].startswith("Row 1: the outline was invalid (Self-intersection")


def test_what_is_no_outline_is_rejected_with_its_row_never_dropped_silently(read):
    found = read("broken_outlines.geojson", Kind.BUILDINGS)
    assert found.rows() == [1, 2, 6]
    assert found.log.counts["rejected"] == 3
    assert [issue.row for issue in found.log if issue.severity == "rejected"] == [4, 3, 5]


def test_heights_of_vertices_are_left_out(read):
    found = read("broken_outlines.geojson", Kind.BUILDINGS)
    assert not shapely.has_z(found.geometry()).any()


def test_pieces_of_one_building_over_tiles_are_united_with_all_their_values(read):
    found = read("cut_over_tiles.geojson", Kind.BUILDINGS)
    place = found.column("source_id").index("7")
    assert found.geometry()[place].geom_type == "Polygon"
    assert (found.column("name")[place], found.column("height_m")[place]) == ("Seam Tower", 30)


def test_one_name_on_two_buildings_unites_nothing(read):
    found = read("cut_over_tiles.geojson", Kind.BUILDINGS)
    assert found.column("name") == ["Seam Tower", "Seam Tower"]


def test_parts_of_buildings_come_as_sections_and_other_features_are_counted(read):
    found = read("cut_over_tiles.geojson", Kind.BUILDINGS)
    assert (found.column("source_id", "sections"), found.column("part_of", "sections")) == (["9"], ["7"])
    assert found.sentences("feature_kind_skipped") == [
        "1 features of kind 'address' are no buildings and were skipped."
    ]


def test_one_id_on_buildings_far_apart_does_not_unite_them(read):
    found = read("one_id_for_all.geojson", Kind.BUILDINGS)
    assert found.column("source_id") == ["1500", "1500#2", "1500#3", "1500#4"]
    assert found.log.by_code["key_far_apart"] == 3


def test_a_class_in_one_feature_is_split_into_its_buildings(read):
    found = read("class_as_one_feature.geojson", Kind.BUILDINGS)
    assert found.count("buildings") == 31
    assert found.sentences("geometry_exploded")[0].startswith("Row 1: one feature held 30 separate buildings")


def test_a_named_building_in_several_parts_stays_whole(read):
    found = read("class_as_one_feature.geojson", Kind.BUILDINGS)
    school = found.geometry()[found.column("name").index("Three Wing School")]
    assert shapely.get_num_geometries(school) == 3
    assert found.log.by_code["geometry_multipart"] == 1


def test_latitude_before_longitude_is_turned_round_and_said(read):
    found = read("latitude_first.csv", Kind.AMENITIES)
    assert (found.geometry()[0].x, found.geometry()[0].y) == (121.47, 31.23)
    assert found.log.by_code["axes_swapped"] == 1


def test_coordinates_that_are_no_place_are_left_blank_and_said(read):
    found = read("latitude_first.csv", Kind.AMENITIES)
    assert found.geometry()[1:] == [None, None]
    assert [issue.row for issue in found.log if issue.code == "coordinates_bad"] == [3, 4]


def test_a_surveyors_northing_in_x_is_understood(read):
    found = read("x_is_northing.csv", Kind.BUILDINGS, crs="EPSG:4549")
    assert round(found.geometry()[0].x, 2) == 120.33
    assert round(found.geometry()[0].y, 2) == 31.23


@pytest.mark.parametrize(
    ("heading", "text"), [("经纬度", "121.47,31.23"), ("坐标", "(121.47，31.23)"), ("latlng", "31.23 121.47")]
)
def test_both_coordinates_may_stand_in_one_column(read, tmp_path, heading, text):
    (tmp_path / "pair.csv").write_text(f'名称,类别,{heading}\n海神,银行,"{text}"\n')
    found = read(tmp_path / "pair.csv", Kind.AMENITIES)
    assert (found.geometry()[0].x, found.geometry()[0].y) == (121.47, 31.23)


def test_the_heading_may_name_the_offset_system(read, tmp_path):
    (tmp_path / "gcj.csv").write_text("名称,类别,gcj_lng,gcj_lat\n海神,银行,121.47,31.23\n")
    found = read(tmp_path / "gcj.csv", Kind.AMENITIES)
    assert found.file.crs == "gcj02"
    assert found.geometry()[0].x != 121.47


def test_outlines_may_stand_as_wkt_in_a_table(read, tmp_path):
    (tmp_path / "wkt.csv").write_text('name,wkt\nText House,"POLYGON((1 1,1 2,2 2,1 1))"\nTorn House,"POLYGON((1 1,"\n')
    found = read(tmp_path / "wkt.csv", Kind.BUILDINGS)
    assert found.column("name") == ["Text House"]
    assert found.log.by_code["geometry_unreadable"] == 1


def test_a_table_with_addresses_alone_keeps_them_for_matching(read):
    found = read("other_headings.csv", Kind.BUILDINGS)
    assert found.batches[0].geometry is None
    assert found.column("name") == ["云栖大厦"]


@pytest.mark.parametrize(
    ("kind", "values", "most"),
    [("buildings", {}, "MOST_CORNERS"), ("areas", {"级别": "街道"}, "MOST_CORNERS_CLIPPED")],
)
def test_an_outline_with_more_corners_than_a_map_can_draw_is_refused_with_the_remedy(
    read, tmp_path, kind, values, most
):
    limit = getattr(geometry, most)
    fine, too_fine = (
        shapely.MultiPolygon([shapely.Point(121.47, 31.23).buffer(0.001, quad_segs=corners // 4)])
        for corners in (limit - 4, limit)
    )
    values = {"名称": "江湾", **values}
    path = geojson(tmp_path / "round.geojson", *((shape, values) for shape in (fine, too_fine, square())))
    found = read(path, Kind(kind))
    assert found.rows() == [1, 3]
    assert found.sentences("geometry_too_detailed") == [
        f"Row 2: the geometry has {limit + 1:,} corners; a map can draw {limit:,}; "
        "simplify it, or give every building a row of its own."
    ]


def test_a_feature_of_many_buildings_may_have_more_corners_than_one(read, tmp_path):
    circle = shapely.Point(121.47, 31.23).buffer(0.0002, quad_segs=200)
    many = shapely.MultiPolygon([shapely.affinity.translate(circle, n / 1000) for n in range(30)])
    assert read(geojson(tmp_path / "a.geojson", (many, {"id": 1})), Kind.BUILDINGS).count("buildings") == 30
