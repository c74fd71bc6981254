"""Overwrites a text wherever the database holds it: every version of every row, images of imports, jobs and the audit.

What stands in its place says that something was erased, when and why. The login must own the tables.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import LiteralString

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier, Literal
from psycopg.types.json import Jsonb

from geo.errors import BadParameterError
from geo.model.declarative import new_code
from geo.text import building_keys

SHORTEST = 4
"""Characters that a text must have at least, so that nothing is overwritten that only happens to contain it."""

_COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relowner = current_user::regrole
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> 'alembic_version'
      AND format_type(a.atttypid, NULL) IN
          ('text', 'character varying', 'jsonb', 'json', 'text[]', 'character varying[]')
    ORDER BY 1, a.attnum"""
_KEEPING = """
    SELECT tgname FROM pg_trigger
    WHERE tgrelid = %s::regclass AND tgname IN ('audit_update', 'former_update') AND tgenabled = 'O' ORDER BY 1"""
"""Triggers that would keep what was there before."""

_FOUND_BY: Mapping[str, tuple[LiteralString, LiteralString]] = {
    "buildings": (
        "SELECT id, name, name_en, aliases, address FROM buildings"
        " WHERE strpos(concat_ws(chr(31), name, name_en, address, array_to_string(aliases, chr(31))), %s) > 0",
        "UPDATE buildings SET search_text = %s WHERE id = %s",
    ),
    "former_rows": (
        "SELECT f.id, r.name, r.name_en, r.aliases, r.address"
        " FROM former_rows f, jsonb_populate_record(NULL::buildings, f.kept) r"
        " WHERE f.table_name = 'buildings' AND strpos(f.kept::text, %s) > 0",
        "UPDATE former_rows SET kept = jsonb_set(kept, '{search_text}', to_jsonb(%s::text)) WHERE id = %s",
    ),
}
"""Tables that hold what buildings are found by: names of rows with a mark, and what writes it anew."""


def mark_of(reason: str, today: date) -> str:
    """What stands where something was erased; no two are alike, so that names stay different."""
    return f"【已删除 {today} {new_code(4)}：{reason}】"


def held_by(connection: Connection[TupleRow], text: str) -> dict[str, int]:
    """How many rows of which tables hold a text.

    Raises
    ------
    BadParameterError
        The text is too short to be told from others.
    """
    _check(text)
    counts = {}
    for table, columns in _columns(connection).items():
        where = _anywhere(columns, text)
        row = connection.execute(SQL("SELECT count(*) FROM {} WHERE {}").format(Identifier(table), where)).fetchone()
        if row and row[0]:
            counts[table] = int(row[0])
    return counts


def erase_text(connection: Connection[TupleRow], text: str, reason: str, today: date) -> dict[str, int]:
    """Overwrite a text in every table, and note in the audit that and why; gives the rows by table. Not committed.

    Raises as `held_by`.
    """
    mark, columns = mark_of(reason, today), _columns(connection)
    counts = held_by(connection, text)
    for table in counts:
        _overwrite(connection, table, columns[table], text, mark)
    for table in counts.keys() & _FOUND_BY:
        with _nothing_kept(connection, table):
            _find_anew(connection, _FOUND_BY[table], mark)
    connection.execute(
        "INSERT INTO audit_log (table_name, action, rows, after) VALUES ('erasure', 'delete', %s, %s)",
        [sum(counts.values()), Jsonb({"reason": reason, "mark": mark, "tables": counts})],
    )
    return counts


def _overwrite(
    connection: Connection[TupleRow], table: str, columns: Sequence[tuple[str, str]], text: str, mark: str
) -> None:
    """Overwrite the text in one table, without anything keeping what was there before."""
    sets = [SQL("{} = {}").format(Identifier(column), _replaced(column, kind, text, mark)) for column, kind in columns]
    where = _anywhere(columns, text)
    updating = SQL("UPDATE {} SET {} WHERE {}").format(Identifier(table), SQL(", ").join(sets), where)
    with _nothing_kept(connection, table):
        connection.execute(updating)


@contextmanager
def _nothing_kept(connection: Connection[TupleRow], table: str) -> Iterator[None]:
    """Have neither the audit nor the past keep the rows of a table that are changed."""
    names = [name for (name,) in connection.execute(_KEEPING, [table])]
    for name in names:
        connection.execute(SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(Identifier(table), Identifier(name)))
    yield
    for name in names:
        connection.execute(SQL("ALTER TABLE {} ENABLE TRIGGER {}").format(Identifier(table), Identifier(name)))


def _replaced(column: str, kind: str, text: str, mark: str) -> Composed:
    name = Identifier(column)
    if kind in ("jsonb", "json"):
        old, new = Literal(_in_json(text)), Literal(_in_json(mark))
        return SQL("replace({}::text, {}, {})::{}").format(name, old, new, SQL(kind))
    if kind.endswith("[]"):
        each = SQL("(SELECT array_agg(replace(e, {}, {}) ORDER BY n) FROM unnest({}) WITH ORDINALITY u (e, n))")
        changed = each.format(Literal(text), Literal(mark), name)
        return SQL("CASE WHEN {} THEN {} ELSE {} END").format(_holds(column, kind, text), changed, name)
    return SQL("replace({}, {}, {})").format(name, Literal(text), Literal(mark))


def _anywhere(columns: Sequence[tuple[str, str]], text: str) -> Composed:
    return SQL(" OR ").join(_holds(column, kind, text) for column, kind in columns)


def _holds(column: str, kind: str, text: str) -> Composed:
    wanted = _in_json(text) if kind in ("jsonb", "json") else text
    value = SQL("array_to_string({}, chr(31))" if kind.endswith("[]") else "{}::text").format(Identifier(column))
    return SQL("coalesce(strpos({}, {}), 0) > 0").format(value, Literal(wanted))


def _find_anew(connection: Connection[TupleRow], statements: tuple[LiteralString, LiteralString], mark: str) -> None:
    """What buildings are found by holds their names in other spellings: made anew where a name was overwritten."""
    reading, writing = statements
    for ident, *names in connection.execute(reading, [mark]).fetchall():
        connection.execute(writing, [building_keys(*names), ident])


def _columns(connection: Connection[TupleRow]) -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in connection.execute(_COLUMNS):
        found.setdefault(table, []).append((column, kind))
    return found


def _in_json(text: str) -> str:
    """A text as it stands inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _check(text: str) -> None:
    if len(text.strip()) < SHORTEST:
        raise BadParameterError("text", text, f"at least {SHORTEST} characters")
