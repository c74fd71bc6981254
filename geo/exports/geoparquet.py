"""GeoParquet 1.1: written batch by batch with the box of every row, and checked as a reader would.

References
----------
https://geoparquet.org/releases/v1.1.0/
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

from geo.exports.about import About
from geo.exports.layers import GEOMETRY, Layer

ROWS_PER_GROUP = 50_000
"""Rows stand in Morton order, so that whole groups can be passed over by their boxes."""

_BOX = pa.struct([(side, pa.float64()) for side in ("xmin", "ymin", "xmax", "ymax")])
_TYPES = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}
_TYPES |= {"GeometryCollection"}


def write_geoparquet(path: Path, batches: Iterable[pa.RecordBatch], about: About) -> int:
    """Write the batches of a layer; gives the number of rows."""
    rows, box = 0, [np.inf, np.inf, -np.inf, -np.inf]
    schema = _schema(about.layer)
    with pq.ParquetWriter(path, schema, compression="zstd", version="2.6") as writer:
        for table in _groups(batches, schema):
            edges = _edges(table)
            box = [float(edge) for edge in (*np.fmin(box[:2], edges[:2]), *np.fmax(box[2:], edges[2:]))]
            writer.write_table(table, row_group_size=ROWS_PER_GROUP)
            rows += table.num_rows
        geo = _geo(about.layer, box if rows else None)
        writer.add_key_value_metadata({"geo": json.dumps(geo), "about": about.json()})
    return rows


def problems(path: Path) -> list[str]:
    """What a GeoParquet file says or holds against the specification; nothing when it is right."""
    with pq.ParquetFile(path) as file:
        stated = (file.schema_arrow.metadata or {}).get(b"geo") or (file.metadata.metadata or {}).get(b"geo")
        if stated is None:
            return ["there is no 'geo' metadata"]
        geo = json.loads(stated)
        return [*_problems_of_metadata(geo, file.schema_arrow), *_problems_of_rows(geo, file)]


def _schema(layer: Layer) -> pa.Schema:
    columns = [
        field.with_metadata({"description": told.heading_en, "title": told.heading})
        for field, told in zip(layer.schema, layer.fields, strict=False)
    ]
    return pa.schema([*columns, pa.field(GEOMETRY, pa.binary()), pa.field("bbox", _BOX)])


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Tables of whole row groups, the last one with what is left."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= ROWS_PER_GROUP:
            table = pa.Table.from_batches(waiting)
            whole = table.num_rows // ROWS_PER_GROUP * ROWS_PER_GROUP
            yield _boxed(table.slice(0, whole), schema)
            waiting = table.slice(whole).to_batches()
    if rest := [each for each in waiting if each.num_rows]:
        yield _boxed(pa.Table.from_batches(rest), schema)


def _boxed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The same with the box of each geometry."""
    geometries = table.column(GEOMETRY).combine_chunks()
    bounds = shapely.bounds(shapely.from_wkb(geometries.to_numpy(zero_copy_only=False)))
    sides = [pa.array(np.ascontiguousarray(bounds[:, side])) for side in range(4)]
    boxes = pa.StructArray.from_arrays(sides, fields=list(_BOX))
    return pa.Table.from_arrays([*table.columns, boxes], schema=schema)


def _edges(table: pa.Table) -> list[float]:
    boxes = table.column("bbox").combine_chunks()
    sides = [boxes.field(name).to_numpy() for name in ("xmin", "ymin", "xmax", "ymax")]
    return [float(np.min(side)) for side in sides[:2]] + [float(np.max(side)) for side in sides[2:]]


def _geo(layer: Layer, box: list[float] | None) -> dict[str, Any]:
    covering = {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": [layer.shapes],
        "crs": pyproj.CRS.from_user_input("OGC:CRS84").to_json_dict(),
        "edges": "planar",
        "covering": {"bbox": covering},
    }
    if box:
        column["bbox"] = box
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def _problems_of_metadata(geo: dict[str, Any], schema: pa.Schema) -> Iterator[str]:
    columns, primary = geo.get("columns") or {}, geo.get("primary_column")
    if not str(geo.get("version", "")).startswith("1."):
        yield f"version {geo.get('version')!r} is not known"
    if primary not in columns:
        yield f"primary_column {primary!r} is not among the columns"
    for name, column in columns.items():
        if name not in schema.names or not pa.types.is_binary(schema.field(name).type):
            yield f"{name} is not a binary column of the root"
        if column.get("encoding") != "WKB":
            yield f"{name}: encoding {column.get('encoding')!r} is not WKB"
        if not set(column.get("geometry_types", ["?"])) <= _TYPES:
            yield f"{name}: geometry_types {column.get('geometry_types')!r} are not all known"
        if (crs := column.get("crs")) and pyproj.CRS.from_json_dict(crs).to_authority() != ("OGC", "CRS84"):
            yield f"{name}: the crs is not OGC:CRS84"
        yield from _problems_of_covering(name, column, schema)


def _problems_of_covering(name: str, column: dict[str, Any], schema: pa.Schema) -> Iterator[str]:
    for side, path in column.get("covering", {}).get("bbox", {}).items():
        box, *inner = path
        if box not in schema.names or inner != [side]:
            yield f"{name}: the covering {side} is not a field of a box"
        elif schema.field(box).type.field(side).type not in (pa.float32(), pa.float64()):
            yield f"{name}: the covering {side} is not a number"


def _problems_of_rows(geo: dict[str, Any], file: pq.ParquetFile) -> Iterator[str]:
    """Every geometry is of a stated type and inside its own box and that of the file."""
    primary = geo.get("primary_column", "")
    column = geo.get("columns", {}).get(primary, {})
    if primary not in file.schema_arrow.names or "bbox" not in file.schema_arrow.names:
        yield "a geometry or its box is missing"
        return
    whole = column.get("bbox", [-180, -90, 180, 90])
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=[primary, "bbox"])
        shapes = shapely.from_wkb(table.column(primary).to_numpy())
        if not {shape.geom_type for shape in shapes if shape is not None} <= set(column.get("geometry_types", [])):
            yield f"row group {group} holds a geometry of another type than stated"
        boxes = table.column("bbox").combine_chunks()
        sides = np.column_stack([boxes.field(side).to_numpy() for side in ("xmin", "ymin", "xmax", "ymax")])
        if not np.array_equal(sides, shapely.bounds(shapes)):
            yield f"row group {group} holds a box that is not that of its geometry"
        if (sides[:, :2] < whole[:2]).any() or (sides[:, 2:] > whole[2:]).any():
            yield f"row group {group} reaches out of the stated bbox"
