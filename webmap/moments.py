"""Moments of the past that addresses ask for: the day it is about, and the instant of what was known of it."""

import re
from datetime import UTC, date, datetime, time, timedelta

from geo.errors import BadParameterError
from geo.snapshot import Moment
from webmap.config import Settings

_INSTANTS = "an instant with its zone such as 2026-03-31T18:00:00+08:00, or a date"


def read_moment(as_of: str, known_at: str, settings: Settings) -> Moment | None:
    """The past that two parameters ask for; None for the present.

    A day that is not said is today; what is known is what was known at the end of a day or at an instant, and all that
    is known by now where nothing is said.

    Raises
    ------
    BadParameterError
        A day or an instant that is none, or still to come.
    """
    if not as_of and not known_at:
        return None
    today = settings.today()
    day = read_day("as_of", as_of, today) if as_of else today
    return Moment(day, read_instant(known_at, settings) if known_at else end_of(today, settings))


def read_shown(as_of: str, known_at: str, settings: Settings) -> Moment | None:
    """The past that a map shows: as `read_moment`, but today as far as it is known by now is the present."""
    moment = read_moment(as_of, known_at, settings)
    return None if moment and not known_at and moment.as_of == settings.today() else moment


def is_instant(known_at: str) -> bool:
    """Whether a parameter names an instant, not a day."""
    return "T" in known_at


def read_day(name: str, text: str, latest: date) -> date:
    """A day up to `latest`; raises as `read_moment`."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise BadParameterError(name, text[:40], "a date such as 2026-03-31") from None
    if day > latest:
        raise BadParameterError(name, text, f"a day up to today, {latest}")
    return day


def read_instant(text: str, settings: Settings) -> datetime:
    """An instant up to now; a date alone stands for its end where the district lies. Raises as `read_moment`."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return end_of(read_day("known_at", text, settings.today()), settings)
    try:
        # A plus sign that was not escaped arrives as a blank.
        found = datetime.fromisoformat(re.sub(r" (?=\d\d:?\d\d$)", "+", text) if is_instant(text) else "")
        told = found.astimezone(settings.timezone) if found.tzinfo else None
    except (ValueError, OverflowError):
        told = None
    if told is None:
        raise BadParameterError("known_at", text[:40], _INSTANTS)
    if told > datetime.now(UTC):
        raise BadParameterError("known_at", text, "an instant up to now")
    return told


def write_instant(instant: datetime) -> str:
    """An instant as an address says it, to the microsecond: 2026-03-31T10:00:00.000000Z."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def end_of(day: date, settings: Settings) -> datetime:
    """The last microsecond of a day where the district lies."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, settings.timezone)
    return midnight - timedelta(microseconds=1)
