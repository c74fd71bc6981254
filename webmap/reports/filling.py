"""What the named cells of an office's own workbook are filled with: the numbers of a report, by their names.

A name is the code of an indicator (`occupancy_rate`), of its value before or a year ago (`occupancy_rate.before`,
`occupancy_rate.year_ago`), of its parts (`.numerator`, `.denominator`), or of an area's or a building's
(`occupancy_rate.3n5wq8rt`); `report_title` and others of `_about` say what it is a report of.
"""

from collections.abc import Iterator

from geo.exports.named_cells import Filled, Value, fill_names
from geo.reports.document import Document
from webmap import numbers
from webmap.reports.models import Report
from webmap.reports.showing import title_of


def fill(content: bytes, document: Document, report: Report) -> Filled:
    """The workbook with what its names ask for. Raises UnreadableFileError as `fill_names`."""
    return fill_names(content, {**dict(_values(document)), **_about(document, report)})


def _values(document: Document) -> Iterator[tuple[str, Value]]:
    for each in document.figures:
        told = {"": each.value, ".before": each.before, ".year_ago": each.year_ago}
        told |= {".numerator": each.over, ".denominator": each.under}
        yield from ((f"{each.code}{ending}", _told(value)) for ending, value in told.items())
    for place in (*document.areas, *document.buildings):
        yield from ((f"{code}.{place.code}", _told(value)) for code, value in place.values.items())


def _about(document: Document, report: Report) -> dict[str, Value]:
    return {
        "report_title": title_of(document.titles),
        "report_number": report.number or "",
        "report_span": document.span,
        "report_day": document.as_of,
        "report_known_at": document.known_at,
        "report_area": document.area_names[0],
    }


def _told(value: float | None) -> Value:
    return numbers.UNKNOWN if value is None else value
