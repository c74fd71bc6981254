"""When each tower sent its weekly return over the last weeks: in time, late, or not at all, as is its habit.

Everything else that tells of returns follows from this: what is known of a unit since when, what was confirmed, and
the rows of the returns themselves.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from geo.returns.weeks import week_of
from geo.sample.plane import stream
from geo.sample.towers import Tower, towers

WEEKS = 12
ZONE = ZoneInfo("Asia/Shanghai")

_HABITS = ((0.0, 0.0), (0.0, 0.0), (0.1, 0.03), (0.15, 0.05), (0.35, 0.12))
"""Shares of late and of missing returns; a tower has one of these habits."""

_STALE_AT = time(9, 40)


@dataclass(frozen=True, slots=True)
class Sending:
    """A return of a tower for a week: when it was sent and when it had been accepted."""

    week: date
    sent_at: datetime
    accepted_at: datetime


def first_week(today: date) -> date:
    """The Monday from which on returns are told one by one."""
    return week_of(today) - timedelta(weeks=WEEKS - 1)


@lru_cache(2)
def sendings(seed: int, today: date) -> tuple[tuple[Sending, ...], ...]:
    """What each tower sent up to yesterday, the oldest first."""
    return tuple(tuple(_of_tower(tower, seed, today)) for tower in towers())


def last_word(tower: Tower, sent: tuple[Sending, ...], today: date) -> date:
    """The day of the last return of a tower, or longer ago where it has been silent."""
    return sent[-1].accepted_at.date() if sent else today - timedelta(days=int(tower.row["stale"]))


def _of_tower(tower: Tower, seed: int, today: date) -> list[Sending]:
    silent = int(tower.row["stale"])
    last = today - timedelta(days=silent or 1)
    habit = stream(seed, f"habit {tower.key}")
    weekday, kind = int(habit.integers(0, 5)), int(habit.integers(0, len(_HABITS)))
    late, missing = _HABITS[kind] if tower.row["status"] == "operating" else _HABITS[0]
    weeks = [first_week(today) + timedelta(weeks=number) for number in range(WEEKS)]
    found = []
    for week in weeks:
        rng = stream(seed, f"return {tower.key} {week}")
        # Something was said in the first week, and, so that what is fresh stays so, in the one before this.
        sent = _sending(week, weekday, late, 0 if week in (weeks[0], weeks[-2]) else missing, rng)
        if sent and sent.sent_at.date() <= last:
            found.append(sent)
    if silent and last >= weeks[0]:
        return [*(each for each in found if each.week < week_of(last)), _word_of(last)]
    return found


def _sending(week: date, weekday: int, late: float, missing: float, rng: np.random.Generator) -> Sending | None:
    chance, shift, minute, wait = rng.random(), int(rng.integers(-1, 2)), *map(int, rng.integers((0, 10), (420, 150)))
    if chance < missing:
        return None
    day = 5 + minute % 2 if chance < missing + late else min(max(weekday + shift, 0), 4)
    sent_at = datetime.combine(week + timedelta(days=day), time(8, 20), ZONE) + timedelta(minutes=minute)
    return Sending(week, sent_at, sent_at + timedelta(minutes=wait))


def _word_of(day: date) -> Sending:
    sent_at = datetime.combine(day, _STALE_AT, ZONE)
    return Sending(week_of(day), sent_at, sent_at + timedelta(minutes=50))
