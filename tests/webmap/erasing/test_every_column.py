"""Whatever column of whatever table a name has come to stand in, it is gone from there and from all that is shown."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from geo.db import engine as make_engine
from geo.disclosure import public_fields
from geo.errors import UnknownFieldError
from tests.crawling import answers, content
from tests.factories import create_user
from tests.planted import Planted
from tests.postgres import CloneMaker
from tests.secrets_planted import plant
from tests.web import sign_in
from webmap import jobs
from webmap.auth.models import UserRole
from webmap.config import Settings
from webmap.db import Database
from webmap.erasing.operations import erase

NAME = "欧阳秘密13800138000"
MARK = "zqx[0-9]+zqx"
"""What `tests.planted` puts into every text that is not public."""

SPOKEN = ("name", "name_en", "name_source", "address", "label", "title", "attribution", "licence", "value")
_COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' AND c.relname NOT IN ('alembic_version', 'spatial_ref_sys')"""
TEXTS = ("text", "character varying", "jsonb", "text[]", "character varying[]")
MUST = frozenset(
    (
        *("audit_log.before", "buildings.name", "units.label", "enterprises.name"),
        *("parties.personal_phone", "offers.title", "return_lines.tenant", "return_lines.before"),
        *("return_submissions.note", "return_sightings.name", "inquiries.name", "inquiries.contact"),
        *("inquiry_messages.body", "mails.body", "users.full_name", "field_edits.before"),
        *("field_edits.after", "import_changes.before", "import_runs.report", "import_uploads.report"),
        *("sessions.browser", "files.name", "procrastinate_jobs.lock", "short_links.name"),
        *("unit_reshapes.details",),
    )
)
"""Where names are known to come to stand, among all the places that are looked for."""


@pytest.fixture
def owner(clones: CloneMaker, clone: str) -> Iterator[Engine]:
    engine = make_engine(clones.server.dsn(database=clone))
    yield engine
    engine.dispose()


@pytest.fixture
def planted(live_database: Database, owner: Engine, settings: Settings) -> Planted:
    with live_database.new_session() as session, session.begin():
        planted = plant(session)
        create_user(session, name="chief").roles = [UserRole(role="administrator")]
        jobs.enqueue(session, "prune_accounts", timestamp=0, lock="zqx1zqx")
    with owner.begin() as connection:
        for table, column, kind in connection.execute(text(_COLUMNS)).all():
            _put_name(connection, table, column, kind)
    return planted


def test_it_is_gone_from_every_column_and_the_administrator_finds_it_nowhere(
    live_app: Flask, owner: Engine, settings: Settings, planted: Planted
) -> None:
    before = _columns_with(owner)
    assert MUST - before == set()
    erase(owner, settings, NAME, "本人要求")
    assert _columns_with(owner) == set()
    browser = live_app.test_client()
    assert sign_in(browser, "chief").status_code == 302
    shown = [
        f"{answer.status_code} {address}"
        for address, answer in answers(live_app, planted, browser, languages=False)
        if answer.status_code >= 500 or "13800138000" in content(answer).decode("utf-8", "replace")
    ]
    assert shown == []


def _put_name(connection: Connection, table: str, column: str, kind: str) -> None:
    """The name in place of what was planted, and where the public reads a name; where a rule of the table lets it."""
    if kind not in TEXTS:
        return
    new = f"regexp_replace({column}::text, '{MARK}', '{NAME}', 'g')::{kind}"
    where = f"{column}::text ~ '{MARK}'"
    if column in SPOKEN and _is_public(table, column):
        new, where = f"'{NAME}'", f"{column} IS NOT NULL"
    for only in ("", f" AND ctid = (SELECT min(ctid) FROM {table} WHERE {where})"):
        attempt = connection.begin_nested()
        try:
            connection.execute(text(f"UPDATE {table} SET {column} = {new} WHERE {where}{only}"))
        except DBAPIError:
            attempt.rollback()
        else:
            attempt.commit()
            return


def _is_public(table: str, column: str) -> bool:
    try:
        return column in public_fields(table)
    except UnknownFieldError:
        return False


def _columns_with(owner: Engine) -> set[str]:
    """Every column, of whatever type, with the name in it."""
    found = set()
    with owner.connect() as connection:
        for table in inspect(owner).get_table_names():
            for column in inspect(owner).get_columns(table):
                name = column["name"]
                held = text(f'SELECT bool_or(strpos("{name}"::text, :name) > 0) FROM "{table}"')
                if connection.scalar(held, {"name": NAME}):
                    found.add(f"{table}.{name}")
    return found
