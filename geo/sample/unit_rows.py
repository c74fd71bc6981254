"""Rows of the units of the towers: offers, present states, history, descent and confirmations."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from geo.disclosure import public_occupancy
from geo.sample.audit import audit
from geo.sample.batches import Batch, batch, days, instants
from geo.sample.core import Core
from geo.sample.history import Belief, histories
from geo.sample.market import Quote, monthly, quotes, rent_cny_m2_day
from geo.sample.occupancy import STATES
from geo.sample.plane import stream
from geo.sample.rooms import Room
from geo.sample.weekly import ZONE, Sending, sendings

TOLD_DAYS = 28
"""The returns before the last weeks are not all repeated."""


def offers(core: Core, contacts: dict[int, int]) -> Iterator[Batch]:
    """Offers and the units they cover; `contacts` gives the party to ask by tower."""
    rows = quotes(core.seed, core.today)
    ids = core.offer_ids
    yield from batch("offers", [
        {"id": ident, "code": code, "building_id": core.building_ids[quote.tower], "kind": quote.kind,
         "contact_id": contacts[quote.tower]} | _terms(quote, core)
        for ident, code, quote in zip(ids, core.keys.codes("offers", ids), rows, strict=True)
    ], source_id=core.source)  # fmt: skip


def offer_units(core: Core) -> Iterator[Batch]:
    """Which units an offer covers."""
    covers = [
        {"offer_id": ident, "unit_id": core.room_ids[room]}
        for ident, quote in zip(core.offer_ids, quotes(core.seed, core.today), strict=True)
        for room in quote.rooms
    ]
    yield from batch("offer_units", covers)


def units(core: Core) -> Iterator[Batch]:
    """The units with their present state, former ones too."""
    ids = core.room_ids
    codes = core.keys.codes("units", ids)
    asked = {room: (ident, quote) for ident, quote in zip(core.offer_ids, quotes(core.seed, core.today), strict=True)
             if quote.end is None for room in quote.rooms}  # fmt: skip
    yield from batch("units", [
        _place(core, room) | {"id": ident, "code": code, "source_key": f"unit-{number}"}
        | _present(core, number, *asked.get(number, (None, None)))
        for number, (ident, code, room) in enumerate(zip(ids, codes, core.lives.rooms, strict=True))
    ], source_id=core.source)  # fmt: skip


def lineage(core: Core) -> Iterator[Batch]:
    """Which unit came out of which."""
    number = {id(room): ident for room, ident in zip(core.lives.rooms, core.room_ids, strict=True)}
    yield from batch("unit_lineage", [
        {"parent_id": number[id(d.parent)], "child_id": number[id(d.child)], "kind": d.kind, "happened_on": d.on}
        for d in core.lives.descents
    ])  # fmt: skip


def states(core: Core, enterprise_ids: range) -> Iterator[Batch]:
    """The history of every unit."""
    rng = stream(core.seed, "rents paid")
    rows = [
        {"unit_id": ident, **_state(core, number, belief, enterprise_ids, rng)}
        for number, (ident, life) in enumerate(zip(core.room_ids, histories(core.seed, core.today).rows, strict=True))
        for belief in life
    ]
    yield from batch("unit_states", [{"id": i} | row for i, row in zip(core.state_ids, rows, strict=True)],
                     source_id=core.source)  # fmt: skip


def confirmations(core: Core) -> Iterator[Batch]:
    """The "no change" where a tower sent one: weekly in the last weeks, told once in four weeks of the time before."""
    stories, sent = histories(core.seed, core.today), sendings(core.seed, core.today)
    rows = [
        {"unit_id": ident, "confirmed_on": day, "recorded_at": moment}
        for ident, room, last, life in zip(
            core.room_ids, core.lives.rooms, stories.confirmed_on, stories.rows, strict=True
        )
        if last is not None
        for day, moment in sorted(_told(sent[room.tower], last, life).items())
    ]
    ids = core.keys.take("confirmations", len(rows))
    yield from batch("confirmations", [{"id": i} | r for i, r in zip(ids, rows, strict=True)], source_id=core.source)


def _place(core: Core, room: Room) -> dict[str, Any]:
    top = None if room.top_storey is None else core.floor_id(room.tower, room.top_storey)
    return {
        "building_id": core.building_ids[room.tower], "floor_id": core.floor_id(room.tower, room.storey),
        "top_floor_id": top, "label": room.label, "use": room.use, "area_m2": room.area_m2,
        "valid": days(room.valid_from, room.valid_to),
    }  # fmt: skip


def _present(core: Core, number: int, offer: int | None, quote: Quote | None) -> dict[str, Any]:
    """The columns that repeat the present state: what the last belief says, and the offer that stands."""
    stories = histories(core.seed, core.today)
    belief, confirmed = stories.rows[number][-1], stories.confirmed_on[number]
    occupancy, contract = STATES[belief.state]
    status = public_occupancy(occupancy, contract, quote is not None, quote.available_on if quote else None)
    rent: dict[str, Any] = {"rent_amount": None, "rent_unit": None, "rent_cny_m2_day": None, "fitout": None}
    if quote is not None:
        rent = {"rent_amount": quote.low, "rent_unit": quote.rent_unit, "fitout": quote.fitout,
                "rent_cny_m2_day": rent_cny_m2_day(quote.low, quote.rent_unit)}  # fmt: skip
    return {
        "occupancy": occupancy, "public_status": status, "offer_id": offer, **rent,
        "available_on": quote.available_on if quote else None, "min_area_m2": quote.min_area_m2 if quote else None,
        "reported_on": confirmed or belief.reported_on, "recorded_at": belief.known[0],
        "verified_on": verified_on(core, number, belief), "state_source_id": core.source,
    }  # fmt: skip


def _terms(quote: Quote, core: Core) -> dict[str, Any]:
    published = min(_morning(quote.start) + timedelta(days=4), core.midnight)
    return {
        "rent_low": quote.low, "rent_high": quote.high, "rent_unit": quote.rent_unit, "tax_included": True,
        "property_fee_included": False, "min_area_m2": quote.min_area_m2, "fitout": quote.fitout,
        "available_on": quote.available_on, "rent_free_months": quote.rent_free_months,
        "escalation_pct": quote.escalation_pct,
        "rent_free_with_fee": core.building_ids[quote.tower] % 4 == 0 if quote.rent_free_months else None,
        "restoration_cny_m2": 150 if quote.fitout == "shell" else None,
        "deposit_months": 3 if monthly(core.towers[quote.tower]) else 2,
        "valid": days(quote.start, quote.end), "known": instants(published, None), "published_at": published,
        "recorded_at": published,
    }  # fmt: skip


def _state(core: Core, number: int, belief: Belief, enterprise_ids: range, rng: np.random.Generator) -> dict[str, Any]:
    room, seen = core.lives.rooms[number], verified_on(core, number, belief)
    occupancy, contract = STATES[belief.state]
    asked = float(core.towers[room.tower].row["rent"])
    paid = round(asked * float(rng.uniform(0.75, 1.0)), 2) if occupancy == "tenant" else None
    return {
        "valid": days(*belief.valid), "known": instants(*belief.known), "exists": belief.exists,
        "area_m2": room.area_m2, "area_source": "测绘" if number % 5 else "产证", "use": room.use,
        "occupancy": occupancy, "contract": contract,
        "tenant_id": None if belief.tenant is None else enterprise_ids[belief.tenant],
        "rent_amount": paid, "rent_unit": "cny_m2_day" if paid else None, "reported_on": belief.reported_on,
        "verified_on": seen, "verification": "现场核实" if seen else None,
    }  # fmt: skip


def verified_on(core: Core, number: int, belief: Belief) -> date | None:
    """When staff saw a unit so: in the last random sample, or, of every fourth, on the day of its report."""
    if belief.known[1] is not None:
        return None
    seen = audit(core.seed, core.today).seen_on.get(number)
    if seen and belief.valid[1] is None and belief.known[0].astimezone(ZONE).date() <= seen:
        return seen
    return None if number % 4 else belief.reported_on


def _told(sent: Sequence[Sending], last: date, life: tuple[Belief, ...]) -> dict[date, datetime]:
    """The days of the returns since the present state was reported, and what is told of the time before them."""
    first = life[-1].known[0].date()
    accepted = {each.accepted_at.date(): each.accepted_at for each in sent}
    since = {day: moment for day, moment in accepted.items() if day > first}
    return _months(life, sent[0].week if sent else last) | since | {last: accepted.get(last, _morning(last))}


def _months(life: tuple[Belief, ...], until: date) -> dict[date, datetime]:
    """Every fourth week of each stretch as it is known now, up to a day."""
    found: list[date] = []
    for belief in life:
        start, end = belief.valid[0], min(belief.valid[1] or until, until)
        if belief.known[1] is None and belief.exists and belief.reported_on is not None:
            found += [start + timedelta(days=days) for days in range(TOLD_DAYS, (end - start).days, TOLD_DAYS)]
    return {day: _morning(day) for day in found}


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(1, 30), UTC)
