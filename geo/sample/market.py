"""What is on the market in the towers, now and before: rents as quoted, fit-out, terms, and for when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from geo.sample.lives import lives
from geo.sample.plane import stream
from geo.sample.rooms import Room
from geo.sample.towers import Tower, towers
from geo.taxonomy.rents import DAYS_PER_MONTH

OFFERED_SHARE, JOINT_SHARE, DIVISIBLE_SHARE, RANGE_SHARE = 0.9, 0.3, 0.4, 0.3
DIVISIBLE_FROM_M2 = 500
ON_OFFER = ("vacant", "talks", "soon", "prelet")
_FITOUTS = {
    "super_a": (0.15, 0.35, 0.3, 0.2),
    "a": (0.2, 0.35, 0.3, 0.15),
    "b": (0.1, 0.35, 0.4, 0.15),
    "c": (0.05, 0.5, 0.4, 0.05),
}
"""Grade → shares of shell, basic, full and furnished."""


@dataclass(frozen=True, slots=True)
class Quote:
    """An offer of one or several units of a tower over a time, with its terms."""

    rooms: tuple[int, ...]
    tower: int
    start: date
    end: date | None
    low: float
    high: float
    rent_unit: str
    fitout: str
    available_on: date | None
    min_area_m2: int | None
    rent_free_months: int
    kind: str
    escalation_pct: float


@lru_cache(2)
def quotes(seed: int, today: date) -> tuple[Quote, ...]:
    """All offers of the towers in the order of their units, past ones first."""
    story, rng = lives(seed, today), stream(seed, "market")
    past = [quote for number, room in enumerate(story.rooms) for quote in _past(number, room, rng)]
    present: list[Quote] = []
    for number, room in enumerate(story.rooms):
        if room.valid_to is not None or room.present not in ON_OFFER:
            continue
        if room.present in ("vacant", "talks") and rng.random() > OFFERED_SHARE:
            continue
        if present and _joins(present[-1], room, number, story.rooms) and rng.random() < JOINT_SHARE:
            present[-1] = replace(present[-1], rooms=(*present[-1].rooms, number), min_area_m2=None)
            continue
        available = _available_on(room.present, towers()[room.tower], today, rng)
        present.append(_quote(number, room, room.stretches[-1].start, None, available, rng))
    return tuple(past + present)


def rent_cny_m2_day(amount: float, unit: str) -> float:
    """A quoted rent per m² and day; a month is 365/12 days."""
    return amount if unit == "cny_m2_day" else amount / DAYS_PER_MONTH


def monthly(tower: Tower) -> bool:
    """Whether the owner of a tower quotes by the month."""
    return int(tower.key[1:]) % 3 == 0


def _past(number: int, room: Room, rng: np.random.Generator) -> list[Quote]:
    """Offers of the times when the unit stood empty before."""
    found = []
    for stretch, following in zip(room.stretches, room.stretches[1:], strict=False):
        if stretch.state in ("vacant", "talks") and rng.random() < OFFERED_SHARE:
            found.append(_quote(number, room, stretch.start, following.start, None, rng))
    return found


def _joins(last: Quote, room: Room, number: int, rooms: Sequence[Room]) -> bool:
    """Whether a unit lies beside those of the last offer and is as free as they are."""
    before = rooms[last.rooms[-1]]
    beside = last.rooms[-1] == number - 1 and (before.tower, before.storey) == (room.tower, room.storey)
    return beside and before.present == room.present == "vacant"


def _quote(
    number: int, room: Room, start: date, end: date | None, available: date | None, rng: np.random.Generator
) -> Quote:
    tower = towers()[room.tower]
    height = tower.storeys[room.storey].position
    rent = float(tower.row["rent"]) * (1 + 0.0035 * (height - 18)) * float(rng.uniform(0.92, 1.06))
    rent *= 1.6 if room.use == "retail" else 1.0
    low = round(rent * 365 / 12) if monthly(tower) else round(rent, 1)
    high = low if rng.random() > RANGE_SHARE else round(low * 1.06, 0 if monthly(tower) else 1)
    divisible = room.area_m2 >= DIVISIBLE_FROM_M2 and rng.random() < DIVISIBLE_SHARE
    least = int(room.area_m2 / int(rng.integers(2, 5)) // 50 * 50) if divisible else None
    fitouts = _FITOUTS.get(tower.row["grade"] or "a", _FITOUTS["a"])
    fitout = ("shell", "basic", "full", "furnished")[int(rng.choice(4, p=fitouts))]
    kind = "sublease" if room.present == "soon" and rng.random() < 0.3 else "rent"
    terms = int(rng.integers(1, 5)), kind, float(rng.choice([0, 3, 5]))
    unit = "cny_m2_month" if monthly(tower) else "cny_m2_day"
    return Quote((number,), room.tower, start, end, low, high, unit, fitout, available, least, *terms)


def _available_on(state: str, tower: Tower, today: date, rng: np.random.Generator) -> date | None:
    """The first of a coming month for what is not free yet."""
    if state not in ("soon", "prelet"):
        return None
    ahead = int(rng.integers(1, 7)) if state == "soon" else 5 + int(tower.key[1:]) % 6
    months = today.year * 12 + today.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
