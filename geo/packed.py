"""Refuses packed files that unpack to far more than such a file holds, before anything of them is unpacked.

The parts of a zip say how much they hold, and no more than that is read of them; a stream is counted to its end.
"""

import bz2
import gzip
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from geo.errors import UnreadableFileError

MOST_UNPACKED_BYTES = 4 << 30
MOST_RATIO = 200
"""What people send is packed to a tenth, at most to a fiftieth."""

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
"""What reading a part raises when it is cut off, has a password, or holds something else than it says."""

_RATIO_FROM_BYTES = 100 << 20
_BLOCK = 1 << 20


def check_parts(name: str, parts: Iterable[zipfile.ZipInfo], most: int = MOST_UNPACKED_BYTES) -> None:
    """Refuse parts of a zip that would unpack to more than `most` bytes or `MOST_RATIO` times their size.

    Raises
    ------
    UnreadableFileError
        They would.
    """
    parts = list(parts)
    _check(name, sum(part.file_size for part in parts), sum(part.compress_size for part in parts), most)


def check_stream(path: Path) -> None:
    """Refuse a file packed by gzip or bzip2 that unpacks to too much; any other file passes.

    Raises
    ------
    UnreadableFileError
        It does, or is damaged.
    """
    with path.open("rb") as file:
        head = file.read(3)
    opened = gzip.open if head.startswith(b"\x1f\x8b") else bz2.open if head == b"BZh" else None
    if opened is None:
        return
    unpacked, packed = 0, path.stat().st_size
    try:
        with opened(path) as stream:
            while block := stream.read(_BLOCK):
                unpacked += len(block)
                _check(path.name, unpacked, packed, MOST_UNPACKED_BYTES)
    except (*DAMAGED, OSError) as error:
        raise UnreadableFileError(f"{path.name} is damaged ({error}); copy it again.") from None


def _check(name: str, unpacked: int, packed: int, most: int) -> None:
    if unpacked > most or (unpacked > _RATIO_FROM_BYTES and unpacked > MOST_RATIO * packed):
        raise UnreadableFileError(
            f"{name} would unpack to {unpacked >> 20:,} MB or more from {packed >> 10:,} kB and is not opened; "
            "give what is in it in smaller files."
        )
