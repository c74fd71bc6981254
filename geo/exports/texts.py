"""GeoJSON and CSV as a stream of text, so that nothing has to lie on the disk or in memory whole."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geo.exports.about import About
from geo.exports.gdal_files import BYTE_ORDER_MARK
from geo.exports.layers import GEOMETRY

LONLAT_DECIMALS = 7
"""About a centimetre."""

_BLANKS = "\0 \t\r\n\v\f\u00a0\u3000\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@")
_XSD = {"text": "string", "whole": "integer", "number": "number", "day": "date", "yes_no": "boolean"}


def geojson(batches: Iterable[pa.RecordBatch], about: About) -> Iterator[str]:
    """RFC 7946, piece by piece; what the file is stands in its member `about`."""
    yield f'{{"type":"FeatureCollection","about":{about.json()},"features":['
    first = True
    for batch in batches:
        if text := ",\n".join(_features(batch)):
            yield text if first else ",\n" + text
            first = False
    yield "]}\n"


def csv_text(batches: Iterable[pa.RecordBatch], about: About) -> Iterator[str]:
    """A table that opens in Excel, piece by piece, with longitude and latitude of a point of each row."""
    text = io.StringIO()
    table = csv.writer(text)
    yield BYTE_ORDER_MARK
    table.writerow([*(field.name for field in about.layer.fields), "lon", "lat"])
    for batch in batches:
        table.writerows(table_rows(batch))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def table_rows(batch: pa.RecordBatch) -> Iterator[list[Any]]:
    """Rows for a spreadsheet: no text that it would run as a formula, and where the thing is in degrees."""
    points = shapely.point_on_surface(shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False)))
    at = np.round(shapely.get_coordinates(points), LONLAT_DECIMALS).tolist()
    columns = [batch.column(index).to_pylist() for index in range(batch.num_columns - 1)]
    for row, (lon, lat) in zip(zip(*columns, strict=True), at, strict=True):
        yield [*map(safe_cell, row), lon, lat]


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula, made a plain text; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(_BLANKS).startswith(_FORMULA_STARTS) else value


def csv_metadata(about: About, file_name: str) -> str:
    """What stands beside a CSV file by W3C's "Metadata Vocabulary for Tabular Data": columns, source, licence."""
    columns = [_column(told) for told in about.plain()["fields"]]
    columns += [{"name": name, "titles": name, "datatype": "number"} for name in ("lon", "lat")]
    stated = about.plain()
    said = {"dc:title": stated["title"], "dc:date": stated["date"], "dc:rights": stated["licence"]}
    said |= {"dc:creator": stated["attribution"], "loumap:about": stated}
    context = ["http://www.w3.org/ns/csvw", {"loumap": "urn:loumap:"}]
    whole = {"@context": context, "url": file_name, **said, "tableSchema": {"columns": columns}}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _column(told: Mapping[str, Any]) -> dict[str, Any]:
    titles = {"zh": told["heading"], "en": told["heading_en"]}
    return {"name": told["name"], "titles": titles, "datatype": _XSD[told["type"]]}


def _features(batch: pa.RecordBatch) -> Iterator[str]:
    shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
    shapes = shapely.transform(shapes, lambda at: np.round(at, LONLAT_DECIMALS))
    names = batch.schema.names[:-1]
    columns = [batch.column(index).to_pylist() for index in range(batch.num_columns - 1)]
    for shape, row in zip(shapely.to_geojson(shapes), zip(*columns, strict=True), strict=True):
        said = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=date.isoformat)
        yield f'{{"type":"Feature","id":{json.dumps(row[0])},"properties":{said},"geometry":{shape}}}'
