"""A sum may be shown by itself when at least three gave to it and none gave nearly all."""

import pytest

from geo.suppression import Rule, passes, passes_counted


@pytest.mark.parametrize(
    ("values", "may"),
    [
        ([10, 10, 10], True),
        ([10, 10], False),
        ([10, 10, 0], False),
        ([80, 10, 10], True),
        ([81, 10, 9], False),
        ([-81, 10, 9], False),
        ([], False),
    ],
)
def test_three_contributors_and_none_over_four_fifths(values: list[float], may: bool) -> None:
    assert passes(values) is may


def test_an_office_may_ask_for_more() -> None:
    assert not passes([10] * 4, Rule(least_contributors=5))
    assert not passes([60, 20, 20], Rule(largest_share=0.5))


@pytest.mark.parametrize(("contributors", "share"), [(None, 0.2), (9, None), (2, 0.5), (9, 0.9)])
def test_a_sum_of_which_too_little_is_known_is_not_shown(contributors: int | None, share: float | None) -> None:
    assert not passes_counted(contributors, share)
    assert passes_counted(9, 0.2)
