"""The terms of offers as people write them in their lists."""

import pytest

from geo.importers import value_terms


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3", (3, None)),
        (2.0, (2, None)),
        ("3个月", (3, None)),
        ("三个月", (3, None)),
        ("90天", (3, None)),
        ("免租期2个月", (2, None)),
        ("2个月(含物业费)", (2, True)),
        ("2个月，不含物业费", (2, False)),
        ("1个月，物业费照付", (1, False)),
        ("2 months incl. fee", (2, True)),
        ("0", (0, None)),
    ],
)
def test_months_without_rent_and_whether_the_fee_is_waived(text: object, read: tuple[int, bool | None]) -> None:
    assert value_terms.rent_free(text, None).value == read


@pytest.mark.parametrize(("text", "months"), [("押三付一", 3), ("押2付3", 2), ("2个月", 2), ("3个月租金", 3), ("1", 1)])
def test_a_deposit_is_in_months_of_rent(text: str, months: int) -> None:
    assert value_terms.deposit(text, None).value == months


@pytest.mark.parametrize(
    ("text", "rise"),
    [
        *(("5%", 5), ("5", 5), (0.05, 5), ("每年递增5%", 5)),
        *(("3.5%/年", 3.5), ("第二年起递增6%", 6), ("不递增", 0), ("0.5%", 0.5)),
    ],
)
def test_a_rise_is_in_per_cent_a_year(text: object, rise: float) -> None:
    assert value_terms.percent(text, None).value == rise


@pytest.mark.parametrize(("text", "price"), [("150元/㎡", 150), ("150", 150), ("200元", 200)])
def test_restoration_is_in_yuan_per_square_metre(text: str, price: float) -> None:
    assert value_terms.per_m2(text, None).value == price


@pytest.mark.parametrize(
    ("text", "said"), [("含", True), ("已含", True), ("是", True), ("不含", False), ("另付", False)]
)
def test_a_price_includes_something_or_not(text: str, said: bool) -> None:
    assert value_terms.included(text, None).value is said


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (value_terms.rent_free, "面议"),
        (value_terms.rent_free, "61"),
        (value_terms.deposit, "30000元"),
        (value_terms.deposit, "半个月"),
        (value_terms.percent, "每两年递增5%"),
        (value_terms.percent, "60%"),
        (value_terms.per_m2, "5元/㎡·天"),
        (value_terms.included, "看情况"),
    ],
)
def test_what_is_no_such_term_is_reported_and_not_guessed(read, text: str) -> None:
    found = read(text, None)
    assert found.value is None
    assert found.issue
