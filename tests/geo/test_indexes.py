"""Indexes are left out only by whoever owns the table and is alone with it, and stand again whatever happens."""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from geo import indexes
from geo.indexes import indexes_after
from tests.postgres import CloneMaker
from webmap.database_logins import APP, OWNER

CATALOGUE = """
    SELECT indexdef FROM pg_indexes WHERE tablename = 'buildings'
    UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'buildings'::regclass
    ORDER BY 1"""


@pytest.fixture
def owner(clones: CloneMaker, clone: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(clones.server.conninfo(OWNER, clone)) as connection:
        yield connection
        connection.rollback()


def described(connection: psycopg.Connection) -> list[tuple[str]]:
    return connection.execute(CATALOGUE).fetchall()


def test_a_tables_indexes_are_the_same_afterwards_and_only_its_key_stays_meanwhile(owner):
    before = described(owner)
    with indexes_after(owner, ["buildings"]) as left_out:
        assert left_out
        assert owner.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'buildings'").fetchall() == [
            ("pk_buildings",)
        ]
    assert described(owner) == before


def test_a_load_that_fails_leaves_the_indexes_standing(owner):
    before = described(owner)
    owner.commit()
    with pytest.raises(ZeroDivisionError), owner.transaction(), indexes_after(owner, ["buildings"]):
        raise ZeroDivisionError
    assert described(owner) == before


def test_who_does_not_own_the_table_leaves_its_indexes_alone(clones, clone):
    with psycopg.connect(clones.server.conninfo(APP, clone)) as app:
        before = described(app)
        with indexes_after(app, ["buildings"]) as left_out:
            assert not left_out
            assert described(app) == before


def test_a_table_that_somebody_goes_on_reading_keeps_its_indexes(owner, clones, clone, monkeypatch):
    monkeypatch.setattr(indexes, "_WAIT", "50ms")
    with psycopg.connect(clones.server.conninfo(APP, clone)) as reader:
        reader.execute("SELECT count(*) FROM buildings")
        with indexes_after(owner, ["buildings"]) as left_out:
            assert not left_out
            assert owner.execute("SHOW lock_timeout").fetchone() == ("0",)
    with indexes_after(owner, ["buildings"]) as left_out:
        assert left_out


def test_who_reads_meanwhile_waits_and_then_sees_everything(owner, clones, clone):
    owner.execute("INSERT INTO sources (code, name) VALUES ('s', 's')")
    owner.commit()
    seen = []

    def read() -> None:
        with psycopg.connect(clones.server.conninfo(APP, clone)) as reader:
            seen.append(reader.execute("SELECT count(*) FROM buildings").fetchone())

    visitor = threading.Thread(target=read)
    with indexes_after(owner, ["buildings"]):
        owner.execute(
            "INSERT INTO buildings (code, geom, source_id) SELECT n::text, ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 4326)),"
            " (SELECT id FROM sources) FROM generate_series(1, 100) n"
        )
        visitor.start()
    owner.commit()
    visitor.join(20)
    assert seen == [(100,)]
