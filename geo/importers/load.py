"""Brings the rows of a file into a table: staged by COPY, then compared, updated and added in whole sets by SQL.

A row is known by (source, its key in the source), or by its id where a file speaks of things that other sources drew.
Only fields that differ are touched, each with a before-image; what staff corrected, and what another source's file said
of a row later, is left alone.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from geo.db import query
from geo.importers.codes import random_codes
from geo.importers.load_sql import adding, copy_kind, differences, effective, image, listed, stage_type, told, touched
from geo.importers.pgcopy import HEADER, TRAILER, Cells, cells, frame
from geo.importers.running import Run
from geo.model import Base
from geo.model.declarative import new_code

_NEWEST_COUNTS = frozenset({"units"})
_WITHDRAWN_STILL = "CASE WHEN n.returns THEN NULL ELSE t.withdrawn_at END"


class Repeat(NamedTuple):
    """A row whose key another row of the file has; `again` ones said the same thing and were left out."""

    row: int
    first: int
    key: str
    again: bool


@dataclass(slots=True)
class Merged:
    """What became of staged rows. `kept` counts values left alone as (field, whether staff had set it)."""

    staged: int = 0
    added: int = 0
    updated: int = 0
    changed_ids: list[int] = field(default_factory=list)
    kept: Counter[tuple[str, bool]] = field(default_factory=Counter)
    repeats: list[Repeat] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """Rows that stand in the table already just as the file has them."""
        return self.staged - self.added - self.updated


class Stage:
    """A temporary table with rows on their way into a table of the model.

    Parameters
    ----------
    run
        The run under way.
    table
        Name of the table.
    fields
        The columns that the file says something about; all others keep their value or default.
    known
        Whether rows are given by the id of what they speak of instead of by a key of this source.
    """

    def __init__(self, run: Run, table: str, fields: Sequence[str], *, known: bool = False) -> None:
        self._run, self._table, self._known = run, Base.metadata.tables[table], known
        self._columns = [self._table.c[name] for name in fields]
        self._has_code, self._may_be_hidden = "code" in self._table.c, "publishable" in self._table.c
        self._rows = 0
        self._name = Identifier(f"staged_{table}_known" if known else f"staged_{table}")
        columns = [SQL("{} {}").format(Identifier(column.name), SQL(stage_type(column))) for column in self._columns]
        fixed = [SQL("row_number bigint, id bigint, source_key text, new_code text")]
        run.connection.execute(
            SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(self._name, SQL(", ").join(fixed + columns))
        )

    def add(
        self,
        row_numbers: NDArray[np.int64],
        columns: Mapping[str, Any],
        *,
        keys: Sequence[str] | pa.Array | None = None,
        ids: Sequence[int] | NDArray[np.int64] | None = None,
    ) -> None:
        """Stage some rows; `columns` holds every field, lists of texts joined by `load_sql.LIST_SEPARATOR`."""
        count = len(row_numbers)
        absent = Cells(np.empty(0, np.uint8), np.full(count, -1, np.int64))
        parts = [
            cells(row_numbers, "int8"),
            absent if ids is None else cells(ids, "int8"),
            absent if keys is None else cells(keys, "text"),
            cells(random_codes(count), "bytes") if self._has_code else absent,
            *(cells(columns[column.name], copy_kind(column)) for column in self._columns),
        ]
        self._rows += count
        with self._run.connection.cursor().copy(SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(self._name)) as copy:
            copy.write(HEADER)
            copy.write(frame(parts))
            copy.write(TRAILER)

    def merge(self) -> Merged:
        """Update rows that differ and add new ones; the staged rows are gone afterwards."""
        if self._rows:
            self._run.connection.execute(SQL("ANALYZE {}").format(self._name))
        repeats = [] if self._known else self.settle_repeats()
        merged = Merged(staged=self._rows, repeats=repeats)
        if self._rows:
            self._update(merged)
            if not self._known:
                merged.added = self._add()
        self._run.connection.execute(SQL("DROP TABLE {}").format(self._name))
        return merged

    def settle_repeats(self, how: str = "import_repeats") -> list[Repeat]:
        """Leave out rows that say again what another says, give others under its key one of their own.

        The query named `how` finds them; its `first` tells which row came before.
        """
        connection, repeats = self._run.connection, Identifier(f"repeated_{self._table.name}")
        connection.execute(self._filled(how, repeats=repeats))
        found = SQL("SELECT row_number, first, source_key, again FROM {} ORDER BY row_number").format(repeats)
        settled = [Repeat(*row) for row in connection.execute(found)]
        if settled:
            connection.execute(self._filled("import_drop_repeats", repeats=repeats))
            connection.execute(self._filled("import_rename_repeats", repeats=repeats))
            self._rows -= sum(repeat.again for repeat in settled)
        connection.execute(SQL("DROP TABLE {}").format(repeats))
        return settled

    def _update(self, merged: Merged) -> None:
        connection, changed = self._run.connection, Identifier(f"changed_{self._table.name}")
        if self._collect_held():
            for name, by_staff, count in connection.execute(self._filled("import_kept_values")):
                merged.kept[name, by_staff] += count
            connection.execute(self._filled("import_note_kept"))
        connection.execute(self._filled("import_changed", changed=changed))
        merged.changed_ids = [row[0] for row in connection.execute(SQL("SELECT id FROM {}").format(changed))]
        merged.updated = len(merged.changed_ids)
        if merged.updated:
            connection.execute(self._filled("import_note_changed", changed=changed))
            connection.execute(self._filled("import_update", changed=changed))
        connection.execute(SQL("DROP TABLE {}, import_held").format(changed))

    def _collect_held(self) -> bool:
        connection = self._run.connection
        connection.execute(
            "CREATE TEMP TABLE import_held (row_id bigint PRIMARY KEY, staff text[], others text[]) ON COMMIT DROP"
        )
        values: dict[str, object] = {"table": self._table.name, "source": self._run.source_id}
        values["newest_counts"] = self._table.name in _NEWEST_COUNTS
        return connection.execute(query("import_held"), values).rowcount > 0

    def _add(self) -> int:
        connection = self._run.connection
        row = connection.execute(self._filled("import_count_new")).fetchone()
        if not (row and row[0]):
            return 0
        if self._has_code:
            self._settle_codes()
        connection.execute(self._filled("import_add"))
        return int(row[0])

    def _settle_codes(self) -> None:
        """Draw again where a random code is taken; among a million of them about one is."""
        connection = self._run.connection
        again = SQL("UPDATE {} SET new_code = %s WHERE row_number = %s AND source_key = %s").format(self._name)
        while clashing := connection.execute(self._filled("import_clashing_codes")).fetchall():
            for row_number, key in clashing:
                connection.execute(again, [new_code(), row_number, key])

    def _filled(self, name: str, **more: Composable) -> Composed:
        run, table = self._run, self._table
        matches = "t.id = s.id" if self._known else "t.source_id = {source} AND t.source_key = s.source_key"
        changing = [(column.name, effective(column)) for column in self._columns]
        new: list[tuple[str, Composable]] = [("code", SQL("coalesce(k.code, s.new_code)"))] if self._has_code else []
        new += [("publishable", Literal(run.publishable))] if self._may_be_hidden else []
        new += [(column.name, adding(column)) for column in self._columns]
        changed = [column for column, _ in changing] + (["publishable"] if self._may_be_hidden else [])
        named = (SQL("{} AS {}").format(value, Identifier(column)) for column, value in changing)
        return SQL(query(name)).format(
            **more,
            table=Identifier(table.name),
            name=Literal(table.name),
            stage=self._name,
            source=Literal(run.source_id),
            run=Literal(run.id),
            publishable=self._stays_public(),
            matches=SQL(matches).format(source=Literal(run.source_id)),
            columns=listed(Identifier(column) for column, _ in new),
            values=listed(named if name == "import_changed" else (value for _, value in new)),
            old=listed(SQL("t.{}").format(Identifier(column)) for column, _ in changing),
            new=listed(value for _, value in changing),
            added=listed(adding(column) for column in self._columns),
            sets=listed([SQL("{0} = n.{0}").format(Identifier(column)) for column in changed] + touched(table)),
            old_image=image("t", self._columns, SQL("t.withdrawn_at"), self._may_be_hidden),
            new_image=image("n", self._columns, SQL(_WITHDRAWN_STILL), self._may_be_hidden),
            differences=differences(self._columns),
            told=told(self._columns),
        )

    def _stays_public(self) -> Composable:
        """A row that something staff-only is said of is for staff only."""
        if not self._may_be_hidden:
            return SQL("true")
        own = SQL("t.publishable AND ({} OR t.source_id = {})")
        return own.format(Literal(self._run.publishable), Literal(self._run.source_id))


def withdraw(run: Run, table: str, ids: Collection[int]) -> int:
    """Withdraw rows that the file shows to be something else, each with its before-image; gives how many."""
    if not ids:
        return 0
    named = {"table": Identifier(table), "name": Literal(table), "run": Literal(run.id)}
    return run.connection.execute(SQL(query("import_withdraw")).format(**named), [list(ids)]).rowcount
