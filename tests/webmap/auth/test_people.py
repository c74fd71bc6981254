"""The administrator's pages of people."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import create_area, create_building, create_user
from tests.web import post_form, sign_in, text_of
from webmap.auth.models import User, UserRole
from webmap.auth.people import PER_PAGE
from webmap.permissions import may


@pytest.fixture
def admin(session: Session) -> User:
    return create_user(session, "administrator", name="admin")


@pytest.fixture
def office(client: FlaskClient, admin: User) -> FlaskClient:
    sign_in(client, "admin")
    return client


@pytest.fixture
def li(session: Session) -> User:
    return create_user(session, "staff", name="li", full_name="李娜", email="lina@example.com")


def _page(user: User) -> str:
    return f"/admin/people/{user.id}"


def _add_managers_and_chiefs(session: Session, many: int) -> None:
    for _ in range(many):
        _give(session, create_user(session), UserRole(role="manager", building=create_building(session)))
        _give(session, create_user(session), UserRole(role="chief", area=create_area(session)))
    session.expire_all()


def _give(session: Session, user: User, role: UserRole) -> None:
    user.roles.append(role)
    session.flush()


def _act(office: FlaskClient, user: User, act: str):
    return post_form(office, _page(user), f"{_page(user)}/act", act=act)


def test_people_are_found_by_name_mail_and_role(office: FlaskClient, session: Session, li: User) -> None:
    create_user(session, "manager", name="wu%")
    for asked in ("q=李", "q=LINA@", "role=staff"):
        page = text_of(office.get(f"/admin/people?{asked}").text)
        assert "李娜" in page
        assert "wu%" not in page
    assert "wu%" in office.get("/admin/people?q=%25").text
    assert "没有找到" in office.get("/admin/people?q=nobody").text


def test_a_long_list_goes_page_by_page(office: FlaskClient, session: Session) -> None:
    for number in range(PER_PAGE + 2):
        create_user(session, name=f"a{number:03}")
    first, second = (office.get(f"/admin/people?page={page}").text for page in (1, 2))
    assert "a000" in first
    assert "a000" not in second
    assert f"a{PER_PAGE + 1:03}" in second
    assert office.get("/admin/people?page=99").text.count("2 / 2") == 1


def test_a_list_of_people_asks_the_database_no_more_for_more_people(
    office: FlaskClient, session: Session, count_queries
) -> None:
    _add_managers_and_chiefs(session, 3)
    with count_queries() as few:
        office.get("/admin/people")
    _add_managers_and_chiefs(session, 20)
    with count_queries() as many:
        office.get("/admin/people")
    assert len(many) <= len(few) + 1


def test_a_role_is_given_for_a_building_and_taken_again(office: FlaskClient, session: Session, li: User) -> None:
    tower = create_building(session)
    given = {"role": "manager", "where": "building", "building": tower.code}
    for _ in range(2):
        assert post_form(office, _page(li), f"{_page(li)}/roles", **given).status_code == 302
    session.refresh(li)
    held = [each for each in li.roles if each.role == "manager"]
    assert [each.building_id for each in held] == [tower.id]
    assert may(li, "report_vacancy", tower)
    staff = next(each for each in li.roles if each.role == "staff")
    post_form(office, _page(li), f"{_page(li)}/roles/{held[0].id}/withdraw")
    post_form(office, _page(li), f"{_page(li)}/roles/{staff.id}/withdraw")
    session.refresh(li)
    assert not may(li, "report_vacancy", tower)


def test_a_role_for_a_place_that_is_not_there_is_refused_with_the_remedy(office: FlaskClient, li: User) -> None:
    asked = {"role": "manager", "where": "building", "building": "没有的楼"}
    answer = post_form(office, _page(li), f"{_page(li)}/roles", **asked)
    assert answer.status_code == 422
    assert "楼宇的编号在它的页面地址里" in answer.text


def test_nobody_takes_a_role_of_another_account(office: FlaskClient, admin: User, li: User) -> None:
    other = li.roles[0].id
    assert post_form(office, _page(admin), f"{_page(admin)}/roles/{other}/withdraw").status_code == 404


def test_a_closed_account_is_out_at_once_and_can_be_opened(app: Flask, office: FlaskClient, li: User) -> None:
    browser = app.test_client()
    sign_in(browser, "li")
    assert _act(office, li, "disable").status_code == 302
    assert browser.get("/account").status_code == 302
    assert sign_in(browser, "li").status_code == 422
    _act(office, li, "enable")
    assert sign_in(browser, "li").status_code == 302


@pytest.mark.parametrize("act", ["disable", "withdraw"])
def test_the_last_administrator_stays(office: FlaskClient, session: Session, admin: User, act: str) -> None:
    def tried():
        if act == "disable":
            return _act(office, admin, "disable")
        return post_form(office, _page(admin), f"{_page(admin)}/roles/{admin.roles[0].id}/withdraw")

    answer = tried()
    assert answer.status_code == 422
    assert "最后一个管理员" in answer.text
    create_user(session, "administrator")
    assert tried().status_code == 302


def test_an_administrator_of_an_area_alone_does_not_count_as_another(
    office: FlaskClient, session: Session, admin: User
) -> None:
    _give(session, create_user(session), UserRole(role="administrator", area=create_area(session)))
    assert _act(office, admin, "disable").status_code == 422


def test_all_devices_of_somebody_are_signed_out(app: Flask, office: FlaskClient, li: User) -> None:
    browser = app.test_client()
    sign_in(browser, "li")
    _act(office, li, "end_sessions")
    assert browser.get("/account").status_code == 302


def test_a_link_for_a_new_password_is_shown_once(app: Flask, office: FlaskClient, li: User) -> None:
    shown = _act(office, li, "reset").text
    link = shown.split("readonly>http://localhost")[1].split("<")[0]
    assert app.test_client().get(link).status_code == 200
    assert "/reset/" not in office.get(_page(li)).text


def test_names_and_mail_are_corrected(office: FlaskClient, session: Session, li: User) -> None:
    post_form(office, _page(li), _page(li), full_name=" 李 娜 ", email="li.na@example.com")
    session.refresh(li)
    assert (li.full_name, li.email) == ("李 娜", "li.na@example.com")
    post_form(office, _page(li), _page(li), full_name="", email="")
    session.refresh(li)
    assert (li.full_name, li.email) == (None, None)


@pytest.mark.parametrize("path", ["", "/invite", "/{}"])
def test_people_are_for_the_administrator_alone(app: Flask, session: Session, li: User, path: str) -> None:
    browser = app.test_client()
    address = f"/admin/people{path.format(li.id)}"
    assert browser.get(address).location.startswith("/login?next=/admin/people")
    sign_in(browser, "li")
    assert browser.get(address).status_code == 403
    assert post_form(browser, "/account", f"{_page(li)}/act", act="disable").status_code == 403
    assert li.disabled_at is None


@pytest.mark.parametrize("number", ["0", "999999999999", "99999999999999999999999"])
def test_nobody_of_this_number_is_not_found(office: FlaskClient, number: str) -> None:
    assert office.get(f"/admin/people/{number}").status_code == 404


def test_the_account_page_tells_roles_and_keeps_the_language(client: FlaskClient, session: Session, li: User) -> None:
    sign_in(client, "li")
    assert "工作人员 全部" in text_of(client.get("/account").text)
    assert post_form(client, "/account", "/account/language", language="en").location == "/en/account"
    assert session.scalars(select(User.language).where(User.name == "li")).one() == "en"
    post_form(client, "/account", "/logout")
    assert sign_in(client, "li").location == "/en/desk"
    assert post_form(client, "/account", "/account/language", language="tlh").status_code == 422
