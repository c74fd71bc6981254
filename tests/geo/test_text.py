"""Names are found however they are typed, and spellings of one building meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.text import (
    chinese_number,
    clean,
    fold,
    fold_building_name,
    search_keys,
    search_terms,
    to_simplified,
    to_traditional,
)


def is_found(query: str, *names: str | None) -> bool:
    keys = search_keys(*names)
    return all(term in keys for term in search_terms(query))


@pytest.mark.parametrize(
    "query",
    ["金融", "金融中心", "金　融", "jinrong", "JinRong", "jr", "JR", "ＪＲ", "jin rong", "jrzx", "zhongxin", "國際"],
)
def test_a_reader_finds_the_finance_centre(query: str) -> None:
    assert is_found(query, "国际金融中心")


@pytest.mark.parametrize("query", ["国际金融", "國際金融", "gjjr", "guoji"])
def test_a_traditional_name_is_found_in_simplified_script(query: str) -> None:
    assert is_found(query, "國際金融中心")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("chongqing", "重庆大厦"), ("zhonghua", "重华里"), ("chonghua", "重华里"),
        ("changshui", "长水街道"), ("zhangshui", "长水街道"), ("zsjd", "长水街道"), ("csjd", "长水街道"),
        ("dasha", "海湾大厦"), ("daxia", "海湾大厦"), ("yinhang", "工商银行"), ("yinxing", "工商银行"),
        ("chaoyang", "朝阳大厦"), ("lvdi", "绿地中心"), ("ludi", "绿地中心"), ("kuaiji", "会计师事务所"),
    ],
)  # fmt: skip
def test_characters_with_two_readings_are_found_by_either(query: str, name: str) -> None:
    assert is_found(query, name)


@pytest.mark.parametrize("query", ["ifc", "IFC", "ａ座", "azuo", "gjifc", "gjifca"])
def test_letters_inside_a_chinese_name_are_found(query: str) -> None:
    assert is_found(query, "国际IFC Ａ座")


def test_an_english_name_is_found_by_words_initials_and_without_accents() -> None:
    assert is_found("ifc", None, "International Finance Centre")
    assert is_found("centre finance", "International Finance Centre")
    assert is_found("toolo", "Töölö Gate")
    assert is_found("Töölö", "Toolo Gate")


def test_another_name_is_not_found() -> None:
    assert not is_found("科技", "国际金融中心")
    assert not is_found("kj", "国际金融中心")


def test_a_long_name_of_many_readings_keeps_a_short_key() -> None:
    name = "重庆长江都会重工行业朝阳乐都大厦"
    assert len(search_keys(name).split()) < 60
    assert is_found("chongqingchangjiang", name)
    assert is_found("daxia", name)


def test_nothing_gives_no_key() -> None:
    assert search_keys(None, "", "——") == ""
    assert search_terms(" 　· ") == []


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_and_any_text_finds_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text) in search_keys(text)
    assert fold_building_name(clean(text)) == fold_building_name(text)


def test_stored_text_is_half_width_with_chinese_punctuation_kept() -> None:
    assert clean("　海湾\u200b大厦（Ａ座）　１２ 层\ufeff ") == "海湾大厦（A座） 12 层"
    assert clean("1,200㎡") == "1,200㎡"


@pytest.mark.parametrize(
    "spellings",
    [
        ["海湾中心A座", "海湾中心Ａ座", "海湾中心A栋", "海灣中心 A 棟", "海湾中心（a座）", "海湾中心A塔楼"],
        ["海湾中心A座", "海湾中心 Tower A", "海湾中心 A Tower", "海湾中心-A幢"],
        ["创新园3号楼", "创新园3栋", "创新园三号楼", "创新园3幢", "创新园３＃", "创新园3#楼", "创新园第三栋"],
        ["创新园3号楼", "創新園3號樓", "创新园3号", "创新园 Building 3", "创新园 Bldg. No. 3"],
        ["海湾广场12号楼", "海湾广场十二号楼", "海湾广场拾贰幢"],
        ["软件园二期1座", "软件园2期一座", "软件园第二期1#"],
        ["海湾大楼", "海湾大厦", "海灣大廈"],
        ["海湾中心东座", "海湾中心东楼", "海湾中心（东塔）"],
        ["海湾路300号3号楼", "海湾路300号3栋", "海灣路３００號三號樓"],
    ],
)  # fmt: skip
def test_spellings_of_one_building_meet(spellings: list[str]) -> None:
    assert len({fold_building_name(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("海湾中心A座", "海湾中心B座"), ("海湾中心A座", "海湾中心甲座"), ("海湾中心", "海湾中心A座"),
        ("创新园3号楼", "创新园13号楼"), ("创新园1-3号楼", "创新园13号楼"), ("海湾路300号", "海湾路300号楼"),
        ("软件园一期", "软件园二期"), ("海湾大厦", "海湾广场"), ("海湾大厦3楼", "海湾大厦3号楼"),
    ],
)  # fmt: skip
def test_different_buildings_stay_apart(one: str, other: str) -> None:
    assert fold_building_name(one) != fold_building_name(other)


@pytest.mark.parametrize(
    ("text", "value"),
    [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("贰拾叁", 23), ("一百零五", 105), ("两百", 200), ("一二", 12)],
)
def test_chinese_numerals_are_read(text: str, value: int) -> None:
    assert chinese_number(text) == value


@pytest.mark.parametrize("text", ["", "3", "三万", "甲"])
def test_other_text_is_no_chinese_numeral(text: str) -> None:
    with pytest.raises(ValueError, match="numeral"):
        chinese_number(text)


def test_scripts_are_converted_both_ways() -> None:
    assert to_traditional("写字楼招商信息") == "寫字樓招商信息"
    assert to_simplified("寫字樓招商信息") == "写字楼招商信息"
