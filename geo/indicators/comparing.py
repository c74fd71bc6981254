"""Sets indicators beside what they were: at year's end, at the end of the month before, a year ago, and month by month.

All days are told as known at the one instant of the record: what has been corrected since counts as corrected on all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from geo.indicators.days import EPOCH, Day, number_of, year_before
from geo.indicators.dictionary import Indicator
from geo.indicators.reckoning import Reckoned, can_tell, reckon
from geo.indicators.record import ABSENT, Part

MONTHS = 12
BREAK_SHARE = 0.02
"""A series is broken where so much of its base came or went for other reasons than new buildings."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator now and before; `trend` is its value at the ends of the last months and on the day, oldest first.

    None where nothing was on record yet.
    """

    now: Reckoned
    year_end: float | None
    month_end: float | None
    year_ago: float | None
    trend: tuple[tuple[date, float | None], ...]

    def change(self, before: float | None) -> float | None:
        """How much more the value is than `before`."""
        return None if self.now.value is None or before is None else self.now.value - before


@dataclass(frozen=True, slots=True)
class Break:
    """A month up to `day` in which figures are of something else than before: leasable area that was first recorded,
    taken out, or measured anew, in m² more (or less) of the base."""

    day: date
    recorded_m2: float
    redefined_m2: float


def compare(part: Part, day: date, chosen: Sequence[Indicator]) -> list[Compared]:
    """Indicators of a part on a day beside what they were."""
    told = [each for each in chosen if can_tell(part, each)]
    first = first_day(part)
    earlier: dict[date, list[float | None]] = {}
    now = Day(part, day)
    for then in {*compared_days(day), *trend_days(day)} - {day}:
        on = now.year_before if then == year_before(day) else Day(part, then)
        known = first is not None and then >= first
        earlier[then] = [reckon(on, each).value if known else None for each in told]
    year_end, month_end, year_ago = compared_days(day)
    found = []
    for at, each in enumerate(told):
        reckoned = reckon(now, each)
        trend = tuple((then, reckoned.value if then == day else earlier[then][at]) for then in trend_days(day))
        before = [earlier[then][at] for then in (year_end, month_end, year_ago)]
        found.append(Compared(reckoned, before[0], before[1], before[2], trend))
    return found


def compared_days(day: date) -> tuple[date, date, date]:
    """The end of the year before, the end of the month before, and the same day a year before."""
    return date(day.year - 1, 12, 31), day.replace(day=1) - timedelta(days=1), year_before(day)


def trend_days(day: date) -> list[date]:
    """The ends of the last twelve months, oldest first, and the day itself."""
    ends, end = [day], day
    for _ in range(MONTHS):
        end = end.replace(day=1) - timedelta(days=1)
        ends.append(end)
    return ends[::-1]


def first_day(part: Part) -> date | None:
    """The first day of which anything is told of the part's units."""
    rows = part.spaces
    told = rows["start"][(rows["state"] != ABSENT) & (rows["start"] >= number_of(date(1900, 1, 1)))]
    begins = rows["start"][rows["state"] != ABSENT]
    if not len(begins):
        return None
    if not len(told) or len(told) < len(begins):
        # Some were always there.
        return date(1900, 1, 1) if len(told) < len(begins) else None
    return EPOCH + timedelta(days=int(told.min()))


def breaks(part: Part, day: date) -> list[Break]:
    """Where the monthly series of a part is broken."""
    found = []
    first = first_day(part)
    days = [then for then in trend_days(day) if first is not None and then >= first]
    for before, after in pairwise(days):
        recorded, redefined, base = _changed_base(Day(part, before), Day(part, after))
        if base and max(abs(recorded), abs(redefined)) > BREAK_SHARE * base:
            found.append(Break(after, recorded / 100, redefined / 100))
    return found


def _changed_base(before: Day, after: Day) -> tuple[int, int, int]:
    """What was first recorded (or taken out), and measured anew, of the base, and the base before, in dm²."""
    gained = after.base - before.base
    there = before.operating & after.operating
    new = ~before.operating & (before.part.buildings["year"] > before.day.year)
    recorded = np.where(there | new, 0, gained)
    return int(recorded.sum()), int(gained[there].sum()), int(before.base.sum())
