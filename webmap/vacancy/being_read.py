"""How often pages of a building and of its units were opened: by week, which units most, beside like buildings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.model import Unit
from geo.returns.weeks import week_of
from webmap import reads
from webmap.models import PageRead

WEEKS = 12
TOP = 5
LATELY_WEEKS = 4
"""Of which the sum is compared with that of other buildings."""


@dataclass(frozen=True, slots=True)
class ReadWeek:
    """A week by its Monday and how often pages were opened in it."""

    week: date
    reads: int


@dataclass(frozen=True, slots=True)
class BeingRead:
    """Openings of the last `WEEKS` weeks, the present one last; `top` are the units that were opened most."""

    weeks: Sequence[ReadWeek]
    of_building: int
    of_units: int
    top: Sequence[tuple[Unit, int]]

    @property
    def total(self) -> int:
        """All openings, of the building's page and of its units'."""
        return self.of_building + self.of_units

    @property
    def most(self) -> int:
        """The openings of the week that has most, at least one."""
        return max(1, *(each.reads for each in self.weeks))


def being_read(session: Session, building_id: int, today: date) -> BeingRead:
    """How often the pages of one building were opened."""
    since = week_of(today) - timedelta(weeks=WEEKS - 1)
    units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.building_id == building_id))}
    of_building = reads.by_day(session, reads.BUILDING, [building_id], since)
    of_units = reads.by_day(session, reads.UNIT, units, since)
    by_week = {since + timedelta(weeks=number): 0 for number in range(WEEKS)}
    for day, often in [*of_building.items(), *of_units.items()]:
        by_week[week_of(day)] += often
    top = list(reads.by_thing(session, reads.UNIT, since, thing_ids=units).items())[:TOP]
    return BeingRead(
        [ReadWeek(week, often) for week, often in by_week.items()],
        sum(of_building.values()),
        sum(of_units.values()),
        [(units[unit_id], often) for unit_id, often in top],
    )


def lately_read(session: Session, building_ids: Collection[int], today: date) -> dict[int, int]:
    """Building → openings of its pages and its units' in the last `LATELY_WEEKS` weeks; 0 where there were none."""
    since = today - timedelta(weeks=LATELY_WEEKS)
    found = dict.fromkeys(building_ids, 0)
    for building_id, often in reads.by_thing(session, reads.BUILDING, since, thing_ids=building_ids).items():
        found[building_id] += often
    of_units = (
        select(Unit.building_id, func.sum(PageRead.reads))
        .join(PageRead, PageRead.thing_id == Unit.id)
        .where(PageRead.kind == reads.UNIT, PageRead.day >= since, Unit.building_id.in_(building_ids))
        .group_by(Unit.building_id)
    )
    for building_id, often in session.execute(of_units):
        found[building_id] += int(often)
    return found
