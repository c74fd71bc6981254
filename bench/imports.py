"""Import of footprints: `./loumap import` into the real table beside plain COPY and beside peers.

    .venv/bin/python bench/imports.py [--buildings 1000000 | --here] [--rows N] [--format gpkg] [--rounds 3]

The file holds the buildings of the invented city. Each round gives it, on a private server of its own with the settings
of the product and in a new database each, to `./loumap import` with all checks and with --trusted (empty table, whole
command from start to end), then the same rows to the limit: psql with binary COPY into the same table, derived columns,
constraints and indexes included, the indexes built last. Once it is imported again into the database of the last round
("again": nothing changes), and once as a second source into the table that is full by then ("second"). Peers write the
file into a table like it and build the same indexes: geopandas (`to_postgis`) and ogr2ogr (by COPY into a table of its
own, unlogged, and from there by SQL), once each.

Prints JSON: seconds, rows per second and memory of the importing process (its peak), what part of the limit's speed
that is, and the machine's load.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import harness  # noqa: F401 - lets the product be imported
import psycopg
from harness import bare_table, city
from harness.environment import NotInstalledError, python_with
from harness.footprints import DRIVERS, written
from harness.processes import ENVIRON, PRODUCT, ROOT
from harness.report import medians, ratio, show

from webmap.database_logins import LOGINS, OWNER
from webmap.embedded import EmbeddedPostgres

EMPTY = "imports_empty"
WAYS = {"checked": (), "trusted": ("--trusted",)}
GEOPANDAS = """
import sys, geopandas, sqlalchemy
file, address = sys.argv[1:]
rows = geopandas.read_file(file, engine="pyogrio") if not file.endswith(".parquet") else geopandas.read_parquet(file)
rows = rows.rename(columns={"id": "source_key"}).rename_geometry("geom")
rows["code"], rows["source_id"] = rows["source_key"], 1
rows = rows.astype({name: "Int32" for name in ("floors_above", "floors_below", "completed_year")})
rows.to_postgis("bare", sqlalchemy.create_engine(address), if_exists="append", index=False, chunksize=50_000)
"""
GEOPANDAS_NEEDS = ("geopandas", "psycopg[binary]", "geoalchemy2", "sqlalchemy", "pyogrio", "pyarrow")
# Into a table with derived columns ogr2ogr would only insert row by row: it fills one of its own by COPY.
OGR_FIELDS = "name, address, height_m, floors_above, floors_below, completed_year, grade, gross_area_m2"
OGR_AFTERWARDS = (
    f"INSERT INTO {bare_table.TABLE} (source_key, code, source_id, geom, {OGR_FIELDS})"
    f" SELECT id, id, 1, geom, {OGR_FIELDS} FROM staged"
)


class Server:
    """A private server with a database of the present schema to start from."""

    def __init__(self, folder: Path) -> None:
        self.cluster = EmbeddedPostgres(folder)
        self.cluster.start()
        self.cluster.drop_database(EMPTY)
        self.cluster.create_database(EMPTY)
        for command in (["migrate"], ["import", "--help"]):  # the second compiles what an import loads
            whole = [*PRODUCT, *command]
            subprocess.run(whole, cwd=ROOT, env=self.environ(EMPTY), stdout=subprocess.DEVNULL, check=True)

    def dsn(self, database: str, login: str = OWNER) -> str:
        """Where libpq finds a database."""
        return self.cluster.dsn(login, database).replace("+psycopg", "")

    def environ(self, database: str) -> dict[str, str]:
        """The settings that lead the product to a database.

        It finds its libraries compiled, as peers do and as where `./loumap` has installed them, whatever is so here.
        """
        tails = dict(zip(LOGINS, ("_OWNER", "", "_PUBLIC", "_JOBS"), strict=True))
        urls = {f"LOUMAP_DATABASE_URL{tail}": self.cluster.dsn(login, database) for login, tail in tails.items()}
        folder = self.cluster.data_dir.parent
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        return {**os.environ, **ENVIRON, **urls, **compiled, "LOUMAP_DATA": str(folder)}

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A new empty database of the present schema, dropped at the block's end."""
        self.cluster.create_database(name, template=EMPTY)
        try:
            yield name
        finally:
            self.cluster.drop_database(name)


def timed(command: Sequence[str], environ: dict[str, str], said: str = "") -> dict[str, float]:
    """Run a program to its end: seconds and peak of its memory; `said` goes to its standard input."""
    started, peak = time.monotonic(), 0.0
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=sys.stderr, text=True)
    process.stdin.write(said)
    process.stdin.close()
    while process.poll() is None:
        peak = max(peak, peak_mb(process.pid))
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:4])} … failed.")
    seconds = time.monotonic() - started
    sys.stderr.write(f"{seconds:.1f} s, {peak:.0f} MB: {Path(command[0]).name} {' '.join(command[1:])[:60]!r} …\n")
    return {"seconds": seconds, "peak_mb": peak}


