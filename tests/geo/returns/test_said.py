"""What people say of a unit is read without losing or inventing anything."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.returns.said import STATES, Said, UnreadableReportError, differences, from_texts, state_of

SAID = st.builds(
    Said,
    state=st.sampled_from(STATES),
    offered=st.booleans(),
    rent_amount=st.none() | st.decimals("0.01", "9999", places=2),
    rent_unit=st.sampled_from(["cny_m2_day", "cny_month"]),
    available_on=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    tenant=st.none() | st.just("海原科技有限公司"),
    area_m2=st.none() | st.decimals("1", "9999", places=2),
).map(Said.whole)


@given(SAID)
def test_what_is_written_is_read_back_the_same(said: Said) -> None:
    assert from_texts(said.as_json()) == said


@pytest.mark.parametrize("state", STATES)
def test_every_state_comes_back_from_what_is_kept_of_it(state: str) -> None:
    said = Said(state)
    assert state_of(said.occupancy, said.contract) == state


def test_terms_without_an_offer_and_tenants_of_empty_units_are_left_out() -> None:
    texts = {"state": "vacant", "rent_amount": "4.2", "available_on": "2027-01-01", "tenant": "某公司"}
    assert from_texts(texts) == Said("vacant")
    offered = from_texts({**texts, "offered": "1"})
    assert offered == Said("vacant", True, Decimal("4.20"), "cny_m2_day", date(2027, 1, 1))
    assert differences(Said("vacant"), offered) == ("offered", "rent_amount", "rent_unit", "available_on")


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"state": "let"}, "state"),
        ({"state": "vacant", "rent_amount": "four"}, "rent_amount"),
        ({"state": "vacant", "rent_amount": "-4"}, "rent_amount"),
        ({"state": "vacant", "rent_amount": "NaN"}, "rent_amount"),
        ({"state": "vacant", "available_on": "soon"}, "available_on"),
        ({"state": "vacant", "available_on": "0001-01-01"}, "available_on"),
        ({"state": "in_use", "tenant": "x" * 201}, "tenant"),
        ({"state": "vacant", "area_m2": "0"}, "area_m2"),
        ({"state": "vacant", "rent_unit": "gold"}, "rent_unit"),
    ],
)
def test_a_value_that_is_not_understood_is_named(texts: dict[str, str], field: str) -> None:
    with pytest.raises(UnreadableReportError) as raised:
        from_texts(texts)
    assert raised.value.field == field
