"""What has changed of a search: units that came, changed or went, out of what the database noted with each change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from geo.conditions import building_conditions, lately_confirmed, shown
from geo.filters import MARKET, RENT_SLACK, Filters
from geo.model import Building, Floor, Unit, UnitNews

KEPT_DAYS = 60
LOOKED_THROUGH = 5000
"""Changes at most that are looked through for one search, the latest ones."""


@dataclass(frozen=True, slots=True)
class News:
    """One change as a search sees it: `new` where it begins to match, `gone` where it ends to, else `changed`."""

    kind: str
    unit: Row[Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def happened_at(self) -> datetime:
        """When it was noted."""
        found: datetime = self.unit.happened_at
        return found


def latest(
    session: Session,
    filters: Filters,
    today: date,
    *,
    since: datetime,
    limit: int = 200,
    stale_before: date | None = None,
) -> Sequence[News]:
    """The latest changes of what `filters` find, the last one first.

    Parameters
    ----------
    session
        May be that of the public login: only what was public is noted.
    filters
        A search; units on the market, unless it asks for others (which are never news).
    since
        Changes after this instant.
    limit
        At most so many.
    stale_before
        Units on the market whose last word is of before this day are no news, unless the filters ask for them.
    """
    columns = (UnitNews.id, UnitNews.happened_at, UnitNews.before, UnitNews.after)
    unit = (Unit.code, Unit.label, Floor.position.label("floor_position"), Floor.label.label("floor_label"))
    building = (
        Building.code.label("building_code"),
        Building.name.label("name"),
        Building.name_en.label("name_en"),
        Building.address,
    )
    query = (
        select(*columns, *unit, *building)
        .join(Unit, Unit.id == UnitNews.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .where(UnitNews.happened_at > since, Unit.publishable)
        .where(*shown(Building, False), *building_conditions(filters, today), *lately_confirmed(filters, stale_before))
        .order_by(UnitNews.happened_at.desc(), UnitNews.id.desc())
        .limit(LOOKED_THROUGH)
    )
    found = []
    for news in _as_seen(session.execute(query), filters):
        found.append(news)
        if len(found) == limit:
            break
    return found


def matches(filters: Filters, unit: Mapping[str, Any] | None, floor: int | None) -> bool:
    """Whether a unit as the public was told of it fits what `filters` ask of units; as `geo.conditions` has it."""
    if unit is None or unit["public_status"] not in (filters.occupancy or MARKET):
        return False
    return all(_checks(filters, unit, floor))


def forget(session: Session, days: int = KEPT_DAYS) -> None:
    """Delete news older than `days`."""
    session.execute(delete(UnitNews).where(UnitNews.happened_at < datetime.now(UTC) - timedelta(days=days)))


def _as_seen(rows: Any, filters: Filters) -> Iterator[News]:
    for row in rows:
        was, now = (matches(filters, told, row.floor_position) for told in (row.before, row.after))
        if was or now:
            yield News("changed" if was and now else "new" if now else "gone", row, row.before, row.after)


def _checks(filters: Filters, unit: Mapping[str, Any], floor: int | None) -> Iterator[bool]:
    area, least = _amount(unit.get("area_m2")), _amount(unit.get("min_area_m2", unit.get("area_m2")))
    rent, ready = unit.get("rent_cny_m2_day"), unit.get("available_on")
    if filters.area_min is not None:
        yield area is not None and area >= filters.area_min
    if filters.area_max is not None:
        yield least is not None and least <= filters.area_max
    if filters.rent_min is not None:
        yield rent is not None and rent >= filters.rent_cny_m2_day(filters.rent_min) - RENT_SLACK
    if filters.rent_max is not None:
        yield rent is not None and rent <= filters.rent_cny_m2_day(filters.rent_max) + RENT_SLACK
    if filters.floor_min is not None:
        yield floor is not None and floor >= filters.floor_min
    if filters.floor_max is not None:
        yield floor is not None and floor <= filters.floor_max
    if filters.fitout:
        yield unit.get("fitout") in filters.fitout
    if filters.available_by is not None:
        at_once = unit["public_status"] == "vacant" and ready is None
        yield at_once or (ready is not None and date.fromisoformat(ready) <= filters.available_by)


def _amount(number: float | None) -> Decimal | None:
    """A number of JSON as the decimal that it was."""
    return None if number is None else Decimal(repr(number))
