"""Reads OpenStreetMap files: buildings, parts, amenities, transit lines and ground out of one reading.

Ways and relations that the edge of an extract cut off are reported and never drawn: closing them with a straight line
would invent an outline.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyarrow as pa
import shapely
from osmium import osm

from geo.errors import UnreadableFileError
from geo.importers.batches import Batch, FileInfo, SourceFile
from geo.importers.osm_barriers import Tags, stated_layer
from geo.importers.osm_relations import CutRelation, Relations, assembled, read_relations, transit_lines
from geo.importers.osm_sorting import sorted_file
from geo.importers.osm_tags import (
    HEADINGS,
    KEYS,
    Ground,
    barrier_of,
    building_status,
    gate,
    ground_of,
    is_building,
    is_part,
    layer_of,
    wants_area,
)
from geo.importers.report import IssueLog
from geo.packed import check_stream
from geo.taxonomy import amenity_of_osm

BATCH_ROWS = 20_000


def read_osm(path: Path, log: IssueLog) -> SourceFile:
    """Open an .osm.pbf, .osm, .osm.gz or .osm.bz2 file; each batch has the `kind` it belongs to.

    Raises
    ------
    UnreadableFileError
        When it is packed and unpacks to too much.
    """
    check_stream(path)
    info = FileInfo(path, "OpenStreetMap", declared_crs="EPSG:4326", encoding="utf-8", geometry_type="Unknown")
    return SourceFile(info, _batches(path, log))


def _batches(path: Path, log: IssueLog) -> Iterator[Batch]:
    folder = tempfile.mkdtemp(prefix="loumap-")
    try:
        yield from _Reading(sorted_file(path, Path(folder), log), log).batches()
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise UnreadableFileError(f"{path.name} cannot be read as OpenStreetMap data: {error}.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Reading:
    """One reading of a sorted file; rows gather by kind until there are enough for a batch."""

    def __init__(self, path: Path, log: IssueLog) -> None:
        self._path, self._log = str(path), log
        self._rows: dict[str, list[tuple[tuple[Any, ...], int, str]]] = {kind: [] for kind in HEADINGS}
        self._relations: Relations = read_relations(self._path)
        self._areas = dict(self._relations.areas)
        self._lines: dict[int, str] = {}
        self._wkb = osmium.geom.WKBFactory()
        self._building_nodes = 0

    def batches(self) -> Iterator[Batch]:
        """Give the objects of the file in batches of one kind each."""
        keys = osmium.filter.KeyFilter(*KEYS)
        # Areas pass unfiltered: one without rings is a relation that could not be put together.
        keys.enable_for(osm.NODE | osm.WAY | osm.RELATION)
        for thing in osmium.FileProcessor(self._path).with_areas().with_filter(keys):
            if isinstance(thing, osm.Node):
                self._node(thing)
            elif isinstance(thing, osm.Way):
                self._way(thing)
            elif isinstance(thing, osm.Area):
                self._area(thing)
            yield from self._full(BATCH_ROWS)
        self._unfinished()
        for line, geometry in transit_lines(self._relations, self._lines):
            number = line["@id"]
            self._add("transit_lines", line, f"relation/{number}", number, str(shapely.to_wkb(geometry, hex=True)))
        if self._building_nodes:
            self._log.add("osm_nodes_not_buildings", count=self._building_nodes)
        yield from self._full(1)

    def _node(self, node: osm.Node) -> None:
        tags = dict(node.tags)
        self._building_nodes += "building" in tags
        category = amenity_of_osm(tags)
        if category and node.location.valid():
            self._add(
                "amenities", {**tags, "@category": category}, f"node/{node.id}", node.id, self._wkb.create_point(node)
            )
        if (barrier := gate(tags)) and node.location.valid():
            self._barrier(barrier, tags, f"node/{node.id}", node.id, self._wkb.create_point(node))

    def _way(self, way: osm.Way) -> None:
        tags, source_id = dict(way.tags), f"way/{way.id}"
        closed = way.is_closed()
        line = self._line(way)
        if line is None:
            self._cut(way, tags, closed)
            return
        if line and way.id in self._relations.line_ways:
            self._lines[way.id] = line
        if line and (barrier := barrier_of(tags)):
            self._barrier(barrier, tags, source_id, way.id, line)
        if not closed:
            if is_building(tags):
                self._log.add("osm_way_open", row=way.id, value=way.id)
            ground = ground_of(tags, closed=False)
            if line and ground and not ground.area:
                self._ground(tags, source_id, way.id, line)
            return
        if len(line) < 18 + 4 * 32:
            if wants_area(tags):
                self._log.add("geometry_unrepairable", row=way.id, value="fewer than three corners")
            return
        # A WKB polygon is a WKB line string with another type and the number of its rings.
        self._shape(tags, source_id, way.id, f"010300000001000000{line[10:]}", line)

    def _area(self, area: osm.Area) -> None:
        if area.from_way():
            return
        relation_id, tags = area.orig_id(), dict(area.tags)
        if area.num_rings()[0]:
            self._areas.pop(relation_id, None)
            if not tags.keys().isdisjoint(KEYS):
                self._shape(tags, f"relation/{relation_id}", relation_id, self._wkb.create_multipolygon(area), None)

    def _shape(self, tags: Tags, source_id: str, number: int, polygon: str, line: str | None) -> None:
        """Add an area under every kind it belongs to; `line` is its ring, for streets that run in a circle."""
        if is_building(tags):
            self._add("buildings", {**tags, "@status": building_status(tags)}, source_id, number, polygon)
        elif is_part(tags):
            part_of = self._relations.part_of.get(source_id)
            self._add("sections", {**tags, "@part_of": part_of}, source_id, number, polygon)
        elif ground := ground_of(tags, closed=True):
            self._ground(tags, source_id, number, polygon if ground.area else (line or polygon), closed=True)
        if category := amenity_of_osm(tags):
            point = shapely.to_wkb(shapely.point_on_surface(shapely.from_wkb(polygon)), hex=True)
            self._add("amenities", {**tags, "@category": category}, source_id, number, point)

    def _ground(self, tags: Tags, source_id: str, number: int, wkb: str, closed: bool = False) -> None:
        ground = ground_of(tags, closed)
        if ground:
            self._piece(ground, tags, layer_of(tags), source_id, number, wkb)

    def _barrier(self, barrier: Ground, tags: Tags, source_id: str, number: int, wkb: str) -> None:
        """Add a barrier under an id of its own: a fence may at once be the edge of a park or of a school."""
        self._piece(barrier, tags, stated_layer(tags), f"{source_id}/barrier", number, wkb)

    def _piece(self, ground: Ground, tags: Tags, layer: int, source_id: str, number: int, wkb: str) -> None:
        made = {
            "@kind": ground.kind,
            "@class": ground.kind_class,
            "@rank": ground.rank,
            "@bridge": tags.get("bridge", "no") != "no",
            "@layer": layer,
            "@foot": ground.foot,
        }
        self._add("ground", {**tags, **made}, source_id, number, wkb)

    def _line(self, way: osm.Way) -> str | None:
        """Return the way as hexadecimal WKB, None when nodes are missing, "" when it has no length."""
        try:
            return str(self._wkb.create_linestring(way))
        except osmium.InvalidLocationError:
            return None
        except RuntimeError:
            # All nodes lie at one place, or none is there at all.
            return "" if all(node.location.valid() for node in way.nodes) else None

    def _cut(self, way: osm.Way, tags: Tags, closed: bool) -> None:
        """Report a way that lost nodes at the edge of the extract; of a street the pieces inside are kept."""
        places = [(node.location.lon, node.location.lat) if node.location.valid() else None for node in way.nodes]
        if is_building(tags) or (closed and wants_area(tags)):
            code = "osm_way_cut" if is_building(tags) else "osm_area_cut"
            self._log.add(code, row=way.id, value=way.id, missing=places.count(None), count=len(places))
            return
        pieces = _pieces(places)
        if not pieces:
            return
        line = str(shapely.to_wkb(shapely.multilinestrings(pieces), hex=True))
        if barrier := barrier_of(tags):
            self._barrier(barrier, tags, f"way/{way.id}", way.id, line)
        if way.id in self._relations.line_ways:
            self._lines[way.id] = line
        self._ground(tags, f"way/{way.id}", way.id, line)

    def _unfinished(self) -> None:
        """Report relations that formed no area, and repair those whose ways are all there."""
        wanted = {number: relation for number, relation in self._areas.items() if wants_area(relation.tags)}
        for number in self._areas.keys() - wanted.keys():
            self._log.add("osm_relation_ignored", row=number, value=number)
        for outcome in assembled(self._path, wanted):
            building = is_building(outcome.tags)
            if isinstance(outcome, CutRelation):
                code = "osm_relation_cut" if building else "osm_area_cut"
                self._log.add(
                    code, row=outcome.number, value=outcome.number, missing=outcome.missing, count=outcome.ways
                )
            elif outcome.wkb is None:
                self._log.add("osm_relation_broken", row=outcome.number, value=outcome.number)
            else:
                self._log.add("geometry_repaired", row=outcome.number, value="its rings cross or do not close")
                self._shape(outcome.tags, f"relation/{outcome.number}", outcome.number, outcome.wkb, None)

    def _add(self, kind: str, tags: Mapping[str, object], source_id: str, number: int, wkb: str) -> None:
        values = tuple(tags.get(key) for key in list(HEADINGS[kind])[1:])
        self._rows[kind].append(((source_id, *values), number, wkb))

    def _full(self, least: int) -> Iterator[Batch]:
        for kind, rows in self._rows.items():
            if len(rows) >= least:
                values, numbers, shapes = zip(*rows, strict=True)
                columns = dict(zip(HEADINGS[kind], map(list, zip(*values, strict=True)), strict=True))
                wkb = pa.array([bytes.fromhex(shape) for shape in shapes], pa.binary())
                self._log.counts["read"] += len(rows)
                rows.clear()
                yield Batch(columns, np.array(numbers, dtype=np.int64), wkb, kind)


def _pieces(places: list[tuple[float, float] | None]) -> list[Any]:
    """Return the runs of at least two known places as line strings."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [shapely.LineString(run) for run in runs if len(run) >= 2]
