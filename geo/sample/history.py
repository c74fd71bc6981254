"""The bitemporal rows of `unit_states`: what was so when, and from when to when we held it to be so.

Every change makes three rows of two stretches: the old belief "so from then on" is closed on the day of the report, and
"so until the change" and "so since the change" take its place. A few reports were wrong and were corrected later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import numpy as np

from geo.sample.audit import audit
from geo.sample.lives import lives
from geo.sample.occupancy import Stretch
from geo.sample.plane import stream
from geo.sample.tenants import tenants
from geo.sample.weekly import ZONE, Sending, sendings

CORRECTED_SHARE = 0.02
_MISTAKEN_FOR = {"let": "vacant", "vacant": "let", "own": "let", "talks": "let"}


@dataclass(frozen=True, slots=True)
class Belief:
    """One row of `unit_states`: a state over a time of validity, held over a time of knowledge; None is open."""

    valid: tuple[date, date | None]
    known: tuple[datetime, datetime | None]
    state: str
    exists: bool
    tenant: int | None
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class Histories:
    """The beliefs about every unit, and the day on which each unit was last confirmed, if it was."""

    rows: tuple[tuple[Belief, ...], ...]
    confirmed_on: tuple[date | None, ...]


@lru_cache(2)
def histories(seed: int, today: date) -> Histories:
    """The history of all units of the towers, tenants included, in the order of `lives`."""
    tenants(seed, today)
    story, rng = lives(seed, today), stream(seed, "history")
    sent, seen = sendings(seed, today), audit(seed, today)
    rows = []
    for number, room in enumerate(story.rooms):
        life = beliefs(room.stretches, story.reported_on[room.tower], sent[room.tower], rng)
        rows.append(tuple(_corrected(life, seen.noticed_at(number)) if number in seen.wrong else life))
    confirmed = tuple(
        story.reported_on[room.tower] if room.valid_to is None and life[-1].reported_on is not None else None
        for room, life in zip(story.rooms, rows, strict=True)
    )
    return Histories(tuple(rows), confirmed)


def beliefs(
    stretches: Sequence[Stretch], last_word: date, sent: Sequence[Sending], rng: np.random.Generator
) -> list[Belief]:
    """All rows of a unit, oldest knowledge first.

    Parameters
    ----------
    stretches : sequence of Stretch
        The unit's life in order of time.
    last_word : date
        The day of the last report; nothing was learned later.
    sent : sequence of Sending
        The last returns of its tower: from the first of their weeks on, what is known was learned from them.
    """
    learned = _learned(stretches, last_word, sent, rng)
    rows: list[Belief] = []
    for number, stretch in enumerate(stretches):
        here, later = learned[number], learned[number + 1] if number + 1 < len(stretches) else None
        reported = None if stretch.state in ("unknown", "prelet") and stretch.exists else here.date()
        facts = stretch.state, stretch.exists, stretch.tenant, reported
        rows.append(Belief((stretch.start, None), (here, later), *facts))
        if later is not None:
            rows.append(Belief((stretch.start, stretches[number + 1].start), (later, None), *facts))
    return _with_correction(rows, last_word, rng) if rng.random() < CORRECTED_SHARE else rows


def _learned(
    stretches: Sequence[Stretch], last_word: date, sent: Sequence[Sending], rng: np.random.Generator
) -> list[datetime]:
    """When each stretch became known, in order: from the first return after it began, earlier ones some days later."""
    clock = time(1, 0, tzinfo=UTC)
    latest = datetime.combine(last_word, clock) + timedelta(hours=8)
    found: list[datetime] = []
    for number, stretch in enumerate(stretches):
        day = datetime.combine(stretch.start, clock) + timedelta(
            days=int(rng.integers(0, 8)), minutes=int(rng.integers(0, 480))
        )
        spare = timedelta(minutes=len(stretches) - number)
        moment = _told_by(sent, stretch.start, day) or min(day, latest - spare)
        found.append(max(moment, found[-1] + timedelta(seconds=1)) if found else moment)
    return found


def _told_by(sent: Sequence[Sending], start: date, day: datetime) -> datetime | None:
    """When the return was accepted that told of what began on a day; None where that was before the first of them."""
    if not sent or day.astimezone(ZONE).date() < sent[0].week:
        return None
    return next((each.accepted_at for each in sent if each.sent_at.date() >= start), None)


def _with_correction(rows: list[Belief], last_word: date, rng: np.random.Generator) -> list[Belief]:
    """The last belief corrected some weeks later, unless it was too new for that."""
    last = rows[-1]
    noticed = last.known[0] + timedelta(days=int(rng.integers(5, 30)), minutes=7)
    if last.state not in _MISTAKEN_FOR or noticed.date() > last_word:
        return rows
    return _corrected(rows, noticed)


def _corrected(rows: list[Belief], noticed: datetime) -> list[Belief]:
    """The last belief as it was first, wrongly, held, and its correction at an instant."""
    last = rows[-1]
    wrong = Belief(last.valid, (last.known[0], noticed), _MISTAKEN_FOR[last.state], True, None, last.reported_on)
    right = Belief(last.valid, (noticed, None), last.state, last.exists, last.tenant, noticed.date())
    return [*rows[:-1], wrong, right]
