"""The search box of a copy: its index of names as one file that browsers read in ranges, and the directory of that."""

from typing import Any

from flask import Flask

from geo.db import query
from geo.exports.name_shards import FORMAT, Told, name_shards
from geo.onebox.making import PLACES
from webmap.name_index import NameIndex
from webmap.publish.folder import CopyFolder
from webmap.publish.packing import packed
from webmap.publish.snapshot import Driver, Snapshot

_AT_ONCE = 5_000


def write_names(app: Flask, moment: Snapshot, folder: CopyFolder) -> str:
    """Write the index of names, unless the last publication's is of this version; gives its directory."""
    version = [FORMAT, moment.versions[PLACES]]
    known = folder.told.get("names")
    if known and known[0] == version and all(folder.keep(name) for name in known[1:]):
        names: list[str] = known[1:]
    else:
        names = _written(app, moment, folder)
    folder.leave("names", [version, *names])
    return names[1]


def _written(app: Flask, moment: Snapshot, folder: CopyFolder) -> list[str]:
    version = moment.versions[PLACES]
    index: NameIndex = app.extensions["loumap_names"]
    [(roots, indexes)] = moment.read(lambda connection, layer: index.of(connection, layer, version), [PLACES])
    asked = [
        (kind, ids[at : at + _AT_ONCE])
        for kind, ids in ((kind, each.docs["id"].tolist()) for kind, each in indexes.items())
        for at in range(0, len(ids), _AT_ONCE)
    ]
    told: dict[str, dict[int, Told]] = {kind: {} for kind in indexes}
    for (kind, _), found in zip(asked, moment.read(_told, asked), strict=True):
        told[kind].update(found)
    data, directory = name_shards(indexes, told)
    file = folder.put_named("data/names", ".shards", data)
    return [file, folder.put_named("data/names", ".z", packed({**directory, "roots": roots, "file": file}))]


def _told(connection: Driver, asked: tuple[str, list[int]]) -> dict[int, Told]:
    kind, ids = asked
    rows: list[tuple[Any, ...]] = connection.execute(query("published_names"), {"kind": kind, "ids": ids}).fetchall()
    return {ident: (told, by or "") for ident, told, by in rows}
