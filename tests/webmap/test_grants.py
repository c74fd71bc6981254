"""The database itself keeps visitors from what is not public."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests import factories
from webmap.db import Database


@pytest.fixture
def visitors(live_database: Database) -> Database:
    with live_database.new_session() as session:
        factories.create_offer(session)
        factories.create_enterprise(session, factories.create_building(session))
        factories.create_user(session, "administrator")
        session.commit()
    return live_database


@pytest.mark.parametrize(
    "columns",
    [
        "code, name, publishable FROM buildings WHERE withdrawn_at IS NULL",
        "public_status FROM units",
        "version FROM layer_versions",
    ],
)
def test_visitors_read_what_is_public(visitors: Database, columns: str) -> None:
    with visitors.new_public_session() as session:
        assert session.execute(text(f"SELECT {columns}")).all()


@pytest.mark.parametrize(
    "columns",
    [
        "occupancy FROM units",
        "rent_amount FROM unit_states",
        "lease_end_on FROM tenancies",
        "personal_phone FROM parties",
        "employees FROM enterprises",
        "* FROM buildings",
        "name FROM users",
        "token_sha256 FROM sessions",
        "body FROM mails",
        "args FROM procrastinate_jobs",
        "report FROM import_runs",
    ],
)
def test_visitors_cannot_read_what_is_not(visitors: Database, columns: str) -> None:
    with visitors.new_public_session() as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(f"SELECT {columns}"))


@pytest.mark.parametrize("statement", ["DROP TABLE buildings", "CREATE TABLE x (y int)", "ALTER TABLE units ADD z int"])
def test_the_app_cannot_change_the_schema(visitors: Database, statement: str) -> None:
    with visitors.new_session() as session, pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
        session.execute(text(statement))
