"""Imports one file: reads it, brings its rows into the database and says what became of them, all in one transaction.

A dry run does the very same and is rolled back by whoever asked for it; a run that fails or is killed leaves nothing.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from psycopg.errors import UniqueViolation
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.audit import speak_as
from geo.db import query
from geo.errors import ImportRefusedError
from geo.importers.amenities import Amenities
from geo.importers.areas import Areas
from geo.importers.datum_check import DatumCheck
from geo.importers.derived import refresh_distances
from geo.importers.enterprises import Enterprises
from geo.importers.fields import Kind
from geo.importers.figures import Figures, Targets
from geo.importers.ground import Ground, TransitLines
from geo.importers.loading import Loader, Loading, Permits
from geo.importers.places import Buildings
from geo.importers.readers import sniff_format
from geo.importers.report import ImportReport, IssueLog
from geo.importers.running import Run
from geo.importers.sections import Sections
from geo.importers.sources import SourceDetails, source_for
from geo.importers.tables import CleanFile, clean
from geo.importers.taxonomy_table import TaxonomyTable
from geo.importers.units import Units
from geo.indexes import BULK_ROWS, indexes_after
from geo.model import ImportRun, Source

Progress = Callable[[int, int | None], None]
"""Called with the rows read so far and how many there are, where the file says so."""

EVERYTHING = "all"
"""The kind of an OpenStreetMap file that is imported whole."""

_ONE_RUN_PER_SOURCE = 0x10F3A7
_TIMES_MORE = 10
_UNTRUSTED = "Import the file without --trusted, which settles such rows."

_OSM_KINDS: dict[str, tuple[str, ...]] = {
    EVERYTHING: ("buildings", "sections", "amenities", "ground", "transit_lines"),
    "buildings": ("buildings", "sections"),
    "amenities": ("amenities",),
    "ground": ("ground", "transit_lines"),
}
_LOADERS: dict[str, Callable[[Loading], Loader]] = {
    # In the order in which they finish: what others refer to comes first.
    "areas": Areas,
    "buildings": Buildings,
    "sections": Sections,
    "amenities": Amenities,
    "ground": Ground,
    "transit_lines": TransitLines,
    "units": Units,
    "enterprises": Enterprises,
    "taxonomy": TaxonomyTable,
    "figures": Figures,
    "targets": Targets,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What is to be imported and how.

    `kind` may be left out for OpenStreetMap files only; `today` is the day it is in the district; `locale` the
    language of the report that is kept; `file_name` is what the file is called where `path` is only its copy; the
    outlines, places and ids of a `trusted` file of buildings are not examined; `own_indicators` is the file of the
    installation's own dictionary, which targets may name.
    """

    path: Path
    kind: Kind | None
    today: date
    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    source: SourceDetails = field(default_factory=SourceDetails)
    dry_run: bool = False
    trusted: bool = False
    locale: str = "en"
    file_name: str | None = None
    user_id: int | None = None
    permits: Permits | None = None
    own_indicators: Path | None = None

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.file_name or self.path.name


def run_import(session: Session, request: ImportRequest, progress: Progress | None = None) -> ImportReport:
    """Import a file within the caller's transaction; everything is flushed, nothing committed.

    Raises
    ------
    geo.errors.LouMapError
        When the file cannot be read or used; the caller must roll back.
    """
    started = time.monotonic()
    osm = sniff_format(request.path) == "OSM"
    kinds = _kinds(request, osm)
    source = _locked_source(session, request, osm)
    run = _start(session, request, source, str(request.kind or EVERYTHING))
    log = IssueLog()
    if request.trusted:
        log.add("not_checked")
    file = _opened(request, log)
    source.datum = source.datum or file.crs
    driver = session.connection().connection.driver_connection
    assert driver is not None
    driver.execute("SET LOCAL work_mem = '64MB'")
    loading = Loading(
        session,
        Run(run.id, source.id, source.publishable, driver),
        log,
        request.today,
        osm,
        source.dated_on,
        trusted=request.trusted,
        units={use.field: use.unit for use in file.recognition.fields.values() if use.unit},
        user_id=request.user_id,
        permits=request.permits,
        own_indicators=request.own_indicators,
    )
    _load(request, file, kinds, loading, progress)
    _note_hidden(loading, source)
    refresh_distances(session, run.id, loading.changed)
    report = _report(request, run, file, log, time.monotonic() - started)
    report.source, report.publishable = source.name, source.publishable
    run.state, run.finished_at, run.report = "done", datetime.now(UTC), report.as_json(request.locale)
    session.flush()
    session.expire_all()
    return report


def source_name(file_name: str) -> str:
    """Return what the source of a file is called unless the operator names it: the file without its endings."""
    name = file_name
    for ending in (".gz", ".bz2", ".zip", *_ENDINGS):
        name = name[: -len(ending)] if name.lower().endswith(ending) and len(name) > len(ending) else name
    return name


