"""Files of a whole city: seconds, rows per second, size and memory of every format, made by `./loumap export`.

    .venv/bin/python bench/exports.py [--buildings 1000000 | --here] [--formats parquet gpkg fgb csv geojson shp.zip]

Each file is made by a process of its own, whose peak memory is told; the database's is not in it. GeoParquet is read
again and held to the specification. `bare` is the database sending the same outlines as CSV: what it takes by itself.
Prints JSON.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import harness  # noqa: F401 - lets the product be imported
import psycopg
from harness import city
from harness.processes import ENVIRON, PRODUCT, ROOT
from harness.report import show

from geo.exports.geoparquet import problems

FORMATS = ("parquet", "gpkg", "fgb", "csv", "geojson", "shp.zip")
BARE = """COPY (SELECT code, name, height_m, floors_above, encode(ST_AsBinary(geom), 'hex') FROM buildings
WHERE publishable AND withdrawn_at IS NULL ORDER BY morton) TO STDOUT (FORMAT CSV)"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--layers", nargs="*", default=["buildings", "units"])
    parser.add_argument("--formats", nargs="*", default=list(FORMATS), choices=FORMATS)
    asked, load = parser.parse_args(), os.getloadavg()
    with city.opened(asked) as settings, tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        figures: dict[str, Any] = {"bare_s": bare(city.public_dsn(settings))}
        for layer in asked.layers:
            figures[layer] = {kind: measured(Path(folder), layer, kind) for kind in asked.formats}
    show({**figures, "load_before": [round(one, 2) for one in load]})


def measured(folder: Path, layer: str, kind: str) -> dict[str, Any]:
    """One file, made, looked at and deleted."""
    path = folder / f"{layer}.{kind}"
    command = [*PRODUCT, "export", "data", "--layer", layer, "-o", str(path)]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ENVIRON}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode, took = os.waitstatus_to_exitcode(status), time.perf_counter() - began
    if process.returncode:
        sys.exit(said)
    rows = int(said.rsplit(": ", 1)[1].split()[0].replace(",", ""))
    told = {"rows": rows, "seconds": round(took, 1), "rows_s": round(rows / took), "peak_mb": used.ru_maxrss // 1024}
    told["file_mb"] = round(path.stat().st_size / 1e6, 1)
    if kind == "parquet":
        told["problems"] = problems(path)
    path.unlink()
    return told


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
