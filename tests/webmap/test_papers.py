"""Brochures: written by the worker, in the reader's language, tagged, searchable, with what the page says."""

import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.model import Unit
from tests.factories import create_area, create_building, create_floor, create_source, create_unit
from webmap import papers
from webmap.admission import Lanes, lane_of


@pytest.fixture
def unit(session: Session) -> Unit:
    source = create_source(session, attribution="某街道办", invented=True)
    tower = create_building(session, source_id=source.id, code="tower1", leasable_area_m2=20000, floors_above=20)
    create_area(session, code="jw")
    return create_unit(session, create_floor(session, tower), area_m2=1200, code="unit1")


def written(app: Flask, kind: str, code: str, form: str = "a4", path: str = "/") -> bytes:
    """A paper as the worker writes it."""
    with app.test_request_context(path, base_url="http://loumap.example"):
        return app.extensions["loumap_papers"][kind](code, form, lambda done, of: None)


def read(pdf: bytes, folder: Path) -> str:
    """The words of a PDF in the order in which they are read."""
    (folder / "paper.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", folder / "paper.pdf", "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def info(folder: Path) -> dict[str, str]:
    done = subprocess.run(["pdfinfo", folder / "paper.pdf"], capture_output=True, text=True, check=True)
    return {name: value.strip() for name, _, value in (line.partition(":") for line in done.stdout.splitlines())}


def test_the_brochure_of_a_unit_can_be_searched_and_is_tagged(app: Flask, unit: Unit, tmp_path: Path) -> None:
    words = read(written(app, "unit", "unit1"), tmp_path)
    for told in (f"云澜大厦 {unit.label}", "1,200 m²", "数据时效", "数据来源", "某街道办", "截至 20", "均为虚构"):
        assert told in words
    assert "http://loumap.example/u/unit1" in words
    assert info(tmp_path)["Tagged"] == "yes"
    assert info(tmp_path)["Page size"].endswith("(A4)")


def test_the_long_form_is_one_narrow_page(app: Flask, unit: Unit, tmp_path: Path) -> None:
    words = read(written(app, "building", "tower1", "long", "/en/"), tmp_path)
    assert "Yunlan Tower" in words
    assert "Asking rent" in words
    wide, tall = map(float, re.findall(r"[\d.]+", info(tmp_path)["Page size"])[:2])
    assert info(tmp_path)["Pages"] == "1"
    assert tall > 3 * wide


def test_a_briefing_is_one_page_of_numbers_with_sources_and_what_they_mean(
    app: Flask, unit: Unit, tmp_path: Path
) -> None:
    words = read(written(app, "briefing", "jw"), tmp_path)
    assert info(tmp_path)["Pages"] == "1"
    for told in ("江湾街道楼宇经济概览", "空置率", "6%", "① 某街道办", "口径", "云澜大厦"):
        assert told in words


def test_a_paper_is_asked_of_the_worker_once_and_the_page_says_how_far_it_is(
    client: FlaskClient, unit: Unit, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "PATIENCE_S", 0)
    for _ in range(2):
        answer = client.get("/brochure/b/tower1.pdf")
        assert answer.status_code == 202
        assert answer.headers["Refresh"] == "1"
        assert "<progress" in answer.text
    jobs = session.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = 'write_paper'")).scalars().all()
    assert [(job["kind"], job["code"], job["form"], job["language"]) for job in jobs] == [
        ("building", "tower1", "a4", "zh-Hans")
    ]


def test_a_paper_that_is_written_is_sent_and_kept(
    app: Flask, client: FlaskClient, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "PATIENCE_S", 0)
    assert client.get("/brochure/long/a/jw.pdf").status_code == 202
    with app.test_request_context("/"):
        key = papers.key_of("area", "jw", "long")
        papers.write("area", "jw", "long", app.extensions["loumap_cards"].path(key, ".pdf"))
    answer = client.get("/brochure/long/a/jw.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


@pytest.mark.parametrize("path", ["b/nothing", "u/nothing", "a/nothing", "briefing/nothing", "huge/b/tower1"])
def test_a_paper_of_nothing_is_not_found(client: FlaskClient, unit: Unit, path: str) -> None:
    assert client.get(f"/brochure/{path}.pdf").status_code == 404


def test_whoever_waits_for_a_paper_keeps_nobody_from_the_map() -> None:
    lanes = Lanes()
    assert lane_of(lanes, "GET", "/en/brochure/b/x.pdf") is lanes.brochures


@pytest.mark.parametrize("to", ["/b/tower1", "/u/unit1", "/a/jw", "/?by=grade", "/compare?b=tower1"])
def test_the_page_for_sharing_offers_pictures_and_papers(client: FlaskClient, unit: Unit, to: str) -> None:
    page = client.get("/share", query_string={"to": to}).text
    links = re.findall(r'href="(/(?:card|brochure)/[^"]+)"', page)
    assert links, page
    assert ("/brochure/a/jw.pdf" in links) == (to == "/a/jw")
    assert any("by=grade" in link for link in links) == ("grade" in to)
