"""Which industries supply which."""

from geo.taxonomy import customers_of, map_groups, suppliers_of, supplies


def test_every_pair_is_of_two_different_groups_of_the_map_and_stands_once():
    groups = {group.code for group in map_groups()}
    pairs = [(pair.upstream, pair.downstream) for pair in supplies()]
    assert {code for pair in pairs for code in pair} <= groups
    assert all(upstream != downstream for upstream, downstream in pairs)
    assert len(set(pairs)) == len(pairs) and all(pair.note for pair in supplies())


def test_who_supplies_is_whose_customer():
    assert "business" in suppliers_of("finance") and "finance" in customers_of("business")
    assert customers_of("other") == ()
