"""Turns the rows of a sheet into batches: finds the header, skips totals and footnotes, fills merged cells down."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

import numpy as np

from geo.errors import UnreadableFileError
from geo.importers.batches import Batch
from geo.importers.fields import Kind
from geo.importers.headers import LOOK_AT_ROWS, Cells, Header, Merge, find_header, is_blank, letters
from geo.importers.report import IssueLog

BATCH_ROWS = 20_000

_TOTAL = re.compile(r".{0,8}(合计|总计|小计|共计|累计|总和)|(sub|grand)?[- ]?totals?|sum", re.I)
_TOTAL_HINT = re.compile("计|和|total|sum", re.I)
_LONGEST_TOTAL = 24
_SIGNS = re.compile(r"[\s:：()（）]")
_FOOTNOTE = re.compile(
    r"(注|备注|说明|填表|制表|填报|审核|数据来源|来源|联系人|note|source|remark)s?\s*\d*\s*[:：].*", re.I | re.S
)
_LOOSE = frozenset("= \t\r\n\v\f\ufeff\u3000\xa0")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}

Aligned = Callable[[int, list[Any]], list[Any] | None]


@dataclass(slots=True)
class Sheet:
    """The rows of one sheet as (row number, cells), to be read once, with its merged ranges."""

    name: str | None
    rows: Iterator[tuple[int, list[Any]]]
    merges: Sequence[Merge] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A sheet whose header was found."""

    headings: list[str]
    rows: Iterator[tuple[int, list[Any]]]
    merges: Sequence[Merge]
    header_words: tuple[str, ...]


def open_table(sheet: Sheet, kind: Kind) -> Table:
    """Find the header of a sheet and return its headings with the rows below.

    Raises
    ------
    UnreadableFileError
        When there is no header, as in an empty sheet.
    """
    first = list(islice(sheet.rows, LOOK_AT_ROWS))
    header = find_header(first, kind, sheet.merges)
    if header is None:
        raise UnreadableFileError("No row of headings was found: the first rows hold no texts.")
    headings = _with_unnamed(header, first[header.end :])
    return Table(headings, chain(first[header.end :], sheet.rows), sheet.merges, _row_words(first[header.end - 1][1]))


def batches_of(table: Table, log: IssueLog, align: Aligned) -> Iterator[Batch]:
    """Give the data rows of a table in batches, each cell trimmed, blanks as None; `align` settles odd lengths."""
    rows = _data_rows(table, log, align)
    fill = _FillDown(table.merges)
    while block := list(islice(rows, BATCH_ROWS)):
        numbers = np.fromiter((number for number, _ in block), dtype=np.int64, count=len(block))
        filled = [fill(number, cells) for number, cells in block] if table.merges else [cells for _, cells in block]
        columns = zip(*filled, strict=True)
        yield Batch(dict(zip(table.headings, map(list, columns), strict=True)), numbers)


def _data_rows(table: Table, log: IssueLog, align: Aligned) -> Iterator[tuple[int, list[Any]]]:
    width = len(table.headings)
    for number, raw in table.rows:
        cells = [_trimmed(cell) for cell in raw]
        filled = [cell for cell in cells if cell is not None]
        if not filled:
            continue
        code = _no_data(cells, filled, table)
        if code:
            log.counts["skipped"] += 1
            log.add(code, row=number, value=filled[0])
            continue
        log.counts["read"] += 1
        if len(cells) != width:
            aligned = align(number, raw)
            if aligned is None:
                continue
            cells = [_trimmed(cell) for cell in aligned]
        if not _ERRORS.isdisjoint(filled):
            cells = _without_errors(number, cells, table.headings, log)
        yield number, cells


def _no_data(cells: list[Any], filled: list[Any], table: Table) -> str | None:
    """Say why a row is no data, as a message code: a total, a footnote, the header once more."""
    first = filled[0]
    if isinstance(first, str):
        if len(filled) == 1 and _FOOTNOTE.fullmatch(first):
            return "row_footnote"
        if table.header_words and first == table.header_words[0] and _row_words(cells) == table.header_words:
            return "row_header_again"
    lead = next((cell for cell in filled[:2] if isinstance(cell, str) and _says_total(cell)), None)
    return "row_total" if lead is not None and _mostly_numbers(filled, lead) else None


def _says_total(text: str) -> bool:
    """Say whether a text is a word for a total; most cells are told by their length or letters."""
    if len(text) > _LONGEST_TOTAL or not _TOTAL_HINT.search(text):
        return False
    bare = text.strip(" :()") if text.isascii() else _SIGNS.sub("", text)
    return _TOTAL.fullmatch(bare) is not None


def _mostly_numbers(filled: list[Any], lead: str) -> bool:
    """A total has beside its word only figures (or "400条"), no further texts."""
    others = [cell for cell in filled if cell is not lead]
    return all(not isinstance(cell, str) or re.search(r"\d", cell) or len(cell) <= 2 for cell in others)


def _row_words(cells: Cells) -> tuple[str, ...]:
    return tuple(" ".join(str(cell).split()) for cell in cells if not is_blank(cell))


def _trimmed(cell: object) -> object:
    """Return a cell without spaces around it, None for a blank; looks only at its ends, millions of times."""
    if not isinstance(cell, str):
        return cell
    if not cell:
        return None
    if cell[0] in _LOOSE or cell[-1] in _LOOSE:
        # Some programs write ="00123" so that Excel keeps the zeros.
        cell = cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell
        return cell.strip(" \t\r\n\v\f\ufeff\u3000\xa0") or None
    return cell


def _without_errors(number: int, cells: list[Any], headings: list[str], log: IssueLog) -> list[Any]:
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and cell in _ERRORS:
            log.add("cell_error", row=number, column=headings[index], value=cell)
            cells[index] = None
    return cells


def _with_unnamed(header: Header, below: Sequence[tuple[int, Cells]]) -> list[str]:
    """Return the headings, with the letters of further columns when most rows have data there."""
    widths = sorted(_last_filled(cells) for _, cells in below)
    usual = widths[len(widths) // 2] if widths else 0
    return header.headings + [f"[{letters(number + 1)}]" for number in range(len(header.headings), usual)]


def _last_filled(cells: Cells) -> int:
    return max((index + 1 for index, cell in enumerate(cells) if not is_blank(cell)), default=0)


class _FillDown:
    """Repeats the value of a cell merged over several rows in each of them."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._spans = {(merge.top, merge.left - 1): merge.bottom for merge in merges if merge.bottom > merge.top}
        self._columns = sorted({column for _, column in self._spans})
        self._held: dict[int, tuple[int, object]] = {}

    def __call__(self, number: int, cells: list[Any]) -> list[Any]:
        for column in self._columns:
            if column >= len(cells):
                break
            bottom = self._spans.get((number, column))
            if bottom:
                self._held[column] = (bottom, cells[column])
            elif cells[column] is None and column in self._held and number <= self._held[column][0]:
                cells[column] = self._held[column][1]
        return cells
