"""A workbook of a few kilobytes keeps the reader of returns no longer busy than an honest one, whatever it holds."""

import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from geo.errors import LouMapError, UnreadableFileError
from geo.model import Building
from tests.fuzzing import ANYTHING, fuzzed
from tests.geo.returns.test_pasted import UNITS
from webmap.vacancy import workbook
from webmap.vacancy.workbook_reading import HEAD_ROW, MOST_ROWS, ReadWorkbook, read

TODAY = date(2026, 11, 22)
TOWER = Building(code="tower001", name="云澜大厦")
SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
"""openpyxl says what it passes over in a broken file."""


@pytest.fixture(autouse=True)
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def template() -> bytes:
    return workbook.write(TOWER, date(2026, 11, 16), UNITS, "云澜大厦")


def changed(part: str, change: Callable[[str], str]) -> bytes:
    """The template with one of its parts changed."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(template())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()).encode() if name == part else content)
    return made.getvalue()


def answer(data: bytes) -> ReadWorkbook:
    return read(data, TOWER, UNITS, TODAY)


def test_an_untouched_workbook_says_nothing(page: None) -> None:
    found = answer(template())
    assert (found.units, found.wrong) == ([], [])
    assert len(found.rows) == HEAD_ROW + len(UNITS)


@pytest.mark.parametrize(
    "more",
    [
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576" display="x"/></hyperlinks>',
    ],
    ids=["merged", "linked"],
)
def test_ranges_over_the_whole_sheet_are_not_opened(more: str) -> None:
    found = answer(changed(SHEET, lambda text: text.replace("</sheetData>", f"</sheetData>{more}")))
    assert (found.units, found.wrong) == ([], [])


@pytest.mark.parametrize("number", [1_048_576, 10**12])
def test_a_cell_far_below_the_others_is_not_reached_for(number: int) -> None:
    far = f'<row r="{number}"><c r="B{number}"><v>1</v></c></row>'
    found = answer(changed(SHEET, lambda text: text.replace("</sheetData>", f"{far}</sheetData>")))
    assert len(found.rows) == HEAD_ROW + len(UNITS)


def test_styles_without_end_are_not_read() -> None:
    found = answer(changed(STYLES, lambda text: text.replace("</cellXfs>", "<xf/>" * 400_000 + "</cellXfs>")))
    assert found.wrong == []


@pytest.mark.parametrize(
    ("part", "sign"),
    [(SHEET, "<row/>"), (BOOK, "<x/>"), ("[Content_Types].xml", "<x/>")],
    ids=["rows", "book", "parts"],
)
def test_more_cells_or_parts_than_a_return_has_are_refused(part: str, sign: str) -> None:
    with pytest.raises(UnreadableFileError, match="would unpack to"):
        answer(changed(part, lambda text: text.replace("</", sign * (7_000_000 // len(sign)) + "</", 1)))


def test_only_so_many_rows_are_read() -> None:
    row = '<row><c t="str"><v>x</v></c></row>'
    found = answer(changed(SHEET, lambda text: text.replace("</sheetData>", row * (2 * MOST_ROWS) + "</sheetData>")))
    assert len(found.rows) == HEAD_ROW + MOST_ROWS


def test_the_file_that_comes_back_holds_the_cells_and_nothing_else_of_what_came() -> None:
    book = load_workbook(BytesIO(template()))
    sheet = book.worksheets[0]
    sheet["C5"], sheet["H5"] = "半空", "=HYPERLINK(1)"
    sheet["G6"] = date(2026, 12, 1)
    book.create_sheet("密").append(["zqx"])
    sent = BytesIO()
    book.save(sent)
    found = answer(sent.getvalue())
    back = load_workbook(BytesIO(workbook.marked(found.rows, found.wrong)))
    assert back.sheetnames == ["空置周报"]
    assert (back.worksheets[0]["C5"].value, back.worksheets[0]["G6"].value.date()) == ("半空", date(2026, 12, 1))
    assert "请从下拉里选" in back.worksheets[0]["C5"].comment.text


NUMBERS = st.one_of(st.integers(-(10**30), 10**30), st.floats(), st.dates(), st.times(), st.booleans())
CELLS = st.one_of(ANYTHING, st.none(), NUMBERS)


@fuzzed
@given(st.lists(st.tuples(st.integers(1, 13), st.integers(0, len(UNITS) - 1), CELLS), max_size=8))
def test_a_workbook_with_anything_in_its_cells_is_read_or_its_cells_are_named(
    changes: list[tuple[int, int, Any]],
) -> None:
    book = load_workbook(BytesIO(template()))
    for place, row, value in changes:
        _set(book, HEAD_ROW + 1 + row, place, value)
    sent = BytesIO()
    book.save(sent)
    found = answer(sent.getvalue())
    assert all(each.remedy and len(each.value) <= 40 for each in found.wrong)
    if found.wrong:
        assert load_workbook(BytesIO(workbook.marked(found.rows, found.wrong)))


@fuzzed
@given(st.sampled_from([SHEET, BOOK, "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]), st.data())
def test_a_workbook_whose_parts_are_anything_is_read_or_refused(part: str, data: st.DataObject) -> None:
    def cut(text: str) -> str:
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        return text[:start] + data.draw(ANYTHING) + text[end:]

    try:
        answer(changed(part, cut))
    except LouMapError as error:
        assert str(error)


@fuzzed
@given(st.binary(max_size=300))
def test_a_workbook_of_any_bytes_is_refused(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", template()[:200]):
        with pytest.raises(LouMapError):
            answer(start + data)


def _set(book: Workbook, row: int, place: int, value: Any) -> None:
    """Put what a spreadsheet can hold into a cell."""
    if isinstance(value, str):
        value = workbook.ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = book.worksheets[0].cell(row, place)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
