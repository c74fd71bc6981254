"""Who of an industry sits in a place, by name, and how many did over the last months."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow, namedtuple_row

from geo.clusters.residents import Industry
from geo.db import query
from geo.looking_back import Moment


class Firm(NamedTuple):
    """An enterprise in a building, as the public register has it."""

    name: str
    name_en: str | None
    industry_code: str | None
    industry_group: str
    building_code: str
    building: str | None
    building_en: str | None


class Then(NamedTuple):
    """How many of the industry, and of all, there were on a day."""

    day: date
    here: int
    everything: int


def firms_in(
    connection: Connection[TupleRow],
    building_ids: Sequence[int],
    industries: Sequence[Industry],
    moment: Moment,
    most: int,
) -> list[Firm]:
    """The enterprises of some industries in some buildings at a moment, by name, `most` of them."""
    values = {**_asked(building_ids, industries), "as_of": moment.as_of, "known_at": moment.known_at, "most": most}
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        return [Firm(*row) for row in cursor.execute(query("residents_named"), values).fetchall()]


def counts_over(
    connection: Connection[TupleRow],
    building_ids: Sequence[int],
    industries: Sequence[Industry],
    moment: Moment,
    months: int = 12,
) -> list[Then]:
    """How many there were at the end of each of so many months before a day, and on the day, as known at an instant."""
    days = [*month_ends(moment.as_of, months), moment.as_of]
    values = {**_asked(building_ids, industries), "days": days, "known_at": moment.known_at}
    return [Then(*row) for row in connection.execute(query("residents_by_day"), values).fetchall()]


def month_ends(day: date, months: int) -> list[date]:
    """The last days of so many months before that of a day, the earliest first."""
    ends, end = [], day.replace(day=1) - timedelta(days=1)
    for _ in range(months):
        ends.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    return ends[::-1]


def _asked(building_ids: Sequence[int], industries: Sequence[Industry]) -> dict[str, object]:
    groups, codes = [group for group, _ in industries], [code or "" for _, code in industries]
    return {"buildings": list(building_ids), "groups": groups, "codes": codes}
