"""Writes into `units` what is held of the day: the state, and the offer that stands where the unit is on the market."""

import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.db import query
from geo.disclosure import public_occupancy
from geo.model import Unit
from geo.taxonomy import rent_cny_m2_day

ON_MARKET = frozenset({"vacant", "soon"})
_ASKED = ("offer_id", "rent_amount", "rent_unit", "rent_cny_m2_day", "fitout", "available_on", "min_area_m2")
_TAKEN_OVER = (
    *("id", "occupancy", "area_m2", "area_basis", "use", "reported_on", "verified_on", "state_source_id"),
    "recorded_at",
)
_AT_ONCE = 1000


def write_present(session: Session, unit_ids: Collection[int], today: date) -> list[int]:
    """Bring the rows of units in line with what is held of today; gives the ids of those that changed."""
    session.flush()
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query("present_facts"), {"units": list(unit_ids), "today": today}).fetchall()
        rows = Jsonb([_present(facts, today) for facts in found], dumps=_dumps)
        changed = [row["id"] for row in cursor.execute(query("present_write"), {"rows": rows})]
    for unit in session.identity_map.values():
        if isinstance(unit, Unit) and unit.id in changed:
            session.expire(unit)
    return changed


def write_due(session: Session, today: date, days: int = 31) -> int:
    """Bring units in line whose state or offer began or ended within the last days; gives how many changed."""
    driver = session.connection().connection.driver_connection
    assert driver is not None
    due = driver.execute(query("present_due"), {"since": today - timedelta(days=days), "today": today}).fetchall()
    unit_ids = sorted(ident for (ident,) in due)
    parts = [unit_ids[start : start + _AT_ONCE] for start in range(0, len(unit_ids), _AT_ONCE)]
    return sum(len(write_present(session, part, today)) for part in parts)


def _present(facts: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The columns of `units` that follow from the facts of a unit."""
    status = _status(facts)
    asked = {name: facts.get(name) if status in ON_MARKET else None for name in _ASKED}
    if asked["rent_amount"] is not None and asked["rent_unit"] is not None:
        asked["rent_cny_m2_day"] = rent_cny_m2_day(asked["rent_amount"], asked["rent_unit"], facts["area_m2"])
    valid = _valid(facts, today)
    span = "empty" if valid.isempty else f"[{valid.lower or ''},{valid.upper or ''})"
    return {**{name: facts[name] for name in _TAKEN_OVER}, **asked, "public_status": status, "valid": span}


def _status(facts: Mapping[str, Any]) -> str:
    if not facts["told"]:
        return "unknown"
    return public_occupancy(facts["occupancy"], facts["contract"], facts["offer_id"] is not None, facts["available_on"])


def _valid(facts: Mapping[str, Any], today: date) -> Range[date]:
    """From when to when the unit stands: a state in which it is no more ends it, a later one begins it again."""
    valid: Range[date] = facts["valid"]
    if not facts["exists"]:
        gone = facts["held_valid"].lower
        still = gone is not None and (valid.lower is None or valid.lower < gone) and not valid.isempty
        return Range(valid.lower, gone, "[)") if still else Range(empty=True)
    ended = valid.isempty or (valid.upper is not None and valid.upper <= today)
    return Range(valid.lower, None, "[)") if ended else valid


def _dumps(rows: object) -> str:
    return json.dumps(rows, default=str)
