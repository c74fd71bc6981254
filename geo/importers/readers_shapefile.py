"""Reads Shapefiles, also zipped ones, with the encoding their DBF leaves unsaid or says wrongly."""

import shutil
import struct
import tempfile
import weakref
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from geo.errors import UnreadableFileError
from geo.importers.batches import SourceFile
from geo.importers.encodings import Encoding, detect, named
from geo.importers.fields import Kind
from geo.importers.readers_table import note_encoding
from geo.importers.readers_vector import read_vector
from geo.importers.report import IssueLog
from geo.packed import DAMAGED, check_parts

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")

_SAMPLE = 4 << 20
_LDID_CODECS = {0x03: "cp1252", 0x4D: "gb18030", 0x4F: "big5hkscs", 0x57: "cp1252", 0x7A: "gb18030", 0x78: "big5hkscs"}


def read_shapefile(path: Path, kind: Kind, log: IssueLog, encoding: str | None = None) -> SourceFile:
    """Open a Shapefile by any of its parts.

    Raises
    ------
    UnreadableFileError
        When the .shp is missing or cannot be opened.
    """
    shp = _part(path, ".shp")
    if shp is None:
        raise UnreadableFileError(f"{path.name} comes without its .shp; give the .shp, .dbf and .prj together.")
    dbf = _part(path, ".dbf")
    found = named(encoding) if encoding else dbf_encoding(dbf) if dbf else Encoding("utf-8", guessed=False)
    note_encoding(found, log)
    # GDAL names the encodings in its own way.
    gdal_name = {"gb18030": "GB18030", "utf-8-sig": "UTF-8", "big5hkscs": "BIG5-HKSCS"}.get(found.name, found.name)
    source = read_vector(shp, kind, log, format_name="Shapefile", encoding=gdal_name)
    source.info.encoding = found.name
    return source


def read_zipped_shapefile(
    path: Path, kind: Kind, log: IssueLog, layer: str | None = None, encoding: str | None = None
) -> SourceFile:
    """Open a Shapefile inside a zip; `layer` is its name there when the zip holds several.

    Raises
    ------
    UnreadableFileError
        When the zip has no Shapefile, has several and `layer` names none of them, is damaged, or unpacks to too
        much.
    """
    with zipfile.ZipFile(path) as archive:
        parts = _zipped_parts(archive)
        stem = layer if layer in parts else next(iter(parts), None)
        if stem is None or (layer and layer not in parts):
            raise UnreadableFileError(
                f"{path.name} has no Shapefile {layer or ''}; it holds {', '.join(parts) or 'none'}."
            )
        if others := [name for name in parts if name != stem and not layer]:
            log.add("layer_chosen", value=stem, others=", ".join(others))
        folder = _unpacked(path.name, archive, parts[stem])
    source = read_shapefile(Path(folder) / "data.shp", kind, log, encoding)
    source.info.path, source.info.layer, source.info.layers = path, stem, list(parts)
    weakref.finalize(source.batches, shutil.rmtree, folder, ignore_errors=True)
    return source


def dbf_encoding(path: Path) -> Encoding:
    """Return the encoding of a DBF: what .cpg or its language byte say, when its texts agree."""
    with path.open("rb") as stream:
        head = stream.read(32)
        if len(head) < 32:
            raise UnreadableFileError(f"{path.name} is no DBF table; export the Shapefile again.")
        sample = b"\n".join(_texts(head, stream.read(_SAMPLE)))
    said = _said(path, head[29])
    if said and said.name == "cp1252":
        # Many programs write this byte whatever the texts are.
        said = None
    if said and _agrees(sample, said.name):
        return said
    return detect([sample])


def _texts(head: bytes, rest: bytes) -> Iterator[bytes]:
    """Give the texts of the first records, and the field names."""
    header_length, record_length = struct.unpack("<HH", head[8:12])
    fields, offset = [], 1
    for start in range(0, header_length - 33, 32):
        descriptor = rest[start : start + 32]
        if len(descriptor) < 32 or descriptor[0] == 0x0D:
            break
        yield descriptor[:11].rstrip(b"\0")
        if descriptor[11:12] == b"C":
            fields.append((offset, offset + descriptor[16]))
        offset += descriptor[16]
    for start in range(header_length - 32, len(rest) - record_length, record_length or len(rest)):
        record = rest[start : start + record_length]
        for left, right in fields:
            yield record[left:right].rstrip(b" \0")


def _said(path: Path, language: int) -> Encoding | None:
    cpg = _part(path, ".cpg")
    if cpg is not None:
        word = cpg.read_text(encoding="ascii", errors="replace").strip().lower()
        word = {"936": "gb18030", "65001": "utf-8", "950": "big5hkscs", "oem": "", "system": ""}.get(word, word)
        try:
            return named(word.replace("ansi ", "cp")) if word else None
        except UnreadableFileError:
            return None
    return Encoding(_LDID_CODECS[language], guessed=False) if language in _LDID_CODECS else None


def _agrees(sample: bytes, name: str) -> bool:
    """Say whether texts decode, but for letters cut in half where a field is full."""
    return sample.decode(name, errors="replace").count("\ufffd") <= len(sample) // 200


def _part(path: Path, suffix: str) -> Path | None:
    """Return the part of a Shapefile with another suffix, in capitals or not."""
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.exists():
            return candidate
    return None


def _zipped_parts(archive: zipfile.ZipFile) -> dict[str, list[zipfile.ZipInfo]]:
    """Return the parts of each Shapefile in a zip by its name there."""
    found: dict[str, list[zipfile.ZipInfo]] = {}
    for part in archive.infolist():
        name = PurePosixPath(part.filename)
        if name.suffix.lower() in PARTS and not name.name.startswith("."):
            found.setdefault(str(name.with_suffix("")), []).append(part)
    return {name: parts for name, parts in found.items() if any(p.filename.lower().endswith(".shp") for p in parts)}


def _unpacked(name: str, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    check_parts(name, parts)
    folder = tempfile.mkdtemp(prefix="loumap-")
    try:
        for part in parts:
            target = Path(folder) / f"data{PurePosixPath(part.filename).suffix.lower()}"
            # No more is read than the part says it holds; one that holds more does not fit its checksum.
            with archive.open(part) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
    except DAMAGED as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UnreadableFileError(f"{name} cannot be unpacked ({error}); pack it again, without a password.") from None
    return folder
