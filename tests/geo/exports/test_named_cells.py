"""An office's own workbook is filled where it names cells, and stays as it is everywhere else."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName

from geo.errors import UnreadableFileError
from geo.exports.named_cells import fill_names

NAMES = {"occupancy_rate": "'表 一'!$B$2", "Residents": "'表 一'!$C$40", "report_title": "'表 一'!$A$1"}


def template(names: dict[str, str] | None = None) -> bytes:
    """A sheet with a title, a formula, a styled cell and a chart, and names for some of its cells."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "表 一"
    sheet["A2"], sheet["B2"], sheet["D2"] = "入驻率", 0.5, "=B2*2"
    sheet["B2"].font, sheet["B2"].number_format = Font(bold=True), "0.0%"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=3))
    sheet.add_chart(chart, "F2")
    for name, place in (NAMES if names is None else names).items():
        book.defined_names[name] = DefinedName(name, attr_text=place)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))["表 一"]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_named_cells_are_filled_with_their_style_kept_and_new_rows_made() -> None:
    told = {"occupancy_rate": 0.784, "residents": 2115.0, "report_title": "季报 <第 3 季度>"}
    found = fill_names(template(), told)
    sheet = opened(found.content)
    assert (sheet["B2"].value, sheet["C40"].value, sheet["A1"].value) == (0.784, 2115, "季报 <第 3 季度>")
    assert sheet["B2"].font.bold
    assert sheet["B2"].number_format == "0.0%"
    assert sheet["A2"].value == "入驻率"
    assert [each.name for each in found.filled] == [*NAMES]
    assert found.unknown == ()


def test_everything_else_stays_byte_for_byte_and_formulas_are_reckoned_anew() -> None:
    before = template()
    after = fill_names(before, {"occupancy_rate": 0.784}).content
    changed = {name for name, part in parts(before).items() if parts(after)[name] != part}
    assert changed == {"xl/workbook.xml", "xl/worksheets/sheet1.xml"}
    assert parts(before).keys() == parts(after).keys()
    assert opened(after)["D2"].value == "=B2*2"
    assert b'fullCalcOnLoad="1"' in parts(after)["xl/workbook.xml"]


def test_names_that_nobody_knows_are_told_with_their_place_and_left_alone() -> None:
    names = {
        "occupancy_rate": "'表 一'!$B$2",
        "our_own": "'表 一'!$A$2",
        "several": "'表 一'!$A$1:$B$9",
        "gone": "#REF!",
    }
    found = fill_names(template(names), {"occupancy_rate": 1.0, "several": 2.0})
    assert [(each.name, each.place) for each in found.unknown] == [
        ("our_own", "表 一!A2"),
        ("several", ""),
        ("gone", ""),
    ]
    assert opened(found.content)["A2"].value == "入驻率"


def test_a_workbook_without_names_is_refused_with_how_to_give_one() -> None:
    with pytest.raises(UnreadableFileError, match="Mark a cell and type a name such as occupancy_rate"):
        fill_names(template({}), {"occupancy_rate": 1.0})


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (60 << 20))
    return out.getvalue()


def with_entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts(template()).items():
            if name == "xl/workbook.xml":
                part = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + part
            archive.writestr(name, part)
    return out.getvalue()


def without(part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, kept in parts(template()).items():
            if name != part:
                archive.writestr(name, kept)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no .xlsx file"),
        (b"PK\x03\x04 and no more", "no .xlsx file"),
        (template()[:3000], "no .xlsx file"),
        (without("xl/worksheets/sheet1.xml"), "damaged"),
        (without("xl/workbook.xml"), "damaged"),
        (bomb(), "would unpack to"),
        (with_entities(), "declares XML entities"),
        (b"PK" + b"0" * (6 << 20), "over 5 MB"),
    ],
)
def test_a_hostile_or_broken_workbook_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        fill_names(content, {"occupancy_rate": 1.0})
