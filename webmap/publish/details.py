"""What the card of a building says, in files of many buildings each (`static/src/map/data/static.js` reads them)."""

import json
import zlib
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from isal import igzip

from geo.exports.published_details import building_details
from webmap.publish.folder import CopyFolder
from webmap.publish.snapshot import Snapshot

PER_FILE = 64
"""Buildings of one file, at most on average: some ten kilobytes."""

_QUALITY = 3


def write_details(
    moment: Snapshot, folder: CopyFolder, codes: Sequence[str], ids: Sequence[int], days: tuple[date, date | None]
) -> str:
    """Write the details of buildings, file by file; gives the file that says what the others are called.

    `days` are today and the one before which a word on a unit of the market is too old.
    """
    count = file_count(len(codes))
    spread: list[list[int]] = [[] for _ in range(count)]
    for code, ident in zip(codes, ids, strict=True):
        spread[number_of(code, count)].append(ident)
    tails = []
    for number, found in enumerate(moment.read(partial(_details, days), spread)):
        name = folder.put_named(f"data/buildings/{number:x}", ".z", found)
        tails.append(name.rsplit("-", 1)[1])
    return folder.put_named("data/buildings", ".z", packed(tails))


def _details(days: tuple[date, date | None], connection: Any, ids: list[int]) -> bytes:
    found = building_details(connection, ids, *days)
    return compressed(f"{{{','.join(f'{json.dumps(code)}:{told}' for code, told in found.items())}}}".encode())


def file_count(buildings: int) -> int:
    """How many files so many buildings are spread over: a power of two."""
    count = 1
    while count * PER_FILE < buildings:
        count *= 2
    return count


def number_of(code: str, count: int) -> int:
    """The file of a building's code, of `count` files."""
    return zlib.crc32(code.encode()) % count


def packed(value: Any) -> bytes:
    """A value as compressed JSON, the same bytes for the same value."""
    return compressed(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def compressed(data: bytes) -> bytes:
    """Bytes as gzip, which browsers unpack themselves, whatever the server makes of the file's name."""
    return igzip.compress(data, _QUALITY, mtime=0)
