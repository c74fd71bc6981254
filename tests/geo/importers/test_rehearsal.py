"""A file that crashes, floods or never ends its reader does so in a process that has little to lose."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from geo.errors import UnreadableFileError
from geo.importers.rehearsal import ROOT, Rehearsal, rehearse

CAFE = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [121.4, 31.2]}, "properties": {"name": "咖啡"}}


@pytest.fixture
def points(tmp_path: Path) -> Path:
    path = tmp_path / "points.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [CAFE] * 500}))
    return path


def test_an_ordinary_file_passes(points: Path) -> None:
    rehearse(Rehearsal(str(points), "amenities"), "points.geojson")


def test_what_is_merely_wrong_with_a_file_is_left_to_its_import_to_say(tmp_path: Path) -> None:
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04 cut off")
    rehearse(Rehearsal(str(tmp_path / "table.xlsx"), "units"), "table.xlsx")


def test_a_file_that_takes_too_much_memory_is_refused(points: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"points\.geojson .* is not imported; save it anew"):
        rehearse(Rehearsal(str(points), "amenities"), "points.geojson", memory_bytes=40 << 20)


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    nested = tmp_path / "nested.csv"
    with nested.open("w") as file:
        file.write("id,name,category,lon,lat\n")
        file.writelines(f"{n},n{n},cafe,121.4,31.2\n" for n in range(2_000_000))
    with pytest.raises(UnreadableFileError, match="takes too long"):
        rehearse(Rehearsal(str(nested), "amenities"), "nested.csv", seconds=2)


def test_no_secret_of_ours_reaches_the_reader(points: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOUMAP_SECRET_KEY", "a secret that no reader of files needs")
    monkeypatch.setattr("geo.importers.rehearsal.sys.executable", str(_noting(tmp_path)))
    rehearse(Rehearsal(str(points), "amenities"), "points.geojson")
    assert "LOUMAP" not in (tmp_path / "environment").read_text()


def _noting(folder: Path) -> Path:
    """A program that notes what it is told of our environment."""
    program = folder / "noting"
    program.write_text(f"#!/bin/sh\nenv > {folder / 'environment'}\n")
    program.chmod(0o755)
    return program


def test_gdal_has_no_driver_that_opens_what_a_file_names() -> None:
    code = "from geo.importers import readers_vector; import pyogrio; print(*pyogrio.list_drivers(), sep='\\n')"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    allowed = {"ESRI Shapefile", "FlatGeobuf", "GPKG", "GeoJSON", "GeoJSONSeq", "MEM", "Memory"}
    assert set(said.splitlines()) <= allowed


@pytest.mark.parametrize("ending", [".shp", ".gpkg", ".fgb", ".geojson", ".xlsx", ".zip", ".pbf", ".csv", ".parquet"])
def test_bytes_without_sense_are_refused_or_read_but_never_break_anything(tmp_path: Path, ending: str) -> None:
    magic = {".shp": b"\0\0'\n", ".gpkg": b"SQLite format 3\0", ".fgb": b"fgb\x03fgb\0", ".geojson": b'{"type":'}
    magic |= {".xlsx": b"PK\x03\x04", ".zip": b"PK\x03\x04", ".pbf": b"\0\0\0\x0eOSMHeader", ".parquet": b"PAR1"}
    file = tmp_path / f"noise{ending}"
    file.write_bytes(magic.get(ending, b"") + random.Random(ending).randbytes(20_000))
    rehearse(Rehearsal(str(file), "buildings"), file.name)
