"""The views of the past: one for every table that has one, of the same name, with the same columns and types.

They are made out of the columns of the tables after every migration and go before it. The moment is a setting of the
transaction (`loumap.as_of`, `loumap.known_at`).
"""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import TupleRow

from geo.db import query
from geo.looking_back.keeping import KEPT, put_triggers_on, take_triggers_off
from geo.taxonomy.rents import DAYS_PER_MONTH, rent_units

PAST, PAST_STAFF = "past", "past_staff"
"""For what everybody may see, and with unpublishable sources; visitors' login may use the former alone."""

DATED = ("units", "unit_states", "offers", "tenancies", "unit_lineage")
"""Tables whose past stands in the database as such."""

TABLES = (*DATED, *(table for table in KEPT if table not in DATED))

SHOWN = ("buildings", "areas", "enterprises")
"""Of these only rows that are still there can be shown: whether they may be is a column that has no past."""

_THERE = "SELECT to_regclass('public.former_rows') IS NOT NULL"
_COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = ('public.' || %s)::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""


def put_on(connection: Connection[TupleRow]) -> None:
    """Make the views and put the triggers on, for the owner of the tables; nothing in a schema without former rows."""
    (there,) = connection.execute(_THERE).fetchone() or (False,)
    if not there:
        return
    put_triggers_on(connection)
    for schema in (PAST, PAST_STAFF):
        for statement in _statements(connection, schema):
            connection.execute(statement.encode())


def take_off(connection: Connection[TupleRow]) -> None:
    """Drop both, so that tables can be changed."""
    for schema in (PAST, PAST_STAFF):
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
    take_triggers_off(connection)


def _statements(connection: Connection[TupleRow], schema: str) -> list[str]:
    staff = schema == PAST_STAFF
    made = [f"CREATE SCHEMA {schema}", *_functions(schema)]
    made += [f"CREATE VIEW {schema}.former_{table} AS {_former(schema, table)}" for table in KEPT]
    for table in DATED:
        text = query(f"past_{table}", staff=staff).strip().removesuffix(";").replace("past.", f"{schema}.")
        made.append(f"CREATE VIEW {schema}.{table} AS {text}")
    for table in TABLES[len(DATED) :]:
        columns = [name for (name,) in connection.execute(_COLUMNS, [table])]
        view = _view_of_shown if table in SHOWN else _view
        made.append(f"CREATE VIEW {schema}.{table} AS {view(schema, table, columns)}")
    return made


def _functions(schema: str) -> list[str]:
    """The moment, and what the public is told of a unit: as `geo.disclosure.public_occupancy` and `geo.taxonomy`."""
    stable = "LANGUAGE sql STABLE PARALLEL SAFE"
    per_day = {"day": 1.0, "month": DAYS_PER_MONTH, "year": 365.0}
    cases = [
        f"WHEN '{unit.code}' THEN amount::float8 / {per_day[unit.period]!r}"
        + (" / nullif(area, 0)::float8" if unit.per == "unit" else "")
        for unit in rent_units()
        if unit.per in ("m2", "unit")
    ]
    rent = f"{schema}.rent_cny_m2_day(amount numeric, unit text, area numeric) RETURNS float8"
    return [
        f"CREATE FUNCTION {schema}.as_of() RETURNS date {stable}"
        " RETURN pg_catalog.current_setting('loumap.as_of')::date",
        f"CREATE FUNCTION {schema}.known_at() RETURNS timestamptz {stable}"
        " RETURN pg_catalog.current_setting('loumap.known_at')::timestamptz",
        f"CREATE FUNCTION {schema}.public_status(occupancy text, contract text, offered boolean, available date)"
        " RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE"
        " WHEN occupancy = 'vacant' THEN CASE WHEN contract IN ('signed', 'let') THEN 'in_use' ELSE 'vacant' END"
        " WHEN offered AND available IS NOT NULL THEN 'soon'"
        " WHEN occupancy IN ('own_use', 'unknown') THEN occupancy ELSE 'in_use' END",
        f"CREATE FUNCTION {rent} LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE unit {' '.join(cases)} END",
    ]


def _former(schema: str, table: str) -> str:
    """Of every row that is another one now, what it was at the moment.

    That a building was not there yet is believed only where nothing was known of its units: whoever loads a record of
    former years loads its buildings on one day.
    """
    return f"""SELECT DISTINCT ON (f.row_id, f.part) f.row_id, f.part, f.kept FROM public.former_rows f
        WHERE {_counts(schema, table)}
        ORDER BY f.row_id, f.part, f.until, f.id"""


def _counts(schema: str, table: str) -> str:
    """Whether a row `f` of `former_rows` says what a row of a table was at the moment, or was later."""
    unknown = ""
    if table == "buildings":
        unknown = f""" AND (f.kept IS NOT NULL OR NOT EXISTS (
            SELECT FROM public.units u JOIN public.unit_states s ON s.unit_id = u.id
            WHERE u.building_id = f.row_id AND lower(s.known) <= (SELECT {schema}.known_at())))"""
    return f"f.table_name = '{table}' AND f.until > (SELECT {schema}.known_at()){unknown}"


def _view_of_shown(schema: str, table: str, columns: Sequence[str]) -> str:
    """The rows that are still there, as they were; each is looked up by itself, so that any index serves."""
    kept, record = KEPT[table].names, f"jsonb_populate_record(NULL::public.{table}, f.kept)"
    then = {name: f"CASE WHEN f.row_id IS NULL THEN t.{name} ELSE ({record}).{name} END AS {name}" for name in kept}
    shown = ", ".join(then.get(name, f"t.{name}") for name in columns)
    return f"""SELECT {shown} FROM public.{table} t
        LEFT JOIN LATERAL (
            SELECT f.row_id, f.kept FROM public.former_rows f WHERE f.row_id = t.id AND {_counts(schema, table)}
            ORDER BY f.until, f.id LIMIT 1
        ) f ON true
        WHERE f.row_id IS NULL OR f.kept IS NOT NULL"""


def _view(schema: str, table: str, columns: Sequence[str]) -> str:
    """The rows that are as they were, and those that are not as they were; what is not kept is that of today."""
    kept = KEPT[table]
    key = f"f.row_id = t.{kept.row_id}" + (f" AND f.part = t.{kept.part}" if kept.part else "")
    now = ", ".join(f"t.{name}" for name in columns)
    keys = {kept.row_id: "f.row_id", kept.part: "f.part"}
    then = ", ".join(f"{_then(kept.names, name, keys)} AS {name}" for name in columns)
    return f"""SELECT {now} FROM public.{table} t
        WHERE NOT EXISTS (SELECT FROM {schema}.former_{table} f WHERE {key})
        UNION ALL
        SELECT {then} FROM {schema}.former_{table} f
        CROSS JOIN LATERAL jsonb_populate_record(NULL::public.{table}, f.kept) r
        LEFT JOIN public.{table} t ON {key}
        WHERE f.kept IS NOT NULL"""


def _then(kept: Sequence[str], name: str, key: dict[str, str]) -> str:
    if name in key:
        return key[name]
    if name == "publishable" and name in kept:
        return "coalesce(t.publishable, r.publishable)"
    return f"r.{name}" if name in kept else f"t.{name}"
