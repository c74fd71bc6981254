"""Confidential rows stay unseen even where a table was granted by mistake."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, inspect, select, text

from geo.db import engine as make_engine
from geo.model import Offer
from tests import factories
from tests.postgres import CloneMaker
from tests.secrets_planted import plant
from webmap import row_security
from webmap.db import Database
from webmap.grants import grant_all, readable_columns

MISTAKE = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO loumap_public"
PROTECTED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"


@pytest.fixture
def owner(clones: CloneMaker, clone: str) -> Iterator[Engine]:
    engine = make_engine(clones.server.dsn(database=clone))
    yield engine
    engine.dispose()


def test_a_table_granted_by_mistake_shows_visitors_nothing(owner: Engine, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        plant(session)
    with owner.begin() as connection:
        connection.execute(text(MISTAKE))
        tables = row_security.confidential({name: readable_columns(owner, name) for name in _tables(owner)})
    filled = 0
    for table in tables:
        count = select(func.count()).select_from(text(table))
        with live_database.new_session() as session:
            held = session.scalar(count)
        with live_database.new_public_session() as session:
            assert session.scalar(count) == 0, table
        filled += bool(held)
    assert filled > 15


def test_visitors_see_published_offers_alone_whatever_they_ask(live_database: Database) -> None:
    now = datetime.now(UTC)
    with live_database.new_session() as session, session.begin():
        shown = factories.create_offer(session, published_at=now).code
        factories.create_offer(session, published_at=None)
        factories.create_offer(session, published_at=now, withdrawn_at=now)
    with live_database.new_public_session() as session:
        assert session.scalars(select(Offer.code)).all() == [shown]


def test_what_the_map_reads_is_left_without_for_the_sake_of_its_indexes(owner: Engine) -> None:
    with owner.connect() as connection:
        protected = set(connection.scalars(text(PROTECTED)))
    drawn = {table for table in _tables(owner) if any(c["name"] in ("geom", "ring") for c in _columns(owner, table))}
    assert {"users", "sessions", "mails", "inquiries", "return_lines", "offers"} <= protected
    assert protected & (drawn | {"units", "unit_states", "tenancies"}) == set()


def test_every_table_without_a_public_column_is_protected_or_is_bookkeeping(owner: Engine) -> None:
    with owner.connect() as connection:
        protected = set(connection.scalars(text(PROTECTED)))
    bare = {table for table in _tables(owner) if not readable_columns(owner, table)}
    ours = {table for table in bare if not table.startswith(row_security.OTHERS)}
    assert ours - protected == row_security.BOOKKEEPING & ours


def test_granting_again_changes_nothing(owner: Engine) -> None:
    policies = text("SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2")
    with owner.connect() as connection:
        before = connection.execute(policies).all()
    with owner.begin() as connection:
        grant_all(connection)
    with owner.connect() as connection:
        assert connection.execute(policies).all() == before
    assert before


def _tables(owner: Engine) -> list[str]:
    return inspect(owner).get_table_names()


def _columns(owner: Engine, table: str) -> list:
    return inspect(owner).get_columns(table)
