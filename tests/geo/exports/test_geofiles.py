"""Files for GIS people are opened by other programs and hold what the search found, and nothing else."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from psycopg import Connection
from sqlalchemy.orm import Session

from geo.errors import NotFoundError, TooMuchError
from geo.exports import layers, workbook
from geo.exports.about import About, origins_of
from geo.exports.geofiles import FORMATS, format_of, write_file
from geo.exports.geoparquet import problems
from geo.exports.layers import BUILDINGS, GEOMETRY, LAYERS, UNITS, Layer, count_rows, read_batches
from geo.exports.texts import csv_metadata
from geo.filter_words import in_words
from geo.filters import Filters
from geo.model import Source
from geo.search import Asked
from tests.factories import create_building, create_floor, create_source, create_unit, square

TODAY = date(2026, 3, 10)
ASKED = Asked(TODAY)
NAME = '云澜大厦 "A座", 一期\n=1+1'
VECTORS = ("gpkg", "fgb", "geojson")


@pytest.fixture
def source(session: Session) -> Source:
    named = {"name": "测绘成果", "licence": "CC-BY-4.0", "attribution": "某某测绘院"}
    return create_source(session, **named, map_review_number="审字 7")


@pytest.fixture
def city(session: Session, source: Source) -> Connection:
    """Two towers with a unit each, and a third that must not be published; read as one reads them."""
    tower = create_building(session, name=NAME, source_id=source.id, themes=["finance", "it"], lifts=None)
    create_unit(session, create_floor(session, tower, 9, label="9A"), area_m2=250, source_id=source.id)
    other = create_building(session, square(lon=121.48), name="澄湖中心", grade="b", source_id=source.id)
    create_unit(session, create_floor(session, other), public_status="in_use", source_id=source.id)
    hidden = create_building(session, square(lon=121.49), name="内部大厦", publishable=False, source_id=source.id)
    create_unit(session, create_floor(session, hidden), source_id=source.id)
    return session.connection().connection.driver_connection


@pytest.fixture
def about(session: Session, city: Connection) -> About:
    return About(BUILDINGS, Filters(), TODAY, origins_of(session), "测试站", "https://map.example", "GS(2026)1号")


def batches(city: Connection, layer: Layer = BUILDINGS, filters: Filters | None = None) -> Iterator[pa.RecordBatch]:
    return read_batches(city, layer, filters or Filters(), ASKED)


def of(layer: Layer, about: About) -> About:
    return About(layer, about.filters, TODAY, about.origins, about.site, about.address, about.map_review_number)


@pytest.mark.parametrize("kind", [*VECTORS, "shp"])
def test_gdal_opens_a_file_of_outlines(city: Connection, about: About, tmp_path: Path, kind: str) -> None:
    form = FORMATS[kind]
    path = tmp_path / f"buildings.{form.ending}"
    assert write_file(path, form, batches(city), about) == 2
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    where = f"/vsizip/{path}" if kind == "shp" else path
    meta, table = pyogrio.read_arrow(where, layer="buildings" if kind == "gpkg" else None)
    assert meta["crs"] == "EPSG:4326"
    assert sorted(table.column("name").to_pylist()) == sorted([NAME, "澄湖中心"])
    shapes = shapely.from_wkb(table.column(meta["geometry_name"] or "wkb_geometry").to_pylist())
    assert {shape.area == pytest.approx(square().area, rel=1e-3) for shape in shapes} == {True}


@pytest.mark.parametrize("kind", VECTORS)
def test_units_are_points_in_their_buildings(city: Connection, about: About, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"units.{kind}"
    assert write_file(path, FORMATS[kind], batches(city, UNITS), of(UNITS, about)) == 2
    meta, table = pyogrio.read_arrow(path, layer="units" if kind == "gpkg" else None)
    points = shapely.from_wkb(table.column(meta["geometry_name"] or "wkb_geometry").to_pylist())
    assert [square().contains(point) for point in points].count(True) == 1
    assert sorted(table.column("occupancy").to_pylist()) == ["in_use", "vacant"]


def test_geoparquet_is_by_the_specification_and_holds_every_value(
    city: Connection, about: About, tmp_path: Path
) -> None:
    path = tmp_path / "b.parquet"
    write_file(path, FORMATS["parquet"], batches(city), about)
    assert problems(path) == []
    table = pq.read_table(path)
    row = {name: table.column(name)[0].as_py() for name in table.column_names}
    assert row["name"] == NAME
    assert row["themes"] == "finance it"
    assert row["lifts"] is None
    assert row["managed"] is True
    assert row["vacant_m2"] == 250
    assert row["oldest_report_on"] == date(2026, 3, 2)
    assert row["bbox"]["xmin"] == shapely.from_wkb(row[GEOMETRY]).bounds[0]
    geo = json.loads(pq.read_metadata(path).metadata[b"geo"])
    assert geo["columns"][GEOMETRY]["covering"]["bbox"]["ymax"] == ["bbox", "ymax"]


def test_the_check_of_geoparquet_sees_a_box_that_is_wrong(city: Connection, about: About, tmp_path: Path) -> None:
    path = tmp_path / "b.parquet"
    write_file(path, FORMATS["parquet"], batches(city), about)
    table = pq.read_table(path)
    kept = {b"geo": pq.read_metadata(path).metadata[b"geo"]}
    boxes = table.column("bbox").combine_chunks()
    moved = pa.StructArray.from_arrays([boxes.field(0), *(boxes.field(side) for side in (0, 2, 3))], fields=boxes.type)
    pq.write_table(table.set_column(table.num_columns - 1, "bbox", moved).replace_schema_metadata(kept), path)
    assert problems(path) == ["row group 0 holds a box that is not that of its geometry", *problems(path)[1:]]
    pq.write_table(table.replace_schema_metadata(None), path)
    assert problems(path) == ["there is no 'geo' metadata"]


def test_a_table_opens_in_excel_and_runs_no_formula(city: Connection, about: About, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    write_file(path, FORMATS["csv"], batches(city), about)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcode,")
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(path, parse_options=options)
    assert sorted(table.column("name").to_pylist()) == sorted([NAME, "澄湖中心"])
    assert table.column("lon")[0].as_py() == pytest.approx(121.47, abs=1e-6)
    stated = json.loads(csv_metadata(about, path.name))
    assert [column["name"] for column in stated["tableSchema"]["columns"]] == table.column_names


def test_what_a_spreadsheet_would_run_is_plain_text(session: Session, tmp_path: Path) -> None:
    create_building(session, name="=HYPERLINK(1)")
    connection = session.connection().connection.driver_connection
    told = About(BUILDINGS, Filters(), TODAY, [])
    for kind in ("csv", "xlsx"):
        write_file(tmp_path / f"b.{kind}", FORMATS[kind], batches(connection), told)
    assert "'=HYPERLINK(1)" in (tmp_path / "b.csv").read_text("utf-8")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert sheet["B2"].value == "'=HYPERLINK(1)"


def test_a_workbook_has_chinese_headings_a_dictionary_and_says_what_it_is(
    city: Connection, about: About, tmp_path: Path
) -> None:
    path = tmp_path / "u.xlsx"
    assert write_file(path, FORMATS["xlsx"], batches(city, UNITS), of(UNITS, about)) == 2
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["单元", "字段说明", "关于本文件"]
    rows = list(book["单元"].values)
    assert rows[0][:4] == ("单元编码", "楼宇编码", "楼宇", "楼宇英文名称")
    assert rows[0][8] == "面积（m²）"
    assert sorted(row[8] for row in rows[1:]) == [200, 250]
    assert "vacant = 可租" in str(list(book["字段说明"].values))
    assert ("审图号", "GS(2026)1号, 审字 7") in list(book["关于本文件"].values)


def test_a_workbook_refuses_more_rows_than_anybody_opens(
    city: Connection, about: About, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)
    with pytest.raises(TooMuchError, match="narrow the filter"):
        write_file(tmp_path / "b.xlsx", FORMATS["xlsx"], batches(city), about)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_given_up_half_way_leaves_the_connection_free(
    city: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "BATCH_BYTES", 300)
    with closing(read_batches(city, BUILDINGS, Filters(), ASKED)) as batches:
        assert next(batches).num_rows
    assert city.execute("SELECT 1").fetchone() == (1,)


def test_every_file_says_date_filter_source_licence_and_what_its_columns_mean(
    session: Session, city: Connection, tmp_path: Path
) -> None:
    told = About(BUILDINGS, Filters(grade=("b",)), TODAY, origins_of(session), map_review_number="GS(2026)1号")
    for form in FORMATS.values():
        write_file(tmp_path / f"b.{form.ending}", form, batches(city, filters=told.filters), told)
    said = {name: what_it_says(tmp_path / f"b.{form.ending}") for name, form in FORMATS.items() if name != "csv"}
    said["csv"] = csv_metadata(told, "b.csv")
    for name, text in said.items():
        for word in ("2026-03-10", "某某测绘院", "CC-BY-4.0", "GS(2026)1号", "最早报送日", "不会自动更新"):
            assert word in text, f"{name} does not say {word}"
        assert "grade=b" in text or in_words(told.filters)[0] in text, name


def what_it_says(path: Path) -> str:
    """What stands in a file beside its rows."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            return packed.read("README.txt").decode() + packed.read("dictionary.csv").decode()
    if path.suffix == ".parquet":
        return pq.read_metadata(path).metadata[b"about"].decode()
    if path.suffix == ".xlsx":
        return str([list(sheet.values) for sheet in openpyxl.load_workbook(path).worksheets[1:]])
    if path.suffix == ".geojson":
        return json.dumps(json.loads(path.read_text("utf-8"))["about"], ensure_ascii=False)
    info = pyogrio.read_info(path, layer="buildings" if path.suffix == ".gpkg" else None)
    return str(info["dataset_metadata"]) + str(info["layer_metadata"])


