"""Puts the triggers on every table that write the audit, in whatever way a row is changed: pages, bulk or raw SQL.

The function of each table is written out of its columns after every migration, and belongs to the owner of the tables,
so that the application adds entries by changing rows and in no other way. What must not be in the audit is named here.
"""

import re
from collections.abc import Sequence
from typing import Any

from geoalchemy2 import Geometry
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import Connection, Inspector, inspect
from sqlalchemy.dialects.postgresql import BYTEA

from geo.audit import HIDDEN
from webmap.database_logins import JOBS

EXEMPT = {
    "alembic_version": "the revision of the schema",
    "audit_log": "the audit itself",
    "former_rows": "what rows were before a change that is audited, written by triggers with it",
    "layer_changes": "written by triggers with each change that is audited, and gone a second later",
    "layer_versions": "counts on with the changes that are audited",
    "page_reads": "counts how often pages were opened; nobody edits it",
    "spatial_ref_sys": "belongs to PostGIS",
    "state_changes": "says which buildings a version of the state concerns",
    "unit_news": "written by a trigger with each change that is audited",
}
"""Tables without audit, and why; those of the job queue belong to procrastinate."""

COUNTED = frozenset({"amenity_distances", "attempts", "clusters", "import_changes", "inquiry_sends", "passcode_tries"})
"""Tables that programs fill and empty by themselves: of a statement the number of rows alone is noted."""

PERSONAL = {
    "alerts": {"email", "query"},
    "inquiries": {"name", "contact"},
    "inquiry_messages": {"body"},
    "mails": {"recipient", "subject", "body", "unsubscribe_url", "error"},
    "parties": {"personal_phone"},
    "selection_items": {"note"},
    "selections": {"greeting", "sender", "requirement"},
    "short_links": {"name"},
    "users": {"factor_nonce", "factor_since", "factor_step"},
}
"""What people may ask to have erased, and secrets whose names do not say so: of these it is told that they changed."""

IGNORED = frozenset({"updated_at", "seen_at", "search_text", "told_until", "report"})
"""Columns that follow from others or from the clock; a change of these alone is none."""

FEW = 1000
"""Rows of one statement up to which each has an entry of its own, with its images also when it is new."""

_SECRET = re.compile(r"password|secret|token|nonce|_hash$")
_QUEUE = "procrastinate_"


def audited_tables(inspector: Inspector) -> list[str]:
    """The tables that have to be audited: all but those of `EXEMPT` and of the job queue."""
    return sorted(name for name in inspector.get_table_names() if name not in EXEMPT and not name.startswith(_QUEUE))


def is_hidden(table: str, column: str, kind: object = None) -> bool:
    """Whether the audit must not hold the values of a column."""
    return column in PERSONAL.get(table, ()) or bool(_SECRET.search(column)) or isinstance(kind, BYTEA)


def attach(connection: Connection) -> None:
    """Write the functions of all tables anew and put them on; the owner's connection, not committed here."""
    inspector = inspect(connection)
    driver = connection.connection.driver_connection
    assert driver is not None
    for table in audited_tables(inspector):
        columns = [column for column in inspector.get_columns(table) if not column.get("computed")]
        key = inspector.get_pk_constraint(table)["constrained_columns"]
        driver.execute(_function(table, columns, key).encode())
        for statement in _triggers(table):
            driver.execute(statement.encode())
    if driver.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [JOBS]).fetchone():
        driver.execute(SQL("GRANT EXECUTE ON FUNCTION loumap_audit_prune TO {}").format(Identifier(JOBS)))


def _triggers(table: str) -> list[str]:
    rows = {
        "insert": "REFERENCING NEW TABLE AS fresh",
        "update": "REFERENCING OLD TABLE AS stale NEW TABLE AS fresh",
        "delete": "REFERENCING OLD TABLE AS stale",
        "truncate": "",
    }
    return [
        f"CREATE OR REPLACE TRIGGER audit_{event} AFTER {event.upper()} ON {_quoted(table)} {kept}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {_quoted(f'loumap_audit_{table}')}()"
        for event, kept in rows.items()
    ]


def _function(table: str, columns: Sequence[Any], key: Sequence[str]) -> str:
    body = _counting(table) if table in COUNTED else _noting(table, columns, key)
    return f"""
CREATE OR REPLACE FUNCTION {_quoted(f"loumap_audit_{table}")}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $audit$
-- Written by webmap/audit_triggers.py out of the columns of the table.
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO audit_log (table_name, action, rows) VALUES ({_text(table)}, 'truncate', 0);
{body}
  END IF;
  RETURN NULL;
END $audit$"""


def _counting(table: str) -> str:
    parts = [
        f"""
  ELSIF TG_OP = '{event.upper()}' THEN
    INSERT INTO audit_log (table_name, action, rows)
      SELECT {_text(table)}, '{event}', count(*) FROM {rows} HAVING count(*) > 0;"""
        for event, rows in (("insert", "fresh"), ("update", "fresh"), ("delete", "stale"))
    ]
    return "".join(parts)


