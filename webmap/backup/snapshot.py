"""The database as of one moment: its rows counted, the files it names pinned, all for one dump.

Files are pinned by hard links while the snapshot is young, so that what is deleted during a long dump is still in the
backup that names it.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from geo.errors import NotFoundError
from webmap.backup.archive import Manifest
from webmap.backup.errors import BackupFailedError
from webmap.config import Settings
from webmap.database_logins import OWNER
from webmap.db import database_url
from webmap.files import path_with

PINS = ".pinned"
"""Folder of the data home where files lie that a backup has still to read."""

_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK)
_TABLES = """
    SELECT relname FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND classid = 'pg_class'::regclass AND deptype = 'e')
    ORDER BY relname"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The snapshot's name for pg_dump, what the manifest says of it, and where its files are pinned."""

    name: str
    manifest: Manifest
    pins: Path
    files: Sequence[str]


@contextmanager
def snapshot_of(settings: Settings) -> Iterator[Snapshot]:
    """Hold the database's present moment for a block.

    Raises
    ------
    BackupFailedError
        There is nothing in the database.
    """
    with connected(settings) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        name = _one(connection, "SELECT pg_export_snapshot()")
        if _one(connection, "SELECT to_regclass('public.alembic_version')") is None:
            raise BackupFailedError("The database is empty; there is nothing to back up.")
        files = [sha256 for (sha256,) in connection.execute("SELECT sha256 FROM files ORDER BY sha256")]
        with _pinned(settings, files) as pins:
            yield Snapshot(name, _manifest(connection), pins, files)


@contextmanager
def connected(settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection as the owner of the tables."""
    address = database_url(settings, OWNER).replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address, connect_timeout=10, application_name="loumap backup") as connection:
        yield connection


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Table → rows, of every table of ours."""
    tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
    counting = SQL("SELECT count(*) FROM public.{}")
    return {name: _one(connection, counting.format(Identifier(name))) for name in tables}


def _manifest(connection: psycopg.Connection) -> Manifest:
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    revision = _one(connection, "SELECT version_num FROM alembic_version")
    return Manifest(moment, revision, connection.info.server_version // 10000, count_rows(connection))


@contextmanager
def _pinned(settings: Settings, files: Sequence[str]) -> Iterator[Path]:
    """A folder with all files by their hashes; those whose bytes are missing are not in it."""
    pins = settings.data / PINS
    shutil.rmtree(pins, ignore_errors=True)  # of a backup that was killed
    pins.mkdir(mode=0o700, parents=True)
    try:
        for sha256 in files:
            try:
                _pin(path_with(settings.data / "files", sha256), pins / sha256)
            except (NotFoundError, FileNotFoundError):
                continue
        yield pins
    finally:
        shutil.rmtree(pins, ignore_errors=True)


def _pin(path: Path, pin: Path) -> None:
    try:
        os.link(path, pin)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy(path, pin)


def _one(connection: psycopg.Connection, query: LiteralString | Composed) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]
