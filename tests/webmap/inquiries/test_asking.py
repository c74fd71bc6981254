"""Somebody without an account asks or reports an error, reads the answer and has everything erased."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.factories import create_building, create_unit, create_user
from tests.web import post_form, sign_in, text_of
from webmap import asking
from webmap.models import Inquiry, InquiryMessage, InquirySend, Mail

WANG = {"name": "王女士", "contact": "wang@example.com", "body": "下周三可以看房吗？", "agreed": "yes"}


def _ask(client: FlaskClient, unit: str, **said: str):
    return post_form(client, f"/inquiries/new?unit={unit}", "/inquiries", unit=unit, **WANG | said)


@pytest.fixture
def unit(session: Session):
    return create_unit(session)


@pytest.fixture
def administrator(session: Session):
    return create_user(session, "administrator", name="admin", email="office@district.example")


def test_the_unit_page_leads_to_the_form_and_the_form_to_a_status_page(client: FlaskClient, unit):
    assert f"/inquiries/new?unit={unit.code}" in client.get(f"/u/{unit.code}").text
    answer = _ask(client, unit.code)
    assert answer.status_code == 303
    page = text_of(client.get(answer.location).text)
    assert "等待答复" in page
    assert "下周三可以看房吗？" in page


def test_every_section_of_a_unit_can_be_reported_as_wrong(client: FlaskClient, unit):
    links = re.findall(r"/inquiries/new\?kind=error&amp;fact=(\w+)", client.get(f"/u/{unit.code}").text)
    assert {"floor", "vacancy", "outline"} <= set(links)
    page = client.get(f"/inquiries/new?kind=error&fact=rent&unit={unit.code}").text
    assert '<option value="rent" selected>租金' in page


def test_the_answer_stands_on_the_status_page_and_a_mail_leads_there(
    client: FlaskClient, app, session: Session, unit, administrator
):
    status = _ask(client, unit.code).location
    inquiry = session.scalars(select(Inquiry)).one()
    office = app.test_client()
    sign_in(office, "admin")
    assert inquiry.code in office.get("/admin/inquiries").text
    page = f"/admin/inquiries/{inquiry.code}"
    assert post_form(office, page, page, act="answer", body="可以，上午十点。").status_code == 303
    assert "可以，上午十点。" in client.get(status).text
    mails = {mail.recipient: mail.body for mail in session.scalars(select(Mail))}
    assert status in mails["wang@example.com"]
    assert "可以" not in mails["wang@example.com"]
    assert f"/admin/inquiries/{inquiry.code}" in mails["office@district.example"]
    assert "王女士" not in mails["office@district.example"]


def test_who_asked_in_english_is_written_to_in_english(client: FlaskClient, app, session: Session, unit, administrator):
    asked = post_form(client, f"/en/inquiries/new?unit={unit.code}", "/en/inquiries", unit=unit.code, **WANG)
    assert asked.location.startswith("/en/inquiries/")
    office = app.test_client()
    sign_in(office, "admin")
    page = f"/admin/inquiries/{session.scalars(select(Inquiry.code)).one()}"
    post_form(office, page, page, act="answer", body="Yes.")
    mail = session.scalars(select(Mail).where(Mail.recipient == "wang@example.com")).one()
    assert mail.subject.startswith("Your inquiry")
    assert asked.location in mail.body


def test_the_asker_adds_something_and_it_waits_again(client: FlaskClient, session: Session, unit):
    status = _ask(client, unit.code).location
    session.execute(update(Inquiry).values(state="answered"))
    session.expire_all()
    assert post_form(client, status, f"{status}/add", body="带三个人。").status_code == 303
    assert "带三个人。" in client.get(status).text
    assert session.scalars(select(Inquiry)).one().state == "waiting"


def test_the_asker_erases_everything_and_mail_that_led_there(
    client: FlaskClient, app, session: Session, unit, administrator
):
    status = _ask(client, unit.code).location
    assert session.scalar(select(func.count()).select_from(Mail)) == 1
    assert post_form(client, status, f"{status}/erase").status_code == 303
    assert client.get(status).status_code == 404
    for table in (Inquiry, InquiryMessage, Mail):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_link_with_another_key_opens_nothing(client: FlaskClient, session: Session, unit):
    status = _ask(client, unit.code).location
    code = session.scalars(select(Inquiry.code)).one()
    for key in ("0" * 32, "é", status.rpartition("/")[2].upper() + "x"):
        assert client.get(f"/inquiries/{code}/{key}").status_code == 404


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ({"name": " "}, "请填写称呼"),
        ({"contact": ""}, "请填写一种联系方式"),
        ({"body": "x" * 2001}, "请写下内容"),
        ({"agreed": ""}, "请先同意"),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(client: FlaskClient, session: Session, unit, said, remedy):
    answer = _ask(client, unit.code, **said)
    assert answer.status_code == 422
    assert remedy in answer.text
    assert (WANG | said)["body"][:10] in answer.text
    assert session.scalar(select(func.count()).select_from(Inquiry)) == 0


def test_the_same_form_sent_twice_is_one_inquiry(client: FlaskClient, session: Session, unit, administrator):
    assert _ask(client, unit.code).location == _ask(client, unit.code).location
    assert session.scalar(select(func.count()).select_from(Inquiry)) == 1
    assert session.scalar(select(func.count()).select_from(Mail)) == 1


def test_a_program_that_fills_in_every_field_is_thanked_and_forgotten(client: FlaskClient, session: Session, unit):
    assert _ask(client, unit.code, website="http://spam.example").status_code == 303
    assert session.scalar(select(func.count()).select_from(Inquiry)) == 0


def test_a_network_that_sends_too_much_has_to_wait(client: FlaskClient, session: Session, unit):
    most = asking.PER_NETWORK[0]
    answers = [_ask(client, unit.code, body=f"问题 {number}") for number in range(most + 1)]
    assert [answer.status_code for answer in answers] == [303] * most + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert session.scalar(select(func.count()).select_from(Inquiry)) == most


def test_nobody_asks_about_what_is_not_shown(client: FlaskClient, session: Session):
    hidden = create_unit(session, publishable=False)
    assert client.get(f"/inquiries/new?unit={hidden.code}").status_code == 404
    kept = create_building(session, publishable=False)
    assert client.get(f"/inquiries/new?building={kept.code}").status_code == 404


def test_what_people_write_is_shown_as_text(client: FlaskClient, unit):
    status = _ask(client, unit.code, body="<script>alert(1)</script>", name="<b>王</b>").location
    page = client.get(status).text
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;王&lt;/b&gt;" in page


def test_old_inquiries_are_erased_and_fresh_ones_stay(client: FlaskClient, session: Session, unit):
    _ask(client, unit.code)
    _ask(client, unit.code, body="还有一个问题")
    old = datetime.now(UTC) - timedelta(days=181)
    first = session.scalars(select(Inquiry).order_by(Inquiry.id)).first()
    session.execute(update(Inquiry).where(Inquiry.id == first.id).values(last_message_at=old))
    session.execute(update(InquirySend).values(sent_at=old))
    session.expire_all()
    assert asking.prune(session, 180) == 1
    assert session.scalars(select(InquiryMessage.body)).all() == ["还有一个问题"]
    assert session.scalar(select(func.count()).select_from(InquirySend)) == 0


@pytest.mark.parametrize("role", ["staff", "promoter", "manager"])
def test_only_who_answers_reads_inquiries(client: FlaskClient, app, session: Session, unit, role: str):
    _ask(client, unit.code)
    assert client.get("/admin/inquiries").status_code == 302
    create_user(session, role, name="somebody")
    other = app.test_client()
    sign_in(other, "somebody")
    assert other.get("/admin/inquiries").status_code == 403
