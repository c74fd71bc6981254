"""A report is carried away as a workbook with a dictionary, as a text, as PDF, and in an office's own workbook."""

import io
import json
import re
import zipfile

import docx
import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.reports import fingerprint
from tests.geo.exports.test_named_cells import template
from tests.web import text_of
from tests.webmap.reports.conftest import Made
from webmap.reports.models import Report


def test_the_annex_has_every_figure_to_the_digit_with_what_it_means(
    planner: FlaskClient, session: Session, made: Made
) -> None:
    address = made()
    book = openpyxl.load_workbook(io.BytesIO(planner.get(f"{address}/data.xlsx").data))
    figures = {row[0]: row for row in book["主要指标 Figures"].iter_rows(values_only=True)}
    assert figures["occupancy_rate"][3:7] == (0.75, "share", 750, 1000)
    dictionary = {row[0]: row for row in book["指标说明 Dictionary"].iter_rows(values_only=True)}
    assert dictionary.keys() == figures.keys()
    assert dictionary["occupancy_rate"][9:11] == ("occupied_m2", "base_m2")
    towers = list(book["楼宇 Buildings"].iter_rows(values_only=True))
    at = towers[1].index("occupancy_rate")
    assert [(row[1], row[at]) for row in towers[2:]] == [("样例大厦", 0.75)]
    report = session.scalars(select(Report)).one()
    about = dict(row[:2] for row in book["关于 About"].iter_rows(min_row=2, values_only=True))
    assert about["内容指纹 SHA-256"] == report.sha256


def test_the_data_as_json_can_be_checked_against_the_fingerprint(
    planner: FlaskClient, session: Session, made: Made
) -> None:
    told = json.loads(planner.get(f"{made()}/data.json").data)
    assert fingerprint(told) == session.scalars(select(Report.sha256)).one()


def test_the_text_has_real_headings_and_tables_and_a_picture_of_every_chart(
    app: Flask, planner: FlaskClient, made: Made
) -> None:
    address = made()
    answer = planner.get(f"/brochure{address.replace('reports', 'report')}.docx")
    text = docx.Document(io.BytesIO(answer.data))
    headings = [each.text for each in text.paragraphs if each.style and each.style.name == "Heading 1"]
    assert [heading.split()[-1] for heading in headings] == [
        "概况",
        "空置与去化",
        "企业与产业",
        "重点楼宇",
        "方法与数据说明",
    ]
    assert "企业入驻率 75%" in "\n".join(each.text for each in text.paragraphs)
    rows = [[cell.text for cell in row.cells] for table in text.tables for row in table.rows]
    assert any(row[:2] == ["企业入驻率", "75%"] for row in rows)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
        assert len([name for name in parts.namelist() if name.startswith("word/media/")]) >= 3


def test_an_offices_own_workbook_is_filled_and_can_be_fetched(planner: FlaskClient, made: Made) -> None:
    address = made()
    token = re.search(r'name="csrf_token" value="([^"]+)"', planner.get("/reports").text)
    assert token
    names = {"occupancy_rate": "'表 一'!$B$2", "report_span": "'表 一'!$A$1", "nobody_knows": "'表 一'!$C$3"}
    form = {"csrf_token": token[1], "file": (io.BytesIO(template(names)), "模板.xlsx")}
    page = planner.post(f"{address}/fill", data=form).text
    assert "nobody_knows" in text_of(page)
    assert "报告里没有这个指标、区域或楼宇" in page
    link = re.search(r'href="([^"]+/filled/[^"]+)"', page)
    assert link
    sheet = openpyxl.load_workbook(io.BytesIO(planner.get(link[1]).data))["表 一"]
    assert (sheet["B2"].value, sheet["A1"].value) == (0.75, "2026-Q3")
    assert planner.application.test_client().get(link[1]).status_code == 404
