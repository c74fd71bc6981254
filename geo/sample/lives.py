"""All units of the towers with their present and past, and how fresh the word of each tower is."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from geo.sample.occupancy import Stretch, draw_present, live_backwards
from geo.sample.plane import stream
from geo.sample.rooms import Descent, Room, partition, rearrange
from geo.sample.towers import Tower, towers
from geo.sample.weekly import last_word, sendings

MONTHS_OF_HISTORY = 24
CITY_FILLED = 0.05
"""By how much the share of vacant rooms fell of late in the whole city, beside what each tower did (its `trend`)."""


@dataclass(frozen=True, slots=True)
class Lives:
    """Units of today and former ones of all towers, what came out of what, and when each tower last reported."""

    rooms: tuple[Room, ...]
    descents: tuple[Descent, ...]
    reported_on: tuple[date, ...]
    first_day: date


def first_day(today: date) -> date:
    """The first day of the records: the first of the month 24 months ago."""
    months = today.year * 12 + today.month - 1 - MONTHS_OF_HISTORY
    return date(months // 12, months % 12 + 1, 1)


@lru_cache(2)
def lives(seed: int, today: date) -> Lives:
    """The life of every unit of the 36 towers."""
    rooms: list[Room] = []
    descents: list[Descent] = []
    begin = first_day(today)
    sent = sendings(seed, today)
    reported = tuple(last_word(tower, sent[index], today) for index, tower in enumerate(towers()))
    for index, tower in enumerate(towers()):
        if not tower.planned:
            found, lines = _tower_lives(index, tower, seed, begin, _story_end(tower, today))
            rooms += found
            descents += lines
    return Lives(tuple(rooms), tuple(descents), reported, begin)


def _tower_lives(index: int, tower: Tower, seed: int, begin: date, now: date) -> tuple[list[Room], list[Descent]]:
    rng = stream(seed, f"units {tower.key}")
    rooms = partition(index, tower, rng)
    former, descents = rearrange(rooms, begin, now, rng)
    shares = {name: float(tower.row[name]) for name in ("vacant", "own", "unknown")}
    states = draw_present([r.area_m2 for r in rooms], [r.storey for r in rooms], shares, rng)
    usual = shares["vacant"] + CITY_FILLED - float(tower.row["trend"])
    for room, state in zip(rooms, states, strict=True):
        built = tower.row["status"] == "operating"
        room.present = state if built else _before_opening(state)
        room.stretches = live_backwards(room.present, now, room.valid_from or begin, usual, rng)
        if not built:
            room.stretches = room.stretches[-1:]
            room.stretches[0].start = begin + timedelta(days=400)
    for room in former:
        assert room.valid_to is not None
        room.present = "let" if rng.random() < 0.6 else "vacant"
        room.stretches = live_backwards(room.present, room.valid_to, begin, usual, rng)
        room.stretches.append(Stretch(room.valid_to, "unknown", room.valid_to, exists=False))
    return former + rooms, descents


def _before_opening(state: str) -> str:
    """In a house that is still being built nobody sits yet: it is signed for, or offered for the day it opens."""
    return {"vacant": "prelet", "talks": "prelet", "unknown": "unknown", "own": "unknown"}.get(state, "signed")


def _story_end(tower: Tower, today: date) -> date:
    """Up to when the life of a tower's units is told: this Monday, or the last word of a tower that is silent."""
    stale = int(tower.row["stale"])
    return today - timedelta(days=stale) if stale else today - timedelta(days=today.weekday())
