"""What is told of buildings, in files of many each: read by the map's card and by the pages of sheets."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from isal import igzip

from geo.exports.published_details import Areas, Day, building_details
from webmap.publish.folder import CopyFolder
from webmap.publish.places import number_of
from webmap.publish.snapshot import Snapshot

PER_FILE = 64
"""Buildings of one file, at most on average: some ten kilobytes."""

_QUALITY = 3


Written = Callable[[int, str, Mapping[str, Any]], None]
"""Told of each file: its number, its name, what is in it."""


def write_details(
    moment: Snapshot, folder: CopyFolder, listed: Sequence[tuple[str, int]], day: Day, areas: Areas, then: Written
) -> str:
    """Write the details of buildings (code and id); gives the file that says what the others are called."""
    count = file_count(len(listed))
    spread: list[list[int]] = [[] for _ in range(count)]
    for code, ident in listed:
        spread[number_of(code, count)].append(ident)
    tails = []
    for number, (text, data) in enumerate(moment.read(partial(_details, day, areas), spread)):
        name = folder.put_named(f"data/buildings/{number:x}", ".z", data)
        tails.append(name.rsplit("-", 1)[1])
        then(number, name, json.loads(text))
    return folder.put_named("data/buildings", ".z", packed(tails))


def _details(day: Day, areas: Areas, connection: Any, ids: list[int]) -> tuple[bytes, bytes]:
    """The details of some buildings as JSON, and compressed."""
    found = building_details(connection, ids, day, areas)
    text = f"{{{','.join(f'{json.dumps(code)}:{told}' for code, told in found.items())}}}".encode()
    return text, compressed(text)


def file_count(buildings: int) -> int:
    """How many files so many buildings are spread over: a power of two."""
    count = 1
    while count * PER_FILE < buildings:
        count *= 2
    return count


def packed(value: Any) -> bytes:
    """A value as compressed JSON, the same bytes for the same value."""
    return compressed(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def compressed(data: bytes) -> bytes:
    """Bytes as gzip, which browsers unpack themselves, whatever the server makes of the file's name."""
    return igzip.compress(data, _QUALITY, mtime=0)
