"""An attacker of published sums, written without a line of what protects them: contributor by contributor.

Everything that is shown becomes one equation over what each contributor gave in each period and measure.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from geo.suppression import Atom, Contributions, Rule, Sum

Gift = tuple[Atom, Hashable]
"""What one contributor gave to one atom."""


class Attacker:
    """Knows who sits where, what is shown, and that nothing is negative; `order` as `protect` has it."""

    def __init__(
        self,
        sums: Sequence[Sum],
        shown: Iterable[Hashable],
        contributions: Contributions,
        order: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.gifts: list[Gift] = [(atom, who) for atom, given in contributions.items() for who in given]
        self.at = {gift: index for index, gift in enumerate(self.gifts)}
        self.true = np.array([float(contributions[atom][who]) for atom, who in self.gifts])
        shown = set(shown)
        rows = [self._row(each.atoms) for each in sums if each.key in shown]
        self.equal = np.array(rows).reshape(-1, len(self.gifts))
        less = [
            self._difference(gift, other)
            for gift in self.gifts
            for low, high in order
            if gift[0].measure == low and (other := (gift[0]._replace(measure=high), gift[1])) in self.at
        ]
        self.less = np.array(less).reshape(-1, len(self.gifts))

    def solves(self, wanted: np.ndarray, also: Iterable[Gift] = ()) -> bool:
        """Whether an amount follows exactly, by subtraction alone; of the gifts `also` the value is known."""
        rows = np.vstack([self.equal, *(self._row_of(gift) for gift in also)])
        return np.linalg.matrix_rank(rows) == np.linalg.matrix_rank(np.vstack([rows, wanted]))

    def interval(self, wanted: np.ndarray, also: Iterable[Gift] = ()) -> tuple[float, float]:
        """The least and the most that an amount can be."""
        bounds = [(0.0, None) for _ in self.gifts]
        for gift in also:
            bounds[self.at[gift]] = (self.true[self.at[gift]],) * 2
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * wanted,
                A_eq=self.equal,
                b_eq=self.equal @ self.true,
                A_ub=self.less,
                b_ub=np.zeros(len(self.less)),
                bounds=bounds,
            )
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return ends[0], ends[1]

    def all_of(self, place: Hashable, periods: Iterable[Hashable], measure: Hashable) -> np.ndarray:
        """What those at a place gave in some periods, as a row of the equations."""
        return self._row({Atom(place, period, measure) for period in periods})

    def own_of(self, who: Hashable) -> list[Gift]:
        """What a contributor knows of itself."""
        return [gift for gift in self.gifts if gift[1] == who]

    def _row(self, atoms: Iterable[Atom]) -> np.ndarray:
        atoms = frozenset(atoms)
        return np.array([float(atom in atoms) for atom, _ in self.gifts])

    def _row_of(self, gift: Gift) -> np.ndarray:
        return np.array([float(other == gift) for other in self.gifts])

    def _difference(self, low: Gift, high: Gift) -> np.ndarray:
        return self._row_of(low) - self._row_of(high)


def hidden_amounts(contributions: Contributions, rule: Rule) -> list[tuple[Hashable, tuple[Hashable, ...], Hashable]]:
    """Every (place, periods, measure) whose sum must not be known, by the words of the rule alone."""
    found = []
    for place in {atom.place for atom in contributions}:
        for measure in {atom.measure for atom in contributions}:
            periods = sorted({atom.period for atom in contributions if atom[::2] == (place, measure)}, key=repr)
            for size in range(1, len(periods) + 1):
                for union in combinations(periods, size):
                    given = _together(contributions, place, union, measure)
                    positive = [value for value in given.values() if value > 0]
                    few = 0 < len(positive) < rule.least_contributors
                    if positive and (few or max(positive) > rule.largest_share * sum(positive)):
                        found.append((place, union, measure))
    return found


def _together(
    contributions: Contributions, place: Hashable, periods: Iterable[Hashable], measure: Hashable
) -> Mapping[Hashable, float]:
    given: dict[Hashable, float] = {}
    for period in periods:
        for who, value in contributions[Atom(place, period, measure)].items():
            given[who] = given.get(who, 0.0) + value
    return given


def largest_of(contributions: Contributions, place: Hashable, periods: Iterable[Hashable], measure: Hashable) -> float:
    """The largest contribution to an amount."""
    return max(_together(contributions, place, periods, measure).values())
