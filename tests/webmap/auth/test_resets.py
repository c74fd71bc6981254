"""A forgotten password: a mailed link, and nothing said of who has an account."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, create_user
from tests.terminal import Run
from tests.web import post_form, sign_in
from webmap.auth import resets, second_factor
from webmap.auth.models import PasswordReset, User
from webmap.config import Settings
from webmap.db import Database
from webmap.jobs import enqueue
from webmap.models import Mail

FRESH = "four new unrelated words"


@pytest.fixture
def person(session: Session) -> User:
    return create_user(session, "staff", name="Li", email="li@example.com")


@pytest.fixture
def token(session: Session, person: User) -> str:
    return resets.make(session, person)


def _ask(client: FlaskClient, asked: str):
    return post_form(client, "/login/forgotten", "/login/forgotten", asked=asked)


def _set(client: FlaskClient, token: str, password: str = FRESH):
    return post_form(client, f"/reset/{token}", f"/reset/{token}", password=password)


@pytest.mark.parametrize("asked", ["Li", "li@example.com", "nobody", "", "x" * 300])
def test_the_answer_is_the_same_whether_there_is_such_an_account(client: FlaskClient, person: User, asked: str) -> None:
    answer = _ask(client, asked)
    assert (answer.status_code, answer.location) == (303, "/login/forgotten/sent")
    assert "如果有这个账号" in client.get(answer.location).text


def test_the_page_asks_the_database_the_same_for_known_and_unknown_names(
    client: FlaskClient, session: Session, person: User
) -> None:
    for asked in ("Li", "nobody"):
        _ask(client, asked)
    jobs = session.execute(text("SELECT task_name, args ->> 'asked' FROM procrastinate_jobs ORDER BY id")).all()
    assert [tuple(job) for job in jobs] == [("send_reset_links", "Li"), ("send_reset_links", "nobody")]
    assert session.scalars(select(Mail)).all() == []


@pytest.mark.parametrize("asked", [" li ", "LI@example.com"])
def test_the_mailed_link_sets_a_new_password(
    app: Flask, client: FlaskClient, session: Session, person: User, settings: Settings, asked: str
) -> None:
    assert resets.send_links(session, settings, asked, "zh-Hans") == 1
    mail = session.scalars(select(Mail)).one()
    assert mail.recipient == "li@example.com"
    path = re.search(r"http://localhost:8000(/reset/\S+)", mail.body)
    assert path
    assert _set(client, path[1].removeprefix("/reset/")).location == "/login"
    assert sign_in(client, "li", PASSWORD).status_code == 422
    assert sign_in(client, "li", FRESH).status_code == 302


def test_nobody_else_gets_mail(session: Session, person: User, settings: Settings) -> None:
    create_user(session, name="no-mail")
    create_user(session, name="gone", email="gone@example.com", disabled_at=datetime.now(UTC))
    for asked in ("nobody", "no-mail", "gone", "", "%"):
        assert resets.send_links(session, settings, asked, "zh-Hans") == 0


def test_mail_is_in_the_language_of_the_account(session: Session, person: User, settings: Settings) -> None:
    person.language = "en"
    resets.send_links(session, settings, "li", "zh-Hans")
    mail = session.scalars(select(Mail)).one()
    assert "set a new password" in mail.subject
    assert "/en/reset/" in mail.body


def test_a_link_works_once_and_a_newer_one_ends_it(
    client: FlaskClient, session: Session, person: User, token: str
) -> None:
    newer = resets.make(session, person)
    assert client.get(f"/reset/{token}").status_code == 410
    assert _set(client, newer).status_code == 302
    assert client.get(f"/reset/{newer}").status_code == 410


def test_a_link_ends_by_itself(client: FlaskClient, session: Session, token: str) -> None:
    session.execute(update(PasswordReset).values(expires_at=datetime.now(UTC)))
    assert client.get(f"/reset/{token}").status_code == 410


def test_a_link_of_a_closed_account_opens_nothing(
    client: FlaskClient, session: Session, person: User, token: str
) -> None:
    person.disabled_at = datetime.now(UTC)
    session.flush()
    assert client.get(f"/reset/{token}").status_code == 410


def test_a_weak_password_keeps_the_link_open(client: FlaskClient, token: str) -> None:
    assert _set(client, token, "short").status_code == 422
    assert _set(client, token).status_code == 302


def test_a_new_password_signs_everybody_out(app: Flask, client: FlaskClient, token: str) -> None:
    thief = app.test_client()
    sign_in(thief, "li")
    _set(client, token)
    assert thief.get("/account").status_code == 302


def test_a_new_password_does_not_get_around_the_second_factor(
    client: FlaskClient, session: Session, person: User, token: str
) -> None:
    person.factor_nonce, person.factor_since = second_factor.new_nonce(), datetime.now(UTC)
    session.flush()
    _set(client, token)
    assert sign_in(client, "li", FRESH).location == "/login/code"
    assert client.get("/desk").status_code == 302


def test_the_table_holds_no_token(session: Session, token: str) -> None:
    assert token.encode() not in session.scalars(select(PasswordReset.token_sha256)).one()


def test_a_forged_host_does_not_reach_the_mail(
    client: FlaskClient, session: Session, person: User, settings: Settings
) -> None:
    page = client.get("/login/forgotten", headers={"Host": "evil.example"}).text
    csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/login/forgotten", data={"csrf_token": csrf, "asked": "li"}, headers={"Host": "evil.example"})
    assert answer.status_code == 303
    arguments = session.execute(text("SELECT args::text FROM procrastinate_jobs")).scalar_one()
    resets.send_links(session, settings, "li", "zh-Hans")
    assert "evil" not in arguments + session.scalars(select(Mail.body)).one()


def test_asking_for_one_account_again_and_again_has_to_wait(live_app: Flask, live_database: Database) -> None:
    browser = live_app.test_client()
    told = [_ask(browser, asked).status_code for asked in ("Li", "LI", " li ", "li")]
    assert told == [303, 303, 303, 429]
    assert _ask(browser, "other").status_code == 303


def test_asking_for_links_does_not_lock_anybody_out(live_app: Flask, live_database: Database) -> None:
    with live_database.new_session() as session, session.begin():
        create_user(session, name="Li")
    browser = live_app.test_client()
    for _ in range(5):
        _ask(browser, "Li")
    assert sign_in(browser, "Li").status_code == 302


def test_the_worker_mails_the_links(live_database: Database, run: Run) -> None:
    with live_database.new_session() as session, session.begin():
        create_user(session, name="Li", email="li@example.com")
        enqueue(session, "send_reset_links", asked="li", language="en")
    assert run("work", "--once").exit_code == 0
    with live_database.new_session() as session:
        assert session.scalars(select(Mail.recipient)).one() == "li@example.com"
