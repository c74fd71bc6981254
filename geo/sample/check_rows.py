"""Rows of what staff saw on the spot: the units of the last sample, and every fourth of those reported lately."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from geo.sample.audit import AREA, audit
from geo.sample.batches import Batch, array, batch
from geo.sample.claims import Claims
from geo.sample.core import Core
from geo.sample.history import Belief, histories
from geo.sample.records import read_list
from geo.sample.unit_rows import verified_on
from geo.sample.weekly import ZONE, first_week

_NOTES = (None, None, "前台已确认。", "大门上锁，从玻璃看是空的。", None, "有人办公，门牌与登记一致。")


def checks(core: Core, claims: Claims) -> Iterator[Batch]:
    """The sample and the checks, oldest first."""
    drawn = audit(core.seed, core.today)
    ids = core.keys.take("audit_samples", 1)
    areas = [row["key"] for row in read_list("areas")]
    yield from batch("audit_samples", [
        {"id": ids[0], "area_id": core.area_ids[areas.index(AREA)], "drawn_on": drawn.drawn_on, "seed": drawn.seed,
         "population": drawn.population, "unit_ids": array(str(core.room_ids[number]) for number in drawn.rooms),
         "created_at": _at(drawn.drawn_on, 9)}
    ])  # fmt: skip
    rows = sorted(_rows(core, claims, ids[0]), key=lambda row: (row["checked_on"], row["unit_id"]))
    ids = core.keys.take("spot_checks", len(rows))
    yield from batch("spot_checks", [{"id": ident} | row for ident, row in zip(ids, rows, strict=True)])


def _rows(core: Core, claims: Claims, sample: int) -> Iterator[dict[str, Any]]:
    drawn, since = audit(core.seed, core.today), first_week(core.today)
    for number, life in enumerate(histories(core.seed, core.today).rows):
        day = verified_on(core, number, life[-1])
        if day is None or day < since or not life[-1].exists:
            continue
        in_sample = drawn.seen_on.get(number) == day
        yield {
            "unit_id": core.room_ids[number], "sample_id": sample if in_sample else None, "checked_on": day,
            "created_at": drawn.noticed_at(number) if in_sample else _at(day, 15), "note": _NOTES[number % len(_NOTES)],
            **_seen(claims, number, life, wrong=in_sample and number in drawn.wrong),
        }  # fmt: skip


def _seen(claims: Claims, number: int, life: tuple[Belief, ...], *, wrong: bool) -> dict[str, Any]:
    held = claims.said(number, life[-2] if wrong else life[-1])
    found = claims.said(number, life[-1]).state if wrong else None
    return {"as_reported": not wrong, "reported": json.dumps(held.as_json(), ensure_ascii=False), "found": found}


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE)
