"""How returns are asked for where a building stands: the rule of the smallest area around it, else that of the site."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.model import Area, Building
from geo.returns.weeks import CLOSING, FRIDAY, DueRule, due_at
from webmap.vacancy.models import ReturnRule


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of a building; the defaults hold where nobody has set anything."""

    due_weekday: int = FRIDAY
    due_time: time = CLOSING
    remind_hours: int = 24
    escalate_days: int = 3
    jump_pct: int = 20
    rent_low_cny_m2_day: Decimal = Decimal("0.3")
    rent_high_cny_m2_day: Decimal = Decimal(30)
    accept_unchanged: bool = True

    def due_at(self, week: date, zone: ZoneInfo) -> datetime:
        """Until when the return of a week is in time."""
        return due_at(week, DueRule(self.due_weekday, self.due_time), zone)


FIELDS = tuple(Rule.__dataclass_fields__)


def rule_for(session: Session, building: Building) -> Rule:
    """The rule that holds for a building."""
    return rules_for(session, [building.id])[building.id]


def rules_for(session: Session, building_ids: list[int]) -> dict[int, Rule]:
    """The rule of each building: of the smallest area around it that has one, else the site's, else the defaults."""
    kept = {row.area_id: _plain(row) for row in session.scalars(select(ReturnRule))}
    usual = kept.pop(None, Rule())
    rules = dict.fromkeys(building_ids, usual)
    if kept:
        asked = Building.id == func.any(cast(building_ids, ARRAY(BigInteger)))
        point = func.ST_PointOnSurface(Building.geom)
        held = Area.geom.op("&&")(Building.geom) & func.ST_Covers(Area.geom, point)
        around = select(Building.id, Area.id).join(Area, held).where(asked, Area.id.in_(kept))
        for building_id, area_id in session.execute(around.order_by(func.ST_Area(Area.geom).desc())):
            rules[building_id] = kept[area_id]
    return rules


def _plain(row: ReturnRule) -> Rule:
    return Rule(**{name: getattr(row, name) for name in FIELDS})
