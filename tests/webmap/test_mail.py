"""Mail is written with the change it tells of and sent by the worker."""

import email
from collections.abc import Iterator
from dataclasses import replace
from email.policy import default

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.factories import create_user
from tests.postgres import CloneMaker
from tests.smtp import MailServer, mail_server
from tests.web import sign_in
from webmap.config import Settings
from webmap.database_logins import JOBS
from webmap.db import Database
from webmap.jobs import run_worker
from webmap.mail import BadAddressError, plain_address, send
from webmap.models import Mail

JOBS_LEFT = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_mail'")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def work(settings: Settings, clones: CloneMaker, clone: str) -> Settings:
    return replace(settings, database_url=clones.server.dsn(JOBS, clone), mail_from="楼图 <map@district.example>")


@pytest.fixture
def outbox(live_database: Database) -> Iterator[Session]:
    with live_database.new_session() as session:
        yield session


def _sent(outbox: Session, work: Settings, recipient: str = "li@example.com") -> Mail:
    mail = send(outbox, recipient, "空置周报", "本周请确认 12 层。\n")
    outbox.commit()
    run_worker(work, wait=False)
    outbox.refresh(mail)
    return mail


def test_a_message_arrives_as_it_was_written(outbox: Session, work: Settings, server: MailServer) -> None:
    mail = _sent(outbox, replace(work, smtp_url=server.url))
    assert (mail.state, mail.attempts, mail.error) == ("sent", 1, None)
    message = email.message_from_bytes(server.messages[0], policy=default)
    assert message["To"] == "li@example.com"
    assert message["From"] == "楼图 <map@district.example>"
    assert message["Subject"] == "空置周报"
    assert message["Message-ID"].endswith("@district.example>")
    assert message.get_content().replace("\r\n", "\n") == "本周请确认 12 层。\n"
    assert outbox.scalar(JOBS_LEFT) == 0


def test_without_a_mail_server_the_administrator_reads_it_on_a_page(
    outbox: Session, work: Settings, client: FlaskClient, session: Session
) -> None:
    assert _sent(outbox, work).state == "kept"
    create_user(session, "administrator", name="wang")
    send(session, "li@example.com", "空置周报", "<b>本周</b>")
    sign_in(client, "wang")
    page = client.get("/admin/mails").text
    assert "空置周报" in page
    assert "&lt;b&gt;本周" in page


def test_a_change_that_is_not_committed_sends_no_mail(outbox: Session, work: Settings, server: MailServer) -> None:
    send(outbox, "li@example.com", "空置周报", "…")
    outbox.rollback()
    run_worker(replace(work, smtp_url=server.url), wait=False)
    assert server.messages == []
    assert outbox.scalar(JOBS_LEFT) == 0


def test_a_recipient_that_is_refused_for_good_is_not_tried_again(
    outbox: Session, work: Settings, server: MailServer
) -> None:
    server.refuses.append("nobody@")
    mail = _sent(outbox, replace(work, smtp_url=server.url), "nobody@example.com")
    assert mail.state == "failed"
    assert "550" in (mail.error or "")
    assert outbox.scalar(JOBS_LEFT) == 0


def test_a_server_that_is_busy_is_tried_again_later(outbox: Session, work: Settings, server: MailServer) -> None:
    server.refuses.append("li@")
    server.code = 450
    mail = _sent(outbox, replace(work, smtp_url=server.url))
    assert (mail.state, mail.attempts) == ("waiting", 1)
    later = outbox.scalar(text("SELECT scheduled_at > now() FROM procrastinate_jobs WHERE status = 'todo'"))
    assert later is True


@pytest.mark.parametrize("recipient", ["li", "", "li@example.com\r\nBcc: all@example.com"])
def test_what_is_no_address_is_refused_at_once(session: Session, recipient: str) -> None:
    with pytest.raises(BadAddressError):
        send(session, recipient, "空置周报", "…")
    assert session.scalars(select(Mail)).all() == []


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" lin@example.cn ", "lin@example.cn"),
        ("0591-1234", None),
        ("lin@example", None),
        ("@example.cn", None),
        ("Lin <lin@example.cn>", None),
        ("lin@example.cn, chen@example.cn", None),
        ("lin@示例.cn", None),
        ("l" * 200 + "@example.cn", None),
    ],
)
def test_an_address_is_taken_only_when_it_is_one_and_nothing_else(typed: str, address: str | None) -> None:
    assert plain_address(typed) == address


def test_the_outbox_is_for_the_administrator_alone(client: FlaskClient, session: Session) -> None:
    assert client.get("/admin/mails").status_code == 302
    create_user(session, "staff", name="li")
    sign_in(client, "li")
    assert client.get("/admin/mails").status_code == 403
