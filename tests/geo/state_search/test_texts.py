"""Finding terms in texts: what Python's own `in` says, row by row."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.columns import TextColumn, pack, unpack
from geo.state_search.texts import CHECKED, INDEXED_BYTES, Texts, name_ranks
from geo.text import search_keys

words = st.text("ab大厦中1 ", max_size=12)


def column(texts: list[str]) -> TextColumn:
    return unpack(pack({}, {"t": {"c": ("utf8", texts)}})).texts("t", "c")


@pytest.mark.parametrize(("indexed", "checked"), [(INDEXED_BYTES, 0), (0, 0), (0, CHECKED)])
@settings(suppress_health_check=list(HealthCheck))
@given(texts=st.lists(words, max_size=30), term=st.text("ab大厦中1", min_size=1, max_size=3))
def test_a_term_is_found_in_the_rows_that_contain_it(
    monkeypatch: pytest.MonkeyPatch, indexed: int, checked: int, texts: list[str], term: str
) -> None:
    """By all bytes, by pairs of bytes and by rows that have these."""
    monkeypatch.setattr("geo.state_search.texts.INDEXED_BYTES", indexed)
    monkeypatch.setattr("geo.state_search.texts.CHECKED", checked)
    assert Texts(column(texts)).having(term).tolist() == [term in text for text in texts]


def test_a_term_does_not_go_on_in_the_next_row() -> None:
    assert Texts(column(["云澜大", "厦", "", "大厦"])).having("大厦").tolist() == [False, False, False, True]


def test_a_term_is_found_wherever_it_stands_in_a_long_column() -> None:
    texts = ["大楼" * 7] * 40_000
    for row in (0, 12_345, 39_999):
        texts[row] = "国际金融中心 gjjrzx" + texts[row]
    for term in ("金融中心", "jr", "x大", "rz"):
        assert np.flatnonzero(Texts(column(texts)).having(term)).tolist() == [0, 12_345, 39_999]
    assert Texts(column(texts)).having("楼大").all()


def test_names_are_ordered_as_they_are_read_and_numbers_by_value() -> None:
    names = ["云澜大厦10座", "云澜大厦9座", "安和中心", "Zenith", "白云楼"]
    ranks = name_ranks(column([search_keys(name) for name in names]))
    assert [names[row] for row in np.argsort(ranks)] == ["安和中心", "白云楼", "云澜大厦9座", "云澜大厦10座", "Zenith"]
