"""What searches leave out for the age of its last word, how many units that are, and how they are shown again."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from geo.stamps import is_stale, last_word, stale_before
from webmap.config import current_settings


class NotShown(BaseModel):
    """Units that match but are left out, and why."""

    model_config = ConfigDict(extra="forbid")

    units: int
    days: int = Field(description="since a report, a confirmation or a visit: more than so many")
    reason: str
    show: str = Field(description="the parameter that finds them too")


def not_shown(units: int) -> NotShown | None:
    """What to say of so many units that were left out; nothing of none."""
    days = current_settings().stale_days
    if not units or not days:
        return None
    reason = f"{units} unit(s) not shown: the vacancy was last confirmed more than {days} days ago."
    return NotShown(units=units, days=days, reason=reason, show="stale=1")


def left_out(status: str, reported_on: date | None, verified_on: date | None, on: date | None = None) -> bool:
    """Whether searches of today (or of a past day) leave out a unit of a public state with these days on its stamp."""
    settings = current_settings()
    before = stale_before(on or settings.today(), settings.stale_days)
    return is_stale(status, last_word(reported_on, verified_on), before)
