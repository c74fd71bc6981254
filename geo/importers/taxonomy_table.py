"""Loads the operator's full table of industry codes (GB/T 4754) into the database."""

import re
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from geo.db import query
from geo.errors import UnknownValueError
from geo.importers.loading import Loading, texts_of
from geo.importers.tables import CleanBatch
from geo.taxonomy import Industry, industry_table, section_of

_NAMES = ("code", "level", "section", "parent", "name", "name_en")


class TaxonomyTable:
    """The loader of industry codes; what is wrong with a row is said by `geo.taxonomy.industry_table`."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._rows: list[tuple[int, dict[str, str]]] = []

    def take(self, batch: CleanBatch) -> None:
        """Take rows; level, section and parent follow from the code where the file does not have them."""
        columns = [texts_of(batch.columns, name, len(batch)) for name in _NAMES]
        for number, *values in zip(batch.row_numbers, *columns, strict=True):
            row = {name: "" if value is None else str(value) for name, value in zip(_NAMES, values, strict=True)}
            self._rows.append((int(number), _completed(row, batch)))

    def finish(self) -> None:
        """Check the table and bring its good rows in."""
        table, log = industry_table(self._rows), self._loading.log
        for problem in table.problems:
            row, text = re.fullmatch(r"(?:Row (\d+): )?(.*?)\.?", problem).groups()  # type: ignore[union-attr]
            log.add("table_row_bad", row=int(row) if row else None, problem=text)
        added, updated = _merge(self._loading, table.rows)
        log.counts["added"] += added
        log.counts["updated"] += updated
        log.counts["unchanged"] += len(table.rows) - added - updated


def undo_industry_codes(connection: Connection[TupleRow], run: int) -> int:
    """Bring the table of codes back to what it was before a run; gives the number of codes that changed."""
    changed = 0
    for before, after in connection.execute(
        "SELECT before, after FROM import_changes WHERE run_id = %s AND table_name = 'industry_codes'", [run]
    ).fetchall():
        gone = connection.execute("DELETE FROM industry_codes WHERE code = ANY (%s)", [after["added"]])
        changed += gone.rowcount + len(before["rows"])
        with connection.cursor() as cursor:
            cursor.executemany(query("industry_codes_put"), before["rows"])
    return changed


def _completed(row: dict[str, str], batch: CleanBatch) -> dict[str, str]:
    code = row["code"]
    if "level" not in batch.columns:
        row["level"] = str(len(code)) if code.isdigit() else "1"
    try:
        section = section_of(code)
    except UnknownValueError:
        return row  # the check says what is wrong
    if "section" not in batch.columns:
        row["section"] = section
    if "parent" not in batch.columns:
        row["parent"] = "" if code.isalpha() else section if len(code) == 2 else code[:-1]
    return row


def _merge(loading: Loading, rows: tuple[Industry, ...]) -> tuple[int, int]:
    """Add and update codes; gives how many of each."""
    connection = loading.run.connection
    known = {row[0]: dict(zip(_NAMES, row, strict=True)) for row in connection.execute(query("industry_codes_all"))}
    wanted = [_as_row(row) for row in rows]
    added = [row["code"] for row in wanted if row["code"] not in known]
    changed = [known[row["code"]] for row in wanted if row["code"] in known and known[row["code"]] != row]
    if added or changed:
        touched = {*added, *(row["code"] for row in changed)}
        with connection.cursor() as cursor:
            cursor.executemany(query("industry_codes_put"), [row for row in wanted if row["code"] in touched])
        connection.execute(
            "INSERT INTO import_changes (run_id, table_name, row_id, before, after)"
            " VALUES (%s, 'industry_codes', 0, %s, %s)",
            [loading.run.id, Jsonb({"rows": changed}), Jsonb({"added": added})],
        )
    return len(added), len(changed)


def _as_row(row: Industry) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _NAMES}
    return values | {"parent": row.parent or None, "name_en": row.name_en or None}
