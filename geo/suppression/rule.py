"""The primary rule: how many contributors a sum needs, and how much of it one of them may have given."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """At least so many contributors, and none with more than such a share (0 to 1) of the sum."""

    least_contributors: int = 3
    largest_share: float = 0.8


def passes(values: Iterable[float], rule: Rule | None = None) -> bool:
    """Whether the sum of these contributions may be shown by itself; those of nothing are none.

    A refund counts with its size, since it too was paid to somebody.
    """
    sizes = [abs(value) for value in values if value]
    return passes_counted(len(sizes), max(sizes, default=0) / (sum(sizes) or 1), rule)


def passes_counted(contributors: int | None, largest_share: float | None, rule: Rule | None = None) -> bool:
    """The same of a sum that came without its parts; where one of the two is not known it may not be shown."""
    rule = rule or Rule()
    if contributors is None or largest_share is None:
        return False
    return contributors >= rule.least_contributors and largest_share <= rule.largest_share
