"""What was public of a unit month by month: the status that its page would have shown on the first of each month."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from webmap.buildings.past import ABSENT, MONTHS, Archive, month_before


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months of one status, both ends the first of a month; `months` of them."""

    status: str
    first: date
    last: date
    months: int


def status_history(archive: Archive, unit_id: int, today: date, months: int = MONTHS) -> list[Stretch]:
    """The last `months` months as stretches of one public status, oldest first.

    Only what disclosure lets everybody see today: no tenant, no lease end, no rent paid; "soon" only while a published
    offer said so. Months of which nothing is known are 'unknown'; months before the unit existed are left out.
    """
    days = [month_before(today, back) for back in range(months - 1, -1, -1)]
    known = [(day, status) for day in days if (status := archive.status(unit_id, day)) != ABSENT]
    stretches = []
    for status, group in groupby(known, key=lambda pair: pair[1]):
        members = [day for day, _ in group]
        stretches.append(Stretch(status, members[0], members[-1], len(members)))
    return stretches
