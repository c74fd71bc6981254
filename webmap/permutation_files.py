"""The folder of checks by permutation: what was worked out, what waits, how far it is, and who asks too often.

All processes share it. A check is one file under its key; while somebody waits for it, what was asked (.asked) and how
far it is (.told) lie beside it. Who asked is known by a digest, for an hour (.times). What has not been read for
longest goes first when the folder is full.
"""

import fcntl
import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geo.clusters.permutation import Permuted
from webmap.card_files import CardFiles
from webmap.errors import TooManyAttemptsError

MOST_BYTES = 64_000_000
"""Of all that is kept; a city of a million buildings has 400 kB to an answer."""

PER_VISITOR, PER_VISITOR_AND_HOUR, PER_SITE = 3, 30, 30
"""Checks that wait: of one visitor, and of everybody; and how many a visitor asks for in an hour."""

STEPS = 20
GIVEN_UP_S = 600
"""After so long without a word from whoever works on it a check is taken for lost, and may be asked for again."""

_HOUR_S = 3600
_FOR_EVER = float("inf")


@dataclass(frozen=True, slots=True)
class Progress:
    """A check that is waited for: how many steps are done, of how many, and since when nobody has told (s)."""

    done: int
    of: int
    silent_s: float


class PermutationFiles:
    """The checks of one installation."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._files = folder, CardFiles(folder, most_bytes)

    def kept(self, key: str) -> Permuted | None:
        """What was worked out; it counts as read now."""
        with suppress(FileNotFoundError):
            if self._files.is_fresh(self._path(key, "npz"), _FOR_EVER):
                kept = np.load(io.BytesIO(self._path(key, "npz").read_bytes()), allow_pickle=False)
                return Permuted(kept["p"], kept["above"])
        return None

    def keep(self, key: str, permuted: Permuted) -> None:
        """Put away what was worked out."""
        out = io.BytesIO()
        np.savez_compressed(out, p=permuted.p, above=permuted.above)
        self._files.write(self._path(key, "npz"), out.getvalue())

    def waiting(self, key: str) -> Progress | None:
        """How far a check is; None where nobody waits for it, or it was lost."""
        silent_s = _age(self._path(key, "told"))
        if silent_s > GIVEN_UP_S or not self._path(key, "asked").exists():
            return None
        with suppress(FileNotFoundError, ValueError):
            return Progress(*json.loads(self._path(key, "told").read_bytes()), silent_s)
        return Progress(0, STEPS, silent_s)

    def order(self, key: str, asked: dict[str, Any], who: str) -> bool:
        """Note what was asked; False where it is there or waits already.

        Raises
        ------
        TooManyAttemptsError
            The visitor, or everybody together, waits for too many, or the visitor has asked too often.
        """
        with self._alone("order"):
            if self._path(key, "npz").exists() or self.waiting(key):
                return False
            self._count(who)
            self.tell(key, 0)
            self._files.write(self._path(key, "asked"), json.dumps({"who": who, **asked}).encode())
        return True

    def asked(self, key: str) -> dict[str, Any] | None:
        """What was asked under a key; None where it is no longer waited for."""
        with suppress(FileNotFoundError):
            found: dict[str, Any] = json.loads(self._path(key, "asked").read_bytes())
            return found
        return None

    def tell(self, key: str, done: int) -> None:
        """Say how many of `STEPS` are done."""
        self._files.write(self._path(key, "told"), json.dumps([done, STEPS]).encode())

    def over(self, key: str) -> None:
        """Nobody waits for a check any more."""
        for ending in ("asked", "told"):
            self._path(key, ending).unlink(missing_ok=True)

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Be the only one of the machine who works on a check."""
        with self._alone("work"):
            yield

    def _count(self, who: str) -> None:
        waiting = [each for each in self._folder.glob("*.asked") if self.waiting(each.stem)]
        mine = sum((self.asked(each.stem) or {}).get("who") == who for each in waiting)
        if mine >= PER_VISITOR or len(waiting) >= PER_SITE:
            raise TooManyAttemptsError(60)
        for book in self._folder.glob("*.times"):
            if _age(book) > _HOUR_S:
                book.unlink(missing_ok=True)
        now, book = time.time(), self._path(who, "times")
        times = [at for at in json.loads(book.read_bytes()) if at > now - _HOUR_S] if book.exists() else []
        if len(times) >= PER_VISITOR_AND_HOUR:
            raise TooManyAttemptsError(int(times[0] + _HOUR_S - now) + 1)
        self._files.write(book, json.dumps([*times, now]).encode())

    def _path(self, key: str, ending: str) -> Path:
        return self._folder / f"{key}.{ending}"

    @contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        """Hold a lock, which the kernel frees from who dies; beside the folder, so that it never makes room."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._folder.with_name(f"{self._folder.name}.{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _age(path: Path) -> float:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime
    return _FOR_EVER
