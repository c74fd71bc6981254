"""Reads GeoJSON as it comes: collections, one feature per line, bare geometries with extra keys, other encodings."""

import itertools
import json
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geo.errors import UnreadableFileError
from geo.importers.batches import Batch, FileInfo, SourceFile
from geo.importers.encodings import Encoding, detect_file, named
from geo.importers.fields import Kind
from geo.importers.readers_table import note_encoding
from geo.importers.readers_vector import read_vector
from geo.importers.report import IssueLog

_HEAD = 1 << 16
_MOST_BARE_BYTES = 256 << 20
_SHAPES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
_GEOMETRY_KEYS = {"type", "coordinates", "geometries", "bbox", "crs"}
_OUTER_ID = re.compile(r'"type"\s*:\s*"Feature"\s*,\s*"id"\s*:\s*-?\d|"id"\s*:\s*-?\d+\s*,\s*"type"\s*:\s*"Feature"')


def read_geojson(
    path: Path, kind: Kind, log: IssueLog, layer: str | None = None, encoding: str | None = None
) -> SourceFile:
    """Open a GeoJSON file.

    Raises
    ------
    UnreadableFileError
        When it is no GeoJSON.
    """
    found = named(encoding) if encoding else detect_file(path)
    note_encoding(found, log)
    with path.open(encoding=found.name, errors="replace") as stream:
        head = stream.read(_HEAD)
    if '"Feature' not in head:
        return _read_bare(path, found)
    if found.name in ("utf-8", "utf-8-sig") and not found.odd_bytes:
        return _through_gdal(path, path, kind, log, layer, found, head)
    copy, folder = _as_utf8(path, found)
    source = _through_gdal(copy, path, kind, log, layer, found, head)
    weakref.finalize(source.batches, shutil.rmtree, folder, ignore_errors=True)
    return source


def _through_gdal(
    read: Path, shown: Path, kind: Kind, log: IssueLog, layer: str | None, found: Encoding, head: str
) -> SourceFile:
    outer_ids = bool(_OUTER_ID.search(head))
    source = read_vector(read, kind, log, format_name="GeoJSON", layer=layer, feature_ids=outer_ids)
    source.info.path, source.info.encoding = shown, found.name
    if '"crs"' not in head:
        # GDAL gives WGS-84 by the standard; files from map services keep silent and mean something else.
        source.info.declared_crs = None
    return source


def _as_utf8(path: Path, found: Encoding) -> tuple[Path, str]:
    """Write the file again as UTF-8 into a folder of its own, which the caller removes."""
    folder = tempfile.mkdtemp(prefix="loumap-")
    copy = Path(folder) / "copy.geojson"
    with path.open(encoding=found.name, errors="replace") as source, copy.open("w", encoding="utf-8") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return copy, folder


def _read_bare(path: Path, found: Encoding) -> SourceFile:
    """Read one geometry, or one geometry per line, whose attributes stand beside its coordinates."""
    if path.stat().st_size > _MOST_BARE_BYTES:
        raise UnreadableFileError(f"{path.name} holds no GeoJSON features; export it as a FeatureCollection.")
    text = path.read_text(encoding=found.name, errors="replace")
    shapes = list(_shapes(text, path.name))
    rows = [_attributes(shape) for shape in shapes]
    headings = list(dict.fromkeys(itertools.chain.from_iterable(rows)))
    info = FileInfo(path, "GeoJSON geometry", headings, encoding=found.name, rows=len(rows))
    info.declared_crs = _declared_crs(shapes[0]) if shapes else None
    info.geometry_type = "Unknown"
    return SourceFile(info, iter([_bare_batch(shapes, rows, headings)]))


def _shapes(text: str, name: str) -> Iterator[dict[str, Any]]:
    try:
        try:
            objects = [json.loads(text)]
        except json.JSONDecodeError:
            objects = [json.loads(line.lstrip("\x1e")) for line in text.splitlines() if line.strip("\x1e \t")]
    except json.JSONDecodeError as error:
        raise UnreadableFileError(f"{name} is no JSON: {error}.") from None
    except RecursionError:
        raise UnreadableFileError(f"{name} is nested too deeply; export it as a FeatureCollection.") from None
    for candidate in objects:
        if not isinstance(candidate, dict) or candidate.get("type") not in _SHAPES:
            raise UnreadableFileError(f"{name} is JSON but no GeoJSON: export it as a FeatureCollection.")
        yield candidate


def _attributes(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the extra keys of a geometry, with those inside "properties" beside the others."""
    extra = {key: value for key, value in shape.items() if key not in _GEOMETRY_KEYS}
    inside = extra.pop("properties", None)
    return {**extra, **inside} if isinstance(inside, dict) else extra


def _bare_batch(shapes: list[dict[str, Any]], rows: list[dict[str, Any]], headings: list[str]) -> Batch:
    geometries = shapely.from_geojson([json.dumps(shape) for shape in shapes], on_invalid="ignore")
    columns = {heading: [_plain(row.get(heading)) for row in rows] for heading in headings}
    wkb = pa.array(shapely.to_wkb(geometries), pa.binary())
    return Batch(columns, np.arange(1, len(rows) + 1, dtype=np.int64), wkb)


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _declared_crs(shape: dict[str, Any]) -> str | None:
    crs = shape.get("crs")
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    match = re.search(r"EPSG:+(\d+)$", str(name))
    return f"EPSG:{match[1]}" if match else None
