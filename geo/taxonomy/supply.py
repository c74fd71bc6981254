"""Which map groups of industries supply which: a small table for a first look around a building, no statistics."""

from dataclasses import dataclass
from functools import cache

from geo.taxonomy.tables import read_table


@dataclass(frozen=True, slots=True)
class Supply:
    """`upstream` sells to `downstream`; both are map groups, `note` says what."""

    upstream: str
    downstream: str
    note: str


@cache
def supplies() -> tuple[Supply, ...]:
    """Return all pairs."""
    return read_table(Supply, "supply_chain.csv")


def suppliers_of(group: str) -> tuple[str, ...]:
    """Return the groups that sell to a group."""
    return tuple(pair.upstream for pair in supplies() if pair.downstream == group)


def customers_of(group: str) -> tuple[str, ...]:
    """Return the groups that buy from a group."""
    return tuple(pair.downstream for pair in supplies() if pair.upstream == group)
