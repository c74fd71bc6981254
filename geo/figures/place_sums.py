"""The sum of a building or area: complete or with what it lacks, by each source, and who made it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from geo.figures.periods import Period

Contributor = tuple[str, int, int]
"""What kind of thing gave (``enterprise``, or ``building`` and ``area`` for a part of a sum without names), which, and
the number of the part."""


class Gap(NamedTuple):
    """What a sum lacks: a period, and of which enterprise; None where the building or area itself says nothing."""

    enterprise_id: int | None
    period: Period


@dataclass(frozen=True, slots=True)
class SourceSum:
    """What one source says of a place itself (`direct`), or its parts added up, with what each contributor gave.

    The parts may come from several sources, which is then None; `disputed` says of how many of them sources differ.
    `counted_parts` says whether the contributors are known: without them nobody can tell who dominates.
    """

    source_id: int | None
    direct: bool
    given: Mapping[Contributor, Decimal]
    gaps: tuple[Gap, ...]
    said_at: datetime
    counted_parts: bool = True
    disputed: int = 0

    @property
    def known_part(self) -> Decimal:
        """What has been entered, complete or not."""
        return sum(self.given.values(), Decimal(0))

    @property
    def value(self) -> Decimal | None:
        """The sum; None while something is missing."""
        return None if self.gaps else self.known_part

    @property
    def contributors(self) -> int | None:
        """How many gave something; None where it is not known."""
        return sum(map(bool, self.given.values())) if self.counted_parts else None

    @property
    def largest_share(self) -> float | None:
        """The share of the largest of them, of one; None where it is not known."""
        sizes = [abs(value) for value in self.given.values()]
        return float(max(sizes) / sum(sizes)) if self.counted_parts and any(sizes) else None


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """The sum of a place: what is taken of it, and what each source says.

    Taken is a complete sum before an incomplete one, then the one that was entered last.
    """

    by_source: tuple[SourceSum, ...]

    @property
    def taken(self) -> SourceSum:
        """The one of `by_source` that counts."""
        return max(self.by_source, key=lambda each: (not each.gaps, each.said_at, each.direct, -(each.source_id or 0)))

    @property
    def value(self) -> Decimal | None:
        """The sum; None while something is missing."""
        return self.taken.value

    @property
    def disagreement(self) -> Decimal:
        """By how much the complete sums of the sources differ."""
        values = [each.value for each in self.by_source if each.value is not None]
        return max(values) - min(values) if values else Decimal(0)
