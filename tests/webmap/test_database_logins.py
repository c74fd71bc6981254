"""Each login does its work and nothing else."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction

from webmap.database_logins import grant_logins
from webmap.embedded import EmbeddedPostgres

TABLES = """
    CREATE TABLE alembic_version (version_num text);
    CREATE TABLE buildings (id bigint GENERATED ALWAYS AS IDENTITY, name text);
    CREATE TABLE audit (id serial, what text);
    CREATE VIEW names AS SELECT name FROM buildings;"""


@pytest.fixture
def granted(embedded: EmbeddedPostgres) -> Iterator[str]:
    """A database with tables on which the logins have their rights."""
    embedded.create_database("granted")
    with psycopg.connect(embedded.conninfo(database="granted")) as owner:
        owner.execute(TABLES)
        grant_logins(owner, append_only=["audit"])
    yield "granted"
    embedded.drop_database("granted")


@pytest.mark.parametrize("login", ["loumap_app", "loumap_jobs"])
def test_app_and_jobs_write_tables_but_neither_make_nor_forge_them(
    embedded: EmbeddedPostgres, granted: str, login: str
) -> None:
    with psycopg.connect(embedded.conninfo(login, granted), autocommit=True) as connection:
        connection.execute("INSERT INTO buildings (name) VALUES ('甲')")
        connection.execute("UPDATE buildings SET name = '乙'")
        connection.execute("INSERT INTO audit (what) VALUES ('renamed')")
        assert connection.execute("SELECT name FROM names").fetchall() == [("乙",)]
        connection.execute("DELETE FROM buildings")
        for forbidden in ("CREATE TABLE more ()", "DELETE FROM audit", "UPDATE alembic_version SET version_num = 'x'"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(forbidden)


def test_the_public_login_reads_only_what_a_migration_grants_it(embedded: EmbeddedPostgres, granted: str) -> None:
    with psycopg.connect(embedded.conninfo(database=granted), autocommit=True) as owner:
        owner.execute("GRANT SELECT ON buildings TO loumap_public")
        grant_logins(owner)
    with psycopg.connect(embedded.conninfo("loumap_public", granted), autocommit=True) as connection:
        connection.execute("SELECT * FROM buildings")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("SELECT * FROM audit")
        with pytest.raises((InsufficientPrivilege, ReadOnlySqlTransaction)):
            connection.execute("INSERT INTO buildings (name) VALUES ('丙')")
