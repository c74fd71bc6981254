"""What the database's logins may do after a migration: the app and the jobs write, the public one reads what is public.

Which columns are public is said by `geo/disclosure.py` alone; beside them stand those that queries of the public
login need to decide what to leave out.
"""

from psycopg.sql import SQL, Composable, Identifier
from sqlalchemy import Connection, Engine, inspect

from geo.disclosure import public_fields
from geo.errors import UnknownFieldError
from webmap import row_security
from webmap.database_logins import PUBLIC, grant_logins

APPEND_ONLY = ("confirmations",)
READ_ONLY = ("audit_log",)
"""Written by triggers of the owner alone."""

DECIDING_EVERYWHERE = frozenset({"publishable", "withdrawn_at"})
DECIDING: dict[str, frozenset[str]] = {
    "layer_changes": frozenset({"id", "layer", "changed_at"}),
    "offers": frozenset({"known"}),
    "parties": frozenset({"contact_consent"}),
    "state_changes": frozenset({"version", "since", "building_ids"}),
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
    if driver.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [PUBLIC]).fetchone():
        for table, columns in readable.items():
            for statement in _public_grants(table, columns):
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


def _public_grants(table: str, columns: list[str]) -> list[Composable]:
    relation, login = Identifier(table), Identifier(PUBLIC)
    revoked = SQL("REVOKE ALL ON {} FROM {}").format(relation, login)
    if not columns:
        return [revoked]
    named = SQL(", ").join(map(Identifier, columns))
    return [revoked, SQL("GRANT SELECT ({}) ON {} TO {}").format(named, relation, login)]
