"""Sums over amounts as a sparse table, and the cheapest way in which the amounts could be otherwise."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

_NEXT_TO_NOTHING = 1e-7
"""Share of what is to be changed below which a change is the rounding of the solver."""

_ITSELF = 1e-6
"""Cost of changing an amount that no shown sum notices, so that no more is changed than has to be."""


class Atom(NamedTuple):
    """The smallest amount that sums are made of: what those at one place gave in one period, in one measure.

    No sum may divide a place or a period; measures are ways to count the same thing, such as scopes of tax.
    """

    place: Hashable
    period: Hashable = ""
    measure: Hashable = ""


Contributions = Mapping[Atom, Mapping[Hashable, float]]
"""What each contributor gave to each atom."""


class Sum(NamedTuple):
    """A sum that might be shown; where one of several has to be hidden it is rather the one that is worth less."""

    key: Hashable
    atoms: frozenset[Atom]
    worth: float


class Table:
    """Sums and the true amounts of their atoms.

    Parameters
    ----------
    sums : sequence of Sum
        Every atom of theirs has a value.
    values : mapping
        The true amount of every atom.
    order : sequence of (measure, measure)
        Pairs of which the first is known never to exceed the second; left out where the true amounts do.
    """

    def __init__(
        self, sums: Sequence[Sum], values: Mapping[Atom, float], order: Sequence[tuple[Hashable, Hashable]] = ()
    ) -> None:
        from scipy.sparse import csr_array, hstack, identity  # noqa: PLC0415 - heavy, where figures are published alone

        self.atoms = list(values)
        self.at = {atom: index for index, atom in enumerate(self.atoms)}
        self.true = np.array([values[atom] for atom in self.atoms], float)
        lines = [line for line, each in enumerate(sums) for _ in each.atoms]
        cells = [self.at[atom] for each in sums for atom in each.atoms]
        self._sums = csr_array((np.ones(len(cells)), (lines, cells)), shape=(len(sums), len(self.atoms)))
        each = identity(len(sums), format="csr")
        self._equal = hstack([self._sums, -self._sums, -each, each], format="csr")
        self._ordered = np.array(list(self._pairs(order)), np.intp).reshape(-1, 2)
        ones, rows = np.ones(len(self._ordered)), np.arange(len(self._ordered))
        less, more = self._ordered.T
        shape = (len(self._ordered), len(self.atoms))
        step = csr_array((ones, (rows, less)), shape=shape) - csr_array((ones, (rows, more)), shape=shape)
        self._less = hstack([step, -step, csr_array((len(rows), 2 * len(sums)))], format="csr")
        self._slack = self.true[more] - self.true[less]

    def otherwise(self, atoms: Sequence[int], by: float, costs: Floats, low: Floats, high: Floats) -> Floats:
        """The cheapest change of all amounts that changes the sum of some of them by so much; as one row of changes.

        Parameters
        ----------
        atoms : sequence of int
            Numbers of the atoms whose sum is to be changed.
        by : float
            By how much.
        costs : array of one number per sum
            What a unit of change of it costs; 0 for one that nobody sees.
        low, high : arrays of one number per atom
            Between what the attacker knows the amounts to be; the true ones lie between them.
        """
        from scipy.optimize import linprog  # noqa: PLC0415

        unit, count = abs(by), len(self.atoms)
        wanted = np.zeros((1, self._equal.shape[1]))
        wanted[0, atoms], wanted[0, np.array(atoms) + count] = 1, -1
        found = linprog(
            np.concatenate([np.full(2 * count, _ITSELF), costs, costs]),
            A_eq=_stacked(self._equal, wanted),
            b_eq=np.append(np.zeros(self._equal.shape[0]), by / unit),
            A_ub=self._less if len(self._slack) else None,
            b_ub=self._slack / unit if len(self._slack) else None,
            bounds=_bounds((high - self.true) / unit, (self.true - low) / unit, len(costs)),
            method="highs",
        )
        if found.status != 0:
            raise ArithmeticError(f"The linear program has no answer: {found.message}")
        change: Floats = found.x[:count] - found.x[count : 2 * count]
        change[np.abs(change) < _NEXT_TO_NOTHING] = 0
        return change * unit

    def noticed(self, change: Floats) -> frozenset[int]:
        """The numbers of the sums that a change of the amounts changes."""
        moved: Floats = np.abs(self._sums @ change)
        return frozenset(np.flatnonzero(moved > 10 * _NEXT_TO_NOTHING * np.abs(change).max(initial=0)).tolist())

    def could_be(self, change: Floats, low: Floats, high: Floats) -> bool:
        """Whether the amounts, changed so, are what an attacker would still believe."""
        new, slack = self.true + change, _NEXT_TO_NOTHING * np.abs(change).max(initial=0)
        if np.any(new < low - slack) or np.any(new > high + slack):
            return False
        return not len(self._ordered) or bool(np.all(new[self._ordered[:, 0]] <= new[self._ordered[:, 1]] + slack))

    def _pairs(self, order: Sequence[tuple[Hashable, Hashable]]) -> Iterator[tuple[int, int]]:
        for number, atom in enumerate(self.atoms):
            for less, more in order:
                other = self.at.get(Atom(atom.place, atom.period, more))
                if atom.measure == less and other is not None and self.true[number] <= self.true[other]:
                    yield number, other


def _stacked(equations: Any, row: Floats) -> Any:
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415

    return vstack([equations, csr_array(row)], format="csr")


def _bounds(up: Floats, down: Floats, sums: int) -> Floats:
    """How far every amount may rise and fall, and every sum change."""
    highest = np.concatenate([up, np.maximum(down, 0), np.full(2 * sums, np.inf)])
    return np.column_stack([np.zeros(len(highest)), highest])
