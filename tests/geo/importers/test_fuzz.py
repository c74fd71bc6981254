"""Whatever stands in a cell or a file, importers read it or say what is wrong with it, and nothing else happens."""

import json
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import LouMapError
from geo.importers.fields import Kind
from geo.importers.tables import clean
from tests.fuzzing import ANYTHING, fuzzed
from tests.geo.importers.conftest import FILES

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@fuzzed
@given(st.lists(st.lists(ANYTHING, min_size=1, max_size=7), min_size=1, max_size=8), st.sampled_from(list(Kind)))
def test_a_table_of_anything_is_read_or_refused(tmp_path: Path, rows: list[list[str]], kind: Kind) -> None:
    headings = "编号,名称,地址,楼层,面积,租金,经度\n"
    body = "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    path = tmp_path / "table.csv"
    path.write_text(headings + body, "utf-8", errors="surrogatepass")
    _read(path, kind)


@fuzzed
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


@fuzzed
@given(JSON, JSON)
def test_geojson_with_anything_in_it_is_read_or_refused(tmp_path: Path, geometry: object, properties: object) -> None:
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    path = tmp_path / "odd.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, feature]}))
    _read(path, Kind.BUILDINGS)


@pytest.mark.parametrize("bare", [True, False], ids=["geometry", "feature"])
@pytest.mark.parametrize("sign", ["[", '{"a":'], ids=["lists", "objects"])
def test_geojson_nested_without_end_is_refused(tmp_path: Path, sign: str, bare: bool) -> None:
    path = tmp_path / "deep.geojson"
    start = "" if bare else '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
    path.write_text(f"{start}{sign * 200_000}")
    with pytest.raises(LouMapError, match=r"deep\.geojson"):
        _clean(path, Kind.BUILDINGS)


@fuzzed
@given(st.lists(st.lists(ANYTHING, min_size=1, max_size=6), min_size=1, max_size=6), st.sampled_from(list(Kind)))
def test_a_map_file_with_anything_in_its_tags_is_read_or_refused(
    tmp_path: Path, rows: list[list[str]], kind: Kind
) -> None:
    keys = ("building", "building:levels", "height", "name", "level", "amenity")
    path = tmp_path / "odd.osm"
    corners = "".join(f'<node id="{n}" lat="31.{n % 2}" lon="121.{n // 2}"/>' for n in range(4))
    ways = "".join(_way(number, dict(zip(keys, row, strict=False))) for number, row in enumerate(rows, 10))
    path.write_text(f'<osm version="0.6">{corners}{ways}</osm>')
    _read(path, kind)


@fuzzed
@given(st.sampled_from(["merged_cells.xlsx"]), st.sampled_from(list(Kind)), st.data())
def test_a_workbook_that_is_changed_anywhere_is_read_or_refused(
    tmp_path: Path, name: str, kind: Kind, data: st.DataObject
) -> None:
    path = tmp_path / name
    with zipfile.ZipFile(FILES / name) as old, zipfile.ZipFile(path, "w") as new:
        chosen = data.draw(st.sampled_from(old.namelist()))
        for part in old.namelist():
            new.writestr(part, _changed(old.read(part), data) if part == chosen else old.read(part))
    _read(path, kind)


@fuzzed
@given(st.sampled_from(["unsorted.osm"]), st.data())
def test_a_file_that_is_changed_anywhere_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    path = tmp_path / name
    path.write_bytes(_changed((FILES / name).read_bytes(), data))
    _read(path, Kind.BUILDINGS)


def _changed(content: bytes, data: st.DataObject) -> bytes:
    """The same bytes with a piece taken out and another put in."""
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 60)))
    return content[:start] + data.draw(ANYTHING).encode() + content[end:]


def _way(number: int, tags: dict[str, str]) -> str:
    said = "".join(f"<tag k={quoteattr(key)} v={quoteattr(_printable(value))}/>" for key, value in tags.items())
    return f'<way id="{number}">{"".join(f"<nd ref={chr(34)}{n}{chr(34)}/>" for n in (0, 1, 3, 2, 0))}{said}</way>'


def _printable(text: str) -> str:
    """What XML can hold of a text."""
    return "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff")


def _read(path: Path, kind: Kind) -> None:
    try:
        _clean(path, kind)
    except LouMapError as error:
        assert str(error)


def _clean(path: Path, kind: Kind) -> None:
    for _ in clean(path, kind).batches:
        pass
