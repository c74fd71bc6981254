"""An administrator imports in the browser: upload, read the report, confirm, take back."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from geo.importers.run import run_import
from geo.model import Building, ImportRun, Source
from tests.factories import create_user, square
from tests.geo.importers.importing import geojson
from tests.web import post_form, sign_in, text_of
from webmap.imports import operations, uploads
from webmap.imports.models import ImportUpload

PAGE = "/admin/imports"
_FULL = "DO $$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$"


@pytest.fixture
def admin(client: FlaskClient, session: Session) -> FlaskClient:
    create_user(session, "administrator", name="admin")
    sign_in(client, "admin")
    return client


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return geojson(tmp_path / "楼宇.geojson", (square(), {"id": 1, "名称": "云澜大厦"}), (square(121.48), {"id": 2}))


def send(client: FlaskClient, path: Path, page: str = PAGE, **fields: str) -> TestResponse:
    return post_form(client, page, page, file=(BytesIO(path.read_bytes()), path.name), **fields)


def buildings(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).where(Building.withdrawn_at.is_(None))) or 0


def test_a_file_is_checked_before_anything_is_written(admin: FlaskClient, session: Session, file: Path) -> None:
    answer = send(admin, file, kind="buildings")
    page = admin.get(answer.location).text
    assert "已检查，尚未写入" in page
    assert "新增 2" in text_of(page)
    assert buildings(session) == 0
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_confirming_writes_and_the_page_leads_to_the_map(admin: FlaskClient, session: Session, file: Path) -> None:
    address = send(admin, file, kind="buildings", source_name="区楼宇库", publishable="yes").location
    assert post_form(admin, address, f"{address}/confirm").status_code == 302
    page = admin.get(address).text
    assert "已导入" in page
    assert buildings(session) == 2
    assert session.scalars(select(Source.publishable).where(Source.name == "区楼宇库")).one()
    assert "楼宇.geojson" in admin.get(PAGE).text


def test_a_second_click_does_not_import_twice(admin: FlaskClient, file: Path) -> None:
    address = send(admin, file, kind="buildings").location
    token = admin.get(address).text.split('name="csrf_token" value="')[1].split('"')[0]
    assert admin.post(f"{address}/confirm", data={"csrf_token": token}).status_code == 302
    assert admin.post(f"{address}/confirm", data={"csrf_token": token}).status_code == 409


def test_the_report_is_downloaded_and_the_run_undone(admin: FlaskClient, session: Session, file: Path) -> None:
    address = send(admin, file, kind="buildings").location
    post_form(admin, address, f"{address}/confirm")
    code = session.scalars(select(ImportRun.code)).one()
    assert admin.get(f"{PAGE}/runs/{code}.json").json["rows"]["added"] == 2
    book = openpyxl.load_workbook(BytesIO(admin.get(f"{PAGE}/runs/{code}.xlsx").data))
    assert any("楼宇.geojson" in row for row in book.worksheets[0].iter_rows(values_only=True))
    assert admin.get(f"{PAGE}/runs/{code}.pdf").status_code == 404
    assert "已撤销导入" in admin.get(post_form(admin, PAGE, f"{PAGE}/runs/{code}/undo").location).text
    assert buildings(session) == 0


def test_a_source_is_published_and_withdrawn_from_the_public(admin: FlaskClient, session: Session, file: Path) -> None:
    address = send(admin, file, kind="buildings").location
    post_form(admin, address, f"{address}/confirm")
    source = session.scalars(select(Source).where(Source.name == "楼宇")).one()
    for wish, seen in (("yes", True), ("no", False)):
        post_form(admin, PAGE, f"{PAGE}/sources/{source.code}/publish", publishable=wish)
        session.expire_all()
        assert set(session.scalars(select(Building.publishable))) == {seen}


def test_a_file_that_cannot_be_read_says_why(admin: FlaskClient, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("甲,乙\n1,2\n", "utf-8")
    page = admin.get(send(admin, path, kind="enterprises").location).text
    assert "未能导入" in page
    assert "list.csv" in page
    assert session.scalar(select(func.count()).select_from(Source)) == 0


@pytest.mark.parametrize("drive", [True, False], ids=["in a copy", "in a statement"])
def test_a_full_disk_of_the_database_is_said_in_words_and_nothing_is_half_imported(
    admin: FlaskClient, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch, drive: bool
) -> None:
    def until_full(session: Session, *request: object) -> object:
        run_import(session, *request)
        driver = session.connection().connection.driver_connection
        return driver.execute(_FULL) if drive else session.execute(text(_FULL))

    address = send(admin, file, kind="buildings").location
    monkeypatch.setattr(operations, "run_import", until_full)
    assert post_form(admin, address, f"{address}/confirm").status_code == 302
    page = text_of(admin.get(address).text)
    assert "服务器空间已满，没有导入任何内容" in page
    assert "could not extend" not in page
    assert buildings(session) == 0
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_forms_that_make_no_sense_are_refused(admin: FlaskClient, file: Path) -> None:
    assert send(admin, file, kind="castles").status_code == 422
    assert send(admin, file, kind="buildings", mapping="no equals sign").status_code == 422
    assert send(admin, file.with_suffix(".geojson"), kind="buildings", dated_on="yesterday").status_code == 422
    assert post_form(admin, PAGE, PAGE, kind="buildings").status_code == 422


def test_other_kinds_of_files_are_not_taken(admin: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<script>", "utf-8")
    assert send(admin, path, kind="buildings").status_code == 415


def test_the_report_speaks_the_language_of_the_page(admin: FlaskClient, file: Path) -> None:
    english = admin.get(send(admin, file, f"/en{PAGE}", kind="buildings").location).text
    assert "Checked, not written yet" in english
    assert "the file names no coordinate system" in english


def test_large_files_wait_for_the_worker(
    admin: FlaskClient, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SMALL_BYTES", 10)
    address = send(admin, file, kind="buildings").location
    page = admin.get(address).text
    assert "正在检查" in page
    assert 'http-equiv="refresh"' in page
    assert session.scalars(select(ImportUpload.state)).all() == ["checking"]


@pytest.mark.parametrize("role", ["staff", "manager"])
def test_only_the_administrator_imports(client: FlaskClient, session: Session, role: str) -> None:
    create_user(session, role, name="li")
    sign_in(client, "li")
    assert client.get(PAGE).status_code == 403
    assert client.get("/admin/imports/abc").status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert "/login" in client.get(PAGE).location
