"""Who leads in a place: the largest alone, ties as ties, few enterprises flagged, nothing told of what is hidden."""

import numpy as np
import pytest
import shapely

from geo.clusters.blocks import blocks_of
from geo.clusters.concentration import location_quotient
from geo.clusters.leading import in_cells, in_outlines, leading
from geo.clusters.residents import REST, Residents
from geo.suppression import Rule
from geo.taxonomy import map_groups
from tests.geo.clusters.test_amounts import amounts_of

GROUPS = [group.code for group in map_groups()]


def residents(*rows: tuple[int, str, int]) -> Residents:
    """Buildings half a kilometre apart with numbers of enterprises by group."""
    buildings = 1 + max(row[0] for row in rows)
    industries = sorted({(group, None) for _, group, _ in rows})
    return Residents(
        *(np.arange(buildings) + 1, 121_450_000 + 5000 * np.arange(buildings), np.full(buildings, 31_220_000)),
        np.array([row[0] for row in rows]),
        np.array([industries.index((row[1], None)) for row in rows]),
        np.array([row[2] for row in rows]),
        industries,
    )


def test_the_largest_leads_with_its_share_and_quotient() -> None:
    some = residents((0, "finance", 6), (0, "it", 2), (1, "it", 12))
    found = leading(some, np.arange(2), 2)
    assert [GROUPS[at] for at in found.leader] == ["finance", "it"]
    assert found.share.tolist() == [0.75, 1]
    assert found.quotient == pytest.approx(location_quotient([[6, 2], [0, 12]])[[0, 1], [0, 1]], rel=1e-9)
    assert found.few.tolist() == [False, False]


def test_those_that_have_as_much_are_tied_and_none_is_chosen() -> None:
    found = leading(residents((0, "finance", 2), (0, "it", 2), (1, "it", 1)), np.arange(2), 2)
    assert found.leader.tolist() == [-1, GROUPS.index("it")]
    assert {GROUPS[at] for at in found.tied[0]} == {"finance", "it"}
    assert found.tied[1] == ()
    assert found.few.tolist() == [True, True]
    assert np.isnan(found.quotient[0])


def test_where_most_is_told_of_several_together_nobody_leads() -> None:
    hidden = leading(residents((0, "finance", 2), (0, REST, 5), (1, "it", 9)), np.arange(2), 2)
    assert hidden.leader.tolist() == [-1, GROUPS.index("it")]
    assert np.isnan(hidden.quotient).all()
    certain = leading(residents((0, "finance", 6), (0, REST, 5)), np.zeros(1, np.int64), 1)
    assert GROUPS[certain.leader[0]] == "finance"


def test_areas_that_overlap_are_asked_one_by_one() -> None:
    some = residents((0, "finance", 3), (1, "it", 5), (2, "trade", 9))
    west, both, nowhere = (
        shapely.box(*sides) for sides in ((121.4, 31, 121.452, 32), (121.4, 31, 122, 32), (0, 0, 1, 1))
    )
    found = in_outlines(some, [west, both, nowhere])
    assert [[GROUPS[at] for at in each.leader] for each in found] == [["finance"], ["trade"], []]


def test_cells_have_the_outlines_of_those_in_which_somebody_sits() -> None:
    some = residents((0, "finance", 3), (1, "it", 5), (2, "trade", 9))
    found, outlines = in_cells(some, 250, "hexagon")
    assert len(outlines) == len(found.place) == 3
    points = shapely.points(some.lon / 1e6, some.lat / 1e6)
    assert shapely.intersects(outlines[:, None], points).sum() == 3


def test_the_table_for_everybody_names_no_leader_who_might_be_another() -> None:
    some = amounts_of(1, firms=160, buildings=60)
    blocks = blocks_of(some, Rule())
    shown = blocks.residents
    rest = shown.industry == [group for group, _ in shown.industries].index(REST)
    hidden = np.bincount(shown.building[rest], shown.enterprises[rest], len(shown.building_ids))
    found = leading(shown, np.arange(len(shown.building_ids)), len(shown.building_ids))
    assert (hidden > 0).any()
    assert (found.leader >= 0).any()
    assert (found.amount[found.leader >= 0] > hidden[found.leader >= 0]).all()
