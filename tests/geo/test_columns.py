"""Columns files: what was packed is what is read, straight from the mapped file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.columns import BadColumnsFileError, pack, read, unpack


@given(
    st.lists(
        st.tuples(st.text(max_size=9), st.integers(0, 2**32 - 1), st.lists(st.integers(0, 9), max_size=4)), max_size=8
    )
)
def test_every_kind_of_column_comes_back(rows: list[tuple[str, int, list[int]]]) -> None:
    texts, numbers, lists = zip(*rows, strict=True) if rows else ((), (), ())
    data = pack({"version": 7}, {"t": {"s": ("utf8", texts), "n": ("u4", numbers), "l": ("u4[]", lists)}})
    found = unpack(data)
    assert found.header["version"] == 7
    assert list(found.texts("t", "s")) == list(texts)
    assert found.array("t", "n").tolist() == list(numbers)
    assert [found.lists("t", "l").row(i).tolist() for i in range(len(rows))] == list(lists)


def test_numbers_are_read_in_place_and_aligned(tmp_path: Path) -> None:
    path = tmp_path / "x.lmc"
    path.write_bytes(pack({}, {"t": {"a": ("u1", [1, 2, 3]), "b": ("f4", np.array([1.5, np.nan, 3]))}}))
    found = read(path).array("t", "b")
    assert found.flags.owndata is False
    assert found.ctypes.data % 8 == 0
    assert found[0] == 1.5
    assert np.isnan(found[1])


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        pack({}, {"t": {"a": ("u1", [1]), "b": ("u1", [1, 2])}})


@pytest.mark.parametrize("data", [b"", b"PK\3\4 not ours", pack({}, {"t": {"a": ("u4", [1, 2])}})[:-4]])
def test_a_foreign_or_cut_off_file_is_recognised(data: bytes) -> None:
    with pytest.raises(BadColumnsFileError):
        unpack(data)
