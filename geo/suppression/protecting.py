"""Hides sums until nobody can work out what is hidden: first by the rule of a single sum, then all together.

For every amount that must stay unknown, and for every attacker, another city is found that looks the same: amounts
that make the very same shown sums, but in which this one is clearly more, or less. Where there is none the cheapest
one is taken and the sums that would tell the difference are hidden (the linear programming heuristic of the
literature named in the package). What is found stays true when more is hidden, so that one pass is enough.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from geo.suppression.rule import Rule, passes
from geo.suppression.table import Atom, Contributions, Floats, Integers, Sum, Table

EVERY_UNION = 4
"""Up to so many periods every union of them is protected; of more, those that follow one another, and the others."""


@dataclass(frozen=True, slots=True)
class Protection:
    """Which sums are shown, and which are hidden for their own sake (`primary`) or for that of others (`secondary`)."""

    shown: frozenset[Hashable]
    primary: frozenset[Hashable]
    secondary: frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Amount:
    """What those at one place gave in some periods, which nobody is to work out, and the largest gift in it."""

    place: Hashable
    atoms: tuple[Atom, ...]
    total: float
    largest: float


def protect(
    sums: Sequence[Sum],
    contributions: Contributions,
    rule: Rule | None = None,
    order: Sequence[tuple[Hashable, Hashable]] = (),
) -> Protection:
    """Decide which of some sums may be shown together.

    Parameters
    ----------
    sums : sequence of Sum
        Everything that somebody might be shown: of areas that nest or overlap, of buildings, of several periods and
        measures. Sums of the same places and periods in different measures are shown or hidden together.
    contributions : mapping
        What each contributor gave to each atom of the sums.
    rule : Rule
        Three contributors, none over 80 %, when left out.
    order : sequence of (measure, measure)
        Pairs of measures of which everybody knows that the first never exceeds the second.

    Returns
    -------
    Protection
        See the package's docstring for what it holds against, and what it does not.
    """
    protecting = _Protecting(sums, contributions, rule or Rule(), order)
    primary = protecting.hidden
    for amount in sorted(_amounts(contributions, protecting.rule), key=lambda amount: -amount.largest):
        protecting.cover(amount)
    every = frozenset(range(len(sums)))
    numbers = (every - protecting.hidden, primary, protecting.hidden - primary)
    return Protection(*(frozenset(sums[number].key for number in each) for each in numbers))


@dataclass(frozen=True, slots=True)
class Insider:
    """What a contributor knows of its place: no amount there is below its own, and that is all where it is alone."""

    at: Integers
    low: Floats
    high: Floats

    def believes(self, amounts: Floats) -> bool:
        """Whether the amounts of all atoms could be, for all that the contributor knows."""
        slack = 1e-6 * float(np.abs(self.low).max())
        here = amounts[self.at]
        return bool(np.all(here >= self.low - slack) and np.all(here <= self.high + slack))


@dataclass
class _Protecting:
    """What has been hidden so far, and the changes by which hidden amounts of one place could be otherwise."""

    sums: Sequence[Sum]
    contributions: Contributions
    rule: Rule
    order: Sequence[tuple[Hashable, Hashable]]
    hidden: frozenset[int] = frozenset()
    _known: dict[Hashable, list[Insider]] = field(default_factory=dict)
    _changes: defaultdict[Hashable, list[Floats]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        given = {atom: sum(values.values()) for atom, values in self.contributions.items()}
        there = [each._replace(atoms=each.atoms & given.keys()) for each in self.sums]
        self._table = Table(there, given, self.order)
        self._worth = np.array([each.worth for each in self.sums], float)
        self._worth /= self._worth.max(initial=0) or 1
        self._cell_of = _cells(self.sums)
        self._low = np.minimum(self._table.true, 0)
        self._high = np.full(len(given), np.inf)
        self._places: list[Hashable] = [atom.place for atom in self._table.atoms]
        self._hide(
            number for number, each in enumerate(there) if not passes(_given(each.atoms, self.contributions), self.rule)
        )

    def cover(self, amount: Amount) -> None:
        """Make sure that nobody can tell an amount from more, or from less."""
        atoms = [self._table.at[atom] for atom in amount.atoms]
        share = self.rule.largest_share
        for by in ((1 / share - 1) * amount.largest, (share - 1) * amount.largest):
            found = [self._change(amount.place, atoms, by, self._low, self._high)]
            asked = {amount.place}
            while left := sorted({self._places[at] for each in found for at in np.flatnonzero(each)} - asked, key=repr):
                asked.add(left[0])
                for insider in self._insiders(left[0]):
                    if not any(insider.believes(self._table.true + change) for change in found):
                        low, high = self._low.copy(), self._high.copy()
                        low[insider.at], high[insider.at] = insider.low, insider.high
                        found.append(self._change(amount.place, atoms, by, low, high))

    def _change(self, place: Hashable, atoms: Sequence[int], by: float, low: Floats, high: Floats) -> Floats:
        """A change that nobody notices, after hiding what would have told of it."""
        for change in self._changes[place]:
            moved = float(change[atoms].sum())
            if moved * by > 0 and self._table.could_be(change * (by / moved), low, high):
                return change * (by / moved)
        costs = self._worth.copy()
        costs[list(self.hidden)] = 0
        change = self._table.otherwise(atoms, by, costs, low, high)
        self._hide(self._table.noticed(change))
        self._changes[place] += [change, -change]
        return change

    def _hide(self, numbers: Iterable[int]) -> None:
        """Hide sums in every measure."""
        self.hidden |= frozenset(same for number in numbers for same in self._cell_of[number])

    def _insiders(self, place: Hashable) -> list[Insider]:
        """The contributors of a place, those who gave most first."""
        if place not in self._known:
            here = [at for at, other in enumerate(self._places) if other == place]
            given = [self.contributions[self._table.atoms[at]] for at in here]
            own = {who: np.array([each.get(who, 0.0) for each in given]) for each in given for who in each}
            true, low = self._table.true[here], self._low[here]
            self._known[place] = [
                Insider(np.array(here), np.maximum(np.minimum(gave, true), low), np.where(gave == true, true, np.inf))
                for gave in sorted(own.values(), key=lambda gave: -float(np.abs(gave).sum()))
                if np.any(gave)
            ]
        return self._known[place]


def _amounts(contributions: Contributions, rule: Rule) -> Iterator[Amount]:
    """What must not be known: of every place in every period and union of periods, where the rule says so."""
    periods: defaultdict[tuple[Hashable, Hashable], list[Hashable]] = defaultdict(list)
    for atom, given in contributions.items():
        if any(given.values()):
            periods[atom.place, atom.measure].append(atom.period)
    for (place, measure), held in periods.items():
        for union in _unions(sorted(held, key=repr)):
            atoms = tuple(Atom(place, period, measure) for period in union)
            values = _given(atoms, contributions)
            if any(values) and not passes(values, rule):
                yield Amount(place, atoms, sum(values), max(map(abs, values)))


def _unions(periods: Sequence[Hashable]) -> Iterator[tuple[Hashable, ...]]:
    if len(periods) <= EVERY_UNION:
        for size in range(1, len(periods) + 1):
            yield from combinations(periods, size)
        return
    for start in range(len(periods)):
        for end in range(start + 1, len(periods) + 1):
            yield tuple(periods[start:end])
            if rest := (*periods[:start], *periods[end:]):
                yield rest


def _given(atoms: Iterable[Atom], contributions: Contributions) -> list[float]:
    """What each contributor gave to some atoms together."""
    given: defaultdict[Hashable, float] = defaultdict(float)
    for atom in atoms:
        for who, value in contributions[atom].items():
            given[who] += value
    return list(given.values())


def _cells(sums: Sequence[Sum]) -> list[list[int]]:
    """For every sum the numbers of those of the same places and periods, which differ in their measure; itself too."""
    cells: defaultdict[Hashable, list[int]] = defaultdict(list)
    keys = [frozenset((atom.place, atom.period) for atom in each.atoms) for each in sums]
    for number, key in enumerate(keys):
        cells[key].append(number)
    return [cells[key] for key in keys]
