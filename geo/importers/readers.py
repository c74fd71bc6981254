"""Opens any file that can be imported: tells the format by its bytes and hands it to the reader of that format."""

import zipfile
from pathlib import Path

from geo.errors import UnreadableFileError
from geo.importers.batches import SourceFile
from geo.importers.fields import Kind
from geo.importers.readers_geojson import read_geojson
from geo.importers.readers_shapefile import PARTS, read_shapefile, read_zipped_shapefile
from geo.importers.readers_table import read_table
from geo.importers.readers_vector import read_vector
from geo.importers.report import IssueLog

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OSM_SUFFIXES = (".osm", ".pbf", ".osm.gz", ".osm.bz2")


def read(path: Path, kind: Kind, log: IssueLog, *, layer: str | None = None, encoding: str | None = None) -> SourceFile:
    """Open a file; its batches are read as they are asked for.

    Parameters
    ----------
    path
        The file. Of a Shapefile any part, or a zip of all of them.
    kind
        What it is imported as: decides which row is the header, which sheet or layer is read.
    log
        Where notes on encoding, layers and rows go.
    layer
        Sheet of a workbook, layer of a GeoPackage, name inside a zip.
    encoding
        Encoding of the texts, where the bytes mislead.

    Raises
    ------
    UnreadableFileError
        When the file is missing, empty, of a format that is not read, or damaged; the message says what to do.
    """
    format_name = sniff_format(path)
    # Libraries that one kind of file alone needs take memory that a large import of another kind is in want of.
    if format_name == "OSM":
        from geo.importers.osm import read_osm  # noqa: PLC0415 - osmium

        return read_osm(path, log)
    if format_name == "XLSX":
        from geo.importers.readers_workbook import read_workbook  # noqa: PLC0415 - openpyxl

        return read_workbook(path, kind, log, layer)
    if format_name == "Shapefile":
        return read_shapefile(path, kind, log, encoding)
    if format_name == "zip":
        return read_zipped_shapefile(path, kind, log, layer, encoding)
    if format_name == "GeoParquet":
        from geo.importers.readers_parquet import read_parquet  # noqa: PLC0415 - the Parquet part of pyarrow

        return read_parquet(path)
    if format_name == "GeoJSON":
        return read_geojson(path, kind, log, layer, encoding)
    if format_name == "CSV":
        return read_table(path, kind, log, encoding)
    return read_vector(path, kind, log, format_name=format_name, layer=layer)


def sniff_format(path: Path) -> str:
    """Return the name of a file's format by its first bytes; its suffix only counts where the bytes say nothing.

    Raises
    ------
    UnreadableFileError
        As `read`.
    """
    if not path.is_file():
        raise UnreadableFileError(f"There is no file {path.name}; check the path.")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise UnreadableFileError(f"{path.name} is empty.")
    name, suffix = path.name.lower(), path.suffix.lower()
    if head.startswith(_OLD_OFFICE):
        raise UnreadableFileError(f"{path.name} is in an old Office format; open it and save it as .xlsx.")
    if head.startswith(b"PK\x03\x04"):
        return _zip_format(path)
    for magic, format_name in _MAGIC:
        if head.startswith(magic):
            return format_name
    if b"OSMHeader" in head[:64] or b"<osm" in head[:1024] or name.endswith(_OSM_SUFFIXES):
        return "OSM"
    if suffix in PARTS:
        return "Shapefile"
    return _text_format(path, head)


def _zip_format(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        raise UnreadableFileError(f"{path.name} is a damaged zip; copy it again.") from None
    if "xl/workbook.xml" in names:
        return "XLSX"
    if any(name.lower().endswith(".shp") for name in names):
        return "zip"
    raise UnreadableFileError(f"{path.name} is a zip without a Shapefile; unpack it and import the files in it.")


def _text_format(path: Path, head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x1e")
    if start.startswith((b"{", b"[")):
        return "GeoJSON"
    if head.startswith(b"\x1f\x8b") or (
        0 in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and _binary(head)
    ):
        raise UnreadableFileError(
            f"{path.name} is of a format that is not read; give OSM, GeoJSON, GeoPackage, Shapefile, FlatGeobuf, "
            "GeoParquet, CSV or XLSX."
        )
    return "CSV"


def _binary(head: bytes) -> bool:
    """UTF-16 text has a zero in every second byte, other files with zeros are no text."""
    return max(head[::2].count(0), head[1::2].count(0)) * 4 < len(head)


_MAGIC = (
    (b"SQLite format 3\x00", "GeoPackage"),
    (b"PAR1", "GeoParquet"),
    (b"fgb", "FlatGeobuf"),
    (b"\x00\x00\x27\x0a", "Shapefile"),
)
