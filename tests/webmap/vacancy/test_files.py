"""Who prefers Excel or a message: both are shown before they are sent, and a wrong cell is marked where it is."""

import base64
import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import Building
from tests.web import post_form, text_of
from webmap.vacancy.models import ReturnLine, ReturnSubmission


def _confirm(client: FlaskClient, tower: Building, page: str):
    """Send the form of a preview as it stands."""
    fields = re.findall(r'<input type="(?:hidden|checkbox)" name="([^"]+)" value="([^"]*)"', page)
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(unescape(value))
    return client.post(f"/return/{tower.code}", data=data)


def _workbook(client: FlaskClient, tower: Building):
    answer = client.get(f"/return/{tower.code}/workbook.xlsx")
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.data))


def _upload(client: FlaskClient, tower: Building, book):
    data = BytesIO()
    book.save(data)
    data.seek(0)
    page = f"/return/{tower.code}/upload"
    return post_form(client, page, page, file=(data, "周报.xlsx"))


def test_a_pasted_message_is_shown_and_then_sent(manager: FlaskClient, session: Session, tower, units):
    page = f"/return/{tower.code}/paste"
    shown = post_form(manager, page, page, text="12楼 1203 空置 4.2元/平/天；1299 已租")
    words = text_of(shown.text)
    assert "1203 在租 → 空置 · 招商 4.2 元/m²·天" in words
    assert "找不到单元 1299" in words
    assert session.scalars(select(ReturnSubmission)).all() == []
    assert _confirm(manager, tower, shown.text).status_code == 303
    line = session.scalars(select(ReturnLine)).one()
    assert (line.unit_id, line.status, line.submission.via) == (units[2].id, "vacant", "text")


def test_a_message_of_which_nothing_is_read_stays_in_the_form(manager: FlaskClient, tower, units):
    page = f"/return/{tower.code}/paste"
    shown = post_form(manager, page, page, text="今天天气不错").text
    assert "没有读出任何单元" in shown
    assert "今天天气不错</textarea>" in shown


def test_a_workbook_comes_filled_in_and_only_touched_rows_are_sent(manager, session: Session, tower, units):
    book = _workbook(manager, tower)
    sheet = book.worksheets[0]
    assert [sheet.cell(row, 2).value for row in (5, 6, 7)] == ["1201", "1202", "1203"]
    assert sheet["C5"].value == "在租"
    sheet["C6"], sheet["D6"], sheet["E6"], sheet["F6"] = "空置", "是", 5.5, "元/m²·天"
    shown = _upload(manager, tower, book)
    assert "1202 在租 → 空置 · 招商 5.5 元/m²·天" in text_of(shown.text)
    assert _confirm(manager, tower, shown.text).status_code == 303
    line = session.scalars(select(ReturnLine)).one()
    assert (line.unit_id, line.submission.via) == (units[1].id, "workbook")


def test_wrong_cells_are_listed_and_marked_in_the_file_that_comes_back(manager, session: Session, tower, units):
    book = _workbook(manager, tower)
    sheet = book.worksheets[0]
    sheet["C5"], sheet["D6"], sheet["C7"] = "半空", "也许", "空置"
    answer = _upload(manager, tower, book)
    assert answer.status_code == 422
    assert "2 个单元格要改" in text_of(answer.text)
    marked = base64.b64decode(re.search(r'base64,([^"]+)"', answer.text)[1])
    back = load_workbook(BytesIO(marked)).worksheets[0]
    assert "请从下拉里选" in back["C5"].comment.text
    assert back["D6"].fill.fgColor.rgb == "00FBE0DC"
    assert back["C7"].comment is None
    assert back["C7"].value == "空置"
    assert session.scalars(select(ReturnSubmission)).all() == []


def test_a_row_that_was_added_or_copied_is_refused_where_it_stands(manager, tower, units):
    book = _workbook(manager, tower)
    sheet = book.worksheets[0]
    sheet["B18"], sheet["C18"] = "1299", "空置"
    for place in range(1, 14):
        sheet.cell(8, place).value = sheet.cell(7, place).value
    sheet["C7"], sheet["C8"] = "空置", "自用"
    words = text_of(_upload(manager, tower, book).text)
    assert "B18" in words
    assert "这个单元出现了两次" in words


def test_the_workbook_of_another_building_is_refused(manager, session: Session, tower, units):
    book = _workbook(manager, tower)
    book.worksheets[0]["L1"] = "elsewhere"
    assert _upload(manager, tower, book).status_code == 422


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"x" * 450_000], ids=["empty", "broken", "large"])
def test_what_is_no_workbook_is_refused_with_a_reason(manager, tower, units, data: bytes):
    page = f"/return/{tower.code}/upload"
    answer = post_form(manager, page, page, file=(BytesIO(data), "x.xlsx"))
    assert answer.status_code == 422
