"""Makes a backup: the database as of one moment, then the files that it names, then the site's secret."""

import errno
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import psycopg

from webmap import backups
from webmap.backup.archive import DUMP, FILES, SECRET, Manifest, Writer, writing
from webmap.backup.errors import BackupFailedError
from webmap.backup.programs import environment, program
from webmap.backup.snapshot import Snapshot, snapshot_of
from webmap.config import Settings
from webmap.database_logins import OWNER
from webmap.db import database_url
from webmap.embedded.locks import alone

LOCK = ".backup.lock"
"""In the data home: one backup at a time, and none while something is restored or checked."""

_FULL = (errno.ENOSPC, errno.EDQUOT)
_DUMP = ("--format=custom", "--schema=public", "--no-owner", "--no-acl", "--lock-wait-timeout=60s")
_FOREIGN_DATA = "--exclude-table-data=public.spatial_ref_sys"


def make_backup(settings: Settings, target: Path, *, with_secret: bool = True) -> Manifest:
    """Write a backup to `target`, which nobody else may read; it appears there whole or not at all.

    Raises
    ------
    BackupFailedError
        Something is in its place, the disk is full, or the database cannot be dumped; the message says what to do.
    """
    if target.exists():
        raise BackupFailedError(f"{target} is there already; name another file, or move it away.")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            alone(settings.data / LOCK),
            _incoming(target) as file,
            snapshot_of(settings) as snapshot,
            writing(file, snapshot.manifest) as writer,
        ):
            _add_dump(settings, snapshot, writer)
            _add_files(snapshot, writer)
            if with_secret:
                _add_secret(settings, writer)
    except OSError as error:
        raise BackupFailedError(_explained(error, target)) from None
    except psycopg.Error as error:
        raise BackupFailedError(f"The database could not be read: {error}") from None
    return snapshot.manifest


def make_by_rule(settings: Settings) -> Path:
    """Make the backup that is due, in the folder of backups and named after the moment; gives its path."""
    folder = backups.folder_of(settings)
    for unfinished in folder.glob(".incoming-*"):  # of a worker that was killed
        unfinished.unlink()
    target = backups.path_now(folder)
    make_backup(settings, target)
    return target


def prune(settings: Settings) -> list[Path]:
    """Delete the backups that the rule no longer keeps; gives their paths."""
    found = backups.backups_in(backups.folder_of(settings))
    over = [backup.path for backup in found if backup not in backups.to_keep(found, settings)]
    for path in over:
        path.unlink(missing_ok=True)
    return over


@contextmanager
def _incoming(target: Path) -> Iterator[BinaryIO]:
    """A file beside the target that takes its name at the end of the block, safely on the disk."""
    path = target.with_name(f".incoming-{secrets.token_hex(4)}-{target.name}")
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        path.rename(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        path.unlink(missing_ok=True)


def _add_dump(settings: Settings, snapshot: Snapshot, writer: Writer) -> None:
    command = [program("pg_dump", snapshot.manifest.server), *_DUMP, _FOREIGN_DATA, f"--snapshot={snapshot.name}"]
    where = environment(database_url(settings, OWNER))
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=where, stdout=subprocess.PIPE, stderr=said) as dumping,
    ):
        assert dumping.stdout is not None
        try:
            writer.add(DUMP, dumping.stdout)
        except BaseException:
            dumping.kill()
            raise
        if dumping.wait():
            said.seek(0)
            raise BackupFailedError(f"pg_dump failed: {said.read().decode(errors='replace').strip()[-2000:]}")


def _add_files(snapshot: Snapshot, writer: Writer) -> None:
    """Add every file of the snapshot; those whose bytes are missing or have changed are noted."""
    for sha256 in snapshot.files:
        try:
            stream = (snapshot.pins / sha256).open("rb")
        except FileNotFoundError:
            snapshot.manifest.lost.append(sha256)
            continue
        with stream:
            if writer.add(f"{FILES}{sha256}", stream).sha256 != sha256:
                snapshot.manifest.lost.append(sha256)


def _add_secret(settings: Settings, writer: Writer) -> None:
    """Add the secret that was made for this installation; one that is set from outside is kept outside."""
    path = settings.data / SECRET
    if path.exists():
        with path.open("rb") as stream:
            writer.add(SECRET, stream)


def _explained(error: OSError, target: Path) -> str:
    if error.errno in _FULL:
        free = shutil.disk_usage(target.parent).free / 1e6
        return (
            f"The disk of {target.parent} is full ({free:,.0f} MB free); nothing was left there. Make room, keep fewer "
            "backups (LOUMAP_BACKUP_DAYS, _WEEKS, _MONTHS) or name another place (LOUMAP_BACKUP_FOLDER)."
        )
    return f"{error.filename or target} cannot be written ({error.strerror}); name a file in a folder of your own."
