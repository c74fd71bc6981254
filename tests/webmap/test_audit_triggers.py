"""Whatever changes a row, by whatever way, is in the audit, and nobody can take it out again."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Engine, delete, func, insert, inspect, select, text, update
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.audit import HIDDEN, AuditEntry, speak_as
from geo.db import engine as make_engine
from geo.model import Base, Building, Enterprise, OfferUnit, Unit
from tests.factories import create_area, create_building, create_offer, create_source, create_unit, create_user
from tests.postgres import CloneMaker
from webmap import migrate
from webmap.audit_triggers import EXEMPT, FEW, PERSONAL, audited_tables, is_hidden
from webmap.auth.models import Attempt
from webmap.database_logins import APP, JOBS

TRIGGERS = """
    SELECT tgrelid::regclass::text, array_agg(tgname::text ORDER BY tgname) FROM pg_trigger
    WHERE tgname LIKE 'audit\\_%' AND tgenabled = 'O' GROUP BY 1"""


def entries(session: Session, table: str, action: str | None = None) -> list[AuditEntry]:
    chosen = select(AuditEntry).where(AuditEntry.table_name == table).order_by(AuditEntry.id)
    return list(session.scalars(chosen.where(AuditEntry.action == action) if action else chosen))


def last(session: Session, table: str) -> AuditEntry:
    return entries(session, table)[-1]


def test_every_table_is_audited_or_exempt_for_a_reason(session: Session) -> None:
    found = dict(session.execute(text(TRIGGERS)).all())
    every = {"audit_delete", "audit_insert", "audit_truncate", "audit_update"}
    wanted = audited_tables(inspect(session.connection()))
    assert {table for table in wanted if set(found.get(table, ())) != every} == set()
    assert {*wanted, *EXEMPT} >= set(migrate.tables().tables)
    assert set(EXEMPT) <= {*Base.metadata.tables, "alembic_version", "spatial_ref_sys"}


def test_what_holds_the_data_of_people_and_secrets_is_hidden(session: Session) -> None:
    inspector = inspect(session.connection())
    open_bytes = [
        f"{table}.{column['name']}"
        for table in audited_tables(inspector)
        for column in inspector.get_columns(table)
        if isinstance(column["type"], BYTEA) and not is_hidden(table, column["name"], column["type"])
    ]
    assert open_bytes == []
    assert all(
        set(columns) <= {column["name"] for column in inspector.get_columns(table)}
        for table, columns in PERSONAL.items()
    )
    user = create_user(session, "staff", name="li", email="li@example.com")
    entry = last(session, "users")
    assert (entry.after["name"], entry.after["password_hash"]) == ("li", HIDDEN)
    session.execute(update(type(user)).values(password_hash="another"))
    changed = last(session, "users")
    assert (changed.before, changed.after) == ({"password_hash": HIDDEN}, {"password_hash": HIDDEN})


def test_a_new_row_a_change_and_an_end_each_have_their_entry(session: Session) -> None:
    speak_as(session.connection(), user_id=7, via="POST /desk", address="192.0.2.7")
    building = create_building(session, name="云澜大厦")
    added = last(session, "buildings")
    assert (added.action, added.row_key, added.building_id, added.rows) == ("insert", str(building.id), building.id, 1)
    assert (added.user_id, added.via, added.address, added.login) == (7, "POST /desk", "192.0.2.7", "loumap_app")
    assert added.after["name"] == "云澜大厦"
    assert "ring" not in added.after
    building.name, building.lifts = "江口中心", 12
    session.flush()
    changed = last(session, "buildings")
    assert changed.before == {"name": "云澜大厦", "lifts": None}
    assert changed.after == {"name": "江口中心", "lifts": 12}
    unit = create_unit(session)
    session.execute(text("DELETE FROM units WHERE id = :id"), {"id": unit.id})
    gone = last(session, "units")
    assert (gone.action, gone.unit_id, gone.building_id) == ("delete", unit.id, unit.building_id)
    assert (gone.before["label"], gone.after) == (unit.label, None)


def test_an_outline_comes_back_from_its_entry_to_the_digit(session: Session) -> None:
    building = create_building(session)
    kept = session.scalar(select(func.ST_AsEWKB(Building.geom)).where(Building.id == building.id))
    session.execute(update(Building).values(geom=func.ST_Translate(Building.geom, 0.001, 0)))
    image = last(session, "buildings").before["geom"]
    assert session.scalar(select(func.ST_AsEWKB(func.ST_GeomFromEWKB(func.decode(image, "hex"))))) == kept


def test_raw_statements_over_many_rows_keep_every_value_they_change(session: Session) -> None:
    source = create_source(session)
    rows = [{"name": f"企业 {n}", "industry_group": "it" if n % 2 else "other"} for n in range(FEW + 200)]
    session.execute(insert(Enterprise).values(source_id=source.id), rows)
    session.execute(text("UPDATE enterprises SET industry_group = 'finance', employees = 5"))
    found = entries(session, "enterprises", "update")
    assert sorted((entry.before["industry_group"], entry.rows) for entry in found) == [("it", 600), ("other", 600)]
    keys = {int(key) for entry in found for key in entry.row_keys}
    assert keys == set(session.scalars(select(Enterprise.id)))
    session.execute(text("DELETE FROM enterprises"))
    assert len(entries(session, "enterprises", "delete")) == FEW + 200


def test_very_many_new_rows_of_one_statement_have_one_entry(session: Session) -> None:
    source = create_source(session)
    session.execute(
        text("INSERT INTO enterprises (code, name, source_id) SELECT 'x' || n, 'x' || n, :source"
             " FROM generate_series(1, 3000) n"), {"source": source.id},
    )  # fmt: skip
    (entry,) = entries(session, "enterprises")
    first, final = session.execute(select(func.min(Enterprise.id), func.max(Enterprise.id))).one()
    assert (entry.rows, entry.row_key, entry.after) == (3000, f"{first}–{final}", None)


def test_a_statement_that_changes_nothing_leaves_no_entry(session: Session) -> None:
    building = create_building(session)
    before = len(entries(session, "buildings"))
    session.execute(update(Building).values(name=building.name, search_text="anything"))
    session.execute(delete(Building).where(Building.id == -1))
    assert len(entries(session, "buildings")) == before


def test_a_changed_key_is_seen_on_both_sides(session: Session) -> None:
    offer = create_offer(session)
    other = create_unit(session)
    (old,) = session.scalars(select(OfferUnit.unit_id).where(OfferUnit.offer_id == offer.id))
    session.execute(update(OfferUnit).values(unit_id=other.id))
    keys = {entry.row_key for entry in entries(session, "offer_units", "update")}
    assert keys == {f"{offer.id},{old}", f"{offer.id},{other.id}"}


def test_counters_of_the_machine_are_noted_by_number_alone(session: Session) -> None:
    session.add_all(Attempt(account="li", address="192.0.2.7") for _ in range(3))
    session.flush()
    session.execute(delete(Attempt))
    entry = last(session, "attempts")
    assert (entry.action, entry.rows, entry.before, entry.row_key) == ("delete", 3, None, None)


def test_what_is_undone_with_its_transaction_is_not_in_the_audit(session: Session) -> None:
    with session.begin_nested() as inner:
        create_area(session)
        inner.rollback()
    assert entries(session, "areas") == []


@pytest.mark.parametrize("login", [APP, JOBS])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET user_id = 1",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "INSERT INTO audit_log (table_name, action) VALUES ('units', 'delete')",
        "ALTER TABLE units DISABLE TRIGGER audit_update",
        "DROP TRIGGER audit_update ON units",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION loumap_audit_units() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
)
def test_no_login_of_the_application_can_change_or_silence_it(
    clones: CloneMaker, clone: str, login: str, statement: str
) -> None:
    engine = make_engine(clones.server.dsn(login, clone))
    with engine.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(statement))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)
    engine.dispose()


def test_only_what_is_old_enough_can_be_taken_out_and_only_by_the_jobs(clones: CloneMaker, clone: str) -> None:
    prune = text("SELECT loumap_audit_prune(:until)")
    ago = datetime.now(UTC) - timedelta(days=400)
    owner, jobs, app = (make_engine(clones.server.dsn(login, clone)) for login in ("loumap_owner", JOBS, APP))
    with owner.begin() as connection:
        connection.execute(insert(AuditEntry).values(table_name="units", action="delete", at=ago))
        connection.execute(insert(AuditEntry).values(table_name="units", action="delete"))
    with jobs.begin() as connection:
        assert connection.scalar(prune, {"until": ago + timedelta(days=1)}) == 1
    _refused(jobs, prune, datetime.now(UTC), "180 days stays")
    _refused(app, prune, ago, "permission denied")
    for engine in (owner, jobs, app):
        engine.dispose()


def _refused(engine: Engine, statement: object, until: datetime, why: str) -> None:
    with engine.connect() as connection, pytest.raises(DBAPIError, match=why):
        connection.execute(statement, {"until": until})


def test_a_unit_is_found_by_the_building_it_is_in(session: Session) -> None:
    unit = create_unit(session)
    session.execute(update(Unit).values(label="1204"))
    found = select(AuditEntry.table_name).where(AuditEntry.building_id == unit.building_id)
    assert {"units", "buildings", "floors"} <= set(session.scalars(found))
