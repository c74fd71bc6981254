"""Writes the board as CSV: a building a line, what is there and what is due of each field in columns of their own."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from geo.quality.rules import REASONS
from geo.quality.work import Work, area_of
from geo.row_arrays import Array
from webmap.quality.operations import days_or_none

COLUMNS = (
    *("code", "name", "lon", "lat", "area_m2", "worth", "points", "most", "completeness", "median_days"),
    *("oldest_days", "disputes"),
)


def write(work: Work, places: Array, names: Mapping[int, Any], day: date) -> bytes:
    """The file, UTF-8 with a mark at the beginning by which spreadsheets know it."""
    out = io.StringIO()
    lines = csv.writer(out)
    fields = [field.code for field in work.board.rules.fields]
    lines.writerow(["# data quality", "day", day.isoformat(), "method", "/desk/quality#method"])
    lines.writerow([*COLUMNS, *REASONS, *(f"{code}_{part}" for code in fields for part in ("have", "due"))])
    areas = area_of(work.board)
    for place, ident in zip(places.tolist(), work.board.ids[places].tolist(), strict=True):
        if ident in names:
            lines.writerow([*_building(work, place, names[ident], areas[place]), *_parts(work, place)])
    return out.getvalue().encode("utf-8-sig")


def _building(work: Work, place: int, names: Any, area_m2: float) -> list[object]:
    board, row = work.board, work.board.held.buildings[place]
    share = board.completeness[place]
    return [
        *(names.code, _told(names.name or names.address or ""), f"{row['lon']:.6f}", f"{row['lat']:.6f}"),
        *(f"{area_m2:.1f}", f"{work.worth[place].sum():.0f}"),
        *(f"{each[place].sum():.4g}" for each in (board.points, board.most)),
        "" if share != share else f"{share:.4f}",
        *(days_or_none(each[place]) for each in (board.median_days, board.oldest_days)),
        int(work.disputes[place]),
    ]


def _parts(work: Work, place: int) -> list[int]:
    board = work.board
    pairs = zip(board.have[place].tolist(), board.due[place].tolist(), strict=True)
    return [*work.count[place].tolist(), *(value for pair in pairs for value in pair)]


def _told(text: str) -> str:
    # A name that begins like a formula is not to be reckoned by a spreadsheet.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
