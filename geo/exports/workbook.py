"""A layer as a workbook: the rows under Chinese headings, a sheet of what the columns mean, one of what the file is."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from geo.errors import TooMuchError
from geo.exports.about import About
from geo.exports.gdal_files import both_facts, dictionary_head, dictionary_rows
from geo.exports.texts import safe_cell, table_rows

MOST_ROWS = 200_000
"""A workbook holds 1,048,576, but no program opens that many gladly."""

_WIDTHS = {"text": 18, "whole": 10, "number": 12, "day": 12, "yes_no": 10}
_AT = ("经度", "纬度")


def require_room(rows: int) -> None:
    """Raise `TooMuchError` where a workbook does not take so many rows."""
    if rows > MOST_ROWS:
        raise TooMuchError(f"A workbook takes {MOST_ROWS:,} rows; narrow the filter, or take CSV or GeoPackage.")


def write_workbook(path: Path, batches: Iterable[pa.RecordBatch], about: About) -> int:
    """Write the sheets row by row; gives the number of rows.

    Raises
    ------
    TooMuchError
        There are more than `MOST_ROWS`.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - a heavy library
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(about.layer.title)

    def bold(where: Any, text: str) -> Any:
        cell = WriteOnlyCell(where, text)
        cell.font = Font(bold=True)
        return cell

    sheet.freeze_panes = "B2"
    for number, field in enumerate(about.layer.fields, 1):
        sheet.column_dimensions[_letters(number)].width = _WIDTHS[field.kind]
    headings = [f"{field.heading}（{field.unit}）" if field.unit else field.heading for field in about.layer.fields]
    sheet.append([bold(sheet, heading) for heading in (*headings, *_AT)])
    try:
        rows = _fill(sheet, batches)
    except TooMuchError:
        sheet.close()
        raise
    _sheet(book, "字段说明", [tuple(bold(sheet, text) for text in dictionary_head()), *dictionary_rows(about.layer)])
    _sheet(book, "关于本文件", [(heading, safe_cell(text)) for heading, text in both_facts(about)])
    book.save(path)
    return rows


def _fill(sheet: Any, batches: Iterable[pa.RecordBatch]) -> int:
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        require_room(rows)
        for row in table_rows(batch):
            sheet.append(row)
    return rows


def _sheet(book: Any, title: str, rows: Iterable[tuple[Any, ...]]) -> None:
    sheet = book.create_sheet(title)
    for column in "ABCDEFGHI":
        sheet.column_dimensions[column].width = 28
    for row in rows:
        sheet.append(row)


def _letters(number: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    before, last = divmod(number - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)
