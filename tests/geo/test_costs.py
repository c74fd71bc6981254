"""What a space costs: every line with its formula, every month of the term, and what nobody has stated."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.costs import Cost, Line, Terms, Usage, cost, together

FULL = Terms(
    area_m2=Decimal(1000),
    rent_amount=Decimal("4.5"),
    rent_unit="cny_m2_day",
    property_fee_cny_m2_month=Decimal(28),
    property_fee_included=False,
    deposit_months=3,
    rent_free_months=2,
    rent_free_with_fee=False,
    escalation_pct=Decimal(5),
    parking_cny_month=Decimal(800),
    overtime_cny_hour=Decimal(380),
    restoration_cny_m2=Decimal(150),
)
USAGE = Usage(term_months=24, parking_places=4, overtime_hours_month=Decimal(10))


def line(found: Cost, name: str) -> Line:
    (one,) = [line for line in found.lines if line.name == name]
    return one


def test_a_month_of_rent_is_365_twelfths_of_a_day() -> None:
    rent = line(cost(FULL, USAGE), "rent")
    assert rent.month_cny == Decimal("136875.00")
    assert rent.formula == "1000 m² × 4.5 CNY/m²/day × 365/12"
    assert rent.formula_zh == "1000 m² × 4.5 元/m²·天 × 365/12"
    assert rent.inputs == {"rent": Decimal("4.5"), "area_m2": Decimal(1000)}


@pytest.mark.parametrize(
    ("amount", "unit", "month"),
    [("150", "cny_m2_month", 150_000), ("1800", "cny_m2_year", 150_000), ("90000", "cny_month", 90_000),
     ("1200000", "cny_year", 100_000)],
)  # fmt: skip
def test_rents_are_counted_in_the_unit_they_are_quoted_in(amount: str, unit: str, month: int) -> None:
    terms = Terms(area_m2=Decimal(1000), rent_amount=Decimal(amount), rent_unit=unit)
    assert line(cost(terms), "rent").month_cny == month


def test_all_that_is_stated_is_in_the_sum_and_nothing_else_is_unknown() -> None:
    found = cost(FULL, USAGE)
    assert found.unknown == ()
    assert found.month_cny == Decimal("136875") + 28_000 + 4 * 800 + 10 * 380


def test_the_first_months_are_without_rent_but_not_without_fee() -> None:
    months = cost(FULL, USAGE).months
    assert [month.paid["rent"] for month in months[:3]] == [0, 0, Decimal("136875.00")]
    assert months[0].paid["property_fee"] == 28_000


def test_where_the_fee_is_waived_too_the_first_months_are_free_of_it() -> None:
    free = Terms(**{name: getattr(FULL, name) for name in FULL.__slots__} | {"rent_free_with_fee": True})
    assert [month.paid["property_fee"] for month in cost(free, USAGE).months[:3]] == [0, 0, 28_000]


def test_rent_rises_every_year() -> None:
    months = cost(FULL, USAGE).months
    assert (months[11].paid["rent"], months[12].paid["rent"]) == (Decimal("136875.00"), Decimal("143718.75"))


def test_the_deposit_comes_back_and_restoration_is_paid_at_the_end() -> None:
    found = cost(FULL, USAGE)
    assert found.months[0].paid["deposit"] == 3 * Decimal("136875.00")
    assert found.months[-1].paid["deposit"] == -3 * Decimal("136875.00")
    assert [month.number for month in found.months if month.paid["restoration"]] == [24]


def test_what_is_not_stated_is_named_and_in_no_sum() -> None:
    found = cost(Terms(area_m2=Decimal(100), rent_amount=Decimal(5), rent_unit="cny_m2_day"), USAGE)
    assert set(found.unknown) == {
        "property_fee", "parking", "overtime_hvac", "deposit", "restoration", "rent_free", "escalation"
    }  # fmt: skip
    assert found.month_cny == line(found, "rent").month_cny
    assert found.total_cny == 24 * found.month_cny


def test_an_unknown_rent_is_not_guessed() -> None:
    found = cost(Terms(area_m2=Decimal(100), property_fee_cny_m2_month=Decimal(20), deposit_months=2))
    assert {"rent", "deposit"} <= set(found.unknown)
    assert found.month_cny == 2000


def test_a_rent_by_the_desk_says_what_is_missing() -> None:
    terms = Terms(area_m2=Decimal(100), rent_amount=Decimal(900), rent_unit="cny_desk_month")
    assert line(cost(terms), "rent").missing == ("desks",)


def test_whether_the_fee_is_due_in_months_without_rent_is_asked_where_it_matters() -> None:
    assert "rent_free_fee" in cost(Terms(rent_free_months=2)).unknown
    assert "rent_free_fee" not in cost(Terms(rent_free_months=0)).unknown
    assert "rent_free_fee" not in cost(Terms(rent_free_months=2, property_fee_included=True)).unknown


def test_two_units_cost_what_both_cost() -> None:
    one, other = (
        cost(FULL, USAGE),
        cost(Terms(area_m2=Decimal(100), rent_amount=Decimal(5), rent_unit="cny_m2_day"), USAGE),
    )
    both = together([one, other])
    assert line(both, "rent").month_cny == line(one, "rent").month_cny + line(other, "rent").month_cny
    assert line(both, "property_fee").month_cny is None
    assert "property_fee" in both.unknown
    assert "property_fee" not in both.months[0].paid


amounts = st.decimals(0, 1000, places=2)


@given(
    terms=st.builds(
        Terms,
        area_m2=st.none() | st.decimals(1, 9000, places=2),
        rent_amount=st.none() | amounts,
        rent_unit=st.sampled_from([None, "cny_m2_day", "cny_m2_month", "cny_month", "cny_desk_month"]),
        property_fee_cny_m2_month=st.none() | amounts,
        property_fee_included=st.none() | st.booleans(),
        deposit_months=st.none() | st.integers(0, 6),
        rent_free_months=st.none() | st.integers(0, 12),
        rent_free_with_fee=st.none() | st.booleans(),
        escalation_pct=st.none() | st.decimals(0, 20, places=1),
        parking_cny_month=st.none() | amounts,
        overtime_cny_hour=st.none() | amounts,
        restoration_cny_m2=st.none() | amounts,
    ),
    usage=st.builds(
        Usage,
        term_months=st.integers(1, 40),
        parking_places=st.integers(0, 9),
        overtime_hours_month=st.decimals(0, 50, places=0),
    ),
)
def test_years_add_up_to_the_whole_and_a_line_is_known_or_says_what_is_missing(terms: Terms, usage: Usage) -> None:
    found = cost(terms, usage)
    assert sum(found.years()) == found.total_cny
    assert len(found.months) == usage.term_months
    for each in found.lines:
        assert bool(each.missing) == (each.month_cny is None and each.once_cny is None)
        assert bool(each.missing) == (each.name in found.unknown)
        assert bool(each.formula) or bool(each.missing)
