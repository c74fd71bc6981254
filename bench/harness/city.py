"""The invented city that a benchmark measures: made by the product in a folder of its own, or one that is there."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from harness.processes import ENVIRON, PRODUCT, ROOT
from webmap.config import Settings, read_settings
from webmap.database_logins import APP, PUBLIC
from webmap.db import database_url

BUILDINGS = 50_000


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let the benchmark be told which city."""
    parser.add_argument(
        "--buildings",
        type=int,
        default=BUILDINGS,
        help=f"size of the invented city that is made for the benchmark (default {BUILDINGS}); kept for the next run",
    )
    parser.add_argument(
        "--here",
        action="store_true",
        help="measure the installation of the settings (LOUMAP_DATA, LOUMAP_DATABASE_URL, …) instead of making a city",
    )


@contextmanager
def opened(asked: argparse.Namespace) -> Iterator[Settings]:
    """The settings of the city, in the environment too, so that programs started meanwhile find it."""
    if not asked.here:
        os.environ["LOUMAP_DATA"] = str(made(asked.buildings))
    settings = read_settings()
    database_url(settings, PUBLIC)  # starts a private server that does not run yet
    yield settings


def made(buildings: int) -> Path:
    """The data folder of an invented city of this size, made unless it is there."""
    folder = Path(os.environ.get("LOUMAP_BENCH", "/var/tmp/loumap-bench")) / str(buildings)
    done = folder / "made"
    if not done.exists():
        environ = {**os.environ, **ENVIRON, "LOUMAP_DATA": str(folder)}
        command = [*PRODUCT, "sample", "--buildings", str(buildings)]
        subprocess.run(command, cwd=ROOT, env=environ, stdout=sys.stderr, check=True)
        done.touch()
    return folder


def public_dsn(settings: Settings) -> str:
    """Where libpq finds the database as the login of visitors, which only reads."""
    return _dsn(settings, PUBLIC)


def app_dsn(settings: Settings) -> str:
    """The same as the login of the app: for a peer that wants to make temporary things."""
    return _dsn(settings, APP)


def server_pid(dsn: str) -> int | None:
    """The process that all processes of the database server are below; None if it runs elsewhere."""
    try:
        with psycopg.connect(dsn) as connection:
            backend = connection.info.backend_pid
            stat = Path(f"/proc/{backend}/stat").read_text()
    except OSError:
        return None
    return int(stat.rsplit(")", 1)[1].split()[1])


def _dsn(settings: Settings, login: str) -> str:
    url = make_url(database_url(settings, login))
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
