"""Of two answers it is said which cells became hot and which ceased, those that changed most first."""

from dataclasses import replace

import numpy as np
import pytest

from geo.clusters.analysis import Question, analyse
from geo.clusters.comparing import differences
from tests.geo.clusters.test_analysis import residents


def test_what_is_hot_in_one_answer_alone_is_told_with_both_sides():
    sparse, dense = (analyse(residents(gathered=number), Question("J")) for number in (0, 120))
    assert sparse is not None and dense is not None
    changes = differences(sparse, dense)
    assert {change.became for change in changes} == {True}
    assert len(changes) == int(dense.hot.sum()) - int(sparse.hot.sum())
    shifts = [abs(change.second.z - change.first.z) for change in changes]
    assert shifts == sorted(shifts, reverse=True)
    first = changes[0]
    assert first.second.near > first.first.near and first.second.expected == pytest.approx(
        dense.expected[list(dense.z).index(first.second.z)]
    )
    back = differences(dense, sparse)
    assert [change.chief for change in back if not change.became] != [] and len(back) == len(changes)


def test_a_cell_that_nobody_was_in_counts_as_empty_and_an_answer_may_be_missing():
    found = analyse(residents(), Question("J"))
    assert found is not None
    changes = differences(None, found)
    assert len(changes) == int(found.hot.sum())
    assert all(change.became and change.first.near == 0 for change in changes)
    assert differences(found, found) == differences(None, None) == []


def test_answers_without_anything_hot_do_not_differ():
    found = analyse(residents(), Question("J"))
    assert found is not None
    cold = replace(found, hot=np.zeros_like(found.hot))
    assert differences(cold, cold) == []
