"""A random sample of the units of the district that staff went to look at lately, most of them so far."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np

from geo.returns.sampling import draw, sample_size
from geo.sample.lives import Lives, lives
from geo.sample.plane import stream
from geo.sample.towers import towers
from geo.sample.weekly import ZONE, first_week

AREA = "A2"
"""Key of the area in `areas.csv`."""

MARGIN = 0.1
DRAWN_AGO_DAYS, VISITS = 16, 4
SEEN_SHARE, WRONG_SHARE = 0.88, 0.06
FRESH_DAYS = 7
"""A word that is older than this before the weeks that are told one by one was known when somebody went to look."""


@dataclass(frozen=True, slots=True)
class Audit:
    """The rooms drawn out of `population`, when each was looked at if it was, and those that were not as reported."""

    drawn_on: date
    seed: int
    population: int
    rooms: tuple[int, ...]
    seen_on: dict[int, date]
    wrong: frozenset[int]

    def noticed_at(self, room: int) -> datetime:
        """When somebody stood in a room that was looked at."""
        minute = room * 7 % 300
        return datetime.combine(self.seen_on[room], time(10), ZONE) + timedelta(minutes=minute)


@lru_cache(2)
def audit(seed: int, today: date) -> Audit:
    """The random sample of the invented district."""
    story, rng = lives(seed, today), stream(seed, "audit")
    here = [number for number, room in enumerate(story.rooms) if room.valid_to is None and _is_asked(room.tower)]
    drawn_on = today - timedelta(days=DRAWN_AGO_DAYS)
    rooms = draw(here, sample_size(len(here), MARGIN), seed)
    seen_on = {number: _visit(drawn_on, story.rooms[number].tower) for number in rooms if rng.random() < SEEN_SHARE}
    seen_on = {number: day for number, day in seen_on.items() if story.rooms[number].stretches[-1].start < day}
    wrong = frozenset(number for number in seen_on if _can_be_wrong(number, story, seen_on, today, rng))
    return Audit(drawn_on, seed, len(here), tuple(rooms), seen_on, wrong)


def _is_asked(tower: int) -> bool:
    """Whether a tower owes returns."""
    return bool(towers()[tower].row["status"] == "operating")


def _visit(drawn_on: date, tower: int) -> date:
    """The working day on which somebody went through a tower."""
    day = drawn_on + timedelta(days=1 + tower % VISITS * 3)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _can_be_wrong(number: int, story: Lives, seen_on: dict[int, date], today: date, rng: np.random.Generator) -> bool:
    room = story.rooms[number]
    long_known = room.stretches[-1].start < first_week(today) - timedelta(days=FRESH_DAYS)
    told_since = story.reported_on[room.tower] > seen_on[number]
    return bool(rng.random() < WRONG_SHARE and long_known and told_since and room.present in ("let", "vacant", "own"))