def _noting(table: str, columns: Sequence[Any], key: Sequence[str]) -> str:
    names = [column["name"] for column in columns]
    into = "INSERT INTO audit_log (table_name, action, row_key, building_id, unit_id"
    thing = {alias: f"{_building(table, names, alias)}, {_unit(table, names, alias)}" for alias in ("f", "s")}
    same = " AND ".join(f"s.{_quoted(name)} = f.{_quoted(name)}" for name in key)
    told = [column for column in columns if column["name"] not in IGNORED]
    old, new = (", ".join(f"{alias}.{_quoted(column['name'])}" for column in told) for alias in ("s", "f"))
    changed = f"""stale s FULL JOIN fresh f ON {same}
      WHERE ({old}) IS DISTINCT FROM ({new})"""
    where = f"coalesce({_key('f', key)}, {_key('s', key)})"
    before, after = _difference(table, told, "s"), _difference(table, told, "f")
    return f"""
  ELSIF TG_OP = 'INSERT' THEN
    IF (SELECT count(*) FROM (SELECT FROM fresh LIMIT {FEW + 1}) few) <= {FEW} THEN
      {into}, after)
        SELECT {_text(table)}, 'insert', {_key("f", key)}, {thing["f"]}, {_image(table, told, "f")} FROM fresh f;
    ELSE
      INSERT INTO audit_log (table_name, action, row_key, rows)
        SELECT {_text(table)}, 'insert', {_first_and_last(key)}, count(*) FROM fresh f;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    {into}, before)
      SELECT {_text(table)}, 'delete', {_key("s", key)}, {thing["s"]}, {_image(table, told, "s")} FROM stale s;
  ELSIF (SELECT count(*) FROM (SELECT FROM fresh LIMIT {FEW + 1}) few) <= {FEW} THEN
    {into}, before, after)
      SELECT {_text(table)}, 'update', {where}, {thing["f"]}, {before}, {after}
      FROM {changed};
  ELSE
    INSERT INTO audit_log (table_name, action, row_key, row_keys, rows, before, after)
      SELECT {_text(table)}, 'update', min(d.key), CASE WHEN count(*) > 1 THEN array_agg(d.key) END, count(*),
             d.before, d.after
      FROM (SELECT {where} AS key, {before} AS before, {after} AS after
            FROM {changed}) d
      GROUP BY d.before, d.after;"""


def _image(table: str, columns: Sequence[Any], alias: str) -> str:
    """A row as JSON; in parts, since a call takes a hundred arguments."""
    pairs = [f"{_text(column['name'])}, {_value(table, column, alias)}" for column in columns]
    parts = [f"jsonb_build_object({', '.join(pairs[start : start + 45])})" for start in range(0, len(pairs), 45)]
    return " || ".join(parts)


def _difference(table: str, columns: Sequence[Any], alias: str) -> str:
    """Those columns of a row as JSON that differ between the old and the new one."""
    parts = [
        f"CASE WHEN s.{name} IS DISTINCT FROM f.{name}"
        f" THEN jsonb_build_object({_text(column['name'])}, {_value(table, column, alias)}) ELSE '{{}}' END"
        for column in columns
        for name in [_quoted(column["name"])]
    ]
    return " || ".join(parts)


def _value(table: str, column: Any, alias: str) -> str:
    """A value as JSON has it: geometries as the hexadecimal form, which loses nothing."""
    name = f"{alias}.{_quoted(column['name'])}"
    if is_hidden(table, column["name"], column["type"]):
        return f"CASE WHEN {name} IS NOT NULL THEN {_text(HIDDEN)} END"
    return f"{name}::text" if isinstance(column["type"], Geometry) else name


def _key(alias: str, key: Sequence[str]) -> str:
    return " || ',' || ".join(f"{alias}.{_quoted(name)}::text" for name in key)


def _first_and_last(key: Sequence[str]) -> str:
    """The span of keys of many new rows: ids of one load follow one another."""
    first = _quoted(key[0])
    return f"min(f.{first})::text || '–' || max(f.{first})::text" if len(key) == 1 else "NULL"


def _building(table: str, names: Sequence[str], alias: str) -> str:
    if table == "buildings":
        return f"{alias}.id"
    if "building_id" in names:
        return f"{alias}.building_id"
    return f"(SELECT u.building_id FROM units u WHERE u.id = {alias}.unit_id)" if "unit_id" in names else "NULL"


def _unit(table: str, names: Sequence[str], alias: str) -> str:
    if table == "units":
        return f"{alias}.id"
    return f"{alias}.unit_id" if "unit_id" in names else "NULL"


def _quoted(name: str) -> str:
    return Identifier(name).as_string()


def _text(value: str) -> str:
    return Literal(value).as_string()
