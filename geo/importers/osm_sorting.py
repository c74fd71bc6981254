"""Brings OpenStreetMap files into the shape that areas can be built from: sorted, positive ids, nodes of their own.

Overpass writes ways before their nodes, or the places of nodes inside the ways (`out geom`); JOSM gives new objects
negative ids. Such a file is written anew into a temporary folder; a sorted one is read as it is.
"""

from dataclasses import dataclass
from pathlib import Path

import osmium
from osmium import osm
from osmium.osm import mutable
from osmium.osm.types import OSMEntity

from geo.importers.report import IssueLog

_RANKS = {"n": 0, "w": 1, "r": 2}
_NEGATIVE_FROM = 1 << 40


@dataclass(slots=True)
class _Habits:
    """What a file does that others do not."""

    sorted: bool = True
    negative: bool = False
    places_in_ways: bool = False


def sorted_file(path: Path, folder: Path, log: IssueLog) -> Path:
    """Return the file itself when it is fit to be read, else a copy in `folder` that is."""
    habits = _habits_of(path)
    if habits.sorted and not habits.negative and not habits.places_in_ways:
        return path
    if not habits.sorted:
        log.add("osm_unsorted")
    sources = [path]
    if habits.negative or habits.places_in_ways:
        sources = [_rewritten(path, folder / "rewritten.osm.pbf", habits.places_in_ways)]
    merge = osmium.MergeInputReader()
    for source in sources:
        merge.add_file(str(source))
    copy = folder / "sorted.osm.pbf"
    with osmium.SimpleWriter(str(copy)) as writer:
        merge.apply(writer)
    return copy


def _habits_of(path: Path) -> _Habits:
    everything = osmium.FileProcessor(str(path))
    habits, last = _Habits(), (0, 0)
    if everything.header.get("sorting") == "Type_then_ID":
        return habits
    for thing in everything:
        place = (_RANKS.get(thing.type_str(), 3), thing.id)
        habits.sorted = habits.sorted and place >= last
        habits.negative = habits.negative or thing.id < 0
        last = place
        if isinstance(thing, osm.Way) and not habits.places_in_ways:
            habits.places_in_ways = any(node.location.valid() for node in thing.nodes)
    return habits


def _rewritten(path: Path, copy: Path, with_nodes: bool) -> Path:
    """Write a file with positive ids, and with the nodes whose places stand inside its ways."""
    with osmium.SimpleWriter(str(copy)) as writer:
        for thing in osmium.FileProcessor(str(path)):
            if with_nodes and isinstance(thing, osm.Way):
                for node in thing.nodes:
                    if node.location.valid():
                        writer.add_node(mutable.Node(id=_positive(node.ref), version=1, location=node.location))
            writer.add(_with_positive_ids(thing))
    return copy


def _with_positive_ids(thing: OSMEntity) -> object:
    if isinstance(thing, osm.Node):
        return thing.replace(id=_positive(thing.id))
    if isinstance(thing, osm.Way):
        return thing.replace(id=_positive(thing.id), nodes=[_positive(node.ref) for node in thing.nodes])
    if isinstance(thing, osm.Relation):
        members = [(member.type, _positive(member.ref), member.role) for member in thing.members]
        return thing.replace(id=_positive(thing.id), members=members)
    return thing


def _positive(number: int) -> int:
    return number if number >= 0 else _NEGATIVE_FROM - number
