"""Finds the indicators of an area: reads the record of a moment once, and keeps it with what was worked out of it."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
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
from webmap.errors import PreparingError
from webmap.indicator_files import RecordFiles

PATIENCE = "5min"
"""For a statement that reads the record of a whole city, once for many requests."""

LARGE = 100_000
"""Stretches of units from which on nobody waits for the comparison with twelve months: it takes seconds."""

MOST_UNDER_WAY = 4
"""Comparisons of one record that are waited for; who asks for another one comes again."""

_entering, _one_at_a_time = threading.Lock(), threading.Lock()

VISITORS = frozenset({Audience.PUBLIC})


@dataclass(frozen=True)
class Known:
    """A record with its areas, widest first, and what was worked out of it lately."""

    record: Record
    areas: list[AreaOutline]
    parts: Kept[str, Part] = field(default_factory=lambda: Kept(64), repr=False)
    told: Kept[object, list[Compared]] = field(default_factory=lambda: Kept(64), repr=False)
    breaks: Kept[object, list[Break]] = field(default_factory=lambda: Kept(64), repr=False)
    under_way: set[object] = field(default_factory=set, repr=False)

    def part(self, area: AreaOutline | None) -> Part:
        """The buildings of an area; all of them without one."""
        if area is None:
            return self.record.whole
        return self.parts.get(area.code) or self.parts.keep(area.code, self.record.part_in(area.geom, area.id))


@dataclass(frozen=True, slots=True)
class Version:
    """What changes when anything does that indicators rest on: what was published of tax, and the layers."""

    taxes: object
    layers: object


@dataclass(slots=True)
class Worked:
    """Records that were read lately, each of a moment, for visitors or some staff; of a large city they lie on disk."""

    files: RecordFiles | None = None
    staff_files: RecordFiles | None = None
    records: Kept[object, Known] = field(default_factory=lambda: Kept(4))
    reading: threading.Lock = field(default_factory=threading.Lock)


def known_at(session: Session, moment: Moment | None, worked: Worked, version: Version, today: date) -> Known:
    """What visitors may know of a moment, to which the session looks back, or of the present.

    What may be disclosed is decided today: what was read holds for a `version` of the layers on a day.

    Raises
    ------
    PreparingError
        The city is so large that it is being read behind the reader's back.
    """
    record = worked.files.record(today, moment) if worked.files else None
    key = (moment, version, today) if record is None else (record.moment, version.taxes, VISITORS)
    return _kept(worked, key, _Reading(session, moment, today, VISITORS, record))


def known_before(session: Session, moment: Moment, worked: Worked, version: Version, today: date) -> Known | None:
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
    """What staff may know of it. What they alone hold may change without a version, so it holds for a minute, that of a
    large city for five; raises as `known_at`."""
    record = worked.staff_files.record(today, moment) if worked.staff_files else None
    minutes = int(datetime.now(UTC).timestamp()) // 60
    # What is worked out of a large city takes part of a minute.
    key = (moment, minutes, audiences) if record is None else (record.moment, minutes // 5, audiences)
    with looking_back(driver_of(session), moment, staff=True):
        return _kept(worked, key, _Reading(session, moment, today, audiences, record))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is to be read of a moment, and for whom; what lies on disk already is `record`."""

    session: Session
    past: Moment | None
    today: date
    audiences: frozenset[Audience]
    record: Record | None


def _kept(worked: Worked, key: object, reading: _Reading) -> Known:
    if found := worked.records.get(key):
        return found
    # Who comes while it is being read waits for it, and does not read it again.
    with worked.reading:
        return worked.records.get(key) or worked.records.keep(key, _read(reading))


def _read(asked: _Reading) -> Known:
    connection, staff = driver_of(asked.session), asked.audiences != VISITORS
    connection.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
    moment = asked.past or Moment(asked.today, datetime.now(UTC))
    record = asked.record or read_record(connection, moment, staff=staff)
    record = with_published(record, asked.session, asked.past)
    if Audience.TAX in asked.audiences:
        record = with_taxes(record, asked.session, asked.past)
    return Known(record, read_areas(connection, staff=staff))


def query_of(kept: Mapping[str, str]) -> str:
    """The query of an address, without what is not said."""
    return urlencode({name: value for name, value in kept.items() if value}, safe=":")


def compared(known: Known, area: AreaOutline | None, chosen: Sequence[Indicator]) -> list[Compared]:
    """Indicators of an area on the day, beside what they were.

    Raises
    ------
    PreparingError
        So much is there that it is being worked out behind the reader's back.
    """
    key = (area and area.code, tuple(chosen))
    found = known.told.get(key)
    if found is not None:
        return found
    if len(known.part(area).spaces) > LARGE:
        _begin(known, area, chosen)
        raise PreparingError(0, 1)
    return _compare(known, area, chosen)


def broken(known: Known, area: AreaOutline | None) -> list[Break]:
    """Where the series of an area are broken."""
    key = area and area.code
    found = known.breaks.get(key)
    return known.breaks.keep(key, breaks(known.part(area), known.record.moment.as_of)) if found is None else found


def _compare(known: Known, area: AreaOutline | None, chosen: Sequence[Indicator]) -> list[Compared]:
    found = compare(known.part(area), known.record.moment.as_of, chosen)
    return known.told.keep((area and area.code, tuple(chosen)), found)


def _begin(known: Known, area: AreaOutline | None, chosen: Sequence[Indicator]) -> None:
    """Have a thread work it out, if none is at it: whatever is asked of one record, one thing at a time."""
    key = (area and area.code, tuple(chosen))
    with _entering:
        if key in known.under_way or len(known.under_way) >= MOST_UNDER_WAY:
            return
        known.under_way.add(key)

    def work() -> None:
        try:
            with _one_at_a_time:
                broken(known, area)
                _compare(known, area, chosen)
        finally:
            known.under_way.discard(key)

    threading.Thread(target=work, name="comparing", daemon=True).start()


def sources_of(session: Session, part: Part) -> Sequence[Source]:
    """Where the facts of a part come from."""
    ids = np.union1d(np.unique(part.buildings["source"]), np.unique(part.spaces["source"])).tolist()
    public = load_only(*(getattr(Source, name) for name in sorted(public_fields("sources"))), raiseload=True)
    chosen = select(Source).where(Source.id.in_(ids), Source.publishable).options(public)
    return session.scalars(chosen.order_by(Source.name)).all()
