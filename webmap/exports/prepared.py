"""Files of the whole city: made by the worker when somebody asks, kept on the disk, and handed out as they are.

A file that is old enough may be made anew, so that however many ask and however often the city changes, each is made
once in a while. Beside it lies a mark while it is being made.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from webmap.config import Settings
from webmap.jobs import enqueue

TILES = "city.pmtiles"
"""All tiles of the map."""

FRESH_S = 6 * 3600
"""A younger file is not made anew."""

PATIENCE_S = 1800
"""A mark that is older was left by a worker that ended."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file of the whole city as it is on the disk; `made_at` and `size_bytes` are None where there is none.

    `sha256` are the digits of its checksum, None until they are known.
    """

    name: str
    path: Path
    made_at: datetime | None
    size_bytes: int | None
    asked: bool
    sha256: str | None = None

    @property
    def may_be_asked(self) -> bool:
        """Whether it is absent or old, and nobody is at it."""
        old = self.made_at is None or (datetime.now(UTC) - self.made_at).total_seconds() > FRESH_S
        return old and not self.asked


def prepared(settings: Settings, name: str) -> Prepared:
    """What is there of a file by its name, such as 'units.gpkg'."""
    path = folder_of(settings) / name
    try:
        stat = path.stat()
    except FileNotFoundError:
        return Prepared(name, path, None, None, _is_marked(path))
    made_at, sha256 = datetime.fromtimestamp(stat.st_mtime, UTC), _noted_sum(path, stat)
    return Prepared(name, path, made_at, stat.st_size, _is_marked(path), sha256)


def ask(session: Session, settings: Settings, name: str) -> None:
    """Have the worker make a file, unless it is young or somebody has asked already."""
    found = prepared(settings, name)
    if not found.may_be_asked:
        return
    folder_of(settings).mkdir(parents=True, exist_ok=True)
    _mark(found.path).touch()
    enqueue(session, "prepare_download", lock="downloads", name=name)


@contextmanager
def making(settings: Settings, name: str) -> Iterator[Path]:
    """Where the worker writes a file, which is then summed up; the mark is taken away however that ends."""
    folder_of(settings).mkdir(parents=True, exist_ok=True)
    path = folder_of(settings) / name
    try:
        yield path
        _note_sum(path)
    finally:
        _mark(path).unlink(missing_ok=True)


def folder_of(settings: Settings) -> Path:
    """The folder of these files."""
    return settings.data / "downloads"


def sum_of(path: Path) -> str:
    """The digits of a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note_sum(path: Path) -> None:
    """Keep the checksum beside the file, with what tells this file from one that takes its place."""
    stat = path.stat()
    _sum_file(path).write_text(f"{sum_of(path)} {stat.st_size} {stat.st_mtime_ns}", "utf-8")


def _noted_sum(path: Path, stat: os.stat_result) -> str | None:
    try:
        digits, size, made_at = _sum_file(path).read_text("utf-8").split()
    except (FileNotFoundError, ValueError):
        return None
    return digits if (size, made_at) == (str(stat.st_size), str(stat.st_mtime_ns)) else None


def _sum_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.sha256")


def _mark(path: Path) -> Path:
    return path.with_name(f".{path.name}.asked")


def _is_marked(path: Path) -> bool:
    try:
        return time.time() - _mark(path).stat().st_mtime < PATIENCE_S
    except FileNotFoundError:
        return False
