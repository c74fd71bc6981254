"""Signing in with a code of the telephone."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, create_user
from tests.web import post_form, sign_in, text_of
from webmap import create_app
from webmap.auth import operations, second_factor
from webmap.auth.models import Attempt, RecoveryCode, User, UserSession
from webmap.auth.second_factor import WrongCodeError
from webmap.config import Settings
from webmap.db import Database

PAGE = "/account/second-factor"


@pytest.fixture
def person(session: Session) -> User:
    return create_user(session, "administrator", name="li")


@pytest.fixture
def codes(session: Session, settings: Settings, person: User) -> list[str]:
    """The recovery codes of `person`, whose factor was set up a while ago."""
    nonce = second_factor.new_nonce()
    fresh = second_factor.set_up(session, person, nonce, settings.secret_key, _totp(person, nonce, settings).now())
    person.factor_step = None
    session.flush()
    return fresh


def _totp(person: User, nonce: bytes, settings: Settings) -> pyotp.TOTP:
    return pyotp.TOTP(second_factor.secret_of(person, nonce, settings.secret_key))


def _code(person: User, settings: Settings, steps: int = 0) -> str:
    assert person.factor_nonce is not None
    return _totp(person, person.factor_nonce, settings).at(time.time() + 30 * steps)


def _secret_on(page: str) -> str:
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def test_who_scans_the_code_signs_in_with_it_from_then_on(app: Flask, client: FlaskClient, person: User) -> None:
    sign_in(client, "li")
    page = client.get(PAGE)
    assert "<svg" in page.text
    telephone = pyotp.TOTP(_secret_on(page.text))
    shown = post_form(client, PAGE, PAGE, code=telephone.now(), password=PASSWORD)
    assert len(re.findall(r"<code>(\w{4}-){3}\w{4}</code>", shown.text)) == second_factor.RECOVERY_CODES
    other = app.test_client()
    asked = sign_in(other, "li")
    assert asked.location == "/login/code"
    assert other.get("/desk").status_code == 302, "a password alone opens nothing"
    later = telephone.at(time.time() + 30)
    assert post_form(other, "/login/code", "/login/code", code=later).location == "/desk"
    assert other.get("/desk").status_code == 200


def test_one_gets_to_where_one_was_going(client: FlaskClient, person: User, settings: Settings, codes: list) -> None:
    asked = post_form(client, "/login?next=/account", "/login", name="li", password=PASSWORD, next="/account")
    assert asked.location == "/login/code?next=/account"
    answer = post_form(client, asked.location, "/login/code", code=_code(person, settings), next="/account")
    assert answer.location == "/account"


def test_a_code_is_taken_once(session: Session, person: User, settings: Settings, codes: list) -> None:
    code = _code(person, settings)
    second_factor.prove(session, person, settings.secret_key, f" {code[:3]} {code[3:]} ")
    with pytest.raises(WrongCodeError):
        second_factor.prove(session, person, settings.secret_key, code)
    with pytest.raises(WrongCodeError):
        second_factor.prove(session, person, settings.secret_key, _code(person, settings, -1))


def test_a_clock_may_be_half_a_minute_off_and_no_more(
    session: Session, person: User, settings: Settings, codes: list
) -> None:
    for steps in (-3, 3):
        with pytest.raises(WrongCodeError):
            second_factor.prove(session, person, settings.secret_key, _code(person, settings, steps))
    second_factor.prove(session, person, settings.secret_key, _code(person, settings, 1))


def test_a_recovery_code_stands_in_once(session: Session, person: User, settings: Settings, codes: list) -> None:
    second_factor.prove(session, person, settings.secret_key, codes[0].upper())
    with pytest.raises(WrongCodeError):
        second_factor.prove(session, person, settings.secret_key, codes[0])
    assert second_factor.codes_left(session, person) == second_factor.RECOVERY_CODES - 1


def test_nothing_in_the_database_gives_a_code(session: Session, person: User, settings: Settings, codes: list) -> None:
    stored = session.scalars(select(RecoveryCode.code_sha256)).all()
    assert not {code.replace("-", "").encode() for code in codes} & set(stored)
    assert person.factor_nonce is not None
    elsewhere = pyotp.TOTP(second_factor.secret_of(person, person.factor_nonce, "another secret")).now()
    assert elsewhere != _code(person, settings)


@pytest.mark.parametrize("code", ["000000", "", "12345", "abcdef", "１２３４５６", "0000-0000-0000-0000"])
def test_a_wrong_code_signs_nobody_in(
    client: FlaskClient, session: Session, person: User, codes: list, code: str
) -> None:
    sign_in(client, "li")
    answer = post_form(client, "/login/code", "/login/code", code=code)
    assert answer.status_code == 422
    assert "验证码不对" in answer.text
    assert session.scalar(select(func.count(UserSession.id))) == 0


def test_guessing_codes_ends_with_the_attempts_of_the_account(
    live_app: Flask, live_database: Database, settings: Settings
) -> None:
    with live_database.new_session() as session, session.begin():
        person = create_user(session, name="li")
        person.factor_nonce, person.factor_since = second_factor.new_nonce(), datetime.now(UTC)
    browser = live_app.test_client()
    sign_in(browser, "li")
    told = [post_form(browser, "/login/code", "/login/code", code="000000").status_code for _ in range(10)]
    assert told == [422] * (operations.PER_ACCOUNT - 1) + [429]
    with live_database.new_session() as session:
        assert session.scalar(select(func.count(Attempt.id))) == operations.PER_ACCOUNT


def test_the_code_page_is_of_no_use_without_the_password(client: FlaskClient, person: User, codes: list) -> None:
    assert client.get("/login/code").location == "/login"
    assert post_form(client, "/login", "/login/code", code=codes[0]).location == "/login"


def test_the_code_has_to_come_soon(
    client: FlaskClient, person: User, settings: Settings, codes: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "li")
    monkeypatch.setattr("webmap.auth.factor_pages.PATIENCE_S", 0)
    assert client.get("/login/code").location == "/login"


def test_a_password_changed_meanwhile_has_to_be_shown_again(
    client: FlaskClient, session: Session, person: User, codes: list
) -> None:
    sign_in(client, "li")
    operations.set_password(session, person, "four new unrelated words")
    session.flush()
    assert client.get("/login/code").location == "/login"


def test_taking_the_factor_away_takes_password_and_code(
    client: FlaskClient, session: Session, person: User, settings: Settings, codes: list
) -> None:
    sign_in(client, "li")
    post_form(client, "/login/code", "/login/code", code=_code(person, settings))
    remove = f"{PAGE}/remove"
    assert post_form(client, PAGE, remove, password=PASSWORD, code="000000").status_code == 422
    assert post_form(client, PAGE, remove, password="wrong password here", code=codes[0]).status_code == 422
    assert post_form(client, PAGE, remove, password=PASSWORD, code=codes[0]).status_code == 302
    session.refresh(person)
    assert person.factor_nonce is None
    assert second_factor.codes_left(session, person) == 0


def test_new_recovery_codes_make_the_old_ones_worthless(
    client: FlaskClient, session: Session, person: User, settings: Settings, codes: list
) -> None:
    sign_in(client, "li")
    post_form(client, "/login/code", "/login/code", code=_code(person, settings))
    shown = post_form(client, PAGE, f"{PAGE}/codes", password=PASSWORD, code=codes[0]).text
    assert codes[1] not in shown
    with pytest.raises(WrongCodeError):
        second_factor.prove(session, person, settings.secret_key, codes[1])


@pytest.fixture
def strict(connection, settings: Settings) -> FlaskClient:
    """A browser at a site that asks administrators for a second factor."""
    app = create_app(replace(settings, second_factor="required"), Database(connection, connection))
    app.testing = True
    return app.test_client()


def test_where_it_is_required_an_administrator_sets_it_up_first(strict: FlaskClient, person: User) -> None:
    sign_in(strict, "li")
    assert strict.get("/admin/mails").location == PAGE
    assert "本站要求您的角色使用两步验证" in text_of(strict.get("/desk").text)
    assert strict.post("/admin/people/invite").status_code in (400, 403)
    telephone = pyotp.TOTP(_secret_on(strict.get(PAGE).text))
    assert post_form(strict, PAGE, PAGE, code=telephone.now(), password=PASSWORD).status_code == 200
    assert strict.get("/admin/mails").status_code == 200


def test_where_it_is_required_a_tax_officer_sees_nothing_special_before(
    strict: FlaskClient, session: Session, person: User
) -> None:
    create_user(session, "tax_officer", name="zhou")
    create_user(session, "planner", name="qian")
    sign_in(strict, "zhou")
    assert "/state/staff" not in strict.get("/").text
    post_form(strict, "/account", "/logout")
    sign_in(strict, "qian")
    assert "/state/staff" in strict.get("/").text, "a planner needs none"
