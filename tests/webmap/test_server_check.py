"""A server of one's own is refused with words that its administrator can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from webmap.database_logins import EXTENSIONS
from webmap.embedded import EmbeddedPostgres
from webmap.server_check import Extension, _extension_problems, _version_problems, check_server, create_extensions


@contextmanager
def database(embedded: EmbeddedPostgres, options: str, login: str = "loumap_owner") -> Iterator[psycopg.Connection]:
    """Give a connection to a bare database made with options, as an administrator elsewhere would make it."""
    name = Identifier("elsewhere")
    with psycopg.connect(embedded.conninfo("postgres", "postgres"), autocommit=True) as administrator:
        statement = SQL("CREATE DATABASE {} OWNER loumap_owner TEMPLATE template0 " + options).format(name)
        administrator.execute(statement)
    try:
        with psycopg.connect(embedded.conninfo(login, "elsewhere"), autocommit=True) as connection:
            yield connection
    finally:
        embedded.drop_database("elsewhere")


def test_the_embedded_database_is_fine(embedded: EmbeddedPostgres) -> None:
    with psycopg.connect(embedded.conninfo()) as connection:
        assert check_server(connection) == []


def test_without_rights_the_administrator_is_told_the_very_line(embedded: EmbeddedPostgres) -> None:
    with database(embedded, "ENCODING 'UTF8' LOCALE 'C.UTF-8'") as connection:
        [problem] = check_server(connection)
        assert problem.remedy.endswith("in the database elsewhere:\n  CREATE EXTENSION postgis;")
        create_extensions(connection)
        installed = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    assert installed & set(EXTENSIONS) == {"pg_trgm", "btree_gist"}


def test_with_rights_the_extensions_are_made(embedded: EmbeddedPostgres) -> None:
    with database(embedded, "ENCODING 'UTF8' LOCALE 'C.UTF-8'", login="postgres") as connection:
        assert check_server(connection) == []
        create_extensions(connection)
        assert connection.execute("SELECT ST_AsText(ST_MakePoint(1, 2))").fetchone() == ("POINT(1 2)",)


def test_a_database_that_cannot_search_chinese_is_refused(embedded: EmbeddedPostgres) -> None:
    with database(embedded, "ENCODING 'UTF8' LOCALE 'C'", login="postgres") as connection:
        assert [problem.what for problem in check_server(connection) if "Chinese text" in problem.what]
        create_extensions(connection)
        [problem] = check_server(connection)
    assert "C.UTF-8" in problem.remedy


def test_a_database_without_an_encoding_is_refused(embedded: EmbeddedPostgres) -> None:
    with database(embedded, "ENCODING 'SQL_ASCII' LOCALE 'C'", login="postgres") as connection:
        [problem] = check_server(connection)
    assert "SQL_ASCII" in problem.what


def test_a_login_that_may_not_make_tables_is_told_the_grant(embedded: EmbeddedPostgres) -> None:
    with psycopg.connect(embedded.conninfo("loumap_app")) as connection:
        [problem] = check_server(connection)
    assert problem.remedy.endswith("GRANT CREATE, USAGE ON SCHEMA public TO loumap_app;")


@pytest.mark.parametrize(("version", "problems"), [(14, 1), (15, 0), (18, 0)])
def test_servers_from_15_on_are_accepted(version: int, problems: int) -> None:
    assert len(_version_problems(version)) == problems


def test_an_old_postgis_and_a_missing_one_are_told_apart() -> None:
    [old] = _extension_problems([Extension("postgis", "3.2.1", "3.2.1", True)], "loumap")
    [missing] = _extension_problems([Extension("postgis", None, None, False)], "loumap")
    assert "3.2.1" in old.what
    assert "Install the PostGIS package" in missing.remedy
    assert _extension_problems([Extension("postgis", "3.10.0dev", "3.10.0dev", True)], "loumap") == []
