"""Finds who else promises the same unit at the same time (撞单), and since when."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from geo.model import Offer, OfferUnit, Unit


class Rival(NamedTuple):
    """Another's standing offer of a unit: who made it, and since when it has promised this unit."""

    unit_id: int
    unit_label: str
    offer_id: int
    code: str
    kind: str
    source_id: int
    user_id: int | None
    contact_id: int | None
    published_at: datetime
    promised_at: datetime


def rivals_of(session: Session, offer: Offer, today: date) -> Sequence[Rival]:
    """Others' offers that stand today or later and promise a unit of this one in the same time, the oldest first.

    An offer to let and one to sublet are rivals; one to sell is none of theirs.
    """
    mine, theirs = aliased(OfferUnit), aliased(OfferUnit)
    sold = Offer.kind == "sale"
    others = or_(Offer.source_id != offer.source_id, Offer.user_id.is_distinct_from(offer.user_id))
    found = session.execute(
        _standing(theirs, today)
        .join(mine, and_(mine.unit_id == theirs.unit_id, mine.offer_id == offer.id))
        .where(Offer.code != offer.code, others, Offer.valid.op("&&")(offer.valid))
        .where(sold if offer.kind == "sale" else ~sold)
    )
    return list(map(Rival._make, found))


def promises_of(session: Session, unit_ids: Collection[int], today: date) -> Sequence[Rival]:
    """All offers to let or to sublet that stand today or later and promise one of the units, the oldest first."""
    covers = aliased(OfferUnit)
    chosen = _standing(covers, today).where(covers.unit_id.in_(unit_ids), Offer.kind != "sale")
    return list(map(Rival._make, session.execute(chosen)))


def _standing(covers: Any, today: date) -> Select[Any]:
    live = (Offer.published_at.is_not(None), Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known))
    ahead = or_(func.upper_inf(Offer.valid), func.upper(Offer.valid) > cast(literal(today), Date))
    return (
        select(
            *(Unit.id, Unit.label, Offer.id, Offer.code, Offer.kind, Offer.source_id, Offer.user_id, Offer.contact_id),
            *(Offer.published_at, _promised_since()),
        )
        .join(covers, covers.offer_id == Offer.id)
        .join(Unit, Unit.id == covers.unit_id)
        .where(*live, ahead)
        .order_by("promised_at", Offer.id, Unit.label)
    )


def _promised_since() -> ColumnElement[Any]:
    """When the first version of an offer became known that has the unit."""
    version, covered = aliased(Offer), aliased(OfferUnit)
    first = select(func.min(func.lower(version.known))).join(covered, covered.offer_id == version.id)
    same = first.where(version.code == Offer.code, covered.unit_id == Unit.id)
    return same.correlate(Offer, Unit).scalar_subquery().label("promised_at")
