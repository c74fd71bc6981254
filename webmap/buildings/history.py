"""What was public of a unit month by month: the status that its page would have shown on the first of each month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.disclosure import public_occupancy
from geo.model import Offer, OfferUnit, Source, UnitState
from geo.search import named

MONTHS = 24


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months of one status, both ends the first of a month; `months` of them."""

    status: str
    first: date
    last: date
    months: int


def status_history(session: Session, unit_id: int, today: date, months: int = MONTHS) -> list[Stretch]:
    """The last `months` months as stretches of one public status, oldest first.

    Only what disclosure lets everybody see today: no tenant, no lease end, no rent paid; "soon" only while a published
    offer said so. Months of which nothing is known are 'unknown'; months before the unit existed are left out.
    """
    states, offers = _states(session, unit_id), _offers(session, unit_id)
    days = [_month_before(today, back) for back in range(months - 1, -1, -1)]
    statuses = [(day, _status(day, states, offers)) for day in days]
    known = [(day, status) for day, status in statuses if status != "absent"]
    stretches = []
    for status, group in groupby(known, key=lambda pair: pair[1]):
        members = [day for day, _ in group]
        stretches.append(Stretch(status, members[0], members[-1], len(members)))
    return stretches


def _states(session: Session, unit_id: int) -> Sequence[Any]:
    columns = (UnitState.valid, UnitState.exists, UnitState.occupancy, UnitState.contract)
    now_known = func.upper_inf(UnitState.known)
    mine = (UnitState.unit_id == unit_id, now_known, *named(Source, False))
    return session.execute(select(*columns).join(Source, Source.id == UnitState.source_id).where(*mine)).all()


def _offers(session: Session, unit_id: int) -> Sequence[Any]:
    chosen = select(Offer.valid, Offer.available_on, Offer.published_at).join(OfferUnit)
    chosen = chosen.join(Source, Source.id == Offer.source_id).where(*named(Source, False))
    live = (Offer.published_at.is_not(None), Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known))
    return session.execute(chosen.where(OfferUnit.unit_id == unit_id, *live).order_by(Offer.published_at)).all()


def _status(day: date, states: Sequence[Any], offers: Sequence[Any]) -> str:
    state = next((state for state in states if day in state.valid), None)
    if state is None:
        earliest = [state.valid.lower for state in states if state.valid.lower is not None]
        return "absent" if earliest and day < min(earliest) else "unknown"
    if not state.exists:
        return "absent"
    offer = next((offer for offer in reversed(offers) if day in offer.valid and offer.published_at.date() <= day), None)
    return public_occupancy(state.occupancy, state.contract, offer is not None, offer.available_on if offer else None)


def _month_before(day: date, back: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)
