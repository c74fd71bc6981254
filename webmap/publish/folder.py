"""The folder of a copy: which files it holds, what of it was written, kept and removed.

A file is there whole or not at all. Files whose name says what is in them (`put_named`) are never changed, and those of
the copy before stay until the next one, so that a page that is open goes on working; pages are replaced at once.
"""

import fcntl
import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from webmap.errors import FolderRefusedError

RECORD = ".loumap-copy"
"""What was written, by name; servers need not hand it out."""

_HASH_BYTES = 8


@dataclass(frozen=True, slots=True)
class Written:
    """How many files a publication wrote, left as they were and removed, and the bytes written."""

    written: int = 0
    kept: int = 0
    removed: int = 0
    written_bytes: int = 0
    total_bytes: int = 0


class CopyFolder:
    """Made by `opened`; files are put there one after the other, whatever other files refer to first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        record = _read_record(path)
        self._before: dict[str, list[Any]] = record["files"]
        self._leaving: list[str] = record["leaving"]
        self.told: dict[str, Any] = record["told"]
        """What the last publication left for this one."""
        self._now: dict[str, list[Any]] = {}
        self._telling: dict[str, Any] = {}
        self._written = self._written_bytes = 0

    def put(self, name: str, data: bytes) -> None:
        """Have a file hold these bytes."""
        digest = blake2b(data, digest_size=_HASH_BYTES).hexdigest()
        if self._now.get(name) == [digest, len(data)]:
            return
        self._now[name] = [digest, len(data)]
        path = self._path / name
        if self._before.get(name) == self._now[name] and _size(path) == len(data):
            return
        self._written += 1
        self._written_bytes += len(data)
        _write(path, data)

    def put_named(self, stem: str, suffix: str, data: bytes) -> str:
        """The same under a name that goes with the bytes; gives the name."""
        name = f"{stem}-{blake2b(data, digest_size=_HASH_BYTES).hexdigest()}{suffix}"
        self.put(name, data)
        return name

    def keep(self, name: str) -> bool:
        """Have a file of the copy before stay, if it is there."""
        known = self._before.get(name)
        if known is None or _size(self._path / name) != known[1]:
            return False
        self._now[name] = known
        return True

    def leave(self, name: str, value: Any) -> None:
        """Tell the next publication something."""
        self._telling[name] = value

    def finish(self, *, clean: bool = False) -> Written:
        """Remove what no page needs any more and remember what is here; `clean`: also what open pages may need."""
        gone = [name for name in {*self._before, *self._leaving} if name not in self._now]
        lasting = set() if clean else {name for name in gone if self._may_be_open(name)}
        removed = sum(_remove(self._path, name) for name in gone if name not in lasting)
        record = {"files": self._now, "leaving": sorted(lasting), "told": self._telling}
        _write(self._path / RECORD, gzip.compress(json.dumps(record).encode(), 6, mtime=0))
        total = sum(size for _, size in self._now.values())
        return Written(self._written, len(self._now) - self._written, removed, self._written_bytes, total)

    def _may_be_open(self, name: str) -> bool:
        """Whether a page of the copy before may still ask for a file."""
        return name in self._before and name.startswith(("data/", "static/"))


@contextmanager
def opened(path: Path) -> Iterator[CopyFolder]:
    """The folder of a copy, for one publication at a time; made if it is not there.

    Raises
    ------
    FolderRefusedError
        Something else is in the folder, or it is being written by somebody else.
    """
    path.mkdir(parents=True, exist_ok=True)
    if not (path / RECORD).exists() and any(path.iterdir()):
        raise FolderRefusedError(f"{path} holds other files; give an empty folder, or one that was published before.")
    with (path / f"{RECORD}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderRefusedError(f"{path} is being published by another process; wait until it is done.") from None
        if not (path / RECORD).exists():
            _write(path / RECORD, gzip.compress(json.dumps(_NOTHING).encode(), 6, mtime=0))
        yield CopyFolder(path)


_NOTHING: dict[str, Any] = {"files": {}, "leaving": [], "told": {}}


def _read_record(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(gzip.decompress((path / RECORD).read_bytes()))
    except (OSError, EOFError, ValueError):  # broken: everything is written anew
        return _NOTHING
    return {**_NOTHING, **found}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    os.replace(fresh, path)


def _remove(folder: Path, name: str) -> bool:
    try:
        (folder / name).unlink()
    except FileNotFoundError:
        return False
    return True
