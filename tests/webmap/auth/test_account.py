"""What a signed-in person does with the own account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, create_user
from tests.web import post_form, sign_in
from webmap.auth.models import User

FRESH = "four new unrelated words"


@pytest.fixture
def person(session: Session) -> User:
    return create_user(session, "staff", name="li")


@pytest.fixture
def signed_in(client: FlaskClient, person: User) -> FlaskClient:
    sign_in(client, "li")
    return client


@pytest.fixture
def telephone(app: Flask, person: User) -> FlaskClient:
    other = app.test_client()
    sign_in(other, "li")
    return other


def test_the_account_page_lists_own_devices_and_marks_this_one(signed_in: FlaskClient, telephone: FlaskClient) -> None:
    page = signed_in.get("/account").text
    assert page.count("本机") == 1
    assert page.count("/revoke") == 1


def test_a_lost_telephone_can_be_signed_out(signed_in: FlaskClient, telephone: FlaskClient) -> None:
    action = signed_in.get("/account").text.split('action="/account/sessions/')[1].split('"')[0]
    assert post_form(signed_in, "/account", f"/account/sessions/{action}").status_code == 302
    assert telephone.get("/account").status_code == 302
    assert signed_in.get("/account").status_code == 200


def test_nobody_ends_the_session_of_another_person(
    app: Flask, session: Session, signed_in: FlaskClient, telephone: FlaskClient
) -> None:
    action = signed_in.get("/account").text.split('action="/account/sessions/')[1].split('"')[0]
    create_user(session, name="zhao")
    stranger = app.test_client()
    sign_in(stranger, "zhao")
    assert post_form(stranger, "/account", f"/account/sessions/{action}").status_code == 404
    assert telephone.get("/account").status_code == 200


def test_a_new_password_signs_other_devices_out(app: Flask, signed_in: FlaskClient, telephone: FlaskClient) -> None:
    answer = post_form(signed_in, "/account", "/account/password", old=PASSWORD, new=FRESH)
    assert answer.status_code == 302
    assert signed_in.get("/account").status_code == 200
    assert telephone.get("/account").status_code == 302
    assert sign_in(app.test_client(), "li", FRESH).status_code == 302
    assert sign_in(app.test_client(), "li", PASSWORD).status_code == 422


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("not my password", FRESH, "密码不正确"),
        (PASSWORD, "short", "太容易被猜到"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "太容易被猜到"),
        (PASSWORD, "li li li li li li", "太容易被猜到"),
    ],
)
def test_a_wrong_or_weak_password_changes_nothing(
    app: Flask, signed_in: FlaskClient, old: str, new: str, said: str
) -> None:
    answer = post_form(signed_in, "/account", "/account/password", old=old, new=new)
    assert answer.status_code == 422
    assert said in answer.text
    assert sign_in(app.test_client(), "li").status_code == 302


def test_signing_out_leads_to_the_map(signed_in: FlaskClient) -> None:
    assert post_form(signed_in, "/account", "/logout").location == "/"
