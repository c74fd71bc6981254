import zipfile
from datetime import date

import pytest

from geo.errors import UnreadableFileError
from geo.importers.fields import Kind


def test_merged_header_cells_become_one_heading_per_column(read):
    found = read("merged_cells.xlsx", Kind.UNITS)
    assert found.file.info.headings[3:6] == ["面积 / 建筑面积(㎡)", "面积 / 最小分割面积(㎡)", "租金 / 元/㎡·天"]


def test_vertically_merged_cells_are_filled_down(read):
    found = read("merged_cells.xlsx", Kind.UNITS)
    assert found.column("building") == ["云栖大厦", "云栖大厦", "云栖大厦", "望江中心"]
    assert found.rows() == [4, 5, 6, 7]


def test_numbers_as_text_dates_and_errors_of_a_workbook(read):
    found = read("merged_cells.xlsx", Kind.UNITS)
    assert found.column("area_m2") == [1200, 860.5, None, 500]
    assert found.column("min_area_m2") == [300, None, None, None]
    assert found.column("label") == ["1201", "1202", "B101", "301"]
    assert found.column("available_on") == [date(2026, 9, 1), date(2026, 9, 1), None, date(2026, 10, 1)]
    assert found.sentences("cell_error")[0].startswith("Row 6: 面积 / 建筑面积(㎡) holds the spreadsheet error '#REF!'")


def test_total_row_and_footnote_are_skipped_and_said(read):
    found = read("merged_cells.xlsx", Kind.UNITS)
    assert found.log.counts["skipped"] == 2
    assert found.sentences("row_total") == ["Row 8: '合计' is a total and was skipped."]


def test_the_sheet_with_known_headings_is_read_and_the_others_named(read):
    assert "说明" in read("merged_cells.xlsx", Kind.UNITS).sentences("layer_chosen")[0]
    with pytest.raises(UnreadableFileError, match="房源"):
        read("merged_cells.xlsx", Kind.UNITS, layer="Sheet9")


def test_a_workbook_that_unpacks_to_a_bomb_is_refused(read, tmp_path):
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (120 << 20))
    with pytest.raises(UnreadableFileError, match="would unpack"):
        read(bomb, Kind.UNITS)


def test_an_old_workbook_is_named_as_such(read, tmp_path):
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    with pytest.raises(UnreadableFileError, match=r"save it as \.xlsx"):
        read(tmp_path / "old.xls", Kind.UNITS)
