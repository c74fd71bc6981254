"""Finding terms in texts: what Python's own `in` says, row by row."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.columns import TextColumn, pack, unpack
from geo.state_search.texts import Texts, name_ranks
from geo.text import search_keys

words = st.text("ab大厦中1 ", max_size=12)


def column(texts: list[str]) -> TextColumn:
    return unpack(pack({}, {"t": {"c": ("utf8", texts)}})).texts("t", "c")


@given(texts=st.lists(words, max_size=30), term=st.text("ab大厦中1", min_size=1, max_size=3))
def test_a_term_is_found_in_the_rows_that_contain_it(texts: list[str], term: str) -> None:
    assert Texts(column(texts)).having(term).tolist() == [term in text for text in texts]


def test_a_term_does_not_go_on_in_the_next_row() -> None:
    assert Texts(column(["云澜大", "厦", "", "大厦"])).having("大厦").tolist() == [False, False, False, True]


def test_a_term_is_found_wherever_it_stands_in_a_long_column() -> None:
    texts = ["大楼" * 7] * 40_000
    for row in (0, 12_345, 39_999):
        texts[row] = "国际金融中心" + texts[row]
    assert np.flatnonzero(Texts(column(texts)).having("金融中心")).tolist() == [0, 12_345, 39_999]


def test_names_are_ordered_as_they_are_read_and_numbers_by_value() -> None:
    names = ["云澜大厦10座", "云澜大厦9座", "安和中心", "Zenith", "白云楼"]
    ranks = name_ranks(column([search_keys(name) for name in names]))
    assert [names[row] for row in np.argsort(ranks)] == ["安和中心", "白云楼", "云澜大厦9座", "云澜大厦10座", "Zenith"]
