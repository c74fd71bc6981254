"""Industries carry the codes and names of the standard, and every enterprise has one colour on the map."""

import csv
from pathlib import Path

import pytest

from geo.errors import UnknownValueError, UnreadableFileError
from geo.taxonomy import (
    filter_groups,
    groups_of,
    industries,
    industry_code,
    industry_from_text,
    industry_group,
    load_industry_table,
    map_groups,
    section_of,
)

FILES = Path(__file__).parents[2] / "files" / "taxonomy"


def test_all_sections_and_divisions_are_there_in_two_languages() -> None:
    assert [sum(industry.level == level for industry in industries()) for level in (1, 2)] == [20, 97]
    assert all(industry.name and industry.name_en.isascii() for industry in industries())
    codes = {industry.code for industry in industries()}
    assert all(industry.parent in codes for industry in industries() if industry.level == 2)


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("J", "finance"), ("6621", "finance"), ("65", "it"), ("7231", "business"), ("74", "business"),
        ("7211", "headquarters"),
        ("7212", "business"), ("51", "trade"), ("62", "trade"), ("88", "culture"), ("70", "other"), ("C", "other"),
        (None, "other"),
    ],
)  # fmt: skip
def test_every_code_has_one_map_group(code: str | None, group: str) -> None:
    assert industry_group(code) == group


def test_a_headquarters_is_shown_as_one_whatever_its_code() -> None:
    assert industry_group("6621", is_headquarters=True) == "headquarters"


def test_every_division_falls_into_exactly_one_map_group() -> None:
    members = [member for group in map_groups() for member in group.members]
    assert len(members) == len(set(members))
    assert {member for member in members if member.isalpha()} == {i.code for i in industries() if i.level == 1}
    assert [group.code for group in map_groups()][-1] == "other"
    assert all(group.colour for group in map_groups())


def test_filter_groups_overlap() -> None:
    assert groups_of("7241") == {"business", "four_professionals", "consulting"}
    assert groups_of("6571") == {"it", "digital_economy", "creative"}
    assert "four_professionals" not in groups_of("7249")
    assert groups_of("A") == {"other"}


@pytest.mark.parametrize(("written", "code"), [("j", "J"), ("J66", "66"), ("Ｊ６６２１", "6621"), (" 0111 ", "0111")])
def test_codes_have_one_spelling(written: str, code: str) -> None:
    assert industry_code(written) == code


@pytest.mark.parametrize("written", ["", "U", "98", "00", "C66", "66211", "金融"])
def test_codes_that_do_not_exist_are_refused(written: str) -> None:
    with pytest.raises(UnknownValueError, match="4754"):
        industry_code(written)


def test_industries_are_known_by_name_too() -> None:
    assert industry_from_text("金融业") == "J"
    assert industry_from_text("房地產業") == "K"
    assert industry_from_text("Insurance") == "68"
    assert industry_from_text("J6621") == "6621"
    assert industry_from_text("商业银行服务", {"商业银行服务": "6621"}) == "6621"
    with pytest.raises(UnknownValueError, match="closest: 金融业"):
        industry_from_text("金融行业")


def test_the_section_of_a_code_is_its_letter() -> None:
    assert (section_of("6621"), section_of("J"), section_of("01")) == ("J", "J", "A")


def test_a_full_table_is_read_with_its_names() -> None:
    table = load_industry_table(FILES / "full.csv")
    assert table.problems == ()
    assert [row.code for row in table.rows] == ["J", "66", "662", "6621"]
    assert table.rows[-1].name == "商业银行服务"


def test_a_table_in_gb18030_is_read() -> None:
    assert load_industry_table(FILES / "gb18030.csv").rows[0].name == "金融业"


def test_orphans_repeats_and_malformed_rows_are_named() -> None:
    table = load_industry_table(FILES / "troubled.csv")
    assert [row.code for row in table.rows] == ["J", "66", "662"]
    text = "\n".join(table.problems)
    assert len(table.problems) == 5
    for trouble in (
        "Row 5: code 66 stands in the file twice",
        "'66x1'",
        "6631",
        "Row 7: code 6722 cannot",
        "6621 has no name",
    ):
        assert trouble in text


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="level, section, parent"):
        load_industry_table(FILES / "another_kind.csv")


@pytest.mark.real_data
def test_names_are_those_of_the_standard(shared_data: Path) -> None:
    with (shared_data / "taxonomy/gbt4754_2017.csv").open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    # The file shortens this one; the standard's name of division 75 ends in 业.
    names["75"] = "科技推广和应用服务业"
    assert {industry.code: industry.name for industry in industries()} == {
        code: name for code, name in names.items() if len(code) <= 2
    }
    for group in (*map_groups(), *filter_groups()):
        for member in group.members:
            assert member in names
            assert names[member] in group.note or group.code == "other"


@pytest.mark.real_data
def test_the_full_table_is_read_without_a_problem(shared_data: Path) -> None:
    table = load_industry_table(shared_data / "taxonomy/gbt4754_2017.csv")
    assert table.problems == ()
    assert [sum(row.level == level for row in table.rows) for level in (1, 2, 3, 4)] == [20, 97, 473, 1381]
    assert {industry_group(row.code) for row in table.rows} == {group.code for group in map_groups()}
