"""Reads from an address two questions about clusters to be held side by side, or the months of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from geo.clusters.analysis import Question
from geo.errors import BadParameterError
from geo.parameters import whole
from webmap.cluster_questions import read_question, to_query
from webmap.moments import read_day
from webmap.plans import Box

MONTHS, MOST_MONTHS = 12, 36
_CORNERS = 4


@dataclass(frozen=True, slots=True)
class Compared:
    """Two questions that differ in industry, in day, or in both; `since` is the day of the first, None the page's."""

    first: Question
    second: Question
    since: date | None


def read_compared(query: Mapping[str, str], day: date, earliest: date | None) -> Compared:
    """The questions of an address whose page shows `day`: without another industry or day, a year before that day.

    Raises
    ------
    BadParameterError
        As `read_question`, and for a day that is none or after the page's.
    """
    asked = read_question(query)
    other, since = (query.get(name, "").strip() for name in ("other", "since"))
    first = read_question({**query, "industry": other}) if other else asked
    if since:
        return Compared(first, asked, read_day("since", since, day))
    if other:
        return Compared(first, asked, None)
    year_before = day - timedelta(days=365)
    return Compared(first, asked, min(day, max(year_before, earliest or year_before)))


def read_months(query: Mapping[str, str]) -> int:
    """How many months an address asks for. Raises BadParameterError for what is no such number."""
    said = query.get("months", "").strip()
    return whole("months", said, 2, MOST_MONTHS) if said else MONTHS


def month_ends(day: date, number: int, earliest: date | None) -> list[date]:
    """`day` and the last days of the months before it, `number` in all, none before the earliest; the oldest first."""
    days = [day]
    while len(days) < number and (before := days[-1].replace(day=1) - timedelta(days=1)) >= (earliest or date.min):
        days.append(before)
    return days[::-1]


def write_box(box: Box) -> str:
    """A box as an address says it: west, south, east, north in degrees."""
    return ",".join(f"{side:.4f}" for side in box)


def read_box(said: str) -> Box:
    """The box of an address. Raises BadParameterError for what is none."""
    try:
        west, south, east, north = (float(side) for side in said.split(","))
    except ValueError:
        west, south, east, north = 0.0, 0.0, 0.0, 0.0
    if not (-180 <= west < east <= 180 and -90 < south < north < 90 and max(east - west, north - south) <= _CORNERS):
        raise BadParameterError("box", said[:60], f"west,south,east,north in degrees, at most {_CORNERS} across")
    return west, south, east, north


def frame_query(question: Question, box: Box, day: date, known_at: str) -> str:
    """The address of one month's picture."""
    return f"{to_query(question, as_of=f'{day}', known_at=known_at)}&{urlencode({'box': write_box(box)}, safe=',')}"
