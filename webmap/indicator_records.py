"""Finds the indicators of an area: reads the record of a moment once, and keeps it with what was worked out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from geo import past_units
from geo.disclosure import Audience, public_fields
from geo.errors import BadParameterError
from geo.indicators import AreaOutline, Indicator, Part, Record, read_areas, read_record
from geo.indicators.comparing import Break, Compared, breaks, compare
from geo.indicators.taxes import with_published, with_taxes
from geo.kept import Kept
from geo.looking_back import Moment, driver_of, looking_back
from geo.model import Source

PATIENCE = "5min"
"""For a statement that reads the record of a whole city, once for many requests."""


LARGE = 200_000
"""Stretches of units from which on a record is so long in reading that it serves for a while."""

WHILE = timedelta(minutes=5)

VISITORS = frozenset({Audience.PUBLIC})


@dataclass(frozen=True)
class Known:
    """A record with its areas, widest first, and what was worked out of it lately."""

    record: Record
    areas: list[AreaOutline]
    parts: Kept[str, Part] = field(default_factory=lambda: Kept(64), repr=False)
    told: Kept[object, list[Compared]] = field(default_factory=lambda: Kept(64), repr=False)
    breaks: Kept[object, list[Break]] = field(default_factory=lambda: Kept(64), repr=False)

    def part(self, area: AreaOutline | None) -> Part:
        """The buildings of an area; all of them without one."""
        if area is None:
            return self.record.whole
        return self.parts.get(area.code) or self.parts.keep(area.code, self.record.part_in(area.geom, area.id))

    def serves(self, day: date, now: datetime) -> bool:
        """Whether it does for a reader of the present, though things may have changed: pages say the instant."""
        moment = self.record.moment
        return len(self.record.spaces) > LARGE and moment.as_of == day and now - moment.known_at < WHILE


@dataclass(slots=True)
class Worked:
    """Records that were read lately, each of a moment, for visitors or some staff; `last` is that of the present."""

    records: Kept[object, Known] = field(default_factory=lambda: Kept(4))
    last: Known | None = None


def known_at(session: Session, moment: Moment | None, worked: Worked, version: object, today: date) -> Known:
    """What visitors may know of a moment, to which the session looks back, or of the present.

    What may be disclosed is decided today: what was read holds for a `version` of the layers on a day.
    """
    key, now = (moment, version, today), datetime.now(UTC)
    if found := worked.records.get(key):
        return found
    if moment is None and worked.last is not None and worked.last.serves(today, now):
        return worked.last
    found = worked.records.keep(key, _read(session, moment, moment or Moment(today, now), VISITORS))
    worked.last = found if moment is None else worked.last
    return found


def known_before(session: Session, moment: Moment, worked: Worked, version: object, today: date) -> Known | None:
    """What visitors may know of an earlier moment than the session looks back to; None before the record."""
    try:
        past_units.require_record(session, moment)
    except BadParameterError:
        return None
    with looking_back(driver_of(session), moment):
        return known_at(session, moment, worked, version, today)


def known_to_staff(
    session: Session, moment: Moment | None, worked: Worked, today: date, audiences: frozenset[Audience]
) -> Known:
    """What staff may know of it. What they alone hold may change without a version, so it holds for a minute."""
    now = datetime.now(UTC)
    key = (moment, now.replace(second=0, microsecond=0), audiences)
    if found := worked.records.get(key):
        return found
    with looking_back(driver_of(session), moment, staff=True):
        return worked.records.keep(key, _read(session, moment, moment or Moment(today, now), audiences))


def _read(session: Session, past: Moment | None, asked: Moment, audiences: frozenset[Audience]) -> Known:
    connection, staff = driver_of(session), audiences != VISITORS
    connection.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
    record = with_published(read_record(connection, asked, staff=staff), session, past)
    if Audience.TAX in audiences:
        record = with_taxes(record, session, past)
    return Known(record, read_areas(connection, staff=staff))


def query_of(kept: Mapping[str, str]) -> str:
    """The query of an address, without what is not said."""
    return urlencode({name: value for name, value in kept.items() if value}, safe=":")


def compared(known: Known, area: AreaOutline | None, chosen: Sequence[Indicator]) -> list[Compared]:
    """Indicators of an area on the day, beside what they were."""
    day = known.record.moment.as_of
    key = (area and area.code, tuple(chosen))
    return known.told.get(key) or known.told.keep(key, compare(known.part(area), day, chosen))


def broken(known: Known, area: AreaOutline | None) -> list[Break]:
    """Where the series of an area are broken."""
    key = area and area.code
    found = known.breaks.get(key)
    return known.breaks.keep(key, breaks(known.part(area), known.record.moment.as_of)) if found is None else found


def sources_of(session: Session, part: Part) -> Sequence[Source]:
    """Where the facts of a part come from."""
    ids = np.union1d(np.unique(part.buildings["source"]), np.unique(part.spaces["source"])).tolist()
    public = load_only(*(getattr(Source, name) for name in sorted(public_fields("sources"))), raiseload=True)
    chosen = select(Source).where(Source.id.in_(ids), Source.publishable).options(public)
    return session.scalars(chosen.order_by(Source.name)).all()
