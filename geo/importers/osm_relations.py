"""OpenStreetMap relations: which areas, building parts and transit lines a file has, and what became of broken ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import osmium
import shapely
from osmium import osm

from geo.importers.osm_barriers import Tags
from geo.importers.osm_tags import TRANSIT_MODES


@dataclass(frozen=True, slots=True)
class AreaRelation:
    """A relation that should form an area, with its member ways."""

    tags: Tags
    ways: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CutRelation:
    """A relation of whose ways some are missing or cut."""

    number: int
    tags: Tags
    missing: int
    ways: int


@dataclass(frozen=True, slots=True)
class RepairedRelation:
    """A relation with all its ways that had to be put together by force; `wkb` is None when nothing came of it."""

    number: int
    tags: Tags
    wkb: str | None


@dataclass(slots=True)
class Relations:
    """What the relations of a file say, read before anything else.

    Attributes
    ----------
    areas
        Relations that should form areas, by number.
    part_of
        Building part → outline, both as "way/n" or "relation/n".
    routes
        Route relations of rail-bound transit: (number, tags, member ways).
    masters
        Route relation → the number of the line it belongs to.
    line_ways
        The ways of all routes.
    """

    areas: dict[int, AreaRelation] = field(default_factory=dict)
    part_of: dict[str, str] = field(default_factory=dict)
    routes: list[tuple[int, Tags, tuple[int, ...]]] = field(default_factory=list)
    masters: dict[int, int] = field(default_factory=dict)
    line_ways: set[int] = field(default_factory=set)


def read_relations(path: str) -> Relations:
    """Read the relations of a file."""
    found = Relations()
    for relation in osmium.FileProcessor(path, osm.RELATION):
        if not isinstance(relation, osm.Relation):
            continue
        tags = dict(relation.tags)
        ways = tuple(member.ref for member in relation.members if member.type == "w")
        kind = tags.get("type")
        if kind == "multipolygon":
            found.areas[relation.id] = AreaRelation(tags, ways)
        elif kind == "building":
            _parts(relation, found.part_of)
        elif kind == "route" and tags.get("route") in TRANSIT_MODES:
            track = tuple(
                m.ref for m in relation.members if m.type == "w" and "platform" not in m.role and m.role != "stop"
            )
            found.routes.append((relation.id, tags, track))
            found.line_ways.update(track)
        elif kind == "route_master":
            found.masters.update({member.ref: relation.id for member in relation.members if member.type == "r"})
    return found


def assembled(path: str, relations: Mapping[int, AreaRelation]) -> Iterator[CutRelation | RepairedRelation]:
    """Say of each relation that formed no area whether ways are missing, and force the complete ones into one."""
    wanted = {way for relation in relations.values() for way in relation.ways}
    if not relations:
        return
    lines = _complete_lines(path, wanted) if wanted else {}
    for number, relation in sorted(relations.items()):
        missing = sum(way not in lines for way in relation.ways)
        if missing:
            yield CutRelation(number, relation.tags, missing, len(relation.ways))
        else:
            yield RepairedRelation(number, relation.tags, _forced([lines[way] for way in relation.ways]))


def transit_lines(relations: Relations, ways: Mapping[int, str]) -> Iterator[tuple[dict[str, Any], Any]]:
    """Give one line per route master, or per network and number where there is none, with all its tracks."""
    groups: dict[object, tuple[dict[str, Any], set[int]]] = {}
    for number, tags, track in sorted(relations.routes):
        inside = {way for way in track if way in ways}
        if not inside:
            continue
        master = relations.masters.get(number)
        group = master or (tags.get("network"), tags["route"], tags.get("ref") or tags.get("name"))
        line, known = groups.setdefault(group, (_line_tags(master or number, tags), set()))
        known |= inside
    for line, known in groups.values():
        parts = shapely.get_parts(shapely.from_wkb([ways[way] for way in sorted(known)]))
        merged = shapely.line_merge(shapely.multilinestrings(parts))
        yield line, shapely.multilinestrings(shapely.get_parts(merged))


def _line_tags(number: int, tags: Tags) -> dict[str, Any]:
    """Return the tags of a line without the direction that its routes add ("Line 2: A => B")."""
    named = {key: re.split(r"\s*[:：(（]\s*.*(?:=>|→|-|—|至)", tags[key])[0] for key in tags if key.startswith("name")}
    return {**tags, **named, "@id": number, "@mode": TRANSIT_MODES[tags["route"]]}


def _parts(relation: osm.Relation, part_of: dict[str, str]) -> None:
    kinds = {"w": "way", "r": "relation"}
    members = [
        (member.role, f"{kinds[member.type]}/{member.ref}") for member in relation.members if member.type in kinds
    ]
    outline = next((name for role, name in members if role == "outline"), None)
    if outline:
        part_of.update({name: outline for role, name in members if role == "part"})


def _complete_lines(path: str, wanted: set[int]) -> dict[int, str]:
    chosen = osmium.filter.IdFilter(wanted)
    factory, lines = osmium.geom.WKBFactory(), {}
    ways = osmium.FileProcessor(path).with_locations().with_filter(osmium.filter.EntityFilter(osm.WAY))
    for way in ways.with_filter(chosen):
        if not isinstance(way, osm.Way):
            continue
        try:
            lines[way.id] = str(factory.create_linestring(way))
        except (osmium.InvalidLocationError, RuntimeError):
            continue
    return lines


def _forced(lines: list[str]) -> str | None:
    """Return the area between lines that cross or overlap, by the even-odd rule; None when they enclose nothing."""
    if not lines:
        return None
    area = shapely.build_area(shapely.node(shapely.union_all(shapely.from_wkb(lines))))
    return None if area.is_empty else str(shapely.to_wkb(area, hex=True))
