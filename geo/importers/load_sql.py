"""The SQL expressions that bring a staged column into its column of the model, with the rules of who may change what.

In all of them `s` is the staged row, `t` the row of the table, `h.fields` the fields that must be left alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from geoalchemy2 import Geometry
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal
from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, Float, Integer, Numeric, Table
from sqlalchemy.dialects import postgresql

LIST_SEPARATOR = "\x1f"
"""Between the parts of a list field while it is staged."""

_KINDS = (
    (Geometry, "bytes", "geometry"),
    (Boolean, "bool", "bool"),
    (BigInteger, "int8", "int8"),
    (Integer, "int4", "int4"),
    ((Float, Numeric), "float8", "float8"),
    (Date, "date", "date"),
)
# Once something is followed floor by floor, a file that does not know of it changes nothing about that.
_ONLY_UP = frozenset({"managed"})
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_NAMES = ("name", "name_en", "aliases", "address")


def listed(parts: Iterable[Composable]) -> Composed:
    """Parts with commas between."""
    return SQL(", ").join(parts)


def touched(table: Table) -> list[Composable]:
    """What an update sets beside the fields."""
    return [SQL("updated_at = clock_timestamp()")] if "updated_at" in table.c else []


def effective(column: Column[Any]) -> Composable:
    """The value a row gets: the file's, unless the field is held."""
    name = Identifier(column.name)
    value = _cast(column)
    if not column.nullable:
        value = SQL("coalesce({}, t.{})").format(value, name)
    if column.name in _ONLY_UP:
        return SQL("t.{} OR {}").format(name, value)
    held = SQL("{} = ANY (h.fields)").format(Literal(column.name))
    if column.name == "search_text":
        held = SQL("h.fields && {}::text[]").format(Literal(list(_NAMES)))
    return SQL("CASE WHEN {} THEN t.{} ELSE {} END").format(held, name, value)


def adding(column: Column[Any]) -> Composable:
    """The value of a new row: the file's, else the column's default."""
    default = column.server_default
    if column.nullable or default is None:
        return _cast(column)
    stated = default.arg  # type: ignore[attr-defined]  # every default of a staged column is a plain text
    return SQL("coalesce({}, {}::{})").format(_cast(column), Literal(str(stated)), SQL(_sql_type(column)))


def _cast(column: Column[Any]) -> Composable:
    name, kind = Identifier(column.name), SQL(_sql_type(column))
    if isinstance(column.type, Geometry):
        multi = (column.type.geometry_type or "").startswith("MULTI")
        return SQL("ST_Multi(ST_SetSRID(s.{}, 4326))" if multi else "ST_SetSRID(s.{}, 4326)").format(name)
    if isinstance(column.type, ARRAY):
        return SQL("string_to_array(s.{}, {})").format(name, Literal(LIST_SEPARATOR))
    return SQL("s.{}::{}").format(name, kind)


def image(alias: str, columns: Sequence[Column[Any]], withdrawn: Composable, may_be_hidden: bool) -> Composed:
    """The arguments of jsonb_build_object for a row: geometries as their hexadecimal form, which loses nothing."""
    parts: list[Composable] = [SQL("'withdrawn_at', {}").format(withdrawn)]
    if may_be_hidden:
        parts.append(SQL("'publishable', {}.publishable").format(SQL(alias)))
    for column in columns:
        text = SQL("::text" if isinstance(column.type, Geometry) else "")
        parts.append(SQL("{}, {}.{}{}").format(Literal(column.name), SQL(alias), Identifier(column.name), text))
    return listed(parts)


def copy_kind(column: Column[Any]) -> str:
    """The kind of a column's values for `pgcopy.cells`."""
    return next((copy for types, copy, _ in _KINDS if isinstance(column.type, types)), "text")


def stage_type(column: Column[Any]) -> str:
    """The type of a column while it is staged."""
    return next((stage for types, _, stage in _KINDS if isinstance(column.type, types)), "text")


def _sql_type(column: Column[Any]) -> str:
    return str(column.type.compile(dialect=_DIALECT))


def differences(columns: Sequence[Column[Any]]) -> Composed:
    """Rows of VALUES: the name of each field, and whether the file and the table differ in it."""
    row = SQL("({}, {} IS DISTINCT FROM t.{})")
    return listed(row.format(Literal(column.name), adding(column), Identifier(column.name)) for column in columns)


def told(columns: Sequence[Column[Any]]) -> Composed:
    """Rows of VALUES: the name of each field, and what the file says of it as JSON."""
    rows = []
    for column in columns:
        text = SQL("::text" if isinstance(column.type, Geometry) else "")
        rows.append(SQL("({}, to_jsonb(({}){}))").format(Literal(column.name), adding(column), text))
    return listed(rows)
