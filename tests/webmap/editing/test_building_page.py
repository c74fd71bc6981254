"""Staff of an area correct a building, see who said what, and release a correction."""

import html
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from geo.model import Building, FieldEdit, ImportRun
from tests.factories import create_building, create_user, square
from tests.web import sign_in, text_of
from webmap.auth.models import User


def opened(browser: FlaskClient, page: str) -> dict[str, Any]:
    """What the first form of a page would send if nothing were typed."""
    text = browser.get(page).text
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", text.split("</form>")[_main(text)]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            fields[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def _main(text: str) -> int:
    return next(place for place, part in enumerate(text.split("</form>")) if 'name="seen"' in part)


def correct(browser: FlaskClient, tower: Building, **typed: str) -> TestResponse:
    page = f"/desk/places/{tower.code}"
    return browser.post(page, data={**opened(browser, page), **typed})


def test_a_corrected_name_and_floors_stand_on_the_public_page(
    staff: FlaskClient, client: FlaskClient, tower: Building, session: Session
) -> None:
    assert correct(staff, tower, name="甲广场", floors_above="21", reason="看过楼牌").status_code == 303
    page = text_of(client.get(f"/b/{tower.code}").text)
    assert "甲广场" in page
    assert "21" in page
    edits = session.scalars(select(FieldEdit).order_by(FieldEdit.field)).all()
    assert [(each.field, each.after, each.reason) for each in edits] == [
        ("floors_above", 21, "看过楼牌"),
        ("name", "甲广场", "看过楼牌"),
    ]


def test_the_page_says_who_said_what_and_what_the_file_says_now(
    staff: FlaskClient, tower: Building, session: Session
) -> None:
    correct(staff, tower, name="甲广场")
    run = ImportRun(source_id=tower.source_id, kind="buildings", file_name="b.csv", state="done")
    session.add(run)
    session.flush()
    edit = session.scalars(select(FieldEdit)).one()
    edit.file_value, edit.file_run_id = "甲塔", run.id
    session.flush()
    page = text_of(staff.get(f"/desk/places/{tower.code}").text)
    assert "人工更正 张三" in page
    assert "原为：甲楼" in page
    assert "文件现为：甲塔" in page
    staff.post(
        f"/desk/places/{tower.code}/release",
        data={"csrf_token": opened(staff, f"/desk/places/{tower.code}")["csrf_token"], "field": "name", "act": "take"},
    )
    session.expire_all()
    assert (tower.name, edit.ended_as) == ("甲塔", "released")


def test_a_correction_can_be_taken_back_from_the_page(staff: FlaskClient, tower: Building, session: Session) -> None:
    correct(staff, tower, name="甲广场")
    token = opened(staff, f"/desk/places/{tower.code}")["csrf_token"]
    staff.post(f"/desk/places/{tower.code}/release", data={"csrf_token": token, "field": "name", "act": "undo"})
    session.refresh(tower)
    assert tower.name == "甲楼"


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    staff: FlaskClient, tower: Building, session: Session
) -> None:
    answer = correct(staff, tower, name="甲广场", floors_above="很多")
    assert answer.status_code == 422
    assert "请填 0 到 300 之间的数字" in answer.text
    assert 'value="甲广场"' in answer.text
    assert 'value="很多"' in answer.text
    session.refresh(tower)
    assert tower.name == "甲楼"


def test_areas_that_contradict_each_other_are_refused_in_words(staff: FlaskClient, tower: Building) -> None:
    answer = correct(staff, tower, gross_area_m2="20000")
    assert answer.status_code == 422
    assert "不能大于“总建筑面积”" in answer.text


def test_the_second_writer_is_shown_both_and_decides(
    app: Flask, staff: FlaskClient, tower: Building, session: Session
) -> None:
    create_user(session, "administrator", name="root")
    other = app.test_client()
    sign_in(other, "root")
    page = f"/desk/places/{tower.code}"
    late = opened(other, page)
    correct(staff, tower, name="甲广场")
    refused = other.post(page, data={**late, "name": "甲塔", "star": "4"})
    assert refused.status_code == 409
    assert "张三改成了“甲广场”" in text_of(refused.text)
    assert "您看到的是“甲楼”" in refused.text
    assert 'value="甲塔"' in refused.text
    again = re.search(r'name="seen" value="([^"]*)"', refused.text)
    assert again
    kept = other.post(page, data={**late, "name": "甲塔", "star": "4", "seen": html.unescape(again[1])})
    assert kept.status_code == 303
    session.refresh(tower)
    assert (tower.name, tower.star) == ("甲塔", 4)


def test_staff_find_only_what_stands_in_their_area(staff: FlaskClient, tower: Building, session: Session) -> None:
    far = create_building(session, square(120.0, 30.0), name="远楼")
    page = staff.get("/desk/places").text
    assert "甲楼" in page
    assert "远楼" not in page
    assert "甲楼" in staff.get("/desk/places?q=jialou").text
    assert staff.get(f"/desk/places/{far.code}").status_code == 403
    assert correct_blindly(staff, far).status_code == 403


def correct_blindly(browser: FlaskClient, building: Building) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/account").text)
    assert token
    return browser.post(f"/desk/places/{building.code}", data={"csrf_token": token[1], "name": "x", "seen": "{}"})


def test_others_do_not_get_in(client: FlaskClient, app: Flask, tower: Building, session: Session) -> None:
    assert client.get(f"/desk/places/{tower.code}").status_code == 302
    create_user(session, "promoter", name="promoter")
    browser = app.test_client()
    sign_in(browser, "promoter")
    assert browser.get("/desk/places").status_code == 403
    assert browser.get(f"/desk/places/{tower.code}").status_code == 403
    assert "/desk/places" not in browser.get("/desk").text


def test_staff_are_led_there_from_desk_and_building(staff: FlaskClient, tower: Building, zhang: User) -> None:
    assert 'href="/desk/places"' in staff.get("/desk").text
    assert f'href="/desk/places/{tower.code}"' in staff.get(f"/b/{tower.code}").text


def test_a_form_that_does_not_say_what_was_seen_is_refused(staff: FlaskClient, tower: Building) -> None:
    assert correct(staff, tower, seen="").status_code == 422
    assert correct(staff, tower, seen="[1]").status_code == 422
