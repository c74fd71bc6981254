"""Reads XLSX workbooks row by row: merged ranges, numbers as text, dates; refuses files that unpack to a bomb."""

import re
import weakref
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from geo.errors import UnreadableFileError
from geo.importers.batches import FileInfo, SourceFile
from geo.importers.columns import is_heading
from geo.importers.fields import Kind
from geo.importers.headers import LOOK_AT_ROWS, Merge, is_blank
from geo.importers.report import IssueLog
from geo.importers.sheets import Sheet, batches_of, open_table
from geo.packed import DAMAGED, check_parts

MOST_UNPACKED_BYTES = 2 << 30
MOST_COLUMNS = 2_000
MOST_ROWS = 1_048_576

BROKEN = (
    *(*DAMAGED, SyntaxError, OSError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError),
)
"""What openpyxl raises where a workbook, or the XML in it, is not as it should be.

It reads some parts with lxml where that is installed; the errors of both XML readers are kinds of SyntaxError.
"""

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_workbook(path: Path, kind: Kind, log: IssueLog, layer: str | None = None) -> SourceFile:
    """Open a workbook; without `layer` the visible sheet with the most known headings is read.

    Raises
    ------
    UnreadableFileError
        When it is no workbook, is damaged, unpacks to too much, or has no such sheet or header.
    """
    _check_size(path)
    file = path.open("rb")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        source = _opened(path, book, kind, log, layer)
    except UnreadableFileError:
        file.close()
        raise
    except BROKEN as error:
        file.close()
        raise _damaged(path, error) from None
    weakref.finalize(source.batches, file.close)
    return source


def _opened(path: Path, book: openpyxl.Workbook, kind: Kind, log: IssueLog, layer: str | None) -> SourceFile:
    sheets: list[Any] = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
    chosen = _named_sheet(sheets, layer) if layer else _likeliest(sheets, kind)
    others = [sheet.title for sheet in sheets if sheet is not chosen]
    if others and not layer:
        log.add("layer_chosen", value=chosen.title, others=", ".join(others))
    table = open_table(Sheet(chosen.title, _rows(path, chosen), _merges(path, chosen.title)), kind)
    info = FileInfo(path, "XLSX", table.headings, layer=chosen.title, layers=[sheet.title for sheet in sheets])
    width = len(table.headings)
    return SourceFile(info, batches_of(table, log, lambda _, cells: (cells + [None] * width)[:width]))


def _check_size(path: Path) -> None:
    """Refuse a zip whose parts unpack to far more than a workbook holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_parts(path.name, archive.infolist(), MOST_UNPACKED_BYTES)
    except zipfile.BadZipFile:
        raise UnreadableFileError(f"{path.name} is no .xlsx file; save it again as .xlsx.") from None


def _named_sheet(sheets: list[Any], name: str) -> Any:
    for sheet in sheets:
        if sheet.title == name:
            return sheet
    raise UnreadableFileError(f"There is no sheet {name!r}; there are {', '.join(sheet.title for sheet in sheets)}.")


def _likeliest(sheets: list[Any], kind: Kind) -> Any:
    """Return the visible sheet with the most known headings among its first rows, the first of equals."""
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
    if not visible:
        raise UnreadableFileError("The workbook has no sheet with cells.")

    def known(sheet: Any) -> int:
        cells = (cell for row in sheet.iter_rows(max_row=LOOK_AT_ROWS, values_only=True) for cell in row)
        return len({cell for cell in cells if is_heading(cell, kind)})

    return max(visible, key=known)


def _rows(path: Path, sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Give the rows with their numbers in Excel, without the blank cells at their end."""
    # What a file says of its own size is often wrong ("A1").
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_row=MOST_ROWS, values_only=True), start=1)
    while (found := _next(path, rows)) is not None:
        number, cells = found[0], list(found[1][:MOST_COLUMNS])
        while cells and is_blank(cells[-1]):
            cells.pop()
        if cells:
            yield number, cells


def _next(path: Path, rows: Iterator[tuple[int, tuple[Any, ...]]]) -> tuple[int, tuple[Any, ...]] | None:
    try:
        return next(rows, None)
    except BROKEN as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> UnreadableFileError:
    return UnreadableFileError(f"{path.name} is damaged or no workbook ({error}); save it again as .xlsx.")


def _merges(path: Path, title: str) -> list[Merge]:
    """Return the merged ranges of a sheet, found in its XML, since streaming workbooks do not hold them."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of_sheet(archive, title)
        found: list[bytes] = []
        tail = b""
        with archive.open(part) as stream:
            while block := stream.read(1 << 20):
                text = tail + block
                found += _MERGE.findall(text)
                # The end is looked at again with the next block, from behind the last whole match.
                cut = max((match.end() for match in _MERGE.finditer(text)), default=0)
                tail = text[max(cut, len(text) - 200) :]
    merges = []
    for reference in found:
        left, top, right, bottom = (number or 0 for number in range_boundaries(reference.decode()))
        merges.append(Merge(top, left, bottom, right))
    return merges


def _part_of_sheet(archive: zipfile.ZipFile, title: str) -> str:
    """Return the name of the XML part of a sheet inside the workbook's zip."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == title:
            target = targets[sheet.get(_RELATION)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise UnreadableFileError(f"The workbook's sheet {title!r} is missing in its file; save it again as .xlsx.")
