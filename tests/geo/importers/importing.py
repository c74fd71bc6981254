"""Helps tests to import small files of their own and the real ones."""

import json
from datetime import date
from pathlib import Path

from shapely.geometry import mapping
from sqlalchemy.orm import Session

from geo.importers.fields import Kind
from geo.importers.report import ImportReport
from geo.importers.run import ImportRequest, run_import
from geo.importers.sources import SourceDetails

TODAY = date(2026, 11, 21)


def bring(session: Session, path: Path, kind: str | None, **options: object) -> ImportReport:
    """Import a file in the test's session; `source` options are given as `source_…`."""
    source = {name.removeprefix("source_"): options.pop(name) for name in list(options) if name.startswith("source_")}
    request = ImportRequest(
        path=path, kind=Kind(kind) if kind else None, today=TODAY, source=SourceDetails(**source), **options
    )
    report = run_import(session, request)
    session.expire_all()
    return report


def counts(report: ImportReport) -> dict[str, int]:
    """What became of the rows, without noughts."""
    return {name: count for name, count in report.rows.items() if count}


def geojson(path: Path, *features: tuple[object, dict[str, object]]) -> Path:
    """Write features, given as (shape, properties), and return the path."""
    listed = [{"type": "Feature", "geometry": mapping(shape), "properties": values} for shape, values in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}, ensure_ascii=False), "utf-8")
    return path


def table(path: Path, *lines: str) -> Path:
    """Write lines of a CSV file and return the path."""
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
