"""Which industries supply which."""

import pytest

from geo.taxonomy import customers_of, industries, map_groups, suppliers_of, supplies

KNOWN = {
    "group": {group.code for group in map_groups()},
    "division": {each.code for each in industries() if each.level == 2},
}


@pytest.mark.parametrize("level", ["group", "division"])
def test_every_pair_is_of_two_different_industries_of_a_level_and_stands_once(level):
    pairs = [(pair.upstream, pair.downstream) for pair in supplies(level)]
    assert len(pairs) > 10 and {code for pair in pairs for code in pair} <= KNOWN[level]
    assert all(upstream != downstream for upstream, downstream in pairs)
    assert len(set(pairs)) == len(pairs) and all(pair.note for pair in supplies(level))


def test_of_divisions_it_is_said_why_one_is_thought_to_supply_the_other():
    assert [pair for pair in supplies("division") if "依据：" not in pair.note] == []


def test_who_supplies_is_whose_customer():
    assert "business" in suppliers_of("finance") and "finance" in customers_of("business")
    assert customers_of("other") == ()
