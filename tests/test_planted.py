"""Marks are found where they are told, and not among the digits of something else."""

import pytest

from tests.planted import SECRET_DAY, says


@pytest.mark.parametrize("text", ["7390017", "id=7390017&", '{"a": 7390017.0}', "7390017 m²", "-7390017"])
def test_a_number_that_is_told_is_found(text: str) -> None:
    assert says(text, "7390017")


@pytest.mark.parametrize("text", ["0.00037390017", "0.7390017", "17390017", "73900170", "121.7390017"])
def test_digits_of_a_longer_number_are_no_leak(text: str) -> None:
    assert not says(text, "7390017")


def test_a_number_with_commas_and_a_word_are_found_too() -> None:
    assert says("7,390,017 元", "7,390,017")
    assert says("xzqx001zqx9", "zqx001zqx")


@pytest.mark.parametrize(
    ("text", "secret"), [("2071-05-17", True), ("2071年5月", True), ("M2071-3", False), ("12071-05", False)]
)
def test_a_day_of_the_secret_year_is_found_and_a_coordinate_is_not(text: str, secret: bool) -> None:
    assert bool(SECRET_DAY.search(text)) is secret
