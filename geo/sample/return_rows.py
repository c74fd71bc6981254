"""Rows of the weekly returns of the towers that are in use: what was owed, what was sent, and what staff made of it.

What was accepted is what the histories of the units say, so that a return and the states never disagree; what was sent
back or waits is a claim and changes nothing.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from geo.returns.said import Said
from geo.returns.weeks import DueRule, due_at
from geo.sample.batches import Batch, batch
from geo.sample.claims import Claim, Claims, mistaken
from geo.sample.core import Core
from geo.sample.plane import stream
from geo.sample.weekly import WEEKS, ZONE, Sending, first_week, sendings

MISTAKEN_SHARE = 0.2
"""Of the returns with changes: one came before with something wrong in it and was sent back."""

WAITING, SENT_BACK = 5, 2
"""Towers of which something waits for a decision, or was sent back and has to be reported again."""

_VIAS = ("page", "page", "page", "workbook", "text")
_SENT_BACK = "现场看到的和填报的不一样，请核对后重报。"


@dataclass(frozen=True, slots=True)
class Submission:
    """One sending: when, of which claims, and what became of them, with the reason where they were sent back."""

    sent_at: datetime
    via: str
    claims: Sequence[Claim]
    outcome: str = "accepted"
    reason: str | None = None


@dataclass(slots=True)
class Return:
    """What a tower owed for a week and what came."""

    tower: int
    week: date
    state: str = "open"
    decided_at: datetime | None = None
    reason: str | None = None
    submissions: list[Submission] = field(default_factory=list)


def returns(core: Core, claims: Claims) -> Iterator[Batch]:
    """The returns of the last weeks with their submissions, lines and sightings."""
    told = _told(core, claims)
    ids = core.keys.take("vacancy_returns", len(told))
    yield from batch("vacancy_returns", [
        {"id": ident, "building_id": core.building_ids[each.tower], "week": each.week,
         "due_at": (due := due_at(each.week, DueRule(), ZONE)), "state": each.state,
         "received_at": each.submissions[0].sent_at if each.submissions else None, "decided_at": each.decided_at,
         "reason": each.reason, "reminded_at": None if _in_time(each, due) else due - timedelta(hours=24)}
        for ident, each in zip(ids, told, strict=True)
    ])  # fmt: skip
    sent = [(ident, each) for ident, owed in zip(ids, told, strict=True) for each in owed.submissions]
    sent_ids = core.keys.take("return_submissions", len(sent))
    yield from batch("return_submissions", [
        {"id": ident, "return_id": return_id, "code": code, "key": f"sample-{ident}",
         "said_on": each.sent_at.date(), "received_at": each.sent_at, "via": each.via}
        for ident, code, (return_id, each) in zip(
            sent_ids, core.keys.codes("return_submissions", sent_ids), sent, strict=True)
    ])  # fmt: skip
    yield from _lines(core, list(zip(sent_ids, (each for _, each in sent), strict=True)))


def _lines(core: Core, sent: Sequence[tuple[int, Submission]]) -> Iterator[Batch]:
    lines = [(ident, each, claim) for ident, each in sent for claim in each.claims]
    ids = core.keys.take("return_lines", len(lines))
    yield from batch("return_lines", [
        {"id": line, "submission_id": ident, "unit_id": core.room_ids[claim.room], "seen_id": claim.seen_id,
         **_said(claim.said), "since": claim.since, "before": json.dumps(claim.before.as_json(), ensure_ascii=False),
         "outcome": each.outcome, "reason": each.reason,
         "state_id": claim.state_id if each.outcome == "accepted" else None}
        for line, (ident, each, claim) in zip(ids, lines, strict=True)
    ])  # fmt: skip
    seen = [(ident, *sighting) for ident, each, claim in lines if each.outcome == "accepted"
            for sighting in _sightings(core, claim)]  # fmt: skip
    ids = core.keys.take("return_sightings", len(seen))
    yield from batch("return_sightings", [
        {"id": ident, "submission_id": submission, "kind": kind, "name": name, "room": room, "seen_on": day}
        for ident, (submission, kind, name, room, day) in zip(ids, seen, strict=True)
    ])  # fmt: skip


def _said(said: Said) -> dict[str, Any]:
    return {
        "status": said.state, "offered": said.offered, "rent_amount": said.rent_amount, "rent_unit": said.rent_unit,
        "available_on": said.available_on, "tenant": said.tenant, "area_m2": said.area_m2,
    }  # fmt: skip


def _sightings(core: Core, claim: Claim) -> Iterator[tuple[str, str, str, date]]:
    """Who was seen to move in or out with a change of tenant."""
    label = core.lives.rooms[claim.room].label
    if claim.said.tenant != claim.before.tenant:
        if claim.before.tenant:
            yield "move_out", claim.before.tenant, label, claim.since
        if claim.said.tenant:
            yield "move_in", claim.said.tenant, label, claim.since


def _in_time(owed: Return, due: datetime) -> bool:
    return any(each.sent_at < due - timedelta(hours=24) for each in owed.submissions)


def _told(core: Core, claims: Claims) -> list[Return]:
    """The returns of every tower and week, the oldest first; some of the last ones wait or were sent back."""
    weeks = [first_week(core.today) + timedelta(weeks=number) for number in range(WEEKS)]
    told = []
    for tower, sent in enumerate(sendings(core.seed, core.today)):
        if core.towers[tower].row["status"] == "operating":
            by_week = {each.week: each for each in sent}
            told += [_of_week(core, Return(tower, week), by_week.get(week), claims) for week in weeks]
    told.sort(key=lambda each: (each.week, each.tower))
    _leave_some_open(core, told, claims)
    return told


def _of_week(core: Core, owed: Return, sent: Sending | None, claims: Claims) -> Return:
    if sent is None:
        return owed
    rng = stream(core.seed, f"returned {core.towers[owed.tower].key} {owed.week}")
    via, chance = _VIAS[int(rng.integers(len(_VIAS)))], rng.random()
    changes = claims.accepted.get((owed.tower, sent.accepted_at), [])
    if changes and chance < MISTAKEN_SHARE:
        wrong, reason = mistaken(changes[0].said, rng)
        first = replace(changes[0], said=wrong)
        before = sent.sent_at - timedelta(minutes=95)
        owed.submissions.append(Submission(before, via, [first], "rejected", reason))
    # "No change" is accepted as it comes.
    owed.submissions.append(Submission(sent.sent_at if changes else sent.accepted_at, via, changes))
    owed.state, owed.decided_at = "accepted", sent.accepted_at
    return owed


def _leave_some_open(core: Core, told: Sequence[Return], claims: Claims) -> None:
    """Of the last returns of some towers more was said afterwards, which waits for a decision or was sent back."""
    since = core.today - timedelta(days=core.today.weekday() + 7)
    last = {each.tower: each for each in told if each.submissions and each.week >= since}
    rng = stream(core.seed, f"undecided {since}")
    chosen = [last[tower] for tower in rng.permutation(sorted(last)).tolist()[: WAITING + SENT_BACK]]
    for number, owed in enumerate(chosen):
        assert owed.decided_at is not None
        sent_at = owed.decided_at + timedelta(minutes=int(rng.integers(20, 100)))
        more = claims.new(owed.tower, int(rng.integers(2, 5)), sent_at.date(), rng)
        if number < WAITING:
            owed.submissions.append(Submission(sent_at, "page", more, "waiting"))
            owed.state, owed.decided_at = "received", None
        else:
            owed.submissions.append(Submission(sent_at, "page", more, "rejected", _SENT_BACK))
            owed.state, owed.decided_at, owed.reason = "rejected", sent_at + timedelta(minutes=40), _SENT_BACK
