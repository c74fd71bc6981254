"""Reads GeoPackage, Shapefile, FlatGeobuf and GeoJSON through GDAL as Arrow batches, never row by row."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from geo.errors import UnreadableFileError
from geo.importers.batches import Batch, FileInfo, SourceFile
from geo.importers.columns import is_heading
from geo.importers.fields import Kind
from geo.importers.gdal import DataLayerError, DataSourceError, open_arrow, pyogrio
from geo.importers.report import IssueLog

BATCH_ROWS = 4_096

_SHAPES = {
    Kind.BUILDINGS: ("Polygon",),
    Kind.AREAS: ("Polygon",),
    Kind.AMENITIES: ("Point",),
    Kind.UNITS: ("Point",),
    Kind.ENTERPRISES: ("Point",),
    Kind.GROUND: ("LineString", "Polygon"),
}
_GEOMETRY_NAMES = ("wkb_geometry", "geometry", "geom")


def read_vector(
    path: Path,
    kind: Kind,
    log: IssueLog,
    *,
    format_name: str,
    layer: str | None = None,
    encoding: str | None = None,
    feature_ids: bool = False,
) -> SourceFile:
    """Open a file that GDAL understands.

    Without `layer` the one is read whose geometry and headings suit the kind best. `encoding` is for formats that do
    not say it (Shapefile). `feature_ids` gives GDAL's feature numbers as a column "id" (GeoJSON with ids outside the
    properties).

    Raises
    ------
    UnreadableFileError
        When GDAL cannot open the file or there is no such layer.
    """
    layers = _layers(path)
    chosen = _checked_layer(path, layer, layers) if layer else _likeliest(path, kind, layers, encoding)
    others = [name for name in layers if name != chosen]
    if others and not layer:
        log.add("layer_chosen", value=chosen, others=", ".join(others))
    info = _info(path, format_name, chosen, encoding)
    info.layers = list(layers)
    with_ids = feature_ids and "id" not in info.headings
    if with_ids:
        info.headings.append("id")
    batches = _batches(path, chosen, info.headings, encoding, with_ids)
    return SourceFile(info, batches, lambda name: _column(path, chosen, encoding, name))


def _info(path: Path, format_name: str, layer: str, encoding: str | None) -> FileInfo:
    about = pyogrio.read_info(path, layer=layer, encoding=encoding)
    return FileInfo(
        path,
        format_name,
        headings=[str(name) for name in about["fields"]],
        layer=layer,
        declared_crs=about["crs"],
        encoding=encoding or "utf-8",
        rows=int(about["features"]) if about["features"] >= 0 else None,
        geometry_type=about["geometry_type"],
    )


def _column(path: Path, layer: str, encoding: str | None, name: str) -> Iterator[pa.Array]:
    """Read one column without the geometries."""
    if name not in pyogrio.read_info(path, layer=layer, encoding=encoding)["fields"]:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with open_arrow(
            path, layer=layer, encoding=encoding, columns=[name], read_geometry=False, use_pyarrow=True
        ) as (_, reader):
            for records in reader:
                yield valid_text(records.column(name))


def _batches(path: Path, layer: str, headings: list[str], encoding: str | None, with_ids: bool) -> Iterator[Batch]:
    """Stream the features; a file whose end is cut off is an error, not a short file."""
    first = 1
    try:
        with warnings.catch_warnings():
            # GDAL renumbers repeated feature ids and says so; the ids that are read stand in a column of their own.
            warnings.simplefilter("ignore", RuntimeWarning)
            with open_arrow(
                path,
                layer=layer,
                encoding=encoding,
                return_fids=with_ids,
                batch_size=BATCH_ROWS,
                use_pyarrow=True,
                GDAL_NUM_THREADS="2",
            ) as (about, reader):
                for records in reader:
                    yield _batch(records, about, headings, first)
                    first += records.num_rows
    except (DataSourceError, DataLayerError, pa.ArrowException) as error:
        raise UnreadableFileError(f"{path.name} cannot be read after feature {first - 1}: {error}.") from None


def _batch(records: pa.RecordBatch, about: dict[str, Any], headings: list[str], first: int) -> Batch:
    geometry_name = about["geometry_name"] or _GEOMETRY_NAMES[0]
    columns = {}
    for heading in headings:
        name = heading if heading in records.schema.names else about["fid_column"] or "OGC_FID"
        columns[heading] = valid_text(records.column(name))
    wkb = records.column(geometry_name) if geometry_name in records.schema.names else None
    return Batch(columns, np.arange(first, first + records.num_rows, dtype=np.int64), wkb)


def valid_text(column: pa.Array) -> pa.Array:
    """Return a text column without bytes that are no UTF-8, other columns as they are; JSON comes as text."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = column.storage
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        raw = column.cast(pa.binary()).to_pylist()
        return pa.array([None if value is None else value.decode("utf-8", "replace") for value in raw], pa.string())
    return column


def _layers(path: Path) -> dict[str, str | None]:
    """Return layer name → geometry type, None for tables without geometry."""
    try:
        found = {str(name): shape for name, shape in pyogrio.list_layers(path)}
    except DataSourceError as error:
        raise UnreadableFileError(f"{path.name} cannot be opened: {error}.") from None
    if not found:
        raise UnreadableFileError(f"{path.name} holds no layer.")
    return found


def _checked_layer(path: Path, layer: str, layers: dict[str, str | None]) -> str:
    if layer not in layers:
        raise UnreadableFileError(f"{path.name} has no layer {layer!r}; it has {', '.join(layers)}.")
    return layer


def _likeliest(path: Path, kind: Kind, layers: dict[str, str | None], encoding: str | None) -> str:
    """Return the layer whose geometry suits the kind and that has the most known headings, the first of equals."""
    if len(layers) == 1:
        return next(iter(layers))

    def suits(layer: str) -> tuple[bool, bool, int]:
        shape = layers[layer] or ""
        fields = pyogrio.read_info(path, layer=layer, encoding=encoding)["fields"]
        fitting = any(word in shape for word in _SHAPES.get(kind, ())) or shape == "Unknown"
        return fitting, kind.value.rstrip("s") in layer.lower(), sum(is_heading(str(name), kind) for name in fields)

    return max(layers, key=suits)
