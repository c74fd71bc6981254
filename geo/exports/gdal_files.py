"""GeoPackage, FlatGeobuf and Shapefile, written by GDAL while the rows still come."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyogrio.raw import write_arrow

from geo.exports.about import About
from geo.exports.layers import GEOMETRY, Layer

CRS = "EPSG:4326"
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the local code page."""

_DICTIONARY = ("字段 field", "标题", "heading", "类型 type", "单位 unit", "含义", "meaning", "代码", "codes")


def write_geopackage(path: Path, batches: Iterable[pa.RecordBatch], about: About) -> int:
    """A layer with its outlines, a table of what the file is, and the dictionary; gives the number of rows."""
    layer = about.layer
    told = _table(("heading", "text"), [(heading, text) for heading, text in both_facts(about)])
    dictionary = _table(tuple(name.rpartition(" ")[2] for name in _DICTIONARY), list(dictionary_rows(layer)))
    rows = _write(path, batches, about, "GPKG", dataset_metadata={"ABOUT": about.json()}, layer_name=layer.name)
    for name, table in (("about", told), ("dictionary", dictionary)):
        write_arrow(table, str(path), layer=name, driver="GPKG", append=True)
    return rows


def write_flatgeobuf(path: Path, batches: Iterable[pa.RecordBatch], about: About) -> int:
    """Features behind a spatial index, the facts of the file in its header; gives the number of rows."""
    said = {"TITLE": about.layer.title, "DESCRIPTION": about.json()}
    return _write(path, batches, about, "FlatGeobuf", layer_options=said, layer_name=about.layer.name)


def write_shapefile(path: Path, batches: Iterable[pa.RecordBatch], about: About) -> int:
    """A zip with the Shapefile (UTF-8, stated in its .cpg), the dictionary and what the file is.

    Names of columns have ten letters there; the dictionary gives the whole ones. Gives the number of rows.
    """
    short = [field.short_name for field in about.layer.fields]
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        inner = Path(folder) / f"{about.layer.name}.shp"
        rows = _write(inner, batches, about, "ESRI Shapefile", names=[*short, GEOMETRY], encoding="UTF-8")
        (Path(folder) / "dictionary.csv").write_text(dictionary_csv(about.layer), "utf-8", newline="")
        (Path(folder) / "README.txt").write_text(facts_text(about), "utf-8")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for each in sorted(Path(folder).iterdir()):
                packed.write(each, each.name)
    return rows


def both_facts(about: About) -> Iterator[tuple[str, str]]:
    """What the file is, in Chinese and then in English, line by line."""
    yield from about.facts("zh").items()
    yield from about.facts("en").items()


def facts_text(about: About) -> str:
    """The same as a text that opens anywhere."""
    lines = [f"{heading}: {text}" for heading, text in both_facts(about)]
    return BYTE_ORDER_MARK + "\r\n".join(lines) + "\r\n"


def dictionary_rows(layer: Layer) -> Iterator[tuple[str, ...]]:
    """The columns of a layer, one each, in the order of `_DICTIONARY`."""
    for each in layer.fields:
        name = each.name if each.short_name == each.name else f"{each.name} ({each.short_name})"
        told = (each.heading, each.heading_en, each.kind, each.unit, each.meaning, each.meaning_en)
        yield (name, *told, each.coded("zh"), each.coded("en"))


def dictionary_head() -> tuple[str, ...]:
    """The headings above `dictionary_rows`."""
    return _DICTIONARY


def dictionary_csv(layer: Layer) -> str:
    """The dictionary as a table that opens in Excel."""
    text = io.StringIO()
    csv.writer(text).writerows([_DICTIONARY, *dictionary_rows(layer)])
    return BYTE_ORDER_MARK + text.getvalue()


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pa.Table:
    return pa.table({name: pa.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})


def _write(
    path: Path,
    batches: Iterable[pa.RecordBatch],
    about: About,
    driver: str,
    *,
    names: Sequence[str] = (),
    layer_name: str | None = None,
    **options: Any,
) -> int:
    schema, counted = about.layer.schema, [0]
    if names:
        schema = pa.schema([pa.field(name, each.type) for name, each in zip(names, schema, strict=True)])

    def passing() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            counted[0] += batch.num_rows
            yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)

    stream = pa.RecordBatchReader.from_batches(schema, passing())
    where = {"geometry_name": GEOMETRY, "geometry_type": about.layer.shapes, "crs": CRS}
    if driver == "ESRI Shapefile" and about.layer.shapes == "MultiPolygon":
        where["geometry_type"] = "Polygon"  # a Shapefile's polygon has as many parts as it likes
    write_arrow(stream, str(path), layer=layer_name, driver=driver, **where, **options)
    return counted[0]
