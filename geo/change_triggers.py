"""Keeps the triggers that tell of new rows quiet while very many come, and tells of layers and rows once.

Such a trigger puts every row of a statement aside: to look which buildings it concerns, where with thousands of rows
the answer is always "all of them", or to note it in the audit, where it is enough how many rows came.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

# Those that fire for INSERT (bit 4). Their arguments lie one after the other, each with a zero behind it; the first of
# a trigger that looks for buildings says how, the others are layers.
_TRIGGERS = r"""
    SELECT t.tgrelid::regclass::text, t.tgname,
           (string_to_array(encode(t.tgargs, 'escape'), '\000'))[
               CASE p.proname WHEN 'loumap_buildings_changed' THEN 2 ELSE 1 END : t.tgnargs]
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid::regclass::text = ANY(%s) AND t.tgenabled = 'O' AND t.tgtype & 4 <> 0
      AND p.proname IN ('loumap_layers_changed', 'loumap_buildings_changed')
    ORDER BY 1, 2"""


_AUDITING = """
    SELECT c.relname FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relname = ANY(%s) AND c.relnamespace = 'public'::regnamespace AND t.tgenabled = 'O'
      AND t.tgname = 'audit_insert' AND pg_get_userbyid(c.relowner) = current_user
    ORDER BY 1"""
_ADDED = "SELECT relname, n_tup_ins FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"


@contextmanager
def rows_noted_once(connection: Connection[TupleRow], tables: list[str]) -> Iterator[None]:
    """Note in the audit how many rows have come to each of some tables, not each row.

    Where the login does not own the tables, each is noted all the same.
    """
    audited = [table for (table,) in connection.execute(_AUDITING, [tables])]
    for table in audited:
        connection.execute(_switch("DISABLE", table, "audit_insert"))
    before: dict[str, int] = dict(connection.execute(_ADDED, [audited]).fetchall())
    yield
    for table, count in connection.execute(_ADDED, [audited]).fetchall():
        if rows := count - before.get(table, 0):
            entry = "INSERT INTO audit_log (table_name, action, rows) VALUES (%s, 'insert', %s)"
            connection.execute(entry, [table, rows])
    for table in audited:
        connection.execute(_switch("ENABLE", table, "audit_insert"))


@contextmanager
def changes_told_once(connection: Connection[TupleRow], tables: list[str]) -> Iterator[None]:
    """Disable what tells of new rows of some tables; afterwards enable it and tell of their layers and rows at once.

    The login must own the tables, and the transaction be alone with them.
    """
    triggers = connection.execute(_TRIGGERS, [tables]).fetchall()
    for table, name, _ in triggers:
        connection.execute(_switch("DISABLE", table, name))
    with rows_noted_once(connection, tables):
        yield
    for table, name, _ in triggers:
        connection.execute(_switch("ENABLE", table, name))
    layers = sorted({layer for *_, told in triggers for layer in told})
    connection.execute("INSERT INTO layer_changes (layer) SELECT unnest(%s::text[])", [layers])
    connection.execute("NOTIFY loumap_layers")


def _switch(how: str, table: str, name: str) -> bytes:
    statement = SQL("ALTER TABLE {} {} TRIGGER {}").format(Identifier(table), SQL(how), Identifier(name))
    return statement.as_bytes()
