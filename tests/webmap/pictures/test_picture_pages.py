"""The administrator adds pictures of a building; everybody sees them where they belong, until they are deleted."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from geo.model import Building, Unit
from tests.factories import create_building, create_floor, create_unit, create_user, square
from tests.web import post_form, sign_in, text_of
from webmap.auth.models import UserRole
from webmap.models import Picture, StoredFile


@pytest.fixture
def tower(session: Session) -> Building:
    return create_building(session, name="甲楼")


@pytest.fixture
def unit(session: Session, tower: Building) -> Unit:
    return create_unit(session, create_floor(session, tower, 5), label="501")


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    create_user(session, "administrator", name="root")
    browser = app.test_client()
    sign_in(browser, "root")
    return browser


def photo(colour: str = "steelblue") -> BytesIO:
    written = BytesIO()
    Image.new("RGB", (1500, 1000), colour).save(written, "JPEG")
    return BytesIO(written.getvalue())


def send(admin: FlaskClient, tower: Building, image: BytesIO | None = None, **fields: str) -> TestResponse:
    page = f"/admin/pictures/{tower.code}"
    form = {"kind": "photo", "alt": "大堂", "source": "楼宇管理方", **fields}
    return post_form(admin, page, page, **form, **({"file": (image, "lobby.jpg")} if image else {}))


def bytes_on_disk(app: Flask) -> list[Path]:
    return [path for path in (app.extensions["loumap_settings"].data / "files").rglob("*") if path.is_file()]


def test_a_photo_of_the_building_stands_on_its_page(admin: FlaskClient, client: FlaskClient, tower: Building):
    assert send(admin, tower, photo(), caption="挑高大堂").status_code == 302
    page = client.get(f"/b/{tower.code}").text
    assert 'alt="大堂"' in page
    assert "挑高大堂" in text_of(page)
    assert "楼宇管理方" in text_of(page)
    for address in re.findall(r'src="(/pictures/[^"]+)"', page):
        answer = client.get(address)
        assert answer.mimetype == "image/jpeg"
        assert Image.open(BytesIO(answer.data)).width == 320


def test_a_plan_of_the_floor_and_a_tour_stand_on_the_page_of_the_unit(
    admin: FlaskClient, client: FlaskClient, tower: Building, unit: Unit
):
    send(admin, tower, photo(), kind="plan", of=f"f{unit.floor_id}", alt="五层平面")
    send(admin, tower, photo("red"), of=unit.code, alt="窗外")
    send(admin, tower, kind="tour", url="https://example.org/tour", alt="看房")
    page = client.get(f"/u/{unit.code}").text
    assert 'alt="五层平面"' in page
    assert 'alt="窗外"' in page
    assert 'href="https://example.org/tour"' in page
    assert 'alt="窗外"' not in client.get(f"/b/{tower.code}").text


@pytest.mark.parametrize("url", ["http://example.org", "javascript:alert(1)", "https://", "https://a@b.org", ""])
def test_a_tour_leads_to_https_alone(admin: FlaskClient, tower: Building, url: str):
    assert send(admin, tower, kind="tour", url=url).status_code == 422


@pytest.mark.parametrize("fields", [{"alt": " "}, {"source": ""}, {"kind": "film"}, {"of": "f0"}, {"place": "-1"}])
def test_what_is_not_said_is_asked_for(admin: FlaskClient, tower: Building, session: Session, fields: dict[str, str]):
    assert send(admin, tower, photo(), **fields).status_code == 422
    assert session.scalars(select(Picture)).all() == []


def test_a_file_that_is_no_picture_leaves_nothing_behind(admin: FlaskClient, tower: Building, app: Flask):
    assert send(admin, tower, BytesIO(b"<svg onload=alert(1)>")).status_code >= 400
    assert bytes_on_disk(app) == []


def test_words_and_order_can_be_changed(admin: FlaskClient, tower: Building, session: Session):
    send(admin, tower, photo(), alt="一", place="1")
    send(admin, tower, photo("red"), alt="二", place="2")
    first = session.scalars(select(Picture).order_by(Picture.place)).first()
    page = f"/admin/pictures/{tower.code}"
    post_form(admin, page, f"/admin/pictures/one/{first.code}", alt="最后", source="某人", place="9")
    alts = re.findall(r'class="card" aria-label="([^"]+)"', admin.get(page).text)
    assert alts == ["二", "最后"]


def test_a_deleted_picture_is_gone_with_its_bytes(
    admin: FlaskClient, client: FlaskClient, tower: Building, session: Session, app: Flask
):
    send(admin, tower, photo())
    send(admin, tower, photo())  # the same bytes once more
    one, other = session.scalars(select(Picture)).all()
    page, address = f"/admin/pictures/{tower.code}", f"/pictures/{one.code}/1280.jpg"
    post_form(admin, page, f"/admin/pictures/one/{one.code}/delete")
    assert client.get(address).status_code == 404
    assert len(bytes_on_disk(app)) == 2
    assert client.get(f"/pictures/{other.code}/1280.jpg").status_code == 200
    post_form(admin, page, f"/admin/pictures/one/{other.code}/delete")
    assert bytes_on_disk(app) == []
    assert session.scalars(select(StoredFile)).all() == []


def test_pictures_of_what_is_not_public_are_not_either(
    admin: FlaskClient, client: FlaskClient, tower: Building, unit: Unit, session: Session
):
    send(admin, tower, photo(), of=unit.code)
    address = f"/pictures/{session.scalars(select(Picture)).one().code}/320.jpg"
    assert client.get(address).status_code == 200
    unit.publishable = False
    session.flush()
    assert client.get(address).status_code == 404
    unit.publishable, tower.publishable = True, False
    session.flush()
    assert client.get(address).status_code == 404


def test_nobody_else_adds_or_deletes(client: FlaskClient, session: Session, app: Flask, tower: Building):
    create_user(session, "promoter", name="clerk")
    clerk = app.test_client()
    sign_in(clerk, "clerk")
    assert clerk.get(f"/admin/pictures/{tower.code}").status_code == 403
    assert client.get(f"/admin/pictures/{tower.code}").status_code in (302, 303, 401)
    assert "编辑图片" not in client.get(f"/b/{tower.code}").text


def test_visitors_get_only_what_the_public_login_may_read(live_app: Flask, live_database):
    with live_database.new_session() as session, session.begin():
        tower = create_building(session)
        row = {"large_sha256": None, "kind": "tour", "url": "https://example.org/t"}
        session.add(Picture(building_id=tower.id, alt="看房", source="某人", **row))
        code = tower.code
    assert "https://example.org/t" in live_app.test_client().get(f"/b/{code}").text


def test_staff_of_the_area_add_pictures_and_nobody_elses_staff(app: Flask, session: Session, tower: Building):
    there, elsewhere = create_user(session, name="there"), create_user(session, name="elsewhere")
    far = create_building(session, square(120, 30))
    there.roles = [UserRole(role="staff", building_id=tower.id)]
    elsewhere.roles = [UserRole(role="staff", building_id=far.id)]
    session.flush()
    browser = app.test_client()
    sign_in(browser, "there")
    assert send(browser, tower, photo()).status_code == 302
    picture = session.scalars(select(Picture)).one()
    other = app.test_client()
    sign_in(other, "elsewhere")
    assert other.get(f"/admin/pictures/{tower.code}").status_code == 403
    page = f"/admin/pictures/{far.code}"
    assert post_form(other, page, f"/admin/pictures/one/{picture.code}/delete").status_code == 403
    assert post_form(other, page, f"/admin/pictures/{tower.code}", kind="tour", alt="x", source="y").status_code == 403