def _kinds(request: ImportRequest, osm: bool) -> tuple[str, ...]:
    if request.trusted and (osm or request.kind is not Kind.BUILDINGS):
        raise ImportRefusedError(f"Only files of buildings can be trusted; import {request.name} without --trusted.")
    if not osm:
        if request.kind is None:
            raise ImportRefusedError(f"Say what {request.name} holds: --as {'|'.join(Kind)}.")
        return (str(request.kind), "sections") if request.kind is Kind.BUILDINGS else (str(request.kind),)
    kind = str(request.kind or EVERYTHING)
    if kind not in _OSM_KINDS:
        raise ImportRefusedError(
            f"{request.name} is an OpenStreetMap file; it gives {', '.join(_OSM_KINDS)}, but no {kind}."
        )
    return _OSM_KINDS[kind]


def _locked_source(session: Session, request: ImportRequest, osm: bool) -> Source:
    """The source of the file; whoever imports to the same source at the same time waits for the end of this run."""
    name = request.source.name or source_name(request.name)
    session.execute(select(func.pg_advisory_xact_lock(_ONE_RUN_PER_SOURCE, func.hashtext(name))))
    return source_for(session, request.source, name, openstreetmap=osm)


def _opened(request: ImportRequest, log: IssueLog) -> CleanFile:
    return clean(
        request.path,
        request.kind or Kind.BUILDINGS,
        crs=request.crs,
        encoding=request.encoding,
        mapping=request.mapping,
        layer=request.layer,
        constants=request.constants,
        log=log,
        trusted=request.trusted,
    )


def _start(session: Session, request: ImportRequest, source: Source, kind: str) -> ImportRun:
    run = ImportRun(
        source_id=source.id,
        kind=kind,
        file_name=request.name,
        file_sha256=_sha256(request.path),
        user_id=request.user_id,
    )
    session.add(run)
    session.flush()
    speak_as(session.connection(), run_id=run.id, user_id=request.user_id)
    return run


def _load(
    request: ImportRequest, file: CleanFile, kinds: tuple[str, ...], loading: Loading, progress: Progress | None
) -> None:
    """Take every batch to the loader of its kind, then finish them in order."""
    loaders = {kind: make(loading) for kind, make in _LOADERS.items() if kind in kinds}
    check = DatumCheck(file, loading)
    try:
        with _indexes(request, file, loading):
            _take(file, loaders, loading, check, progress)
        if not request.trusted:
            check.finish()
        for loader in loaders.values():
            loader.finish()
    except UniqueViolation as error:
        if not request.trusted:
            raise
        raise ImportRefusedError(f"{error.diag.message_detail} {_UNTRUSTED}") from None
    finally:
        loading.run.close()


def _take(
    file: CleanFile, loaders: Mapping[str, Loader], loading: Loading, check: DatumCheck, progress: Progress | None
) -> None:
    taken = 0
    for batch in file.batches:
        if batch.kind in loaders:
            check.take(batch)
            loaders[batch.kind].take(batch)
        else:
            loading.log.counts["read"] -= len(batch)
        taken += len(batch)
        if progress:
            progress(taken, file.info.rows)
    loading.run.wait()


def _indexes(request: ImportRequest, file: CleanFile, loading: Loading) -> AbstractContextManager[object]:
    """Leave the indexes of buildings until all have come, where far more come than there are; not for a dry run.

    Others would wait for the table all the while, and a dry run is for when they must not be disturbed.
    """
    rows, driver = file.info.rows or 0, loading.run.connection
    if request.dry_run or request.kind is not Kind.BUILDINGS or rows < BULK_ROWS:
        return nullcontext()
    most = rows // _TIMES_MORE
    found = driver.execute("SELECT count(*) FROM (SELECT FROM buildings LIMIT %s) first", [most + 1]).fetchone()
    return indexes_after(driver, ["buildings"]) if found and found[0] <= most else nullcontext()


def _note_hidden(loading: Loading, source: Source) -> None:
    """Warn where buildings that were public are for staff only now, since this source may not be published."""
    found = loading.run.connection.execute(query("count_hidden"), [loading.run.id]).fetchone()
    if found and found[0]:
        loading.log.add("building_hidden", count=found[0], value=source.name)


def _report(request: ImportRequest, run: ImportRun, file: CleanFile, log: IssueLog, seconds: float) -> ImportReport:
    report = ImportReport(request.name, run.kind, dry_run=request.dry_run, run=None if request.dry_run else run.code)
    report.format, report.layer, report.encoding, report.crs = (
        file.info.format,
        file.info.layer,
        file.info.encoding,
        str(file.crs),
    )
    report.recognition, report.seconds = file.recognition.as_json(), round(seconds, 2)
    report.take(log)
    return report


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_ENDINGS = (
    *(".osm.pbf", ".pbf", ".osm", ".geojsonl", ".geojson", ".json", ".gpkg", ".shp", ".dbf", ".shx", ".fgb"),
    *(".geoparquet", ".parquet", ".csv", ".tsv", ".txt", ".xlsx", ".xlsm"),
)
