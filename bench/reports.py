"""A report of a quarter with all its chapters: the draft, and the same as PDF, DOCX and workbook.

    .venv/bin/python bench/reports.py [--buildings 2000 | --here] [--rounds 3]

The draft is everything that the worker does: the record read as it was known, every indicator measured, clusters, maps,
text in two languages. Each file is made of the kept document, as for its first reader. Nothing is left behind.

Prints JSON: seconds by the clock and of the processor (children included), sizes, load.
"""

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any, TypeVar

import harness  # noqa: F401 - lets the product be imported
from harness import city
from harness.report import medians, show

from geo.exports.report_workbook import write_annex
from geo.history import alone_with_history
from geo.reports import document_json, fingerprint, spans_before
from webmap import create_app, db
from webmap.config import Settings
from webmap.reports import paper
from webmap.reports.chapters import WRITERS
from webmap.reports.models import Report
from webmap.reports.writing import titles_of, write_document

Made = TypeVar("Made")


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--rounds", type=int, default=3, help="how many drafts with their files (default 3)")
    parser.set_defaults(buildings=2000)
    asked = parser.parse_args()
    with city.opened(asked) as settings:
        show(measured(settings, asked.rounds))


def measured(settings: Settings, rounds: int) -> dict[str, Any]:
    """Medians of the rounds, each in a request whose changes are not kept."""
    app = create_app(settings)
    found, about = [], {}
    for _ in range(rounds):
        with app.test_request_context("/"):
            seconds, about = one_round(settings)
            db.session().rollback()
        found.append(seconds)
    return {**about, **medians(found)}


def one_round(settings: Settings) -> tuple[dict[str, float], dict[str, Any]]:
    """Seconds of a draft and of each file, and how large they are."""
    seconds: dict[str, float] = {}
    report = _asked(settings)
    document = _timed("draft", seconds, lambda: write_document(report, lambda done: None))
    report.document = document_json(document)
    report.sha256 = fingerprint(report.document)
    db.session().add(report)
    db.session().flush()
    pdf = _timed("pdf", seconds, lambda: paper.write(report.code, "a4", lambda done, of: None))
    docx = _timed("docx", seconds, lambda: paper.write(report.code, "text", lambda done, of: None))
    xlsx = _timed("xlsx", seconds, lambda: write_annex(document, "", report.sha256 or ""))
    sizes = {f"{name}_kB": len(each) // 1000 for name, each in (("pdf", pdf), ("docx", docx), ("xlsx", xlsx))}
    return seconds, {"buildings": len(document.buildings), "areas": len(document.areas), **sizes}


def _asked(settings: Settings) -> Report:
    """A report of the quarter that lasts, of everything, with every chapter."""
    today = settings.today()
    span = spans_before("quarter", today, 1)[0]
    return Report(
        kind=span.kind,
        span=span.code,
        chapters=list(WRITERS),
        audience="public",
        as_of=span.day(today),
        known_at=alone_with_history(db.session()),
        titles=titles_of(span, None),
    )


def _timed(name: str, seconds: dict[str, float], act: Callable[[], Made]) -> Made:
    began, busy = time.perf_counter(), _busy()
    found = act()
    seconds[f"{name}_s"] = time.perf_counter() - began
    seconds[f"{name}_cpu_s"] = _busy() - busy
    return found


def _busy() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
