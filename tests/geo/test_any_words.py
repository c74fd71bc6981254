"""Whatever somebody types, pastes or puts into an address is understood or refused in words, and nothing else."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import filters, matching, shapes
from geo.errors import LouMapError
from geo.floor_labels import parse_floors
from geo.matching.sentence import understood
from geo.quantities import parse_number_with_unit
from geo.returns.pasted import read_pasted
from geo.returns.said import FIELDS, from_texts, read_day
from geo.text import search_keys, search_terms
from tests.fuzzing import ANYTHING, fuzzed
from tests.geo.returns.test_pasted import unit

TODAY = date(2026, 11, 22)
ROOMS = (("1203", "12"), ("1205", "12"), ("", "3"), ("9A", "9"))
UNITS = [unit(number, label, floor, 100 + number) for number, (label, floor) in enumerate(ROOMS)]
SEARCHED = [*(field.name for field in fields(filters.Filters)), "near_minutes", "nothing"]
REQUIRED = [*(field.name for field in fields(matching.Requirement)), "metro_minutes", "metro_m", "lunch_m", "nothing"]
PIECES = st.lists(
    st.one_of(
        ANYTHING,
        st.sampled_from(["12楼", "1203", "整层", "空置", "已租", "A座", "；", "至", "-", "、", "平", "元/㎡·天", "万"]),
        st.sampled_from(["800-1000 sqm", "under 120k", "by next March", "地铁 8 分钟内", "五十人", "100万亿"]),
        st.sampled_from(["江湾街道", "月", "日", "2月29日可租", "明年"]),
    ),
    max_size=12,
).map("".join)


@fuzzed
@given(PIECES)
def test_a_pasted_return_says_of_every_statement_which_units_it_means_or_what_is_wrong(text: str) -> None:
    for line in read_pasted(text, UNITS, ["云澜大厦A座", ""], TODAY):
        assert bool(line.units) != bool(line.problems)


@fuzzed
@given(PIECES)
def test_a_sentence_becomes_a_requirement_that_can_be_asked_for(text: str) -> None:
    said = understood(text, TODAY, {"江湾街道": "ar1"})
    matching.parse(dict(said.query))
    assert all(text[part.start : part.end] == part.text for part in (*said.parts, *said.left))


@fuzzed
@given(st.dictionaries(st.sampled_from(REQUIRED), ANYTHING, max_size=6))
def test_a_requirement_of_any_parameters_is_read_or_refused(query: dict[str, str]) -> None:
    try:
        matching.to_query(matching.parse(query))
    except LouMapError as error:
        assert str(error)


@fuzzed
@given(st.dictionaries(st.sampled_from(SEARCHED), ANYTHING, max_size=6))
def test_a_search_by_any_parameters_is_read_or_refused(query: dict[str, str]) -> None:
    try:
        filters.to_query(filters.parse(query))
    except LouMapError as error:
        assert str(error)


@fuzzed
@given(st.one_of(ANYTHING, st.text(alphabet="0123456789.,;- circlepoyn()", max_size=60)))
def test_a_drawn_shape_of_any_text_is_read_or_refused(text: str) -> None:
    try:
        shapes.parse_shape(text)
    except LouMapError as error:
        assert str(error)


@fuzzed
@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING), ANYTHING)
def test_what_a_form_of_a_return_says_is_read_or_refused(said: dict[str, str], day: str) -> None:
    for read in (lambda: from_texts({"state": "vacant", **said}), lambda: read_day("since", day)):
        try:
            read()
        except LouMapError as error:
            assert str(error)


@fuzzed
@given(ANYTHING)
def test_a_text_is_a_quantity_and_a_floor_or_refused_and_always_a_name(text: str) -> None:
    for read in (parse_number_with_unit, parse_floors):
        try:
            read(text)
        except LouMapError as error:
            assert str(error)
    assert isinstance(search_keys(text), str)
    assert all(search_terms(text))


@pytest.mark.parametrize("sign", ["1", "12楼", "1203、", "(", "一", "十", "空置", "，", "1-", "A座1203空置", " ", "万"])
def test_a_text_as_long_as_may_be_is_read_to_its_end(sign: str) -> None:
    read_pasted(sign * (20_000 // len(sign)), UNITS, ["云澜"], TODAY)
    understood((sign * 500)[:500], TODAY, {})
