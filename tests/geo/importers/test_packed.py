"""Packed files that unpack to far more than such files hold are refused before they fill the disk or the memory."""

import bz2
import gzip
import struct
import zipfile

import pytest

from geo import packed
from geo.errors import UnreadableFileError
from geo.importers.fields import Kind
from tests.geo.importers.conftest import FILES

NOTHING = bytes(120 << 20)


def zipped(path, **parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in parts.items():
            archive.writestr(f"data.{ending}", content)
    return path


def lying(path, part, declared):
    """Let a zip say of a part, in both places, that it holds less than it does."""
    content = path.read_bytes()
    size = struct.pack("<I", len(part))
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, struct.pack("<I", declared)))
    return path


@pytest.mark.parametrize("ending", ["shp", "dbf"])
def test_a_zip_of_nothing_is_refused(read, tmp_path, ending):
    bomb = zipped(tmp_path / "bomb.zip", **{"shp": b"", ending: NOTHING})
    with pytest.raises(UnreadableFileError, match=r"bomb\.zip would unpack to 120 MB or more from 1\d\d kB"):
        read(bomb, Kind.BUILDINGS)


def test_a_zip_that_holds_more_than_it_says_is_no_further_read_than_that(read, tmp_path):
    bomb = lying(zipped(tmp_path / "bomb.zip", shp=NOTHING), NOTHING, 1000)
    with pytest.raises(UnreadableFileError, match=r"bomb\.zip cannot be unpacked"):
        read(bomb, Kind.BUILDINGS)


def test_a_workbook_that_holds_more_than_it_says_is_refused(read, tmp_path):
    book = tmp_path / "bomb.xlsx"
    content = (FILES / "merged_cells.xlsx").read_bytes()
    with zipfile.ZipFile(FILES / "merged_cells.xlsx") as archive:
        sheet = next(part for part in archive.infolist() if "sheet1" in part.filename)
    book.write_bytes(content.replace(struct.pack("<I", sheet.file_size), struct.pack("<I", 100)))
    with pytest.raises(UnreadableFileError, match=r"bomb\.xlsx is damaged"):
        read(book, Kind.UNITS)


@pytest.mark.parametrize("module", [gzip, bz2])
def test_a_packed_map_of_nothing_is_refused(read, tmp_path, module):
    (tmp_path / "bomb.osm.gz").write_bytes(module.compress(b"<osm>" + NOTHING))
    with pytest.raises(UnreadableFileError, match="would unpack to"):
        read(tmp_path / "bomb.osm.gz", Kind.BUILDINGS)


def test_a_packed_map_that_is_cut_off_is_refused(read, tmp_path):
    whole = gzip.compress((FILES / "unsorted.osm").read_bytes())
    (tmp_path / "cut.osm.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFileError, match=r"cut\.osm\.gz is damaged"):
        read(tmp_path / "cut.osm.gz", Kind.BUILDINGS)


def test_what_is_large_by_itself_is_refused_however_well_it_is_packed():
    part = zipfile.ZipInfo("data.shp")
    part.file_size = part.compress_size = packed.MOST_UNPACKED_BYTES + 1
    with pytest.raises(UnreadableFileError, match="smaller files"):
        packed.check_parts("large.zip", [part])