def test_a_filter_counts_for_the_file_as_for_the_list(city: Connection) -> None:
    searches = ((Filters(grade=("b",)), 1, 1), (Filters(area_min=220), 1, 1), (Filters(q="没有"), 0, 0))
    for filters, buildings, units in searches:
        found = [sum(batch.num_rows for batch in batches(city, layer, filters)) for layer in LAYERS.values()]
        assert found == [buildings, units]
        assert [count_rows(city, layer, filters, ASKED, 10) for layer in LAYERS.values()] == found


def test_an_empty_search_gives_a_file_without_rows(city: Connection, about: About, tmp_path: Path) -> None:
    for form in FORMATS.values():
        assert write_file(tmp_path / f"b.{form.ending}", form, batches(city, filters=Filters(q="没有")), about) == 0
    assert problems(tmp_path / "b.parquet") == []
    assert json.loads((tmp_path / "b.geojson").read_text("utf-8"))["features"] == []


def test_no_column_is_one_that_the_public_may_not_see(city: Connection, session: Session) -> None:
    create_source(session, name="内部来源", publishable=False, secrecy="internal")
    assert "内部来源" not in [origin.name for origin in origins_of(session)]
    texts = [str(batch.to_pylist()) for layer in LAYERS.values() for batch in batches(city, layer)]
    assert "内部大厦" not in "".join(texts)


def test_an_ending_that_nobody_writes_is_named_with_those_that_are() -> None:
    with pytest.raises(NotFoundError, match=r"\.gpkg"):
        format_of("map.dwg")