def peak_mb(pid: int) -> float:
    """The most memory that a process has had so far, since it became the program it is."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def candidate(server: Server, database: str, file: Path, source: str, *options: str) -> dict[str, float]:
    """`./loumap import` of the file."""
    command = [*PRODUCT, "import", str(file), "--as", "buildings", "--publishable", "--source", source, *options]
    return timed(command, server.environ(database))


def limit(server: Server, rows: Path) -> dict[str, float]:
    """Psql with binary COPY of the rows that the product made, and the indexes afterwards, in one transaction."""
    with server.database("imports_limit") as database, psycopg.connect(server.dsn(database)) as connection:
        names, afterwards = bare_table.columns(connection), bare_table.make(connection)
        script = ["BEGIN;", "SET LOCAL maintenance_work_mem = '256MB';"]
        script += [f"\\copy {bare_table.TABLE} ({names}) FROM '{rows}' (FORMAT binary)"]
        script += [f"{statement};" for statement in afterwards] + ["COMMIT;\n"]
        return timed([*psql(), server.dsn(database)], dict(os.environ), "\n".join(script))


def peer(server: Server, command: Sequence[str]) -> dict[str, float]:
    """A peer, whose command names the database as `{dsn}` or `{url}`, and the same indexes after it."""
    with server.database("imports_peer") as database, psycopg.connect(server.dsn(database)) as connection:
        afterwards = [OGR_AFTERWARDS] * (command[0] == "ogr2ogr") + bare_table.make(connection)
        places = {"{dsn}": server.cluster.conninfo(OWNER, database), "{url}": server.cluster.dsn(OWNER, database)}
        for mark, place in places.items():
            command = [part.replace(mark, place) for part in command]
        figures = timed(command, dict(os.environ))
        script = "".join(f"{statement};\n" for statement in afterwards)
        figures["seconds"] += timed([*psql(), server.dsn(database)], dict(os.environ), script)["seconds"]
        return figures


def psql() -> list[str]:
    """Psql that stops at the first error."""
    return ["psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"]


def peers(file: Path, wanted: Sequence[str]) -> dict[str, list[str] | str]:
    """The commands of the peers that can be had here; a word of why for the others."""
    found: dict[str, list[str] | str] = {}
    if "geopandas" in wanted:
        try:
            python = python_with(file.parent / "geopandas", GEOPANDAS_NEEDS, "import geopandas, psycopg, geoalchemy2")
            found["geopandas"] = [str(python), "-c", GEOPANDAS, str(file), "{url}"]
        except NotInstalledError as error:
            found["geopandas"] = f"skipped: {error}"
    if "ogr2ogr" in wanted:
        command = ["ogr2ogr", "-f", "PostgreSQL", "PG:{dsn}", str(file), "-nln", "staged", "-nlt", "MULTIPOLYGON"]
        options = ("GEOMETRY_NAME=geom", "FID=row", "SPATIAL_INDEX=NONE", "UNLOGGED=ON")
        command += [part for option in options for part in ("-lco", option)]
        command += ["--config", "PG_USE_COPY", "YES", "-gt", "1000000"]
        found["ogr2ogr"] = command if shutil.which("ogr2ogr") else "skipped: ogr2ogr is not installed"
    return found


def measured(server: Server, file: Path, rounds: int, wanted: Sequence[str]) -> dict[str, list[dict[str, float]]]:
    """The figures of every round, by what was run."""
    kept, found = file.with_suffix(".copy"), {"checked": [], "trusted": [], "limit": [], "again": [], "second": []}
    for number in range(rounds):
        for way, options in WAYS.items():
            with server.database("imports_candidate") as database:
                found[way].append(candidate(server, database, file, "city", *options))
                with psycopg.connect(server.dsn(database)) as connection:
                    bare_table.save_rows(connection, kept)
                if way == "checked" and number == rounds - 1:
                    found["again"].append(candidate(server, database, file, "city"))
                    found["second"].append(candidate(server, database, file, "other"))
        found["limit"].append(limit(server, kept))
    for name, command in peers(file, wanted).items():
        found[name] = command if isinstance(command, str) else [peer(server, command)]
    kept.unlink()
    return found


def summary(found: dict[str, list[dict[str, float]]], rows: int) -> dict[str, object]:
    """Medians, rows per second and parts of the limit's speed."""
    middle = {name: one if isinstance(one, str) else medians(one) for name, one in found.items()}
    seconds = {name: one["seconds"] for name, one in middle.items() if not isinstance(one, str)}
    for name in seconds:
        middle[name]["rows_per_s"] = round(rows / seconds[name])
    ratios = {f"{name}_of_limit": ratio(seconds["limit"], seconds[name]) for name in ("checked", "trusted")}
    faster = {
        f"{name}_over_checked": ratio(seconds[name], seconds["checked"])
        for name in ("geopandas", "ogr2ogr")
        if name in seconds
    }
    return {"rows": rows, **middle, "ratios": {**ratios, **faster}}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--rows", type=int, help="take only so many of the city's buildings")
    parser.add_argument("--format", choices=DRIVERS, default="gpkg", help="kind of file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", default=["geopandas", "ogr2ogr"], help="which peers; none: no peer")
    asked = parser.parse_args()
    folder = Path(os.environ.get("LOUMAP_BENCH", "/var/tmp/loumap-bench")) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"city.{asked.format}"
    file.unlink(missing_ok=True)
    with city.opened(asked) as settings:
        rows = written(city.app_dsn(settings), file, asked.rows)
    server = Server(folder / "database")
    load = os.getloadavg()
    try:
        result = summary(measured(server, file, asked.rounds, asked.peers), rows)
    finally:
        server.cluster.stop()
    about = {"file": asked.format, "file_mb": file.stat().st_size >> 20, "rounds": asked.rounds}
    show({**about, **result, "load_before": [round(one, 2) for one in load]})


if __name__ == "__main__":
    main()
