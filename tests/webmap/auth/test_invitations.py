"""A link makes an account, once."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import PASSWORD, create_building, create_user
from tests.web import post_form, sign_in, text_of
from webmap.auth import invitations
from webmap.auth.models import Invitation, User
from webmap.auth.operations import prune
from webmap.auth.people import Role
from webmap.models import Mail
from webmap.permissions import may


@pytest.fixture
def building(session: Session) -> Building:
    return create_building(session, name="海棠中心")


@pytest.fixture
def token(session: Session, building: Building) -> str:
    return invitations.invite(session, Role("manager", building=building), full_name="赵敏")[1]


@pytest.fixture
def office(client: FlaskClient, session: Session) -> FlaskClient:
    create_user(session, "administrator", name="admin")
    sign_in(client, "admin")
    return client


def _accept(client: FlaskClient, token: str, **said: str):
    fields = {"name": "zhao", "password": PASSWORD, "full_name": "赵敏"}
    return post_form(client, f"/invitation/{token}", f"/invitation/{token}", **fields | said)


def test_who_is_invited_opens_an_account_and_is_signed_in(
    client: FlaskClient, session: Session, building: Building, token: str
) -> None:
    page = text_of(client.get(f"/invitation/{token}").text)
    assert "物业" in page
    assert "海棠中心" in page
    assert _accept(client, token).location == "/desk"
    assert client.get("/desk").status_code == 200
    user = session.scalars(select(User).where(User.name == "zhao")).one()
    assert user.full_name == "赵敏"
    assert may(user, "report_vacancy", building)
    assert not may(user, "report_vacancy", create_building(session))


def test_a_link_works_once(app: Flask, client: FlaskClient, token: str) -> None:
    _accept(client, token)
    answer = app.test_client().get(f"/invitation/{token}")
    assert answer.status_code == 410
    assert "这个链接已失效" in answer.text


@pytest.mark.parametrize("how", [{"expires_at": datetime.now(UTC)}, {"revoked_at": datetime.now(UTC)}])
def test_a_link_ends_by_itself_or_is_withdrawn(
    client: FlaskClient, session: Session, token: str, how: dict[str, datetime]
) -> None:
    session.execute(update(Invitation).values(how))
    assert client.get(f"/invitation/{token}").status_code == 410


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"password": "short"}, "太容易被猜到"),
        ({"name": "taken"}, "已经有这个账号"),
        ({"name": " TAKEN "}, "已经有这个账号"),
        ({"name": "a" * 201}, "账号不能这样写"),
        ({"name": " "}, "账号不能这样写"),
    ],
)
def test_a_mistake_keeps_the_link_open(
    client: FlaskClient, session: Session, token: str, said: dict[str, str], told: str
) -> None:
    create_user(session, name="taken")
    answer = _accept(client, token, **said)
    assert answer.status_code == 422
    assert told in answer.text
    assert _accept(client, token).status_code == 302


def test_the_table_of_invitations_holds_no_token(session: Session, token: str) -> None:
    assert token.encode() not in session.scalars(select(Invitation.token_sha256)).one()


def test_the_administrator_invites_by_name_of_the_building(
    app: Flask, office: FlaskClient, session: Session, building: Building
) -> None:
    asked = {"role": "owner", "where": "building", "building": "海棠中心", "email": "zhao@example.com"}
    shown = post_form(office, "/admin/people/invite", "/admin/people/invite", **asked, language="en").text
    link = shown.split("readonly>http://localhost")[1].split("<")[0]
    assert _accept(app.test_client(), link.removeprefix("/invitation/")).status_code == 302
    mail = session.scalars(select(Mail)).one()
    assert mail.recipient == "zhao@example.com"
    assert "invites you" in mail.subject
    assert f"/en{link}" in mail.body


def test_an_invitation_that_waits_is_listed_and_withdrawn(
    app: Flask, office: FlaskClient, session: Session, token: str
) -> None:
    assert "1 个邀请等待接受" in office.get("/admin/people").text
    number = session.scalars(select(Invitation.id)).one()
    post_form(office, "/admin/people", f"/admin/people/invitations/{number}/revoke")
    assert "等待接受" not in office.get("/admin/people").text
    assert app.test_client().get(f"/invitation/{token}").status_code == 410


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"role": "manager", "where": "building", "building": "没有的楼"}, "没有这个楼宇或片区"),
        ({"role": "manager", "where": "building", "building": "双子楼"}, "请填编号，名字相近的楼宇有"),
        ({"role": "manager", "where": "building", "building": "海棠"}, "请填编号，名字相近的楼宇有"),
        ({"role": "chief", "where": "area", "area": "nowhere1"}, "没有这个楼宇或片区"),
        ({"role": "king", "where": "everywhere"}, "没有这个楼宇或片区"),
        ({"role": "staff", "where": "everywhere", "email": "no address"}, "这不是邮箱地址"),
    ],
)
def test_an_invitation_with_a_mistake_is_not_made(
    office: FlaskClient, session: Session, asked: dict[str, str], told: str
) -> None:
    for name in ("双子楼", "双子楼", "海棠中心"):
        create_building(session, name=name)
    answer = post_form(office, "/admin/people/invite", "/admin/people/invite", **asked)
    assert answer.status_code == 422
    assert told in answer.text
    assert session.scalars(select(Invitation)).all() == []
    assert session.scalars(select(Mail)).all() == []


def test_old_invitations_are_forgotten(session: Session, token: str) -> None:
    session.execute(update(Invitation).values(expires_at=datetime.now(UTC) - timedelta(days=91)))
    assert prune(session) == 1
