"""What every route of returns asks of its request: the moment, where the district lies."""

from datetime import UTC, datetime

from webmap.config import current_settings
from webmap.vacancy.owing import Clock


def clock_of_request() -> Clock:
    """The moment of the request and the time zone of the district."""
    return Clock(datetime.now(UTC), current_settings().timezone)
