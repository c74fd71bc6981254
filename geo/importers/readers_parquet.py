"""Reads GeoParquet, with the nested columns of the Overture schema flattened: names.primary, names.common.en."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geo.errors import UnreadableFileError
from geo.importers.batches import Batch, Column, FileInfo, SourceFile
from geo.importers.readers_vector import BATCH_ROWS, valid_text

_GEOMETRY_NAMES = ("geometry", "geom", "wkb_geometry", "wkb")
_LANGUAGES = ("en", "zh", "zh-Hans", "zh-Hant")
_SKIPPED = {"bbox", "sources"}
_NATIVE = {
    "point": shapely.GeometryType.POINT,
    "linestring": shapely.GeometryType.LINESTRING,
    "polygon": shapely.GeometryType.POLYGON,
    "multipoint": shapely.GeometryType.MULTIPOINT,
    "multilinestring": shapely.GeometryType.MULTILINESTRING,
    "multipolygon": shapely.GeometryType.MULTIPOLYGON,
}


def read_parquet(path: Path) -> SourceFile:
    """Open a GeoParquet file, or a Parquet file with WKB in a column named geometry.

    Raises
    ------
    UnreadableFileError
        When it is no Parquet file.
    """
    try:
        # Read ahead, whole row groups would lie in memory beside their columns.
        file = pq.ParquetFile(path, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(f"{path.name} is no readable Parquet file: {error}.") from None
    name, about = _geometry_column(file)
    headings = list(_flat(_empty(file), name))
    info = FileInfo(path, "GeoParquet", headings, encoding="utf-8", rows=file.metadata.num_rows)
    info.declared_crs = _declared_crs(about)
    info.geometry_type = "Unknown" if name else None
    return SourceFile(info, _batches(file, name, str(about.get("encoding", "WKB"))), lambda one: _column(file, one))


def _column(file: pq.ParquetFile, name: str) -> Iterator[pa.Array]:
    if name in file.schema_arrow.names:
        for records in file.iter_batches(batch_size=BATCH_ROWS, columns=[name], use_threads=False):
            yield valid_text(records.column(name))


def _empty(file: pq.ParquetFile) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array([], field.type) for field in file.schema_arrow], schema=file.schema_arrow
    )


def _geometry_column(file: pq.ParquetFile) -> tuple[str | None, dict[str, Any]]:
    """Return the name of the geometry column and what the file says of it."""
    metadata = file.schema_arrow.metadata or {}
    if b"geo" in metadata:
        geo = json.loads(metadata[b"geo"])
        return geo["primary_column"], geo["columns"][geo["primary_column"]]
    names = file.schema_arrow.names
    return next((name for name in _GEOMETRY_NAMES if name in names), None), {}


def _declared_crs(about: dict[str, Any]) -> str | None:
    """Return the coordinate system: longitude and latitude of WGS-84 when GeoParquet says nothing."""
    if about and "crs" not in about:
        return "EPSG:4326"
    identity = (about.get("crs") or {}).get("id", {})
    if identity.get("code") in ("CRS84", "CRS84h"):
        return "EPSG:4326"
    return f"{identity['authority']}:{identity['code']}" if "code" in identity else None


def _batches(file: pq.ParquetFile, geometry: str | None, encoding: str) -> Iterator[Batch]:
    first = 1
    for records in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
        wkb = None if geometry is None else _as_wkb(records.column(geometry), encoding)
        numbers = np.arange(first, first + records.num_rows, dtype=np.int64)
        yield Batch(_flat(records, geometry), numbers, wkb)
        first += records.num_rows


def _flat(records: pa.RecordBatch, geometry: str | None) -> dict[str, Column]:
    """Return the columns of a batch, structures as one column for each of their parts."""
    columns: dict[str, Column] = {}
    for field in records.schema:
        if field.name != geometry and field.name not in _SKIPPED:
            columns.update(_parts(field.name, records.column(field.name)))
    return columns


def _parts(name: str, column: pa.Array) -> dict[str, Column]:
    if pa.types.is_struct(column.type):
        parts: dict[str, Column] = {}
        for index in range(column.type.num_fields):
            # `field` would ignore where the whole structure is null.
            part = pc.struct_field(column, [index])
            parts.update(_parts(f"{name}.{column.type.field(index).name}", part))
        return parts
    if pa.types.is_map(column.type):
        return {f"{name}.{key}": pc.map_lookup(column, pa.scalar(key), "first") for key in _LANGUAGES}
    if pa.types.is_nested(column.type):
        return {}
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return {name: valid_text(column)}


def _as_wkb(column: pa.Array, encoding: str) -> pa.Array:
    """Return geometries as WKB, also from the native encodings of GeoParquet 1.1."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = column.storage
    if encoding.lower() not in _NATIVE:
        return column.cast(pa.binary()) if pa.types.is_large_binary(column.type) else column
    offsets: list[NDArray[np.int32]] = []
    inner = column.fill_null([]) if pa.types.is_list(column.type) else column
    while pa.types.is_list(inner.type):
        offsets.insert(0, inner.offsets.to_numpy())
        inner = inner.values
    ordinates = np.column_stack([inner.field("x").to_numpy(), inner.field("y").to_numpy()])
    made = shapely.from_ragged_array(_NATIVE[encoding.lower()], ordinates, tuple(offsets) or None)
    return pa.array(shapely.to_wkb(made), pa.binary(), mask=column.is_null().to_numpy(zero_copy_only=False))
