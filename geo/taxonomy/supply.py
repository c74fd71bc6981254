"""Which industries supply which: a small table of map groups, and a finer one of divisions of GB/T 4754."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from geo.taxonomy.tables import read_table

SupplyLevel = Literal["group", "division"]


@dataclass(frozen=True, slots=True)
class Supply:
    """`upstream` sells to `downstream`; both are map groups or both divisions, `note` says what and why we think so."""

    upstream: str
    downstream: str
    note: str

    @property
    def level(self) -> SupplyLevel:
        """Of what the pair is."""
        return "division" if self.upstream.isdigit() else "group"


@cache
def supplies(level: SupplyLevel = "group") -> tuple[Supply, ...]:
    """Return the pairs of a level."""
    return tuple(pair for pair in read_table(Supply, "supply_chain.csv") if pair.level == level)


def suppliers_of(group: str) -> tuple[str, ...]:
    """Return the groups that sell to a group."""
    return tuple(pair.upstream for pair in supplies() if pair.downstream == group)


def customers_of(group: str) -> tuple[str, ...]:
    """Return the groups that buy from a group."""
    return tuple(pair.downstream for pair in supplies() if pair.upstream == group)
