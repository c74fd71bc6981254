import pytest

from geo.errors import UnreadableFileError
from geo.importers.fields import Kind
from geo.importers.readers_table import sniff_separator


@pytest.mark.parametrize(
    ("name", "encoding", "first"),
    [
        ("gbk.csv", "gb18030", "云栖饭店"),
        ("utf8_bom.csv", "utf-8-sig", "云栖饭店"),
        ("utf16.csv", "utf-16", "云栖饭店"),
        ("cp1252.csv", "cp1252", "Café Lumière"),
    ],
)
def test_texts_come_right_whatever_the_encoding(read, name, encoding, first):
    found = read(name, Kind.AMENITIES)
    assert found.file.info.encoding == encoding
    assert found.column("name")[0] == first


def test_a_guessed_encoding_stands_in_the_report(read):
    assert read("gbk.csv", Kind.AMENITIES).log.by_code["encoding_guessed"] == 1
    assert read("utf8_bom.csv", Kind.AMENITIES).log.by_code["encoding_guessed"] == 0


def test_a_named_encoding_outranks_the_guess(read):
    assert read("gbk.csv", Kind.AMENITIES, encoding="gbk").column("category") == ["hotel", "bank"]


@pytest.mark.parametrize(
    ("line", "separator"), [("a;b;c", ";"), ("a\tb\tc", "\t"), ("a|b|c", "|"), ("a,b;c,d", ","), ("a", ",")]
)
def test_the_separator_is_found(line, separator):
    assert sniff_separator(f"{line}\n{line}\n") == separator


def test_decimal_commas_of_a_semicolon_file_are_understood(read):
    found = read("semicolons.csv", Kind.AMENITIES)
    assert [(shape.x, shape.y) for shape in found.geometry()] == [(121.47, 31.23)]


def test_titles_totals_footnotes_and_repeated_headers_are_no_rows(read):
    found = read("titles_and_totals.csv", Kind.UNITS)
    assert found.rows() == [4, 5, 8]
    assert found.log.counts["skipped"] == 4
    assert found.sentences("row_total") == [
        "Row 6: '小计' is a total and was skipped.",
        "Row 9: '合计' is a total and was skipped.",
    ]


def test_numbers_with_units_and_floors_of_a_vacancy_list(read):
    found = read("titles_and_totals.csv", Kind.UNITS)
    assert found.column("area_m2") == [1200, 800, 300]
    assert found.column("min_area_m2") == [None, 150, None]
    assert found.column("rent_low") == [4.5, None, 135]
    assert found.column("rent_unit") == ["cny_m2_day", None, "cny_m2_month"]
    assert found.column("rent_text") == ["4.5 元/㎡·天", "面议", "135元/㎡/月"]
    assert found.column("floor") == ["12", "3", "B1"]


def test_a_range_of_floors_is_said_in_the_words_of_the_style_guide(read):
    found = read("titles_and_totals.csv", Kind.UNITS)
    assert found.sentences("floor_range") == ["Row 5: 楼层 '3F-4F' is a range; give one floor per row."]
    assert found.column("floor_top") == [None, "4", None]


def test_a_header_over_two_rows_is_joined(read):
    found = read("two_row_header.csv", Kind.BUILDINGS)
    assert found.file.info.headings == ["楼宇名称", "面积 / 建筑面积(万㎡)", "面积 / 可租面积(㎡)", "租金 / 元/㎡·天"]
    assert found.rows() == [3]
    assert (found.column("gross_area_m2"), found.column("leasable_area_m2")) == ([32000], [1200])


def test_a_row_with_a_missing_field_is_put_back_under_its_headings(read):
    found = read("ragged_rows.csv", Kind.UNITS)
    row = found.rows().index(12)
    assert found.column("address")[row] == "Golf course, Moor Road"
    assert found.column("rateable_value")[row] == 2875
    assert found.column("occupancy")[row] == "in_use"
    assert found.geometry()[row] is None
    assert found.sentences("row_short")[0].startswith(
        "Row 12: the row has 6 of 7 fields; all fit when Latitude, Longitude"
    )


def test_a_text_torn_apart_by_its_own_comma_is_joined_again(read):
    found = read("ragged_rows.csv", Kind.UNITS)
    assert found.column("address")[found.rows().index(22)] == "Old Station, Platform 2"


def test_a_row_that_fits_nowhere_is_rejected_with_its_number(read):
    found = read("ragged_rows.csv", Kind.UNITS)
    assert 32 not in found.rows()
    assert found.sentences("row_misaligned")[0].startswith("Row 32: the row has 10 fields instead of 7")
    assert found.log.counts["rejected"] == 1


def test_line_numbers_are_those_of_the_file_when_texts_run_over_lines(read, tmp_path):
    (tmp_path / "long.csv").write_text('name,type,lon,lat\n"Two\nlines",bank,1,2\nNext,bank,3,4\n')
    assert read(tmp_path / "long.csv", Kind.AMENITIES).rows() == [2, 4]


def test_an_unclosed_quote_is_no_endless_field(read, tmp_path):
    (tmp_path / "numbers.csv").write_text("1,2\n3,4\n")
    with pytest.raises(UnreadableFileError, match="headings"):
        read(tmp_path / "numbers.csv", Kind.AMENITIES)


def test_a_column_without_heading_is_kept_under_its_letter(read, tmp_path):
    (tmp_path / "wide.csv").write_text("名称,类别,经度,纬度\n海神,银行,1,2,说明\n望江,银行,3,4,说明\n")
    found = read(tmp_path / "wide.csv", Kind.AMENITIES)
    assert found.file.info.headings[-1] == "[E]"
    assert found.count("amenities") == 2
