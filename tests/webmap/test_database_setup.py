"""Once many rows have come the tables are tidied, and a database that refuses that stops nobody."""

import logging
from pathlib import Path

import psycopg
import pytest

from tests.postgres import CloneMaker
from webmap.config import Settings
from webmap.database_logins import APP, OWNER
from webmap.database_setup import fill_with_sample, vacuum


@pytest.fixture
def ours(clones: CloneMaker, clone: str, tmp_path: Path) -> Settings:
    """Settings of a database of the test's own."""
    dsn = clones.server.dsn
    return Settings(data=tmp_path, database_url=dsn(APP, clone), database_url_owner=dsn(OWNER, clone))


def all_visible(clones: CloneMaker, clone: str, table: str) -> bool:
    """Whether an index alone can answer, without a look at the table."""
    with psycopg.connect(clones.server.conninfo(OWNER, clone)) as connection:
        pages, visible = connection.execute(
            "SELECT relpages, relallvisible FROM pg_class WHERE oid = %s::regclass", [table]
        ).fetchone()
    return bool(pages) and pages == visible


def test_indexes_alone_answer_once_the_sample_is_there(ours, clones, clone):
    # As in earnest: what is not on disk yet does not count as seen by everybody.
    _set(clones, clone, "synchronous_commit = on")
    assert fill_with_sample(ours, 100, lambda _: None, lambda *_: None)
    assert all_visible(clones, clone, "buildings")
    assert all_visible(clones, clone, "tenancies")


def test_a_table_that_is_locked_is_passed_over(ours, clones, clone):
    with psycopg.connect(clones.server.conninfo(OWNER, clone)) as other:
        other.execute("LOCK TABLE buildings")
        vacuum(ours)
    assert all_visible(clones, clone, "layer_versions")


def test_a_database_that_refuses_is_left_as_it_is(ours, clones, clone, caplog):
    _set(clones, clone, "statement_timeout = '1ms'")
    with caplog.at_level(logging.WARNING):
        vacuum(ours)
    assert "not vacuumed" in caplog.text


def _set(clones: CloneMaker, clone: str, setting: str) -> None:
    """Give a database a setting of its own."""
    with psycopg.connect(clones.server.conninfo(OWNER, clone), autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {clone} SET {setting}")
