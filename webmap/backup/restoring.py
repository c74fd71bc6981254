"""Brings a backup back: proved first, then the files, then the database in one transaction, then its migrations."""

import os
import secrets
import zipfile
from collections.abc import Callable
from pathlib import Path

from psycopg import Connection

from webmap import database_setup, files
from webmap.backup import archive
from webmap.backup.archive import FILES, SECRET, Manifest
from webmap.backup.checking import check, require_known
from webmap.backup.errors import RestoreRefusedError
from webmap.backup.loading import load
from webmap.backup.snapshot import connected
from webmap.config import Settings
from webmap.database_logins import OWNER

_OTHERS = """
    SELECT usename, count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
    GROUP BY usename ORDER BY usename"""


def restore(settings: Settings, path: Path, say: Callable[[str], object], *, replace: bool, proved: bool) -> Manifest:
    """Put a backup in the place of what is there; `proved` when it need not be restored into a scratch server first.

    Raises
    ------
    RestoreRefusedError
        LouMap runs, the database holds something and `replace` is not said, or the server cannot hold the backup.
    webmap.backup.errors.BackupDamagedError, webmap.backup.errors.RestoreFailedError
        The backup is not whole or cannot be loaded; the database is as it was.
    """
    with archive.opened(path) as (backup, manifest):
        require_known(manifest)
        with connected(settings) as connection:
            _require_room(connection, manifest, replace=replace)
        say("Comparing every byte with its hash …" if proved else "Proving the backup in a scratch server …")
        if proved:
            archive.verify(backup, manifest)
        else:
            check(settings, path)
        say(f"Putting {len(manifest.files):,} files in their places …")
        _put_files(settings.data / "files", backup, manifest)
        say("Loading the database …")
        load(settings, backup, manifest)
        _put_secret(settings.data, backup, manifest)
    with database_setup.opened(settings, OWNER) as engine:
        database_setup.upgrade(engine)
    database_setup.vacuum(settings)
    return manifest


def _require_room(connection: Connection, manifest: Manifest, *, replace: bool) -> None:
    """Refuse a server that is too old, a site that runs, and a database in use unless it is to be replaced."""
    server = connection.info.server_version // 10000
    if server < manifest.server:
        raise RestoreRefusedError(f"The backup is of PostgreSQL {manifest.server}, this server is {server}.")
    if others := connection.execute(_OTHERS).fetchall():
        told = ", ".join(f"{name} ({number})" for name, number in others)
        raise RestoreRefusedError(
            f"LouMap or another program is connected to the database: {told}. Stop ./loumap serve and ./loumap work "
            "(systemctl stop loumap loumap-worker), then restore."
        )
    row = connection.execute("SELECT to_regclass('public.buildings')").fetchone()
    if row and row[0] and not replace and connection.execute("SELECT 1 FROM buildings LIMIT 1").fetchone():
        raise RestoreRefusedError(
            "The database is in use already. Keep what it holds with ./loumap backup, then restore with --replace."
        )


def _put_files(folder: Path, backup: zipfile.ZipFile, manifest: Manifest) -> None:
    """Write every file that is not there, or is there with other bytes than its name says."""
    for sha256 in manifest.files:
        with backup.open(f"{FILES}{sha256}") as stream:
            files.put_back(folder, sha256, stream)


def _put_secret(home: Path, backup: zipfile.ZipFile, manifest: Manifest) -> None:
    """Bring back the secret that links in sent mails were made with; another one is kept beside it."""
    path = home / SECRET
    if SECRET not in manifest.members:
        return
    fresh = backup.read(SECRET)
    if path.exists():
        if path.read_bytes() == fresh:
            return
        path.rename(home / f"{SECRET}.before-{secrets.token_hex(4)}")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
