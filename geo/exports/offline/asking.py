"""What a file is to carry."""

from dataclasses import dataclass
from datetime import date

from geo.filters import Filters

MOST_TOWERS = 3000
"""Listed buildings in one file; a chat takes no larger ones."""

MARGIN_DEGREES = 0.0022
"""Of the city around the outermost buildings, about 200 m."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A search, perhaps of named buildings alone, in a session that may look back to a moment.

    `today` is the day that is read, `stale_before` the one before which the last word on a unit is too old. `most`
    listed buildings are carried: of more, the nearest to `near` (longitude, latitude), and without one the search is
    refused.
    """

    filters: Filters
    today: date
    codes: tuple[str, ...] = ()
    stale_before: date | None = None
    most: int = MOST_TOWERS
    near: tuple[float, float] | None = None
    margin_degrees: float = MARGIN_DEGREES
