"""Whoever reads the table of areas, knows who sits where and computes, learns of nobody more than a block's sum."""

from collections import defaultdict

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from geo.clusters.amounts import Amounts
from geo.clusters.analysis import Question, analyse
from geo.clusters.blocks import GRID, GRID_M, Blocks, blocks_of
from geo.clusters.cells import cut
from geo.clusters.residents import REST
from geo.suppression import Rule, passes
from tests.geo.clusters.test_amounts import INDUSTRIES, amounts_of

SEEDS = range(6)


def contributors(some: Amounts, blocks: Blocks) -> list[tuple[float, dict[int, float]]]:
    """Every block as the table has it, with what each of its enterprises gave, by who sits where."""
    plain, shown = some.residents, blocks.residents
    cells = cut(*plain.metres, GRID_M, GRID)
    place = {ident: at for at, ident in enumerate(plain.building_ids.tolist())}
    untold: dict[int, set[str]] = defaultdict(set)
    for at, group in blocks.untold:
        untold[at].add(group)
    found = []
    for row, at in enumerate(shown.building.tolist()):
        group = shown.industries[shown.industry[row]][0]
        cell = cells.of[place[int(shown.building_ids[at])]]
        wanted = untold[at] if group == REST else {group}
        inside = cells.of[some.building] == cell
        of_it = np.isin([INDUSTRIES[each][0] for each in some.industry.tolist()], sorted(wanted))
        given: dict[int, float] = defaultdict(float)
        for firm, amount in zip(some.enterprise[inside & of_it].tolist(), some.amount[inside & of_it], strict=True):
            given[firm] += float(amount)
        found.append((float(shown.enterprises[row]), dict(given)))
    return found


def city(seed: int) -> Amounts:
    """Few enough firms that many cells have one or two of an industry, and a giant."""
    some = amounts_of(seed, firms=160, buildings=60)
    some.amount[:3] *= 60
    return some


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sum_that_is_told_passes_the_rule_and_shares_nobody_with_another(seed: int) -> None:
    some = city(seed)
    blocks = blocks_of(some, Rule())
    told = contributors(some, blocks)
    assert told
    for value, given in told:
        assert passes(given.values())
        assert value == pytest.approx(sum(given.values()), rel=0.05)
    homes = [(row, firm) for row, (_, given) in enumerate(told) for firm in given]
    assert len({firm for _, firm in homes}) == len(homes)
    assert blocks.untold
    assert blocks.left_out


@pytest.mark.parametrize("seed", SEEDS)
def test_an_attacker_with_exact_sums_and_a_linear_programme_cannot_close_in_on_anybody(seed: int) -> None:
    """Even were the sums not rounded, and the totals of all cells and groups told with them."""
    some = city(seed)
    blocks = blocks_of(some, Rule())
    told = [given for _, given in contributors(some, blocks)]
    firms = sorted({firm for given in told for firm in given})
    equations, values = _equations(told, firms, blocks)
    amount = {firm: value for given in told for firm, value in given.items()}
    for given in told:
        first = max(given, key=lambda firm: given[firm])
        low, high = _interval(equations, values, firms.index(first))
        assert low <= 0.8 * amount[first]
        # Of those in its block the others could have given nothing.
        assert high == pytest.approx(sum(given.values()))
        assert high >= 1.25 * amount[first] * (1 - 1e-9)


def _equations(
    told: list[dict[int, float]], firms: list[int], blocks: Blocks
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The sums of blocks with those of cells, of groups and of everything."""
    shown = blocks.residents
    rows = np.array([[float(firm in given) for firm in firms] for given in told])
    sums = np.array([sum(given.values()) for given in told])
    together = [*(shown.building == at for at in np.unique(shown.building))]
    together += [shown.industry == group for group in np.unique(shown.industry)]
    together.append(np.ones(len(told), bool))
    return (
        np.vstack([rows, *(rows[each].sum(axis=0) for each in together)]),
        np.append(sums, [sums[each].sum() for each in together]),
    )


def _interval(equations: NDArray[np.float64], values: NDArray[np.float64], firm: int) -> tuple[float, float]:
    wanted = np.zeros(equations.shape[1])
    wanted[firm] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(sign * wanted, A_eq=equations, b_eq=values, bounds=(0, None), method="highs")
        assert found.status == 0
        ends.append(sign * found.fun)
    return ends[0], ends[1]


def test_whatever_an_answer_says_changes_only_with_the_sums_of_blocks() -> None:
    """Two cities of the same blocks get the same answer, though every firm of a group that is told uses other areas."""
    some = city(2)
    blocks = blocks_of(some, Rule())
    other = city(2)
    rests = blocks.residents.industry == [group for group, _ in blocks.residents.industries].index(REST)
    for rest, (_, given) in zip(rests, contributors(some, blocks), strict=True):
        if rest:
            continue
        rows = np.isin(some.enterprise, list(given))
        # Everybody moves towards the mean of the block: sums stay, and nobody dominates who did not before.
        other.amount[rows] = 0.5 * some.amount[rows] + 0.5 * some.amount[rows].mean()
    again = blocks_of(other, Rule())
    assert again.untold == blocks.untold
    for group in ("finance", "it", "trade"):
        question = Question(group, by="area", statistic="gi", cell_m=GRID_M, kind=GRID, rings=1)
        first, second = (analyse(each.about(group), question) for each in (blocks, again))
        assert first is not None
        assert second is not None
        for name in ("here", "all_here", "near", "quotient", "z", "q", "leading"):
            np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
        assert (first.gini, first.ellison_glaeser, first.total) == (second.gini, second.ellison_glaeser, second.total)


def test_cells_in_which_a_group_is_not_told_are_no_part_of_its_answer() -> None:
    blocks = blocks_of(city(1), Rule())
    silent = {at for at, group in blocks.untold if group == "finance"}
    about = blocks.about("finance")
    everywhere = blocks.residents.building_ids
    assert silent
    assert set(about.building_ids) == {ident for at, ident in enumerate(everywhere) if at not in silent}


def test_nobody_in_a_city_gives_an_empty_table() -> None:
    nothing = Amounts(*(np.zeros(0, np.int64) for _ in range(6)), np.zeros(0), [])
    blocks = blocks_of(nothing, Rule())
    assert (len(blocks.residents.building_ids), blocks.left_out) == (0, 0)
    assert analyse(blocks.about("it"), Question("it", by="area", statistic="gi")) is None
