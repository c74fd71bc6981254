"""What the card of a building says, in files of many buildings each (`static/src/map/data/static.js` reads them)."""

import json
import zlib
from collections.abc import Iterable
from typing import Any

from isal import igzip

from webmap.publish.folder import CopyFolder

PER_FILE = 48
"""Buildings of one file, about: some ten kilobytes."""

_QUALITY = 3


def file_count(buildings: int) -> int:
    """How many files so many buildings are spread over: a power of two."""
    count = 1
    while count * PER_FILE < buildings:
        count *= 2
    return count


def number_of(code: str, count: int) -> int:
    """The file of a building's code, of `count` files."""
    return zlib.crc32(code.encode()) % count


def write_details(folder: CopyFolder, details: Iterable[tuple[str, Any]], count: int) -> str:
    """Write the details of buildings (code, answer of the API); gives the file that says which lies where."""
    gathered: list[dict[str, Any]] = [{} for _ in range(count)]
    for code, detail in details:
        gathered[number_of(code, count)][code] = detail
    names = [folder.put_named(f"data/buildings/{i:x}", ".z", packed(each)) for i, each in enumerate(gathered)]
    return folder.put_named("data/buildings", ".z", packed([name.rsplit("-", 1)[1] for name in names]))


def packed(value: Any) -> bytes:
    """A value as compressed JSON, the same bytes for the same value."""
    return compressed(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def compressed(data: bytes) -> bytes:
    """Bytes as gzip, which browsers unpack themselves, whatever the server makes of the file's name."""
    return igzip.compress(data, _QUALITY, mtime=0)
