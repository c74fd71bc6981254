"""Adds the rows of a source that a table does not know yet: straight to it by COPY, since there is nothing to compare.

Ids and codes are known before the rows are written, so that the run notes ranges of ids instead of a note for each row.
A row whose key another row of the file had before it waits in a stage and is compared with that one at the end.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from geo.db import query
from geo.importers.codes import Codes
from geo.importers.load import Merged, Repeat, Stage
from geo.importers.load_sql import listed
from geo.importers.pgcopy import HEADER, TRAILER, cells, frame
from geo.importers.pgvalues import column_cells, instant
from geo.importers.running import Run
from geo.importers.seen import Seen, hashes_of
from geo.model import Base


def is_new(run: Run, table: str) -> bool:
    """Say whether the source of a run has never had a row in a table."""
    row = run.connection.execute(_filled("import_is_new", run, table)).fetchone()
    return bool(row and row[0])


class NewRows:
    """Rows on their way into a table that holds none of their source: used as `load.Stage`.

    `once` promises that no key comes twice; a key that does is an error of the database.
    """

    def __init__(self, run: Run, table: str, fields: Sequence[str], *, once: bool = False) -> None:
        self._run, self._table = run, Base.metadata.tables[table]
        self._columns = [self._table.c[name] for name in fields]
        self._codes, self._keys = Codes(run, table), Seen()
        self._once = once
        self._again: Stage | None = None
        self._firsts: list[int] = []
        self._row_numbers: list[range | NDArray[np.int64]] = []
        self._reserved = range(0)
        names = ["id", "code", "source_id", "source_key", "publishable", "updated_at", *fields]
        self._copy = SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            Identifier(table), listed(map(Identifier, names))
        )

    def add(self, row_numbers: NDArray[np.int64], columns: Mapping[str, Any], *, keys: pa.Array) -> None:
        """Add some rows; `columns` as in `load.Stage.add`."""
        first = np.ones(len(keys), dtype=bool) if self._once else self._keys.first_met(hashes_of(keys))
        if first.all():
            self._put(row_numbers, columns, keys)
            return
        for chosen, put in ((first, self._put), (~first, self._stage)):
            some = {column.name: _some(columns[column.name], chosen) for column in self._columns}
            put(row_numbers[chosen], some, keys.filter(pa.array(chosen)))

    def merge(self) -> Merged:
        """Settle the rows whose key came before and note what was added."""
        self._note()
        added = sum(map(len, self._row_numbers))
        if self._again is None:
            return Merged(staged=added, added=added)
        repeats = [
            Repeat(row, self._row_of(ident), key, again)
            for row, ident, key, again in self._again.settle_repeats("import_repeats_of_added")
        ]
        merged = self._again.merge()
        merged.staged, merged.added = merged.staged + added, merged.added + added
        merged.repeats = repeats + merged.repeats
        return merged

    def _put(self, row_numbers: NDArray[np.int64], columns: Mapping[str, Any], keys: pa.Array) -> None:
        count = len(row_numbers)
        if not count:
            return
        first = self._ids(count)
        self._firsts.append(first)
        following = bool((np.diff(row_numbers) == 1).all())
        self._row_numbers.append(range(row_numbers[0], row_numbers[-1] + 1) if following else row_numbers)
        parts = [
            cells(np.arange(first, first + count), "int8"),
            cells(self._codes.draw(count), "bytes"),
            cells(np.full(count, self._run.source_id), "int8"),
            cells(keys, "text"),
            cells(np.full(count, self._run.publishable), "bool"),
            # With a default that changes from row to row PostgreSQL would put in one row at a time.
            cells(np.full(count, instant(datetime.now(UTC))), "int8"),
            *(column_cells(column, columns[column.name]) for column in self._columns),
        ]
        rows = frame(parts)
        self._run.in_background(lambda connection: _copied(connection, self._copy, rows))

    def _ids(self, count: int) -> int:
        """Take ids that follow one another and give the first.

        They are reserved in ever larger blocks, so that reading seldom has to wait for what is being written.
        """
        if len(self._reserved) < count:
            self._reserved = self._block(max(count, sum(map(len, self._row_numbers))))
        first = self._reserved[0]
        self._reserved = self._reserved[count:]
        return first

    def _block(self, count: int) -> range:
        """Draw so many ids; again where somebody else drew one in between."""
        statement = _filled("import_reserve_ids", self._run, self._table.name, count=Literal(count))
        while True:
            first, last = self._run.connection.execute(statement).fetchone() or (0, 0)
            if last - first + 1 == count:
                return range(first, last + 1)

    def _stage(self, row_numbers: NDArray[np.int64], columns: Mapping[str, Any], keys: pa.Array) -> None:
        self._again = self._again or Stage(self._run, self._table.name, [column.name for column in self._columns])
        self._again.add(row_numbers, columns, keys=keys)

    def _note(self) -> None:
        """Note the ids that the run has added, as few ranges as they make."""
        firsts = np.array(self._firsts, np.int64)
        ends = firsts + [len(numbers) for numbers in self._row_numbers]
        begins = np.flatnonzero(np.concatenate([[True], firsts[1:] != ends[:-1]])) if len(firsts) else firsts
        ranges = zip(firsts[begins].tolist(), (np.append(ends[begins[1:] - 1], ends[-1:]) - 1).tolist(), strict=True)
        with self._run.connection.cursor() as cursor:
            cursor.executemany(_filled("import_note_added", self._run, self._table.name), list(ranges))

    def _row_of(self, ident: int) -> int:
        """Return the row of the file that was added under an id."""
        place = int(np.searchsorted(self._firsts, ident, side="right")) - 1
        return int(self._row_numbers[place][ident - self._firsts[place]])


def _copied(connection: Connection[TupleRow], statement: Composed, rows: memoryview) -> None:
    with connection.cursor().copy(statement) as copy:
        for piece in (HEADER, rows, TRAILER):
            copy.write(piece)


def _some(values: Any, chosen: NDArray[np.bool_]) -> Any:
    return values.filter(pa.array(chosen)) if isinstance(values, pa.Array) else np.asarray(values, object)[chosen]


def _filled(name: str, run: Run, table: str, **more: Composable) -> Composed:
    return SQL(query(name)).format(
        **more, table=Identifier(table), name=Literal(table), source=Literal(run.source_id), run=Literal(run.id)
    )
