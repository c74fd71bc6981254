"""What a client carries away of a selection: a brochure that can be searched, slides that can be changed."""

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pptx import Presentation
from pptx.oxml.ns import qn
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.web import post_form, text_of
from tests.webmap.share.sending import sent
from webmap import papers
from webmap.admission import Lanes, lane_of

SAID = {"greeting": "王总您好，按您的要求选了这几处。", "sender": "招商中心 021-5550000"}


@pytest.fixture
def token(app: Flask, promoter: FlaskClient, units: list[Unit], session: Session) -> str:
    """A selection of two units and their building; papers are written by whoever asks for them."""
    app.extensions["loumap_unattended_s"] = 0
    tower = session.get_one(Building, units[0].building_id)
    said = {"requirement": "area=200&rent_max=6", f"n.{units[1].code}": "采光最好", **SAID}
    return sent(promoter, units[:2], b=tower.code, **said)


def test_the_brochure_says_what_the_page_says_and_is_kept_until_something_changes(
    app: Flask, promoter: FlaskClient, reader: FlaskClient, token: str, units: list[Unit], tmp_path: Path
) -> None:
    answer = reader.get(f"/s/{token}/selection.pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    (tmp_path / "paper.pdf").write_bytes(answer.data)
    done = subprocess.run(["pdftotext", tmp_path / "paper.pdf", "-"], capture_output=True, text=True, check=True)
    words = " ".join(done.stdout.split())
    for told in (
        "为海原科技选的 3 处", *SAID["greeting"].split("，"), SAID["sender"], "云澜大厦 901", "采光最好", "/100",
        "今天可租的单元", "得分的理由", "三年合计", "未核实", "数据来源", f"/s/{token}",
    ):  # fmt: skip
        assert told in words, told
    info = subprocess.run(["pdfinfo", tmp_path / "paper.pdf"], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in info

    kept = app.extensions["loumap_cards"].path("", "").parent
    assert reader.get(f"/s/{token}/selection.pdf").data == answer.data
    assert len(list(kept.glob("*.pdf"))) == 1
    own = f"/desk/selections/{token}"
    post_form(promoter, own, own, name="为海原科技再选", u=units[0].code)
    assert reader.get(f"/s/{token}/selection.pdf").data != answer.data
    assert len(list(kept.glob("*.pdf"))) == 2


def test_the_slides_are_texts_and_tables_in_fonts_that_have_chinese(
    reader: FlaskClient, token: str, units: list[Unit]
) -> None:
    answer = reader.get(f"/s/{token}/selection.pptx")
    assert answer.mimetype == papers.PPTX
    slides = list(Presentation(BytesIO(answer.data)).slides)
    assert [slide.shapes.title.text for slide in slides] == [
        "为海原科技选的 3 处", "位置", "1. 云澜大厦 801", "2. 云澜大厦 901", "3. 云澜大厦", "比较", "联系和说明",
    ]  # fmt: skip
    texts = [[shape.text_frame.text for shape in slide.shapes if shape.has_text_frame] for slide in slides]
    assert SAID["greeting"] in texts[0]
    assert "采光最好" in texts[3]
    (table,) = (shape.table for shape in slides[5].shapes if shape.has_table)
    assert [row.cells[1].text for row in table.rows] == ["房源", "云澜大厦 801", "云澜大厦 901", "云澜大厦"]
    free = [shape.table for shape in slides[4].shapes if shape.has_table][-1]
    assert [row.cells[0].text for row in free.rows] == ["单元", "801", "901", "1001"]
    fonts = {font.get("typeface") for slide in slides for font in slide._element.iter(qn("a:ea"))}
    assert fonts == {"Microsoft YaHei"}
    pictures = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    assert all(shape._element._nvXxPr.cNvPr.get("descr") for shape in pictures)
    assert len(pictures) == 6


def test_while_it_is_written_the_page_says_how_far_it_is(
    app: Flask, reader: FlaskClient, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["loumap_unattended_s"] = 15
    monkeypatch.setattr(papers, "PATIENCE_S", 0)
    answer = reader.get(f"/s/{token}/selection.pptx")
    assert answer.status_code == 202
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "正在生成 PPT" in text_of(answer.text)


@pytest.mark.parametrize("name", ["selection.pdf", "selection-long.pdf", "selection.pptx"])
def test_whoever_waits_for_it_keeps_nobody_from_the_map(name: str) -> None:
    lanes = Lanes()
    assert lane_of(lanes, "GET", f"/en/s/kkkwwwzzzccc/{name}") is lanes.brochures
