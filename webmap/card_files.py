"""Pictures and papers made to order, kept on disk under what they show and the versions of what they are drawn from.

All processes share the folder. A file is there whole or not at all; what has not been asked for longest goes first when
the folder is full.
"""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

OLDEST_S = 3600
"""What no version tells of, such as photos and contacts, is at most so old on a picture or paper."""

MOST_BYTES = 200_000_000
MOST_FILES = 4000


class CardFiles:
    """The files of one installation, under `folder`."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._most_bytes = folder, most_bytes

    def path(self, key: object, suffix: str) -> Path:
        """Where the file of a key lies, or will lie; `key` says in full what it shows."""
        return self._folder / (hashlib.sha256(repr(key).encode()).hexdigest()[:40] + suffix)

    def found(self, key: object, suffix: str, oldest_s: float = OLDEST_S) -> Path | None:
        """The file of a key if it is there and not older; it counts as asked for now."""
        path = self.path(key, suffix)
        return path if self.is_fresh(path, oldest_s) else None

    def is_fresh(self, path: Path, oldest_s: float = OLDEST_S) -> bool:
        """Whether a file is there and not older; it counts as asked for now."""
        now = time.time()
        with suppress(FileNotFoundError):
            made_at = path.stat().st_mtime
            if made_at > now - oldest_s:
                os.utime(path, (now, made_at))
                return True
        return False

    def keep(self, key: object, suffix: str, make: Callable[[], bytes]) -> Path:
        """The file of a key, made unless somebody else has made it meanwhile."""
        path = self.path(key, suffix)
        return self.found(key, suffix) or self.write(path, make())

    def write(self, path: Path, data: bytes) -> Path:
        """Put a file in its place, and let old ones go."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        fresh.write_bytes(data)
        fresh.replace(path)
        self._prune()
        return path

    def _prune(self) -> None:
        kept, size = 0, 0
        for _, bytes_, path in sorted(self._files(), reverse=True):
            kept, size = kept + 1, size + bytes_
            if kept > 1 and (kept > MOST_FILES or size > self._most_bytes):
                Path(path).unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[float, int, str]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    told = entry.stat()
                    yield told.st_atime, told.st_size, entry.path
