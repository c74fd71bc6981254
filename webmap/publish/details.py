"""What is told of buildings, in files of many each with a sheet beside it: only those are read anew that have changed.

Changes of the state say which buildings are concerned (`geo.versions`); what they say nothing of has one stamp for all.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, Protocol

from geo import versions
from geo.db import query
from geo.exports.published_details import Areas, Day, building_details
from webmap.publish.folder import CopyFolder
from webmap.publish.packing import compressed, packed
from webmap.publish.places import number_of
from webmap.publish.snapshot import Driver, Snapshot

FORMAT = 1
"""Another number whenever files or sheets are made otherwise, so that no older ones are kept."""

PER_FILE = 64
"""Buildings of one file, at most on average: some ten kilobytes."""

Listed = Sequence[tuple[str, int]]
"""Codes and ids of buildings."""


class Beside(Protocol):
    """What is made of each file: another one changes when `stamp` does."""

    @property
    def stamp(self) -> str:
        """What all of them have in common."""

    def keep(self, number: int) -> bool:
        """Have what was made of a file stay; whether it is there."""

    def write(self, number: int, data: str, details: Mapping[str, Any]) -> None:
        """Make it of a file that has this name and says this."""


def write_details(moment: Snapshot, folder: CopyFolder, listed: Listed, day: Day, areas: Areas, beside: Beside) -> str:
    """Write the details of buildings; gives the file that says what the others are called."""
    count = file_count(len(listed))
    spread: list[list[int]] = [[] for _ in range(count)]
    for code, ident in listed:
        spread[number_of(code, count)].append(ident)
    common = {**asdict(day), **_layers(moment), "format": FORMAT, "count": count, "beside": beside.stamp}
    [stamp] = moment.read(_stamp, [common])
    names = _kept(moment, folder, stamp, beside)
    anew = [number for number in range(count) if number not in names]
    found = moment.read(partial(_details, day, areas), [spread[number] for number in anew])
    for number, (text, data) in zip(anew, found, strict=True):
        names[number] = folder.put_named(f"data/buildings/{number:x}", ".z", data)
        beside.write(number, names[number], json.loads(text))
    files = [names[number] for number in range(count)]
    folder.leave("details", {"stamp": stamp, "state": moment.versions["state"], "files": files})
    return folder.put_named("data/buildings", ".z", packed([name.rsplit("-", 1)[1] for name in files]))


def _kept(moment: Snapshot, folder: CopyFolder, stamp: str, beside: Beside) -> dict[int, str]:
    """The files of the last publication that say what is still so, by number."""
    known = folder.told.get("details")
    if known is None or known["stamp"] != stamp:
        return {}
    files: list[str] = known["files"]
    [changed] = moment.read(_changed, [known["state"]])
    if changed is None:
        return {}
    numbers = {number_of(code, len(files)) for code in changed}
    there = {number: name for number, name in enumerate(files) if number not in numbers}
    return {number: name for number, name in there.items() if folder.keep(name) and beside.keep(number)}


def _changed(connection: Driver, version: int) -> list[str] | None:
    """The codes of buildings that have changed since a version of the state; None for everything."""
    if versions.current(connection)["state"] == version:
        return []
    ids = versions.changed_buildings(connection, version)
    if ids is None:
        return None
    codes = [str(code) for (code,) in connection.execute(query("published_codes"), {"ids": ids}).fetchall()]
    return codes if len(codes) == len(ids) else None


def _stamp(connection: Driver, known: Mapping[str, Any]) -> str:
    row = connection.execute(query("published_stamp")).fetchone()
    return json.dumps([row and row[0], known], default=str, sort_keys=True)


def _layers(moment: Snapshot) -> dict[str, int]:
    """Versions of what else details are made of."""
    return {layer: moment.versions[layer] for layer in ("amenities", "areas", "buildings")}


def _details(day: Day, areas: Areas, connection: Driver, ids: list[int]) -> tuple[bytes, bytes]:
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
