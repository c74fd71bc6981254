"""Which pages there are for search engines, part by part: listed buildings, units on the market, areas.

Buildings and units come out of the present state, so that what nobody may see is in no sitemap; the database is asked
for the codes and days of the rows of one part alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.conditions import shown
from geo.model import Area, Building, Unit
from geo.state_search import Table
from webmap.locale import LANGUAGES

MOST_ADDRESSES = 50_000
"""Of one part, says sitemaps.org."""

PER_PART = MOST_ADDRESSES // len(LANGUAGES)
"""Things of one part: each has an address in every language."""

FIXED = ("/", "/match", "/clusters", "/indicators", "/cockpit", "/compare", "/about", "/privacy")
"""Pages that are there whatever the data."""

KINDS = {"pages": "", "buildings": "/b/", "units": "/u/", "areas": "/a/"}
"""Kind of part → what the paths of its pages begin with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page by its path without language, and the day on which what it shows was changed last."""

    path: str
    changed_on: date | None = None


def parts(session: Session, table: Table) -> list[tuple[str, int]]:
    """Kind and number (from 1) of every part."""
    areas = session.scalar(select(func.count(Area.id)).where(*shown(Area, False))) or 0
    counts = {"pages": 1, "buildings": table.building_count, "units": len(_unit_ids(table)), "areas": areas}
    return [(kind, part + 1) for kind in KINDS for part in range(-(-counts[kind] // PER_PART))]


def entries(session: Session, table: Table, kind: str, part: int, zone: ZoneInfo) -> Iterator[Entry]:
    """The pages of a part, none where there is no such part; days are those of `zone`."""
    first = (part - 1) * PER_PART
    if kind == "pages":
        yield from (Entry(path) for path in FIXED if part == 1)
        return
    for code, changed in _rows(session, table, kind, slice(first, first + PER_PART)):
        yield Entry(KINDS[kind] + code, changed.astimezone(zone).date() if changed else None)


def _rows(session: Session, table: Table, kind: str, chosen: slice) -> Sequence[Any]:
    if kind == "areas":
        areas = select(Area.code, Area.updated_at).where(*shown(Area, False)).order_by(Area.id)
        return session.execute(areas.offset(chosen.start).limit(PER_PART)).all()
    if kind == "buildings":
        ids = np.sort(table.building("id"))[chosen].tolist()
        buildings = select(Building.code, Building.updated_at).where(Building.id == func.any(ids))
        return session.execute(buildings.order_by(Building.id)).all()
    ids = _unit_ids(table)[chosen].tolist()
    return session.execute(select(Unit.code, Unit.recorded_at).where(Unit.id == func.any(ids)).order_by(Unit.id)).all()


def _unit_ids(table: Table) -> Any:
    """Ids of the units on the market, ascending."""
    return np.sort(np.concatenate([group.column("id") for group in table.market((False, True))]))
