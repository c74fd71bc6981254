"""The administrator reads who changed what, by thing, person and day, and takes it along as a table."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.audit import HIDDEN, AuditEntry, speak_as
from geo.history import Author, change_unit
from tests.factories import create_building, create_floor, create_source, create_unit, create_user
from tests.web import post_form, sign_in, text_of

TODAY = date(2026, 11, 22)


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    create_user(session, "administrator", name="admin")
    client = app.test_client()
    sign_in(client, "admin")
    return client


@pytest.fixture
def unit(session: Session):
    """A unit that Li reported as let, in a tower beside another one."""
    reporter = create_user(session, "manager", name="li", full_name="李经理")
    floor = create_floor(session, create_building(session, name="云澜大厦"), 12)
    unit = create_unit(session, floor, label="1203")
    create_building(session, name="江口中心")
    by = Author(create_source(session).id, reporter.id)
    speak_as(session.connection(), user_id=reporter.id, via="POST /return", address="192.0.2.7")
    change_unit(session, unit.id, {"occupancy": "own_use"}, on=TODAY, by=by, today=TODAY)
    speak_as(session.connection(), user_id=0, via="test", address="192.0.2.1")
    return unit


def test_a_change_is_told_in_words_with_before_and_after(client: FlaskClient, unit) -> None:
    page = text_of(client.get("/admin/audit?thing=云澜大厦&person=li").text)
    assert "李经理" in page
    assert "192.0.2.7" in page
    assert "使用状态" in page
    assert "可租 自用" in page
    assert "江口中心" not in page


def test_it_is_found_by_unit_day_table_and_row(client: FlaskClient, unit) -> None:
    today = (date.today() + timedelta(days=1)).isoformat()
    for query in (f"thing={unit.code}", f"thing=units:{unit.id}", "table=unit_states", f"person=李经理&until={today}"):
        assert "1203" in text_of(client.get(f"/admin/audit?{query}").text), query
    assert "1203" not in text_of(client.get("/admin/audit?day=2020-01-01&until=2020-01-02").text)


def test_older_entries_are_a_page_further(client: FlaskClient, session: Session) -> None:
    for number in range(220):
        create_building(session, name=f"楼 {number}")
    first = client.get("/admin/audit?table=buildings").text
    assert "楼 219" in first
    assert "楼 0" not in text_of(first).split()
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "buildings" in older
    assert "楼 0" in text_of(client.get(older).text)


def test_the_export_has_a_row_for_each_changed_column(client: FlaskClient, unit) -> None:
    answer = client.get("/admin/audit.csv?thing=云澜大厦&table=units&action=update")
    assert answer.mimetype == "text/csv"
    found = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert {"person": "li", "via": "POST /return", "column": "occupancy", "before": "vacant", "after": "own_use"} in [
        {name: row[name] for name in ("person", "via", "column", "before", "after")} for row in found
    ]


def test_a_name_cannot_be_a_formula_in_a_spreadsheet(client: FlaskClient, session: Session) -> None:
    create_building(session, name="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in client.get("/admin/audit.csv?table=buildings").text


def test_secrets_are_neither_on_the_page_nor_in_the_export(client: FlaskClient, session: Session) -> None:
    user = create_user(session, name="wang")
    for address in ("/admin/audit?table=users", "/admin/audit.csv?table=users"):
        told = client.get(address).text
        assert "wang" in told
        assert user.password_hash not in told
        assert HIDDEN in told


def test_an_edit_is_taken_back_from_the_page(client: FlaskClient, session: Session, unit) -> None:
    entry = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "unit_states")).one()
    page = f"/admin/audit?thing=unit_states:{entry.row_key}"
    assert post_form(client, page, f"/admin/audit/{entry.id}/undo").status_code == 302
    session.refresh(unit)
    assert unit.public_status == "unknown"
    assert "涉及 1 个单元" in client.get("/admin/audit").text
    again = post_form(client, page, f"/admin/audit/{entry.id}/undo")
    assert (again.status_code, "1203" in again.text) == (409, True)


def test_what_is_not_there_is_said_beside_the_form(client: FlaskClient) -> None:
    answer = client.get("/admin/audit?thing=nothere1")
    assert (answer.status_code, "没有这座楼宇、单元或导入" in answer.text) == (404, True)
    assert client.get("/admin/audit?day=yesterday").status_code == 422


@pytest.mark.parametrize("role", ["staff", "evaluator", "tax_officer", "manager"])
def test_only_administrators_read_it(app: Flask, session: Session, role: str) -> None:
    create_user(session, role, name="someone")
    client = app.test_client()
    sign_in(client, "someone")
    assert {client.get(address).status_code for address in ("/admin/audit", "/admin/audit.csv")} == {403}
