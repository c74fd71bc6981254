"""Whatever stands in a cell or a file, importers read it or say what is wrong with it, and nothing else happens."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import LouMapError
from geo.filters import parse
from geo.floor_labels import parse_floors
from geo.importers.fields import Kind
from geo.importers.tables import clean
from geo.quantities import parse_number_with_unit
from geo.returns.said import FIELDS, from_texts
from geo.text import search_keys, search_terms

SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ODD = st.sampled_from(["", "12层", "４,800㎡", "1480平", "4.2元/㎡/天", "-1F", "1e999", "\u202e楼", "２０２６年"])
CELLS = st.one_of(ODD, st.text(max_size=30), st.floats().map(str), st.integers().map(str))


@SMALL
@given(st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=8), st.sampled_from(list(Kind)))
def test_a_table_of_anything_is_read_or_refused(tmp_path: Path, rows: list[list[str]], kind: Kind) -> None:
    headings = "编号,名称,地址,楼层,面积,租金,经度\n"
    body = "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    path = tmp_path / "table.csv"
    path.write_text(headings + body, "utf-8", errors="surrogatepass")
    _read(path, kind)


@SMALL
@given(st.binary(max_size=2000), st.sampled_from(list(Kind)))
def test_a_text_file_of_any_bytes_is_read_or_refused(tmp_path: Path, data: bytes, kind: Kind) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"id,name,lon,lat\n" + data)
    _read(path, kind)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


@SMALL
@given(JSON, JSON)
def test_geojson_with_anything_in_it_is_read_or_refused(tmp_path: Path, geometry: object, properties: object) -> None:
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    path = tmp_path / "odd.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, feature]}))
    _read(path, Kind.BUILDINGS)


@SMALL
@given(st.dictionaries(st.sampled_from([*FIELDS, "area_min", "q", "sort", "bbox", "shape", "within"]), CELLS))
def test_what_a_form_or_an_address_says_is_understood_or_refused(said: dict[str, str]) -> None:
    for read in (parse, from_texts):
        try:
            read(said)
        except LouMapError as error:
            assert str(error)


@SMALL
@given(CELLS)
def test_a_text_is_a_quantity_and_a_floor_or_refused_and_always_a_name(text: str) -> None:
    for read in (parse_number_with_unit, parse_floors):
        try:
            read(text)
        except LouMapError as error:
            assert str(error)
    assert isinstance(search_keys(text), str)
    assert all(search_terms(text))


def _read(path: Path, kind: Kind) -> None:
    try:
        for _ in clean(path, kind).batches:
            pass
    except LouMapError as error:
        assert str(error)
