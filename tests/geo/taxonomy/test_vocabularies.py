"""The words that files use for grades, states and rents are understood."""

from decimal import Decimal
from pathlib import Path

import pytest

from geo.errors import UnknownValueError
from geo.taxonomy import (
    area_level_from_text,
    area_levels,
    building_status_from_text,
    building_statuses,
    fitout_from_text,
    fitouts,
    grade_from_text,
    grades,
    map_groups,
    occupancies,
    occupancy_from_text,
    rent_cny_m2_day,
    rent_cny_m2_month,
    rent_units,
    terms,
    theme_from_text,
    themes,
)

DATA = Path(__file__).parents[3] / "data"


@pytest.mark.parametrize(
    ("text", "scheme", "code"),
    [
        ("甲级", "gbt39069", "a"), ("甲級寫字樓", "gbt39069", "a"), ("超甲", "gbt39069", "super_a"),
        ("乙级", "gbt39069", "b"),
        ("A", "market", "a"), ("Ａ级", "market", "a"), ("Grade A", "market", "a"), ("class b", "market", "b"),
        ("5A", "5a", "5a"),
    ],
)  # fmt: skip
def test_a_grade_belongs_to_one_scheme(text: str, scheme: str, code: str) -> None:
    grade = grade_from_text(text)
    assert (grade.scheme, grade.code) == (scheme, code)


def test_a_code_is_read_within_its_scheme() -> None:
    assert grade_from_text("a", "gbt39069").name == "甲级"
    with pytest.raises(UnknownValueError):
        grade_from_text("c", "gbt39069")


def test_grades_are_in_order_of_their_scheme() -> None:
    assert [grade.code for grade in grades("gbt39069")] == ["super_a", "a", "b"]
    assert [grade.order for grade in grades("market")] == [1, 2, 3]
    assert len(grades()) == 7


@pytest.mark.parametrize(
    ("text", "code", "occupancy", "contract"),
    [
        ("空置", "vacant", "vacant", "none"), ("待租", "vacant", "vacant", "none"),
        ("vacant", "vacant", "vacant", "none"),
        ("已租", "in_use", "tenant", "let"), ("出租", "in_use", "tenant", "let"),
        ("自用", "own_use", "own_use", "none"),
        ("洽谈中", "negotiating", "vacant", "talks"), ("已签未入驻", "signed", "vacant", "signed"),
        ("装修中", "fitting_out", "fitting_out", "let"), ("即将到期", "expiring", "tenant", "let"),
        ("未知", "unknown", "unknown", "none"), ("裝修", "fitting_out", "fitting_out", "let"),
    ],
)  # fmt: skip
def test_a_state_says_what_is_stored(text: str, code: str, occupancy: str, contract: str) -> None:
    status = occupancy_from_text(text)
    assert (status.code, status.occupancy, status.contract) == (code, occupancy, contract)


def test_the_public_sees_five_states_only() -> None:
    assert [status.code for status in occupancies("public")] == ["vacant", "soon", "in_use", "own_use", "unknown"]
    assert {"negotiating", "expiring", "signed"} <= {status.code for status in occupancies()}


def test_an_unknown_word_names_the_closest() -> None:
    with pytest.raises(UnknownValueError, match="'甲等' is not known; closest: 甲级"):
        grade_from_text("甲等")
    with pytest.raises(UnknownValueError, match="allowed: 毛坯、简装、精装、带家具"):
        fitout_from_text("")


def test_other_words_are_understood() -> None:
    assert fitout_from_text("精装修").code == "full"
    assert fitout_from_text("拎包入住").code == "furnished"
    assert building_status_from_text("在建").code == "under_construction"
    assert building_status_from_text("已投入运营").code == "operating"
    assert theme_from_text("金融科技").code == "fintech"
    assert area_level_from_text("街道").code == "subdistrict"


@pytest.mark.parametrize("words", [themes(), fitouts(), occupancies(), building_statuses(), area_levels()])
def test_no_spelling_leads_to_two_words(words: tuple) -> None:  # type: ignore[type-arg]
    spellings = [spelling for word in words for spelling in {word.code, word.name, word.name_en, *word.aliases}]
    assert len(spellings) == len(set(spellings))


def test_labels_come_in_three_languages() -> None:
    headquarters = next(group for group in map_groups() if group.code == "headquarters")
    assert headquarters.label() == "总部"
    assert headquarters.label("en") == "Headquarters"
    assert headquarters.label("zh_Hant") == headquarters.label("zh-hant") == "總部"


@pytest.mark.parametrize(
    ("amount", "unit", "area", "per_day"),
    [
        (4.5, "cny_m2_day", None, 4.5), (Decimal("136.875"), "cny_m2_month", None, 4.5),
        (1642.5, "cny_m2_year", None, 4.5),
        (136875, "cny_month", 1000, 4.5), (136875, "cny_month", None, None), (800, "cny_desk_month", 100, None),
    ],
)  # fmt: skip
def test_rents_are_made_comparable(amount: float, unit: str, area: float | None, per_day: float | None) -> None:
    found = rent_cny_m2_day(amount, unit, area)
    assert found == (per_day if per_day is None else pytest.approx(per_day))


def test_a_rent_per_month_stands_beside_the_one_per_day() -> None:
    assert rent_cny_m2_month(4.5, "cny_m2_day") == pytest.approx(136.875)
    assert rent_cny_m2_month(4.5, "cny_m2_day", days_per_month=30) == pytest.approx(135)
    with pytest.raises(UnknownValueError, match="cny_m2_day"):
        rent_cny_m2_day(1, "usd_sqft_year")
    assert {unit.code for unit in rent_units()} >= {"cny_m2_day", "cny_m2_month", "cny_month", "cny_desk_month"}


def test_every_term_is_defined_in_both_languages() -> None:
    assert len({term.code for term in terms()}) == len(terms()) >= 40
    for term in terms():
        assert term.definition_en.endswith("."), term.code
        assert term.definition_zh.endswith("。"), term.code


def test_every_file_of_the_folder_is_described() -> None:
    described = (DATA / "README.md").read_text("utf-8")
    assert [file.name for file in (DATA / "taxonomies").iterdir() if file.name not in described] == []
