"""Files for GIS people and spreadsheets: any search, as a layer in one of the formats, written row by row."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from geo.errors import NotFoundError
from geo.exports.about import About
from geo.exports.gdal_files import write_flatgeobuf, write_geopackage, write_shapefile
from geo.exports.geoparquet import write_geoparquet
from geo.exports.texts import csv_metadata, csv_text, geojson
from geo.exports.workbook import write_workbook

Batches = Iterable[pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, ending and media type, and what writes it."""

    name: str
    title: str
    ending: str
    media_type: str
    write: Callable[[Path, Batches, About], int]


def write_file(path: Path, kind: Format, batches: Batches, about: About) -> int:
    """Write a layer to `path`, beside it first, so that a file of that name is whole; gives the number of rows.

    Raises
    ------
    TooMuchError
        The format does not take so many rows.
    """
    fresh = path.with_name(f".{path.name}.part.{kind.ending}")
    try:
        rows = kind.write(fresh, batches, about)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return rows


def format_of(name: str) -> Format:
    """The format whose ending a file's name has.

    Raises
    ------
    NotFoundError
        None has; the message names those that there are.
    """
    fits = [kind for kind in FORMATS.values() if name.lower().endswith(f".{kind.ending}")]
    if not fits:
        endings = ", ".join(f".{kind.ending}" for kind in FORMATS.values())
        raise NotFoundError(f"{name!r} has the ending of no format; there are {endings}.")
    return fits[0]


def _write_geojson(path: Path, batches: Batches, about: About) -> int:
    return _write_text(path, batches, about, geojson)


def _write_csv(path: Path, batches: Batches, about: About) -> int:
    return _write_text(path, batches, about, csv_text)


def write_csv_metadata(path: Path, about: About) -> Path:
    """Write what a CSV file means beside it, as programs look for it; gives the path."""
    beside = path.with_name(f"{path.name}-metadata.json")
    beside.write_text(csv_metadata(about, path.name), "utf-8")
    return beside


def _write_text(path: Path, batches: Batches, about: About, pieces: Callable[[Batches, About], Iterable[str]]) -> int:
    counted = [0]

    def passing() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            counted[0] += batch.num_rows
            yield batch

    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces(passing(), about))
    return counted[0]


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ALL = (
    Format("xlsx", "Excel", "xlsx", _SHEET, write_workbook),
    Format("csv", "CSV", "csv", "text/csv", _write_csv),
    Format("geojson", "GeoJSON", "geojson", "application/geo+json", _write_geojson),
    Format("gpkg", "GeoPackage", "gpkg", "application/geopackage+sqlite3", write_geopackage),
    Format("shp", "Shapefile", "shp.zip", "application/zip", write_shapefile),
    Format("fgb", "FlatGeobuf", "fgb", "application/vnd.flatgeobuf", write_flatgeobuf),
    Format("parquet", "GeoParquet", "parquet", "application/vnd.apache.parquet", write_geoparquet),
)
FORMATS = {kind.name: kind for kind in _ALL}
