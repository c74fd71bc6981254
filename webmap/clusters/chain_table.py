"""Writes the pairs of a chain and the partners that clusters lack as CSV, with what they mean in front."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from geo.clusters.chains import Closeness
from webmap.clusters.chain_asking import ChainQuestion, chains_query
from webmap.clusters.chains import GapRow
from webmap.clusters.table import told

PAIR = (
    *("upstream", "downstream", "sellers", "buyers", "near", "near_expected", "ratio", "with_any", "with_any_expected"),
    *("z", "p", "q", "small"),
)
GAP = (
    *("industry", "building_code", "place", "lon", "lat", "members", "partner", "side", "found", "expected", "missing"),
    *("p", "q", "small"),
)


def write(
    pairs: Sequence[Closeness], gaps: Sequence[GapRow], question: ChainQuestion, day: date, everybody: int
) -> bytes:
    """The file, UTF-8 with a mark at the beginning by which spreadsheets know it; two tables, one below the other."""
    out = io.StringIO()
    lines = csv.writer(out)
    asked = chains_query(question) or "as usual"
    lines.writerow(["# question", asked, "day", day.isoformat(), "n", everybody, "metres", question.metres])
    for columns, rows in ((("table", *PAIR), pairs), (("table", *GAP), gaps)):
        lines.writerow(columns)
        kind = "pair" if columns[1:] == PAIR else "gap"
        lines.writerows([kind, *(told(getattr(row, name)) for name in columns[1:])] for row in rows)
    return out.getvalue().encode("utf-8-sig")
