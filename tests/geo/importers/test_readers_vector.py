import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geo.errors import UnknownFieldError, UnreadableFileError
from geo.importers.fields import Kind
from geo.importers.readers import sniff_format


def test_a_shapefile_without_code_page_is_read_as_chinese(read):
    found = read("gbk_no_code_page.shp", Kind.BUILDINGS)
    assert found.column("name") == ["云栖大厦", "望江中心"]
    assert found.column("floors_above") == [24, 31]
    assert found.file.info.encoding == "gb18030"


@pytest.mark.parametrize("part", ["gbk_no_code_page.dbf", "gbk_no_code_page.prj"])
def test_any_part_of_a_shapefile_stands_for_all(read, part):
    assert read(part, Kind.BUILDINGS).count("buildings") == 2


def test_a_zipped_shapefile_with_chinese_folder_and_capitals_is_read(read):
    found = read("gbk_no_code_page.zip", Kind.BUILDINGS)
    assert found.column("name") == ["云栖大厦", "望江中心"]
    assert found.file.info.layer == "楼宇/outlines"


def test_the_layer_with_outlines_is_read_and_brought_to_degrees(read):
    found = read("two_layers.gpkg", Kind.BUILDINGS)
    assert found.column("name") == ["Grid House"]
    assert found.file.crs == "EPSG:4549"
    assert found.geometry()[0].centroid.x == pytest.approx(120.328, abs=0.001)
    assert "trees" in found.sentences("layer_chosen")[0]


def test_another_layer_can_be_named_but_must_exist(read):
    with pytest.raises(UnreadableFileError, match="it has trees, houses"):
        read("two_layers.gpkg", Kind.BUILDINGS, layer="roads")


def test_flatgeobuf_is_read(read):
    assert sorted(read("outlines.fgb", Kind.BUILDINGS).column("name")) == ["Fast House", "Next House"]


def test_overture_buildings_are_understood(read):
    found = read("overture.parquet", Kind.BUILDINGS)
    assert found.column("source_id") == ["08b2", "08b3"]
    assert found.column("name") == ["Arrow House", None]
    assert found.column("name_zh") == ["箭楼", None]
    assert (found.column("height_m"), found.column("floors_above")) == ([45.5, None], [12, None])
    assert found.column("floors_below") == [2, None]
    assert found.log.by_code["crs_assumed"] == 0


def test_overture_parts_come_as_sections_of_their_buildings(read, tmp_path):
    outline = shapely.to_wkb(shapely.box(121.47, 31.23, 121.471, 31.231))
    columns = {"id": ["p1", "p2"], "building_id": ["b1", "b1"], "height": [20.0, 60.0], "geometry": [outline, outline]}
    pq.write_table(pa.table(columns), tmp_path / "parts.parquet")
    found = read(tmp_path / "parts.parquet", Kind.BUILDINGS)
    assert found.column("source_id", "sections") == ["p1", "p2"]
    assert found.column("part_of", "sections") == ["b1", "b1"]


def test_native_geoparquet_outlines_are_read(read, tmp_path):
    polygons = pa.array(
        [[[{"x": 1.0, "y": 1.0}, {"x": 2.0, "y": 1.0}, {"x": 2.0, "y": 2.0}, {"x": 1.0, "y": 1.0}]], None]
    )
    about = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "polygon", "geometry_types": []}}}
    table = pa.table({"g": polygons, "name": ["Native House", "No House"]})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), tmp_path / "native.parquet")
    found = read(tmp_path / "native.parquet", Kind.BUILDINGS)
    assert found.column("name") == ["Native House"]
    assert found.geometry()[0].area == 0.5


def test_features_line_by_line_are_read(read):
    assert read("features_per_line.geojson", Kind.BUILDINGS).column("source_id") == ["0", "1", "2"]


def test_an_id_beside_the_properties_is_the_source_id(read):
    assert read("id_outside.geojson", Kind.BUILDINGS).column("source_id") == ["77"]


def test_a_bare_geometry_keeps_its_extra_keys(read):
    found = read("bare_geometry.geojson", Kind.AREAS, constants={"name": "云栖片区"})
    assert found.column("official_code") == ["990101"]
    assert found.column("level") == ["district"]
    assert found.column("name") == ["云栖片区"]


def test_a_constant_for_an_unknown_field_is_refused(read):
    with pytest.raises(UnknownFieldError, match="titel"):
        read("bare_geometry.geojson", Kind.AREAS, constants={"titel": "x"})


def test_geojson_in_gbk_is_read(read):
    found = read("gbk.geojson", Kind.BUILDINGS)
    assert (found.column("name"), found.column("floors_above")) == (["云栖大厦"], [24])


def test_a_file_that_names_no_system_says_that_wgs84_is_taken(read):
    assert read("features_per_line.geojson", Kind.BUILDINGS).log.by_code["crs_assumed"] == 1
    assert read("outlines.fgb", Kind.BUILDINGS).log.by_code["crs_assumed"] == 0


def test_offset_coordinates_are_brought_back(read):
    raw = read("features_per_line.geojson", Kind.BUILDINGS).geometry()[0].centroid
    moved = read("features_per_line.geojson", Kind.BUILDINGS, crs="gcj02").geometry()[0].centroid
    assert 300 < raw.distance(moved) * 100_000 < 700


def test_metres_without_a_system_are_refused(read, tmp_path):
    square = shapely.geometry.mapping(shapely.box(531200, 3456700, 531240, 3456730))
    feature = {"type": "Feature", "properties": {}, "geometry": square}
    (tmp_path / "m.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(UnreadableFileError, match="EPSG:4549"):
        read(tmp_path / "m.geojson", Kind.BUILDINGS)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "is empty"),
        ("report.pdf", b"%PDF-1.7\x00\x00\x00\x00\x01\x02" * 9, "format that is not read"),
        ("notes.zip", b"PK\x03\x04rubbish", "damaged zip"),
        ("list.json", b'[{"name": "x"}]', "GeoJSON"),
        ("broken.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Feature",', "cannot be"),
        ("broken.parquet", b"PAR1 and no more", "no readable Parquet"),
    ],
)
def test_files_that_cannot_be_read_say_why(read, tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError, match=message):
        read(tmp_path / name, Kind.BUILDINGS)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"There is no file gone\.csv"):
        sniff_format(tmp_path / "gone.csv")


def test_the_bytes_decide_not_the_suffix(read, tmp_path):
    (tmp_path / "map.txt").write_bytes((read("outlines.fgb", Kind.BUILDINGS).file.info.path).read_bytes())
    assert sniff_format(tmp_path / "map.txt") == "FlatGeobuf"
