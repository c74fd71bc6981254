"""A viewing that a client asks for: what is said of it, and an entry for calendars."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from flask_babel import get_locale, gettext
from icalendar import Calendar, Event

from geo.errors import BadParameterError
from webmap.picked.filling import Entry
from webmap.picked.wording import address_of, title_of

LASTS = timedelta(hours=1)
FARTHEST = timedelta(days=180)


def read_start(text: str, zone: ZoneInfo) -> datetime:
    """When it begins, as a form says it, in the time of the district.

    Raises
    ------
    BadParameterError
        It is no time, in the past, or too far away.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadParameterError("at", text[:40], "a day and a time such as 2026-03-31T10:00") from None
    start = found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)
    if not datetime.now(UTC) < start < datetime.now(UTC) + FARTHEST:
        raise BadParameterError("at", text[:40], f"a time to come within {FARTHEST.days} days")
    return start


def said(entries: Sequence[Entry], start: datetime) -> str:
    """The wish in words, unit by unit."""
    lines = [gettext("希望看房：%(when)s", when=when(start))]
    return "\n".join([*lines, *(f"{entry.number}. {title_of(entry)}" for entry in entries)])


def when(start: datetime) -> str:
    """A time with its day of the week: "2026-11-24 10:30 星期二"."""
    return f"{start:%Y-%m-%d %H:%M} {get_day_names('wide', locale=get_locale())[start.weekday()]}"


def calendar(entries: Sequence[Entry], start: datetime, link: str, who: str = "") -> bytes:
    """The viewing as an iCalendar file; tentative, since nobody has agreed to it yet. `who` asked for it."""
    made, event = Calendar(), Event()
    made.add("prodid", "-//LouMap//viewings//")
    made.add("version", "2.0")
    key = hashlib.sha256(f"{link} {start.isoformat()}".encode()).hexdigest()[:20]
    event.add("uid", f"{key}@loumap")
    event.add("dtstamp", datetime.now(UTC).replace(microsecond=0))
    event.add("dtstart", start.astimezone(UTC))
    event.add("dtend", (start + LASTS).astimezone(UTC))
    event.add("summary", gettext("看房：%(what)s", what=gettext("、").join(title_of(entry) for entry in entries)))
    event.add("status", "TENTATIVE")
    event.add("description", "\n".join(filter(None, [who, said(entries, start), gettext("时间待对方确认。"), link])))
    event.add("location", next((address_of(entry.thing.building) for entry in entries if entry.thing), ""))
    made.add_component(event)
    found: bytes = made.to_ical()
    return found
