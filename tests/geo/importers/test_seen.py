"""Numbers are told apart by whether they came before, within an array and between arrays."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geo.importers.seen import Seen, hashes_of

arrays = st.lists(st.lists(st.integers(-5, 5), max_size=8), max_size=6)


@given(arrays, st.booleans())
def test_each_number_is_met_first_exactly_once(lists, short):
    seen, known = Seen(short=short), set()
    for numbers in lists:
        wanted = []
        for number in numbers:
            wanted.append(number not in known)
            known.add(number)
        assert seen.first_met(np.array(numbers, np.int64)).tolist() == wanted


def test_equal_ids_have_equal_hashes_also_across_slices():
    ids = pa.array(["w1", "w2", "w1"])
    assert hashes_of(ids)[0] == hashes_of(ids[2:])[0] != hashes_of(ids)[1]
