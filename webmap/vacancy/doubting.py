"""Keeps the doubts about a received return; a reason that was given stays with the doubt it was given for."""

from sqlalchemy.orm import Session

from geo.model import Building
from geo.returns.plausibility import Doubt, Limits, Told, doubts_about
from geo.returns.standing import units_now
from webmap.vacancy.models import ReturnDoubt, VacancyReturn
from webmap.vacancy.owing import Clock
from webmap.vacancy.rules import rule_for
from webmap.vacancy.sending import waiting_lines


def look_again(session: Session, owed: VacancyReturn, building: Building, clock: Clock) -> None:
    """Set the doubts about what waits in a return."""
    rule = rule_for(session, building)
    limits = Limits(rule.jump_pct, rule.rent_low_cny_m2_day, rule.rent_high_cny_m2_day)
    units = units_now(session, building.id, clock.today)
    by_id = {unit.id: unit for unit in units}
    lines = [line for line in waiting_lines(session, owed) if line.unit_id in by_id]
    told = [Told(by_id[line.unit_id], line.said, line.since) for line in lines]
    found = doubts_about(session, told, units, limits, clock.today)
    session.expire(owed, ["doubts"])
    known = {(doubt.kind, *doubt.unit_ids): doubt for doubt in owed.doubts}
    owed.doubts = [known.get((doubt.kind, *doubt.unit_ids)) or _kept(doubt) for doubt in found]
    session.flush()


def _kept(doubt: Doubt) -> ReturnDoubt:
    return ReturnDoubt(kind=doubt.kind, unit_ids=list(doubt.unit_ids), details=dict(doubt.details))
