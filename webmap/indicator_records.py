"""Finds the indicators of an area: reads the record of a moment once, and keeps it with what was worked out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from geo.disclosure import public_fields
from geo.indicators import AreaOutline, Indicator, Part, Record, read_areas, read_record
from geo.indicators.comparing import Break, Compared, breaks, compare
from geo.kept import Kept
from geo.looking_back import Moment, driver_of, looking_back
from geo.model import Source

PATIENCE = "5min"
"""For a statement that reads the record of a whole city, once for many requests."""


@dataclass(frozen=True)
class Known:
    """A record with its areas, widest first, and the parts of it that were asked for lately."""

    record: Record
    areas: list[AreaOutline]
    parts: Kept[str, Part] = field(default_factory=lambda: Kept(64), repr=False)
    told: Kept[object, list[Compared]] = field(default_factory=lambda: Kept(64), repr=False)

    def part(self, area: AreaOutline | None) -> Part:
        """The buildings of an area; all of them without one."""
        if area is None:
            return self.record.whole
        return self.parts.get(area.code) or self.parts.keep(area.code, self.record.part_in(area.geom))


@dataclass(frozen=True, slots=True)
class Worked:
    """Records that were read lately: each of a moment, for visitors or for staff."""

    records: Kept[object, Known] = field(default_factory=lambda: Kept(4))


def known_at(session: Session, moment: Moment | None, worked: Worked, version: object, today: date) -> Known:
    """What visitors may know of a moment, to which the session looks back, or of the present.

    What may be disclosed is decided today: what was read holds for a `version` of the layers on a day.
    """
    key = (moment, version, today)
    asked = moment or Moment(today, datetime.now(UTC))
    return worked.records.get(key) or worked.records.keep(key, _read(session, asked, staff=False))


def known_to_staff(session: Session, moment: Moment | None, worked: Worked, version: object, today: date) -> Known:
    """What staff may know of it. What they alone hold may change without a version, so it holds for a minute."""
    now = datetime.now(UTC)
    key = (moment, version, now.replace(second=0, microsecond=0), "staff")
    if found := worked.records.get(key):
        return found
    with looking_back(driver_of(session), moment, staff=True):
        return worked.records.keep(key, _read(session, moment or Moment(today, now), staff=True))


def _read(session: Session, moment: Moment, *, staff: bool) -> Known:
    connection = driver_of(session)
    connection.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
    record = read_record(connection, moment, staff=staff)
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
    return breaks(known.part(area), known.record.moment.as_of)


def sources_of(session: Session, part: Part) -> Sequence[Source]:
    """Where the facts of a part come from."""
    ids = {int(each) for each in part.buildings["source"]} | {int(each) for each in part.spaces["source"]}
    public = load_only(*(getattr(Source, name) for name in sorted(public_fields("sources"))), raiseload=True)
    chosen = select(Source).where(Source.id.in_(sorted(ids)), Source.publishable).options(public)
    return session.scalars(chosen.order_by(Source.name)).all()
