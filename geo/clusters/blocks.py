"""Areas used, as everybody may see them: added up into blocks that the rule of disclosure lets pass.

What an enterprise uses is nobody's business, and whoever may choose cells, industries and days freely gets it by
subtraction from sums that are harmless one by one. So everybody gets one table a year, on one fixed grid. It parts the
enterprises of a cell by map group, once, so that nobody's area is in two blocks of a cell. A group that does not pass
the rule (at least three contributors, none with more than its share) is added to the rest of its cell, the smallest
group that passes goes with it where the rest would not pass, and a cell that does not pass as a whole is left out with
all it has. Whatever is shown is made of the sums of blocks and nothing else: shares, quotients, Gi*, Gini, totals.

**Why that holds.** Sums over sets that have nobody in common are independent of one another: each of them is all that
anybody learns of those in it, and whatever is reckoned of them tells no more. There is no total that includes what was
left out, so that there is nothing to subtract from. Sums are told to two digits.

**What it does not hold against.** As for all published sums (`geo/suppression`): contributors of one block who tell one
another their areas, somebody who knows areas from elsewhere, and holding the tables of two years, or one before and
after a correction, against each other, which is why there is one a year and none of a day of one's choice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.clusters.amounts import Amounts
from geo.clusters.cells import Cells, Kind, cut
from geo.clusters.residents import REST, Integers, Residents
from geo.suppression import Rule, passes

GRID_M = 500
GRID: Kind = "hexagon"
DIGITS = 2


@dataclass(frozen=True)
class Blocks:
    """The table for everybody.

    Attributes
    ----------
    residents
        A row for each block: at the building of its cell with most enterprises, of a map group or of `REST`, with the
        rounded sum and the number of contributors.
    untold
        Pairs (building as in `residents`, map group) of groups that are in the rest of their cell.
    left_out
        Cells of which nothing is told.
    """

    residents: Residents
    untold: frozenset[tuple[int, str]]
    left_out: int

    def about(self, group: str) -> Residents:
        """The blocks of all cells in which the area of a group is told, be it that nobody of it is there."""
        whole = self.residents
        silent = [at for at, untold in self.untold if untold == group]
        chosen = ~np.isin(np.arange(len(whole.building_ids)), silent)
        rows = chosen[whole.building]
        place = np.cumsum(chosen) - 1
        assert whole.firms is not None
        return replace(
            whole,
            building_ids=whole.building_ids[chosen],
            lon=whole.lon[chosen],
            lat=whole.lat[chosen],
            building=place[whole.building[rows]],
            industry=whole.industry[rows],
            enterprises=whole.enterprises[rows],
            firms=whole.firms[rows],
        )


def blocks_of(amounts: Amounts, rule: Rule) -> Blocks:
    """Add up what enterprises use until every sum passes a rule.

    Parameters
    ----------
    amounts
        What each uses where.
    rule
        Of the smallest number of contributors and the largest share of one.
    """
    plain = amounts.residents
    if not len(plain.building_ids):
        return Blocks(replace(plain, squares=None), frozenset(), 0)
    cells = cut(*plain.metres, GRID_M, GRID)
    rows, untold, kept = list[_Row](), set[tuple[int, str]](), list[int]()
    for head, given in zip(_heads(amounts, cells), _by_cell(amounts, cells), strict=True):
        told, rest = _parted(given, rule)
        if told or rest:
            at = len(kept)
            rows += [(at, group, list(gifts.values())) for group, gifts in sorted(told.items())]
            rows += [(at, REST, _together(rest.values()))] if rest else []
            untold |= {(at, group) for group in rest}
            kept.append(head)
    return Blocks(_residents(plain, np.array(kept, np.int64), rows), frozenset(untold), len(cells) - len(kept))


_Row = tuple[int, str, list[float]]
"""The number of a cell, the group, and what each contributor gave."""

_Given = dict[str, dict[int, float]]
"""What each enterprise of each group uses in a cell."""


def _by_cell(amounts: Amounts, cells: Cells) -> list[_Given]:
    found: list[_Given] = [{} for _ in range(len(cells))]
    groups = [group for group, _ in amounts.industries]
    within = cells.of[amounts.building]
    for cell, industry, firm, amount in zip(
        *(each.tolist() for each in (within, amounts.industry, amounts.enterprise, amounts.amount)), strict=True
    ):
        given = found[cell].setdefault(groups[industry], {})
        given[firm] = given.get(firm, 0.0) + amount
    return found


def _heads(amounts: Amounts, cells: Cells) -> list[int]:
    """The building of each cell in which most enterprises are, its place among the buildings."""
    firms = np.bincount(amounts.building, minlength=len(amounts.building_ids))
    order = np.lexsort((firms, cells.of))
    last = np.append(np.diff(cells.of[order]) > 0, True) if len(order) else np.zeros(0, bool)
    heads: list[int] = order[last].tolist()
    return heads


def _parted(given: _Given, rule: Rule) -> tuple[_Given, _Given]:
    """The groups that are told and those in the rest; none of either where the cell does not pass as a whole."""
    told = {group: gifts for group, gifts in given.items() if passes(gifts.values(), rule)}
    rest = {group: gifts for group, gifts in given.items() if group not in told}
    while rest and not passes(_together(rest.values()), rule):
        if not told:
            return {}, {}
        least = min(told, key=lambda group: (sum(told[group].values()), group))
        rest[least] = told.pop(least)
    return told, rest


def _together(gifts: Iterable[Mapping[int, float]]) -> list[float]:
    """What each contributor gave to several groups."""
    return [amount for each in gifts for amount in each.values()]


def _residents(plain: Residents, kept: Integers, rows: Sequence[_Row]) -> Residents:
    groups = sorted({group for _, group, _ in rows})
    return Residents(
        *(plain.building_ids[kept], plain.lon[kept], plain.lat[kept]),
        np.array([at for at, _, _ in rows], np.int64),
        np.array([groups.index(group) for _, group, _ in rows], np.int64),
        np.array([_rounded(sum(gifts)) for _, _, gifts in rows], float),
        [(group, None) for group in groups],
        np.array([len(gifts) for _, _, gifts in rows], np.int64),
        laid_on=plain.plane,
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
