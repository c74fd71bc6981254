"""A sample says how much to believe, with the interval that a statistician would give."""

import pytest

from geo.returns.sampling import draw, sample_size, wilson


@pytest.mark.parametrize(
    ("found", "seen", "low", "high"),
    [
        # Published values of Wilson's score interval at 95 %: Brown, Cai and DasGupta (2001) give the formula; the
        # figures are those of R's prop.test(found, seen, correct = FALSE).
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 50, 0.0435, 0.2136),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_wilsons_interval_is_that_of_other_programs(found: int, seen: int, low: float, high: float) -> None:
    estimate = wilson(found, seen)
    assert (estimate.low, estimate.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))
    assert estimate.low <= estimate.share <= estimate.high


def test_nothing_seen_is_no_share() -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)


def test_a_margin_of_ten_points_asks_for_the_size_of_the_textbook() -> None:
    assert sample_size(10**9, 0.05) == 385
    assert sample_size(2000, 0.1) == 92
    assert sample_size(20, 0.1) == 17
    assert sample_size(0, 0.1) == 0


def test_the_same_seed_draws_the_same_units_whatever_their_order() -> None:
    assert draw([5, 3, 9, 1, 7], 3, 42) == draw([1, 3, 5, 7, 9], 3, 42)
    assert len(set(draw(list(range(100)), 30, 7))) == 30
    assert draw([1, 2], 30, 7) == [1, 2]
