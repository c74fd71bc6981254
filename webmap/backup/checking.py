"""Proves a backup: every byte against its hash, and the database restored into a scratch server and migrated."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from launcher.postgres import find_servers
from webmap import database_setup, migrate
from webmap.backup import archive
from webmap.backup.archive import Manifest
from webmap.backup.errors import RestoreRefusedError
from webmap.backup.loading import load
from webmap.backup.making import LOCK
from webmap.config import Settings
from webmap.database_logins import OWNER
from webmap.embedded import EmbeddedPostgres
from webmap.embedded.locks import alone

SCRATCH = ".scratch"
"""In the data home: the server that a backup is restored into to prove it; deleted afterwards."""


def check(settings: Settings, path: Path) -> Manifest:
    """Prove that a backup can be restored with this LouMap.

    Raises
    ------
    webmap.backup.errors.BackupDamagedError, webmap.backup.errors.RestoreFailedError
        It cannot.
    RestoreRefusedError
        A newer LouMap made it, or there is no PostgreSQL server here to prove it with.
    """
    with archive.opened(path) as (backup, manifest):
        require_known(manifest)
        archive.verify(backup, manifest)
        with alone(settings.data / LOCK), _scratch(settings, manifest) as scratch:
            load(scratch, backup, manifest)
            with database_setup.opened(scratch, OWNER) as engine:
                database_setup.upgrade(engine)
    return manifest


def require_known(manifest: Manifest) -> None:
    """Refuse what a newer LouMap made: this one does not know its schema.

    Raises
    ------
    RestoreRefusedError
        It does not.
    """
    if not migrate.is_known(manifest.revision):
        raise RestoreRefusedError(
            f"The backup has the schema {manifest.revision}, which this LouMap does not know; a newer one made it. "
            "Update this one first."
        )


@contextmanager
def _scratch(settings: Settings, manifest: Manifest) -> Iterator[Settings]:
    """Settings of an empty database on a server of its own, gone after the block."""
    if not any(server.has_postgis and server.version >= manifest.server for server in find_servers()):
        version = manifest.server
        raise RestoreRefusedError(
            f"To prove the backup it is restored into a scratch server; install postgresql-{version}, "
            f"postgresql-{version}-postgis-3 and postgresql-{version}-postgis-3-scripts on this machine for that."
        )
    folder = settings.data / SCRATCH
    shutil.rmtree(folder, ignore_errors=True)  # of a check that was killed
    server = EmbeddedPostgres(folder, durable=False)
    try:
        server.start()
        address = server.dsn(OWNER)
        yield replace(settings, database_url=address, database_url_owner=address)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
