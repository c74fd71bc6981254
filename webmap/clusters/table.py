"""Writes the cells of an answer as CSV, with what they mean in front."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from geo.clusters.analysis import Question
from webmap.clusters.asking import to_query
from webmap.clusters.operations import CellFound

COLUMNS = (
    *("lon", "lat", "building_code", "place", "finding", "small", "here", "all_here", "near", "all_near"),
    *("expected", "quotient", "z", "p", "q", "leading"),
)


def write(cells: Sequence[CellFound], question: Question, day: date) -> bytes:
    """The file, UTF-8 with a mark at the beginning by which spreadsheets know it."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["# question", to_query(question) or "as usual", "day", day.isoformat()])
    lines.writerow(COLUMNS)
    lines.writerows([told(getattr(cell, name)) for name in COLUMNS] for cell in cells)
    return out.getvalue().encode("utf-8-sig")


def told(value: object) -> object:
    """A value as it stands in a table that a spreadsheet opens."""
    if isinstance(value, float):
        return f"{value:.6g}"
    # A name that begins like a formula is not to be reckoned by a spreadsheet.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and value else value
