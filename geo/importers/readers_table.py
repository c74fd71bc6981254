"""Reads CSV and other separated text: any separator and encoding, titles above the header, ragged rows."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

from geo.errors import UnreadableFileError
from geo.importers.alignment import Alignment, ColumnHabit, align_row, learn_habits
from geo.importers.batches import FileInfo, SourceFile
from geo.importers.encodings import Encoding, detect_file, lines_of, named
from geo.importers.fields import Kind
from geo.importers.report import IssueLog
from geo.importers.sheets import Sheet, Table, batches_of, open_table

_SEPARATORS = ",\t;|"
_LOOK_AT_LINES = 60
_HABITS_FROM = 20_000
_LONGEST_FIELD = 64 << 20


def read_table(path: Path, kind: Kind, log: IssueLog, encoding: str | None = None) -> SourceFile:
    """Open a separated text.

    Raises
    ------
    UnreadableFileError
        For an unknown encoding, a file without headings, and a field longer than 64 MB.
    """
    found = named(encoding) if encoding else detect_file(path)
    note_encoding(found, log)
    csv.field_size_limit(_LONGEST_FIELD)
    head = "".join(islice(lines_of(path, found), _LOOK_AT_LINES))
    separator = sniff_separator(head)
    table = open_table(Sheet(None, _numbered_rows(lines_of(path, found), separator)), kind)
    info = FileInfo(path, "CSV", table.headings, encoding=found.name)
    return SourceFile(info, batches_of(table, log, Aligning(table, separator, log)))


def note_encoding(found: Encoding, log: IssueLog) -> None:
    """Put a guessed encoding, and bytes that do not fit it, into the report."""
    if found.guessed:
        log.add("encoding_guessed", encoding=found.name)
    if found.odd_bytes:
        log.add("encoding_odd_bytes", encoding=found.name, count=found.odd_bytes)


def sniff_separator(head: str) -> str:
    """Return the separator that cuts the first lines into the most evenly many fields; a comma when none does."""

    def evenness(separator: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(head.splitlines(), delimiter=separator) if row)
        width, often = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]), default=(1, 0))
        return (often / widths.total() if width > 1 else 0.0, width)

    return max(_SEPARATORS, key=evenness)


def _numbered_rows(lines: Iterable[str], separator: str) -> Iterator[tuple[int, list[Any]]]:
    """Give each row with the number of its first line in the file."""
    reader = csv.reader(lines, delimiter=separator)
    number = 1
    try:
        for row in reader:
            yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(f"Line {number} cannot be read: {error}; check its quotation marks.") from None


class Aligning:
    """Settles rows of odd length by what the well-formed rows hold in each column, and reports each."""

    def __init__(self, table: Table, separator: str, log: IssueLog) -> None:
        """Read some rows ahead, so that the first odd row can be judged too."""
        self._headings, self._separator, self._log = table.headings, separator, log
        self._ahead = list(islice(table.rows, _HABITS_FROM))
        table.rows = chain(self._ahead, table.rows)

    def __call__(self, number: int, cells: list[Any]) -> list[Any] | None:
        """Return the row at the width of the table, None when it is rejected."""
        width = len(self._headings)
        aligned = align_row(cells, self._habits, self._separator)
        if aligned is None:
            self._log.add("row_misaligned", row=number, found=len(cells), expected=width, value=cells[0])
            return None
        if aligned.columns:
            self._report(number, len(cells), aligned)
        return aligned.cells

    @cached_property
    def _habits(self) -> list[ColumnHabit]:
        """What the columns hold, learned when the first odd row comes."""
        width = len(self._headings)
        return learn_habits((row for _, row in self._ahead if len(row) == width), width)

    def _report(self, number: int, found: int, aligned: Alignment) -> None:
        columns = ", ".join(self._headings[index] for index in aligned.columns)
        short = "row_short" if aligned.sure else "row_ambiguous"
        code = short if found < len(self._headings) else "row_long"
        self._log.add(code, row=number, found=found, expected=len(self._headings), columns=columns)
