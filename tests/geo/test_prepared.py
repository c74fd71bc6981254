"""Statements prepared on a connection: values arrive as they were sent, errors say what was wrong."""

from collections.abc import Iterator

import numpy as np
import psycopg
import pytest
from sqlalchemy.orm import Session

from geo.prepared import array_of, binary_array, binary_texts, bind, first_row

NOWHERE = bind("tile_building_grid", {"first": 0, "last": 1, "shift": 0})


def driver(session: Session) -> psycopg.Connection:
    return session.connection().connection.driver_connection


@pytest.mark.parametrize(
    ("dtype", "kind"), [("i8", "bigint"), ("i4", "int"), ("i2", "smallint"), ("f8", "float8"), ("f4", "float4")]
)
@pytest.mark.parametrize("values", [[], [7], [3, -1, 2**14]])
def test_an_array_comes_back_as_it_was_sent(session: Session, dtype: str, kind: str, values: list[int]) -> None:
    sent = np.array(values, dtype)
    server = driver(session).pgconn
    result = server.exec_params(f"SELECT $1::{kind}[]".encode(), [binary_array(sent)], None, [1], 1)
    back = array_of(result.get_value(0, 0), dtype)
    assert back.dtype == np.dtype(dtype)
    assert back.tolist() == values


@pytest.mark.parametrize("texts", [[], ["信息技术", "", "it, {x}"]])
def test_texts_arrive_as_they_are(session: Session, texts: list[str]) -> None:
    server = driver(session).pgconn
    result = server.exec_params(b"SELECT $1::text[]", [binary_texts(texts)], None, [1], 0)
    assert driver(session).execute("SELECT %s::text[]", [result.get_value(0, 0).decode()]).fetchone()[0] == texts


def test_nothing_is_an_empty_array() -> None:
    assert array_of(None, "i8").tolist() == []


@pytest.fixture
def own(session: Session) -> Iterator[psycopg.Connection]:
    """A connection in autocommit, as tiles use it."""
    with psycopg.connect(driver(session).info.dsn, autocommit=True) as connection:
        yield connection


def names(connection: psycopg.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM pg_prepared_statements")]


def test_a_statement_is_prepared_once_and_again_when_the_server_has_forgotten_it(own: psycopg.Connection) -> None:
    for _ in range(3):
        assert first_row(own, NOWHERE)[1] == b""
    assert names(own).count("tile_building_grid") == 1
    own.execute("DEALLOCATE ALL")
    assert first_row(own, NOWHERE)[1] == b""
    assert names(own).count("tile_building_grid") == 1


def test_inside_a_transaction_nothing_is_prepared(session: Session) -> None:
    assert first_row(driver(session), NOWHERE)[1] == b""
    assert names(driver(session)) == []


def test_what_postgresql_refuses_is_an_error_of_its_kind(own: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        first_row(own, bind("tile_building_grid", {"first": 0, "last": 1.5, "shift": 0}))


def test_a_lost_connection_is_an_operational_error(own: psycopg.Connection) -> None:
    with psycopg.connect(own.info.dsn, user="postgres", autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [own.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        first_row(own, NOWHERE)
