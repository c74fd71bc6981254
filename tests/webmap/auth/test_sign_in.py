"""Signing in, staying signed in, signing out; on real transactions, because attempts outlive failed requests."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, create_user
from tests.web import post_form, sign_in
from webmap import create_app
from webmap.auth import operations
from webmap.auth.models import Attempt, User, UserSession
from webmap.config import Settings
from webmap.db import Database


@pytest.fixture
def browser(live_app: Flask) -> FlaskClient:
    return live_app.test_client()


@pytest.fixture
def db(live_database: Database) -> Iterator[Session]:
    with live_database.new_session() as session:
        yield session


@pytest.fixture
def admin(db: Session) -> User:
    user = create_user(db, "administrator", name="Wang")
    db.commit()
    return user


def test_right_password_opens_the_desk(browser: FlaskClient, admin: User) -> None:
    assert sign_in(browser, "Wang").location == "/desk"
    assert browser.get("/desk").status_code == 200


def test_the_name_is_understood_without_regard_to_case(browser: FlaskClient, admin: User) -> None:
    assert sign_in(browser, " wANG ").status_code == 302


def test_without_signing_in_the_desk_leads_to_the_form_and_back(browser: FlaskClient, admin: User) -> None:
    to_form = browser.get("/desk")
    assert to_form.location == "/login?next=/desk"
    answer = post_form(browser, to_form.location, "/login", name="Wang", password=PASSWORD, next="/account")
    assert answer.location == "/account"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_to_another_site(browser: FlaskClient, admin: User, elsewhere: str) -> None:
    answer = post_form(browser, "/login", "/login", name="Wang", password=PASSWORD, next=elsewhere)
    assert answer.location == "/desk"


@pytest.mark.parametrize(("name", "password"), [("Wang", "wrong password here"), ("nobody", PASSWORD)])
def test_wrong_name_and_wrong_password_read_alike(browser: FlaskClient, admin: User, name: str, password: str) -> None:
    answer = sign_in(browser, name, password)
    assert answer.status_code == 422
    assert "账号或密码不正确" in answer.text
    assert "Set-Cookie" not in answer.headers or "loumap_session" not in answer.headers["Set-Cookie"]


def test_a_form_without_our_token_is_refused_with_the_remedy(browser: FlaskClient, admin: User) -> None:
    answer = browser.post("/login", data={"name": "Wang", "password": PASSWORD})
    assert answer.status_code == 400
    assert "这个表单已经失效" in answer.text


def test_the_table_of_sessions_holds_no_token(browser: FlaskClient, admin: User, db: Session) -> None:
    sign_in(browser, "Wang")
    cookie = browser.get_cookie("loumap_session")
    assert cookie is not None
    assert cookie.http_only
    stored = db.scalars(select(UserSession.token_sha256)).one()
    assert len(stored) == 32
    assert cookie.value.encode() not in stored


def test_over_https_the_cookie_is_bound_to_the_host(live_database: Database, settings: Settings, admin: User) -> None:
    app = create_app(replace(settings, base_url="https://map.example"), live_database)
    browser = app.test_client()
    page = browser.get("/login", base_url="https://map.example")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "name": "Wang", "password": PASSWORD}
    answer = browser.post(
        "/login", data=fields, base_url="https://map.example", headers={"Referer": "https://map.example/login"}
    )
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("__Host-loumap_session="))
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_too_many_attempts_on_an_account_make_everybody_wait(browser: FlaskClient, admin: User, db: Session) -> None:
    for _ in range(operations.PER_ACCOUNT):
        assert sign_in(browser, "Wang", "wrong password here").status_code == 422
    answer = sign_in(browser, "Wang")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert db.scalar(select(func.count(Attempt.id))) == operations.PER_ACCOUNT


def test_after_the_window_one_may_try_again(browser: FlaskClient, admin: User, db: Session) -> None:
    long_ago = datetime.now(UTC) - operations.WINDOW - timedelta(seconds=1)
    db.add_all(
        Attempt(account="wang", address="127.0.0.1", attempted_at=long_ago) for _ in range(operations.PER_ADDRESS)
    )
    db.commit()
    assert sign_in(browser, "Wang").status_code == 302


def test_an_address_that_tries_many_names_has_to_wait(browser: FlaskClient, admin: User, db: Session) -> None:
    now = datetime.now(UTC)
    db.add_all(
        Attempt(account=f"guess{number}", address="127.0.0.1", attempted_at=now)
        for number in range(operations.PER_ADDRESS)
    )
    db.commit()
    assert sign_in(browser, "Wang").status_code == 429


def test_the_neighbours_of_an_ipv6_network_count_as_one_address(db: Session) -> None:
    for number in range(operations.PER_ADDRESS):
        operations.count_attempt(db, f"name{number}", f"2001:db8::{number + 1:x}")
    with pytest.raises(operations.TooManyAttemptsError):
        operations.count_attempt(db, "other", "2001:db8::ffff")
    operations.count_attempt(db, "other", "2001:db8:0:1::1")


def test_signing_in_takes_the_counted_attempts_back(browser: FlaskClient, admin: User, db: Session) -> None:
    sign_in(browser, "Wang", "wrong password here")
    sign_in(browser, "Wang")
    assert db.scalar(select(func.count(Attempt.id))) == 0


def test_signing_out_ends_the_session_also_for_a_copied_cookie(
    live_app: Flask, browser: FlaskClient, admin: User
) -> None:
    sign_in(browser, "Wang")
    cookie = browser.get_cookie("loumap_session")
    assert cookie is not None
    post_form(browser, "/account", "/logout")
    thief = live_app.test_client()
    thief.set_cookie("loumap_session", cookie.value)
    assert thief.get("/desk").status_code == 302
    assert browser.get_cookie("loumap_session") is None


def test_a_session_that_is_over_opens_nothing(browser: FlaskClient, admin: User, db: Session) -> None:
    sign_in(browser, "Wang")
    db.execute(update(UserSession).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    db.commit()
    assert browser.get("/desk").status_code == 302


def test_a_disabled_account_is_out_at_once(browser: FlaskClient, admin: User, db: Session) -> None:
    sign_in(browser, "Wang")
    operations.disable_user(db, admin)
    db.commit()
    assert browser.get("/desk").status_code == 302
    assert sign_in(browser, "Wang").status_code == 422


def test_pages_of_a_signed_in_person_stay_out_of_caches(browser: FlaskClient, admin: User) -> None:
    sign_in(browser, "Wang")
    control = browser.get("/desk").cache_control
    assert control.private
    assert control.no_store


def test_a_form_with_its_token_stays_out_of_caches(browser: FlaskClient) -> None:
    control = browser.get("/login").cache_control
    assert control.private
    assert control.no_store


@pytest.mark.parametrize("path", ["/", "/about", "/api/v1/units.csv"])
def test_what_a_visitor_reads_is_asked_for_anew_and_never_given_to_somebody_signed_in(
    browser: FlaskClient, path: str
) -> None:
    answer = browser.get(path)
    assert answer.cache_control.no_cache
    assert "Cookie" in answer.vary or answer.mimetype != "text/html"


def test_another_spelling_of_a_name_wins_no_new_attempts(browser: FlaskClient, db: Session) -> None:
    create_user(db, name="wei")
    db.commit()
    spellings = ("wei", "WEI", " we\u0130 ")  # the capital I with a dot is small i to the database
    for number in range(operations.PER_ACCOUNT):
        assert sign_in(browser, spellings[number % len(spellings)], "wrong password here").status_code == 422
    assert [sign_in(browser, each).status_code for each in spellings] == [429, 429, 429]
