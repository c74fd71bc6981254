"""Somebody takes a shortlist to a meeting: as a workbook to count with and on paper to hand round."""

import re
import subprocess
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from geo.model import AmenityDistance, Unit
from tests.factories import create_amenity, create_building, create_floor, create_source, create_unit
from webmap.admission import lane_of
from webmap.picked import paper

NOTE = "=HYPERLINK(1) 先看"


@pytest.fixture
def units(session: Session) -> list[Unit]:
    source = create_source(
        session, attribution="样例登记处", url="https://example.org/register", dated_on=date(2026, 3, 1)
    )
    tower = create_building(session, name="=甲楼", name_en="Tower A", source_id=source.id, completed_year=2019)
    near = {"category": "metro", "metres": 320, "method": "walking", "computed_at": datetime(2026, 3, 1)}
    session.add(AmenityDistance(building_id=tower.id, amenity_id=create_amenity(session).id, **near))
    values = {"state_source_id": source.id, "area_m2": 400}
    made = [create_unit(session, create_floor(session, tower, 5 + n), label=f"{5 + n}01", **values) for n in range(2)]
    session.flush()
    return made


def query(units: list[Unit]) -> str:
    first, second = units
    return f"u={first.code},{second.code},nothing1&n.{first.code}={NOTE.replace('=', '%3D')}"


def workbook(client: FlaskClient, address: str) -> openpyxl.Workbook:
    answer = client.get(address)
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.data))


def row(sheet: Worksheet, number: int) -> dict[str, object]:
    """Heading → value of a line of the list."""
    return {head.value: cell.value for head, cell in zip(sheet[3], sheet[3 + number], strict=True)}


def printed(pdf: bytes, tmp_path: Path) -> str:
    """The words of a PDF, as a reader selects them."""
    (tmp_path / "list.pdf").write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-layout", tmp_path / "list.pdf", "-"], capture_output=True, check=True)
    return run.stdout.decode()


def test_figures_of_the_workbook_can_be_counted_with(client: FlaskClient, units):
    sheet = workbook(client, f"/shortlist.xlsx?{query(units)}").worksheets[0]
    first = row(sheet, 1)
    assert first["面积 (m²)"] == 400
    assert first["租金 (元/m²·天)"] == 5
    assert first["每月（写明的部分，元）"] == pytest.approx(60833.33)
    assert first["地铁站 (m)"] == 320
    assert first["地铁站，量法"] == "步行距离"
    assert first["报送日期"].date() == date(2026, 3, 2)
    assert first["来源"] == "样例登记处"
    assert sheet.freeze_panes == "C4"
    area = next(cell for cell in sheet[3] if cell.value == "面积 (m²)")
    assert sheet.cell(4, area.column).number_format == "#,##0.00"
    assert sheet.column_dimensions["B"].width == 30


def test_names_and_notes_never_become_formulas(client: FlaskClient, units):
    book = workbook(client, f"/shortlist.xlsx?{query(units)}")
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    texts = {cell.value: cell for cell in cells}
    assert texts[NOTE].quotePrefix
    assert texts["=甲楼 501"].quotePrefix


def test_units_lead_to_their_pages_and_gone_ones_say_so(client: FlaskClient, units):
    sheet = workbook(client, f"/en/shortlist.xlsx?{query(units)}").worksheets[0]
    assert sheet["B4"].value == "Tower A 501"
    assert sheet["B4"].hyperlink.target == f"http://localhost/en/u/{units[0].code}"
    assert sheet["B6"].value == "nothing1, no longer listed"
    assert sheet["B6"].hyperlink is None


def test_the_second_sheet_has_sources_and_how_costs_are_counted(client: FlaskClient, units):
    sheet = workbook(client, f"/shortlist.xlsx?{query(units)}").worksheets[1]
    values = [cell.value for line in sheet.iter_rows() for cell in line]
    assert "样例登记处" in values
    assert any("365/12" in str(value) for value in values)
    assert sheet["D2"].hyperlink.target == "https://example.org/register"


def test_paper_has_every_unit_with_costs_distances_note_and_source(client: FlaskClient, units, tmp_path: Path):
    answer = client.get(f"/shortlist.pdf?{query(units)}")
    assert answer.mimetype == "application/pdf"
    words = printed(answer.data, tmp_path)
    for text in ("选房清单", "=甲楼 501", "=甲楼 601", "60,833 元", "320 米", NOTE, "样例登记处", "已不在册", "1/2"):
        assert text in words, text
    assert "2026-03-02 报送" in words


def test_paper_speaks_the_readers_language(client: FlaskClient, units, tmp_path: Path):
    assert "Tower A 501" in printed(client.get(f"/en/shortlist.pdf?{query(units)}").data, tmp_path)


def test_the_address_of_the_list_stands_on_paper(client: FlaskClient, units, tmp_path: Path):
    words = printed(client.get(f"/shortlist.pdf?u={units[0].code}").data, tmp_path)
    assert f"http://localhost/shortlist?u={units[0].code}" in "".join(words.split())


def test_notes_that_make_the_code_too_dense_are_left_out_of_it(app: Flask, session: Session):
    from webmap.picked.filling import load  # noqa: PLC0415 - for this test alone
    from webmap.picked.selection import Selection  # noqa: PLC0415

    made = load(session, Selection(("a1", "b2"), {"a1": "长" * 50}), date(2026, 3, 1))
    assert paper.scanned(made, f"http://x/shortlist?{made.selection.query}") == ("http://x/shortlist?u=a1,b2", False)
    assert paper.scanned(made, "http://x/shortlist?u=a1") == ("http://x/shortlist?u=a1", True)


def test_printing_fetches_nothing_whatever_a_name_says(client: FlaskClient, session: Session, tmp_path: Path):
    tower = create_building(
        session, name='<img src="file:///etc/hostname"><style>@import "http://127.0.0.1:1/x";</style>'
    )
    unit = create_unit(session, create_floor(session, tower, 5))
    words = printed(client.get(f"/shortlist.pdf?u={unit.code}").data, tmp_path)
    assert "<img" in words  # as text
    for address in ("http://127.0.0.1:1/x", "file:///etc/hostname", "data:text/plain,x"):
        with pytest.raises(ValueError, match="disallowed protocol"):
            paper.fetcher()(address)


def test_the_same_list_is_made_once_until_the_data_change(client: FlaskClient, units, session: Session):
    address = f"/shortlist.pdf?{query(units)}"
    assert client.get(address).data == client.get(address).data
    kept = client.application.extensions["loumap_shortlist_files"]
    assert len(kept._things) == 1


def test_files_are_for_who_asked_and_not_for_search_engines(client: FlaskClient, units):
    answer = client.get(f"/shortlist.xlsx?{query(units)}")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.cache_control.private
    assert re.fullmatch(r'inline; filename="shortlist-\d{4}-\d\d-\d\d\.xlsx"', answer.headers["Content-Disposition"])


def test_files_wait_in_a_lane_of_their_own(app: Flask):
    lanes = app.extensions["loumap_lanes"]
    assert lane_of(lanes, "GET", "/en/shortlist.pdf") is lanes.papers
    assert lane_of(lanes, "GET", "/shortlist.xlsx") is lanes.papers
    assert lane_of(lanes, "GET", "/shortlist") is lanes.pages


@pytest.mark.parametrize("ending", ["xlsx", "pdf"])
def test_an_empty_list_makes_no_file_and_a_gone_one_does(client: FlaskClient, ending: str):
    assert client.get(f"/shortlist.{ending}").status_code == 422
    assert client.get(f"/shortlist.{ending}?u=nothing1").status_code == 200
