"""Downloads: what visitors take along, and what keeps a large city from being made for each of them."""

import base64
import hashlib
import io
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_floor, create_unit, square
from webmap import jobs
from webmap.config import Settings
from webmap.db import Database
from webmap.exports import prepared, routes


@pytest.fixture
def tower(session: Session) -> None:
    building = create_building(session, name="云澜大厦", grade="a")
    create_unit(session, create_floor(session, building), area_m2=300)
    create_building(session, square(lon=121.48), name="澄湖中心", grade="b")


def test_a_visitor_takes_a_search_along(client: FlaskClient, tower: None, settings: Settings) -> None:
    answer = client.get("/downloads/buildings.parquet?grade=b")
    assert answer.status_code == 200
    assert "filename=buildings.parquet" in answer.headers["Content-Disposition"]
    assert pq.read_table(io.BytesIO(answer.data)).column("name").to_pylist() == ["澄湖中心"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/downloads/units.xlsx").data))
    assert book["单元"]["C2"].value == "云澜大厦"
    assert list(prepared.folder_of(settings).iterdir()) == []


def test_a_table_names_what_its_columns_mean(client: FlaskClient, tower: None) -> None:
    answer = client.get("/downloads/units.csv?grade=a")
    beside = answer.headers["Link"].split(">")[0].removeprefix("<")
    stated = json.loads(client.get(beside).data)
    heads = answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()[0].split(",")
    assert [column["name"] for column in stated["tableSchema"]["columns"]] == heads
    assert stated["loumap:about"]["filter"] == "grade=a"


def test_the_page_says_how_much_there_is_and_keeps_the_filter(client: FlaskClient, tower: None) -> None:
    page = client.get("/downloads?grade=a").get_data(as_text=True)
    assert "等级" in page
    assert "/downloads/units.gpkg?grade=a" in page
    assert "/downloads/map.html?grade=a" in page
    assert "1 条" in page
    assert "/downloads?grade=a&amp;occupancy=vacant,soon" in page
    assert "Download data" in client.get("/en/downloads").get_data(as_text=True)


@pytest.mark.parametrize("name", ["units.dwg", "firms.csv", "units.gpkg-metadata.json"])
def test_a_file_that_there_is_not_is_a_page_that_says_so(client: FlaskClient, name: str) -> None:
    assert client.get(f"/downloads/{name}").status_code == 404
    assert client.post(f"/downloads/{name}", data={"csrf_token": "x"}).status_code in (400, 404)


def test_a_filter_that_is_not_understood_is_said(client: FlaskClient) -> None:
    assert client.get("/downloads?grade=zzz").status_code == 422
    assert client.get("/downloads/units.csv?gade=a").status_code == 422


def test_the_address_of_a_map_leads_to_its_filters(client: FlaskClient, tower: None) -> None:
    page = client.get("/downloads?grade=b&zoom=15.2&sort=rent&pitch=40").get_data(as_text=True)
    assert "/downloads/buildings.csv?grade=b" in page
    carried = client.get("/downloads/map.html?grade=b&zoom=15.2").get_data(as_text=True)
    assert "澄湖中心" in carried
    assert "云澜大厦" not in carried


def test_more_than_is_made_at_once_is_refused_with_the_remedy(
    client: FlaskClient, tower: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "AT_ONCE", 1)
    answer = client.get("/downloads/buildings.csv?status=operating")
    assert answer.status_code == 422
    assert "narrow the filter" in answer.get_data(as_text=True)
    assert "收紧筛选" in client.get("/downloads?status=operating").get_data(as_text=True)


def test_a_whole_city_is_made_once_by_the_worker(
    live_app: Flask,
    live_database: Database,
    settings: Settings,
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with live_database.new_session() as session, session.begin():
        create_building(session, name="云澜大厦")
        create_building(session, square(lon=121.48), name="澄湖中心")
    monkeypatch.setattr(routes, "AT_ONCE", 1)
    live_app.config["WTF_CSRF_ENABLED"] = False
    browser = live_app.test_client()
    assert browser.get("/downloads/buildings.fgb").headers["Location"] == "/downloads"
    for _ in range(3):
        assert browser.post("/downloads/buildings.fgb").status_code == 303
    assert "正在生成" in browser.get("/downloads").get_data(as_text=True)
    with live_database.new_session() as session:
        waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'prepare_download'"
        assert session.connection().exec_driver_sql(waiting).scalar() == 1
    worker = Settings(**{**vars(settings), **_addresses(environ)})
    jobs.run_worker(worker, wait=False)
    answer = browser.get("/downloads/buildings.fgb")
    assert answer.status_code == 200
    assert answer.data.startswith(b"fgb")
    found = prepared.prepared(settings, "buildings.fgb")
    assert (found.asked, found.may_be_asked) == (False, False)
    digits = hashlib.sha256(answer.data).hexdigest()
    assert found.sha256 == digits
    assert digits in browser.get("/downloads").get_data(as_text=True)
    assert answer.headers["Repr-Digest"] == _written(answer.data)


def test_a_file_comes_with_its_checksum(client: FlaskClient, tower: None) -> None:
    answer = client.get("/downloads/buildings.geojson")
    assert answer.headers["Repr-Digest"] == _written(answer.data)


def test_a_checksum_is_not_told_of_the_file_that_came_after(settings: Settings) -> None:
    with prepared.making(settings, "units.csv") as path:
        path.write_text("code", "utf-8")
    assert prepared.prepared(settings, "units.csv").sha256 == hashlib.sha256(b"code").hexdigest()
    path.write_text("code,name", "utf-8")
    assert prepared.prepared(settings, "units.csv").sha256 is None


def _written(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def _addresses(environ: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix("LOUMAP_").lower(): url for name, url in environ.items() if "URL" in name}


def test_an_old_file_may_be_made_anew_and_a_young_one_not(settings: Settings) -> None:
    folder = prepared.folder_of(settings)
    folder.mkdir(parents=True)
    path = folder / "units.csv"
    path.write_text("x")
    assert not prepared.prepared(settings, "units.csv").may_be_asked
    old = time.time() - prepared.FRESH_S - 60
    os.utime(path, (old, old))
    found = prepared.prepared(settings, "units.csv")
    assert found.may_be_asked
    assert found.made_at == datetime.fromtimestamp(old, UTC)
    _left_by_a_worker_that_ended(folder)
    assert prepared.prepared(settings, "units.csv").may_be_asked


def _left_by_a_worker_that_ended(folder: Path) -> None:
    mark = folder / ".units.csv.asked"
    mark.touch()
    ended = time.time() - prepared.PATIENCE_S - 60
    os.utime(mark, (ended, ended))
