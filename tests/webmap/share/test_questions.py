"""The sender of a selection reads what its client asked, answers, and goes to the viewing; nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.model import Unit
from tests.factories import create_user
from tests.web import post_form, sign_in, text_of
from tests.webmap.share.sending import ASKER, act, sent
from webmap.models import Inquiry, Mail
from webmap.share.selection_models import SelectionInquiry


@pytest.fixture
def token(promoter: FlaskClient, units: list[Unit]) -> str:
    return sent(promoter, units)


@pytest.fixture
def asked(reader: FlaskClient, token: str, units: list[Unit], session: Session) -> Inquiry:
    act(reader, token, "ask", about=units[1].code, body="能不能分租一半？", **ASKER)
    return session.scalars(select(Inquiry)).one()


def test_its_sender_reads_what_was_asked_and_by_whom(promoter: FlaskClient, token: str, asked: Inquiry) -> None:
    page = text_of(promoter.get(f"/desk/links/{token}").text)
    assert all(told in page for told in ("能不能分租一半？", "王女士", "wang@example.com", "901", "等待答复"))
    assert "来自选集" not in page
    assert "1 个待答复" in text_of(promoter.get("/desk/links").text)


def test_the_client_is_told_that_its_sender_will_read_it(reader: FlaskClient, token: str) -> None:
    assert "发来这份选集的人" in reader.get(f"/s/{token}").text


def test_his_answer_stands_where_the_client_looks_and_is_mailed(
    promoter: FlaskClient, reader: FlaskClient, token: str, asked: Inquiry, session: Session
) -> None:
    own = f"/desk/links/{token}"
    post_form(promoter, own, f"{own}/questions/{asked.code}", act="answer", body="可以，从中间隔开。")
    letter = session.scalars(select(Mail).where(Mail.recipient == "wang@example.com")).one()
    status = letter.body.split("http://localhost", 1)[-1].split()[0]
    assert "可以，从中间隔开。" in reader.get(status[status.index("/inquiries") :]).text
    assert "待答复" not in text_of(promoter.get("/desk/links").text)


def test_an_empty_answer_is_not_sent_and_what_needs_none_is_closed(
    promoter: FlaskClient, token: str, asked: Inquiry, session: Session
) -> None:
    own = f"/desk/links/{token}"
    post_form(promoter, own, f"{own}/questions/{asked.code}", act="answer", body=" ")
    session.refresh(asked)
    assert asked.state == "waiting"
    assert "没有写答复" in promoter.get(own).text
    post_form(promoter, own, f"{own}/questions/{asked.code}", act="close")
    session.refresh(asked)
    assert asked.state == "closed"


def test_a_viewing_goes_into_his_calendar_with_how_to_reach_the_client(
    promoter: FlaskClient, reader: FlaskClient, token: str, units: list[Unit], session: Session
) -> None:
    at = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT10:30")
    act(reader, token, "viewing", u=[units[0].code, units[2].code], at=at, **ASKER)
    code = session.scalars(select(Inquiry)).one().code
    assert f"约看：{at.replace('T', ' ')} 星期" in text_of(promoter.get(f"/desk/links/{token}").text)
    answer = promoter.get(f"/desk/links/{token}/questions/{code}.ics")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert "801" in event["summary"]
    assert "1001" in event["summary"]
    assert "王女士 wang@example.com" in event["description"]


def test_nobody_else_reads_or_answers(promoter: FlaskClient, token: str, asked: Inquiry, session: Session) -> None:
    create_user(session, "promoter", name="other")
    other = promoter.application.test_client()
    sign_in(other, "other")
    assert other.get(f"/desk/links/{token}").status_code == 404
    address = f"/desk/links/{token}/questions/{asked.code}"
    assert other.get(f"{address}.ics").status_code == 404
    assert post_form(other, "/share", address, act="answer", body="x").status_code == 404
    assert post_form(promoter, f"/desk/links/{token}", f"{address}0", act="answer", body="x").status_code == 404
    session.expire_all()
    assert len(asked.messages) == 1


def test_what_its_asker_erases_its_sender_no_longer_reads(
    promoter: FlaskClient, token: str, asked: Inquiry, session: Session
) -> None:
    session.execute(text("DELETE FROM inquiries"))
    session.expire_all()
    assert session.scalars(select(SelectionInquiry)).all() == []
    assert "能不能分租一半" not in promoter.get(f"/desk/links/{token}").text
