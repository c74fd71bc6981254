"""A bulk load tells of the layers that it changes once, and changes after it are told of as ever."""

from collections.abc import Iterator

import psycopg
import pytest

from geo.change_triggers import changes_told_once
from tests.postgres import CloneMaker
from webmap.database_logins import OWNER

TRIGGERS = "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"


@pytest.fixture
def owner(clones: CloneMaker, clone: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(clones.server.conninfo(OWNER, clone)) as connection:
        connection.execute("INSERT INTO sources (code, name) VALUES ('s', 's')")
        connection.execute("DELETE FROM layer_changes")
        yield connection
        connection.rollback()


def add(connection: psycopg.Connection, code: str) -> None:
    connection.execute(
        "INSERT INTO buildings (code, geom, source_id) SELECT %s, ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 4326)),"
        " (SELECT id FROM sources)",
        [code],
    )


def told(connection: psycopg.Connection) -> list[tuple[str, bool]]:
    """The layers that have changed, and whether everywhere."""
    return connection.execute("DELETE FROM layer_changes RETURNING layer, building_ids IS NULL").fetchall()


def test_many_statements_are_told_of_once_and_everywhere(owner):
    with changes_told_once(owner, ["buildings"]):
        for code in ("a", "b", "c"):
            add(owner, code)
        assert told(owner) == []
    assert sorted(told(owner)) == [("buildings", True), ("names", True), ("state", True)]


def test_every_table_names_its_own_layers(owner):
    with changes_told_once(owner, ["amenities", "sections", "enterprises"]):
        pass
    layers = ("amenities", "buildings", "enterprises", "names", "state")
    assert sorted(told(owner)) == [(layer, True) for layer in layers]


def test_corrections_meanwhile_and_rows_added_later_are_told_of_as_ever(owner):
    before = owner.execute(TRIGGERS).fetchall()
    add(owner, "a")
    told(owner)
    with changes_told_once(owner, ["buildings"]):
        owner.execute("UPDATE buildings SET leasable_area_m2 = 1")
        assert told(owner) == [("state", False)]
    told(owner)
    assert owner.execute(TRIGGERS).fetchall() == before
    add(owner, "b")
    assert sorted(told(owner)) == [("buildings", True), ("names", True), ("state", False)]
