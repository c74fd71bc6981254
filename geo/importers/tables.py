"""Gives any file as clean tables: typed columns by field name, geometries valid and in WGS-84, doubts in the log."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geo.errors import MissingColumnsError, UnknownFieldError
from geo.importers import geometry
from geo.importers.batches import Batch, FileInfo, SourceFile
from geo.importers.columns import Recognition, recognise
from geo.importers.fields import FIELDS, Field, Kind
from geo.importers.geometry import Geometries
from geo.importers.kinds import completed
from geo.importers.merging import Pieces, repeated_ids
from geo.importers.osm_tags import recognition_of
from geo.importers.placing import Placing, placing_of
from geo.importers.readers import read
from geo.importers.report import IssueLog
from geo.importers.states import BlankStates
from geo.importers.values import parse_column

_AREA_KINDS = {"buildings", "sections", "areas"}
_LINE_KINDS = {"ground", "transit_lines"}
_POINT_KINDS = {"amenities", "units", "enterprises"}
_OSM_FIELDS = {"floors_skipped": "storeys", "rank": "count", "foot": "flag", "bridge": "flag", "layer": "layer"}


@dataclass(slots=True)
class CleanBatch:
    """Rows ready for the database. `columns` go by field name; `geometry` is None for kinds and files without places.

    `kind` is the kind of import, or of the rows where a file gives several: buildings, sections, amenities,
    transit_lines, ground.
    """

    kind: str
    columns: dict[str, pa.Array]
    row_numbers: NDArray[np.int64]
    geometry: Geometries | None

    def __len__(self) -> int:
        return len(self.row_numbers)


@dataclass(slots=True)
class CleanFile:
    """An opened file: what it is, what its headings mean, where it lies, and its batches, to be read once."""

    info: FileInfo
    recognition: Recognition
    crs: str
    log: IssueLog
    batches: Iterator[CleanBatch]


def clean(
    path: Path,
    kind: Kind,
    *,
    crs: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
    layer: str | None = None,
    constants: Mapping[str, str] | None = None,
    log: IssueLog | None = None,
    trusted: bool = False,
) -> CleanFile:
    """Open a file as clean tables.

    Parameters
    ----------
    path, kind, encoding, layer
        As `geo.importers.readers.read`.
    crs
        The coordinate system, where the file does not say it or says it wrongly.
    mapping
        Heading → field, stronger than what is recognised; an empty field leaves the heading out.
    constants
        Field → text for all rows of a file that has no column for it.
    log
        Where issues go; a new one when it is not given.
    trusted
        Whether outlines are taken as they are, without repair, and ids are not looked for twice.

    Raises
    ------
    UnreadableFileError
        When the file cannot be read, or lacks a heading that the kind needs.
    UnknownFieldError
        When the mapping or a constant names an unknown heading or field.
    UnknownCrsError
        When the coordinate system is unknown.
    """
    log = log or IssueLog()
    source = read(path, kind, log, layer=layer, encoding=encoding)
    recognition, only_parts = _recognition(source.info, kind, mapping, constants or {})
    _note(recognition, log)
    placing = placing_of(source.info, recognition, crs, log)
    cleaning = _Cleaning(source, kind, recognition, placing, dict(constants or {}), log)
    cleaning.only_parts, cleaning.trusted = only_parts, trusted
    return CleanFile(source.info, recognition, placing.crs, log, cleaning.batches())


def _recognition(
    info: FileInfo, kind: Kind, mapping: Mapping[str, str] | None, constants: Mapping[str, str]
) -> tuple[Recognition, bool]:
    """Return what the headings mean, and whether the file holds nothing but parts of buildings."""
    if info.format == "OpenStreetMap":
        return recognition_of("buildings"), False
    if unknown := constants.keys() - FIELDS[kind].keys():
        raise UnknownFieldError(f"{kind} have no field {sorted(unknown)[0]!r}; they have {', '.join(FIELDS[kind])}.")
    only_parts = kind is Kind.BUILDINGS and {"id", "building_id"} <= set(info.headings)
    if only_parts:
        # Overture's file of building parts: a part has its own id beside that of its building.
        mapping = {"id": "source_id", "building_id": "part_of", **(mapping or {})}
    recognition = recognise(info.headings, kind, mapping)
    missing = [name for name in recognition.missing_required if name not in constants]
    if missing:
        raise MissingColumnsError(
            f"{info.path.name} has no column for {', '.join(missing)}; its headings are "
            f"{', '.join(info.headings)}: say which with --map heading={missing[0]}.",
            recognition,
        )
    return recognition, only_parts


def _note(recognition: Recognition, log: IssueLog) -> None:
    for heading, closest in recognition.unrecognised:
        log.add("heading_unknown", column=heading, closest=", ".join(closest) or "–")
    for heading, name, used in recognition.seconds:
        log.add("heading_second", column=heading, field=name, used=used)


class _Cleaning:
    """Takes the batches of one file through values, places and geometry."""

    def __init__(
        self,
        source: SourceFile,
        kind: Kind,
        recognition: Recognition,
        placing: Placing,
        constants: dict[str, str],
        log: IssueLog,
    ) -> None:
        self._source, self._kind, self._recognition = source, kind, recognition
        self._placing, self._constants, self._log = placing, constants, log
        self._states = BlankStates(log)
        self._kinds_seen: Counter[str] = Counter()
        self._sorting: bool | None = None
        self.only_parts = self.trusted = False
        self._pieces: dict[str, Pieces] = {}

    def batches(self) -> Iterator[CleanBatch]:
        """Give the clean batches; united pieces come last."""
        ids = self._repeated_ids()
        for batch in self._source.batches:
            for part in self._by_kind(batch):
                if part.geometry is not None and len(ids) and part.kind not in ("units", "enterprises"):
                    part = self._whole(part, ids)
                if len(part):
                    yield self._finished(part)
        for kind, pieces in self._pieces.items():
            if merged := pieces.united():
                yield self._finished(CleanBatch(kind, merged[0], merged[2], merged[1]))
        for word, count in self._kinds_seen.items():
            self._log.counts["skipped"] += count
            self._log.add("feature_kind_skipped", value=word, count=count, kind=str(self._kind))

    def _by_kind(self, batch: Batch) -> Iterator[CleanBatch]:
        """Read the values of a batch and part buildings from their parts and from other features among them."""
        kind = batch.kind or ("sections" if self.only_parts else str(self._kind))
        columns = self._columns(batch, kind)
        if batch.wkb is not None and batch.kind is None:
            self._log.counts["read"] += len(batch)
        placed = self._placing.geometries(batch, columns)
        for name in ("wkt", "lon", "lat"):
            columns.pop(name, None)
        whole = CleanBatch(kind, columns, batch.row_numbers, placed)
        kinds = columns.pop("feature_kind", None)
        if kinds is None or not self._sorts(kinds):
            yield self._shaped(whole)
            return
        yield self._shaped(_filtered(whole, pc.equal(kinds, "building")))
        parts = _filtered(whole, pc.equal(kinds, "building_part"))
        yield self._shaped(CleanBatch("sections", parts.columns, parts.row_numbers, parts.geometry))
        others = kinds.filter(pc.invert(pc.is_in(kinds, value_set=pa.array(["building", "building_part"]))))
        self._kinds_seen.update(others.to_pylist())

    def _sorts(self, kinds: pa.Array) -> bool:
        """Say whether the column tells buildings from other features, judged by the first batch."""
        if self._sorting is None:
            self._sorting = bool(pc.any(pc.equal(kinds, "building")).as_py())
        return self._sorting

    def _columns(self, batch: Batch, kind: str) -> dict[str, pa.Array]:
        recognition = recognition_of(kind) if batch.kind else self._recognition
        columns: dict[str, pa.Array] = {}
        for heading, use in recognition.fields.items():
            column = batch.columns.get(heading)
            if column is None:
                continue
            spec = FIELDS[self._kind].get(use.field) if not batch.kind else None
            spec = spec or Field(use.field, _type_of(use.field))
            made = parse_column(spec, column, batch.row_numbers, self._log, heading=heading, unit=use.unit)
            if spec.type in ("occupancy", "vacant"):
                made = self._states.settle(spec, column, made, heading)
            columns.update({name: values for name, values in made.items() if name not in columns})
        for name, value in self._constants.items():
            columns.setdefault(name, pa.array([value] * len(batch), pa.string()))
        return columns

    def _shaped(self, part: CleanBatch) -> CleanBatch:
        """Bring the geometries of a batch to the type of its kind; rows without are rejected where one is a must."""
        if part.geometry is None:
            return part
        if part.kind in _POINT_KINDS:
            part.geometry = geometry.points(part.geometry)
            return part
        if part.kind not in _AREA_KINDS | _LINE_KINDS or self._points_allowed():
            return part
        lines = geometry.LINES + (geometry.POINTS if self._source.info.format == "OpenStreetMap" else ())
        found, rows, others = part.geometry, part.row_numbers, lines if part.kind in _LINE_KINDS else ()
        found = geometry.flat_polygons(found) if self.trusted else geometry.polygons(found, rows, self._log, others)
        part.geometry = found
        part = _filtered(part, pa.array(~shapely.is_missing(found)))
        return self._drawable(part if self.trusted or part.kind != "buildings" else self._exploded(part))

    def _drawable(self, part: CleanBatch) -> CleanBatch:
        if part.geometry is None:
            return part
        clipped = part.kind not in ("buildings", "sections")
        most = geometry.MOST_CORNERS_CLIPPED if clipped else geometry.MOST_CORNERS
        fitting = geometry.drawable(part.geometry, part.row_numbers, self._log, most)
        return part if fitting.all() else _filtered(part, pa.array(fitting))

    def _points_allowed(self) -> bool:
        """Buildings in a table, or in a layer of points, are placed by a point and matched to outlines later."""
        return self._source.info.geometry_type in (None, "Point", "MultiPoint") and not self._placing.wkt

    def _exploded(self, part: CleanBatch) -> CleanBatch:
        if part.geometry is None or self._source.info.format == "OpenStreetMap":
            return part
        named = part.columns.get("name", pa.nulls(len(part), pa.string())).is_valid().to_numpy(zero_copy_only=False)
        index, made, numbers = geometry.explode_classes(part.geometry, named, part.row_numbers, self._log)
        if len(index) == len(part):
            return part
        columns = {name: column.take(pa.array(index)) for name, column in part.columns.items()}
        if "source_id" in columns:
            texts = pa.array([f"#{number}" if number else "" for number in numbers], pa.string())
            columns["source_id"] = pc.binary_join_element_wise(columns["source_id"], texts, "")
        return CleanBatch(part.kind, columns, part.row_numbers[index], made)

    def _whole(self, part: CleanBatch, ids: pa.Array) -> CleanBatch:
        pieces = self._pieces.setdefault(part.kind, Pieces(part.kind, ids, self._log))
        if part.geometry is None:
            return part
        whole = pieces.take(part.columns, part.geometry, part.row_numbers)
        return part if whole.all() else _filtered(part, pa.array(whole))

    def _finished(self, part: CleanBatch) -> CleanBatch:
        hint = f"{self._source.info.path.stem} {self._source.info.layer or ''}"
        kind = "" if self._source.info.format == "OpenStreetMap" else part.kind
        part.columns = completed(kind, part.columns, part.row_numbers, self._log, hint)
        drop = "category" if part.kind == "amenities" else "kind" if part.kind == "ground" else None
        if drop and drop in part.columns and part.columns[drop].null_count:
            self._log.counts["skipped"] += part.columns[drop].null_count
            part = _filtered(part, part.columns[drop].is_valid())
        return part

    def _repeated_ids(self) -> pa.Array:
        """Return the ids that several features carry, read ahead where geometries may have to be united."""
        heading = self._recognition.heading_of("source_id")
        if self.trusted or heading is None or self._source.column is None or self._source.info.geometry_type is None:
            return pa.array([], pa.string())
        column = self._source.column
        return repeated_ids(lambda: column(heading))


def _filtered(part: CleanBatch, mask: pa.Array) -> CleanBatch:
    mask = mask.fill_null(False)
    flags = mask.to_numpy(zero_copy_only=False)
    columns = {name: column.filter(mask) for name, column in part.columns.items()}
    return CleanBatch(
        part.kind, columns, part.row_numbers[flags], None if part.geometry is None else part.geometry[flags]
    )


def _type_of(name: str) -> str:
    """Return the type of a field of an OSM batch: as the kind of import has it, else a text."""
    if name in _OSM_FIELDS:
        return _OSM_FIELDS[name]
    return next((fields[name].type for fields in FIELDS.values() if name in fields), "text")
