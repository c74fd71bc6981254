"""Rows of how often the pages of the towers and of what they offer were opened by day, more of it week by week."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from geo.sample.batches import Batch
from geo.sample.core import Core
from geo.sample.market import quotes
from geo.sample.plane import Floats, Ints, stream
from geo.sample.weekly import WEEKS

DAYS = WEEKS * 7
PER_BUILDING, PER_UNIT = 7.0, 0.22
"""Openings to be expected on a usual working day of the last week."""

WEEKEND = 0.35
FIRST_WEEK = 0.55
"""Of what is opened on a working day in the last week: on a day of a weekend, and in the first week."""


def reads(core: Core) -> Iterator[Batch]:
    """Openings of buildings, then of units on offer."""
    rng = stream(core.seed, "reads")
    towers = np.array([core.building_ids[at] for at, tower in enumerate(core.towers) if not tower.planned])
    fame: Floats = rng.gamma(2.2, 0.45, len(towers))
    yield _opened("building", towers, fame * PER_BUILDING, core.today, rng)
    offered = sorted({room for quote in quotes(core.seed, core.today) if quote.end is None for room in quote.rooms})
    units = np.array([core.room_ids[room] for room in offered])
    yield _opened("unit", units, rng.gamma(1.1, 0.9, len(units)) * PER_UNIT, core.today, rng)


def _opened(kind: str, ids: Ints, usual: Floats, today: date, rng: np.random.Generator) -> Batch:
    days = np.datetime64(today) - np.arange(DAYS, 0, -1)
    working = np.is_busday(days)
    factor = np.linspace(FIRST_WEEK, 1, DAYS) * np.where(working, 1.0, WEEKEND)
    often = rng.poisson(usual[:, None] * factor[None, :])
    thing, day = np.nonzero(often)
    return Batch("page_reads", len(thing), {
        "kind": kind, "thing_id": ids[thing], "day": days[day], "reads": often[thing, day],
    })  # fmt: skip
