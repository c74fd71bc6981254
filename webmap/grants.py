"""What the database's logins may do after a migration: the app and the jobs write, the public one reads what is public.

Which columns are public is said by `geo/disclosure_list.py` alone; beside them stand those that queries of the public
login need to decide what to leave out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from psycopg.sql import SQL, Composable, Identifier
from sqlalchemy import Connection, Engine, inspect

from geo.disclosure import public_fields
from geo.errors import UnknownFieldError
from geo.looking_back import PAST, PAST_STAFF, TABLES
from webmap import row_security
from webmap.database_logins import APP, JOBS, PUBLIC, grant_logins

APPEND_ONLY = ("confirmations",)
READ_ONLY = ("audit_log", "former_rows")
"""Written by triggers of the owner alone."""

DECIDING_EVERYWHERE = frozenset({"publishable", "withdrawn_at"})
DECIDING: dict[str, frozenset[str]] = {
    "layer_changes": frozenset({"id", "layer", "changed_at"}),
    "offers": frozenset({"known"}),
    "parties": frozenset({"contact_consent"}),
    "published_figures": frozenset({"known"}),
    "state_changes": frozenset({"version", "since", "building_ids"}),
    "targets": frozenset({"known"}),
    "tenancies": frozenset({"valid", "known", "room_public"}),
    "unit_states": frozenset({"valid", "known", "occupancy", "contract"}),
}
"""Columns that are read to decide whether and how a row is shown, and never shown themselves."""


def grant_all(connection: Connection) -> None:
    """Give every login of the database what it needs and no more; the owner's connection, not committed here."""
    readable = {table: readable_columns(connection, table) for table in inspect(connection).get_table_names()}
    driver = connection.connection.driver_connection
    assert driver is not None
    grant_logins(driver, APPEND_ONLY, READ_ONLY)
    logins = {name for (name,) in driver.execute("SELECT rolname FROM pg_roles").fetchall()}
    if PUBLIC in logins:
        for table, columns in readable.items():
            for statement in _public_grants(table, columns):
                driver.execute(statement)
    if "former_rows" in readable:
        for statement in _past_grants(logins, readable):
            driver.execute(statement)
    row_security.protect(driver, readable)


def readable_columns(database: Connection | Engine, table: str) -> list[str]:
    """The columns of a table that the public login may read; none of a table that the disclosure list does not name."""
    try:
        public = public_fields(table)
    except UnknownFieldError:
        return []
    wanted = public | DECIDING.get(table, frozenset()) | (DECIDING_EVERYWHERE if public else frozenset())
    return [column["name"] for column in inspect(database).get_columns(table) if column["name"] in wanted]


def _past_grants(logins: Collection[str], readable: Mapping[str, Sequence[str]]) -> Iterator[Composable]:
    """The views of the past: all for the app and the jobs, for visitors the columns that they may read today."""
    for login in (each for each in (APP, JOBS) if each in logins):
        for schema in map(Identifier, (PAST, PAST_STAFF)):
            yield SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, Identifier(login))
            yield SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, Identifier(login))
    if PUBLIC in logins:
        yield SQL("GRANT USAGE ON SCHEMA {} TO {}").format(Identifier(PAST), Identifier(PUBLIC))
        for table in TABLES:
            named = SQL(", ").join(map(Identifier, readable[table]))
            yield SQL("GRANT SELECT ({}) ON {} TO {}").format(named, Identifier(PAST, table), Identifier(PUBLIC))


def _public_grants(table: str, columns: list[str]) -> list[Composable]:
    relation, login = Identifier(table), Identifier(PUBLIC)
    revoked = SQL("REVOKE ALL ON {} FROM {}").format(relation, login)
    if not columns:
        return [revoked]
    named = SQL(", ").join(map(Identifier, columns))
    return [revoked, SQL("GRANT SELECT ({}) ON {} TO {}").format(named, relation, login)]
