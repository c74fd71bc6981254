"""Imports as people ask for them: carry one out, take one back, publish a source, list what was done."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from geo.access import store_distances
from geo.importers.report import ImportReport
from geo.importers.run import EVERYTHING, ImportRequest, Progress, run_import
from geo.importers.sources import publish_source
from geo.importers.undo import Undone, undo
from geo.model import ImportRun, Source
from webmap import jobs

PLACES = frozenset({"buildings", "units", EVERYTHING})
"""Kinds of imports after which the invented sample would stand among real buildings."""

UNDO_WORDS = {
    "withdrawn": "rows withdrawn",
    "restored": "rows as they were before",
    "removed": "rows taken out",
    "kept_rows": "rows stay, a later import has changed them",
    "kept_fields": "values stay, somebody has changed them since",
}
"""What the counts of an undone run mean."""


def import_file(session: Session, request: ImportRequest, progress: Progress | None = None) -> ImportReport:
    """Import a file; a dry run leaves nothing in the session.

    Raises
    ------
    geo.errors.LouMapError
        The file cannot be read or used; then the session is as it was before.
    """
    attempt = session.begin_nested()
    try:
        report = run_import(session, request, progress)
    except BaseException:
        attempt.rollback()
        raise
    if request.dry_run:
        attempt.rollback()
        session.expire_all()
    else:
        attempt.commit()
        if report.publishable and report.kind in PLACES:
            report.hidden = hide_invented(session)
        jobs.enqueue(session, "compute_derived", lock="compute_derived")
    return report


def hide_invented(session: Session) -> list[str]:
    """Take invented sources out of public sight, now that there are real ones; gives their names."""
    names = session.scalars(select(Source.name).where(Source.invented, Source.publishable)).all()
    for name in names:
        publish_source(session, name, False)
    return list(names)


def undo_run(session: Session, code: str, today: date) -> Undone:
    """Take an import back; raises as `geo.importers.undo.undo`."""
    undone = undo(session, code, today)
    jobs.enqueue(session, "compute_derived", lock="compute_derived")
    return undone


def set_publishable(session: Session, name: str, publishable: bool) -> tuple[Source, int]:
    """Show a source to everybody or to staff only; raises as `geo.importers.sources.publish_source`."""
    source, rows = publish_source(session, name, publishable)
    store_distances(session)
    jobs.enqueue(session, "compute_derived", lock="compute_derived")
    return source, rows


def sources_with_runs(session: Session) -> Sequence[Source]:
    """The sources that files were imported to, by name."""
    imported = select(ImportRun.source_id).where(ImportRun.state == "done")
    return session.scalars(select(Source).where(Source.id.in_(imported)).order_by(Source.name)).all()


def latest_runs(session: Session, limit: int = 50) -> Sequence[Row[tuple[ImportRun, Source]]]:
    """The latest imports with their sources, the newest first."""
    chosen = select(ImportRun, Source).join(Source, Source.id == ImportRun.source_id)
    return session.execute(chosen.order_by(ImportRun.id.desc()).limit(limit)).all()
