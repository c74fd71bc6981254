"""What offers and buildings state of costs, read for the few units of an answer."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Row,
    ScalarSelect,
    Select,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.conditions import named, shown
from geo.costs import Terms
from geo.model import Building, BuildingFact, Offer, Source, Unit

PARKING, OVERTIME = "parking_fee", "air_conditioning_overtime"
"""Facts of buildings that costs are made of, in CNY a month and CNY for a floor and an hour."""


def terms_of(session: Session, unit_ids: Sequence[int], today: date) -> dict[int, Terms]:
    """Unit id → what is stated for it; of all its area."""
    return {row.id: _terms(row) for row in session.execute(_chosen(today), {"ids": list(unit_ids)})}


@lru_cache(2)
def _chosen(today: date) -> Select[*tuple[Any, ...]]:
    """Units by `ids` with the terms of their offers, where these are public and stand today."""
    live = (Offer.published_at.is_not(None), Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known))
    on_day = Offer.valid.op("@>")(cast(literal(today), Date))
    public = select(Source.id).where(Source.id == Offer.source_id, *named(Source, False)).exists()
    return (
        select(Unit.id, Unit.area_m2, Unit.area_basis, Unit.rent_amount, Unit.rent_unit)
        .add_columns(Building.property_fee_cny_m2_month, Offer.tax_included, Offer.property_fee_included)
        .add_columns(Offer.deposit_months, Offer.rent_free_months, Offer.escalation_pct)
        .add_columns(Offer.rent_free_with_fee, Offer.restoration_cny_m2)
        .add_columns(_newest(PARKING).label("parking"), _newest(OVERTIME).label("overtime"))
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Offer, and_(Offer.id == Unit.offer_id, *live, on_day, public))
        .where(*shown(Building, False), Unit.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    )


def _newest(fact: str) -> ScalarSelect[str]:
    """The newest of what is publicly stated of a fact of the building."""
    stated = select(BuildingFact.value).where(
        BuildingFact.building_id == Building.id, BuildingFact.fact == fact, BuildingFact.publishable
    )
    newest = stated.order_by(BuildingFact.dated_on.desc().nulls_last(), BuildingFact.id.desc())
    return newest.limit(1).correlate(Building).scalar_subquery()


def _amount(text: str | None) -> Decimal | None:
    """A fact as a number; what is none says nothing that could be counted with."""
    try:
        amount = Decimal(text or "NaN")
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 1_000_000 else None


def _terms(row: Row[Any]) -> Terms:
    return Terms(
        area_m2=row.area_m2,
        area_basis=row.area_basis,
        rent_amount=row.rent_amount,
        rent_unit=row.rent_unit,
        tax_included=row.tax_included,
        property_fee_cny_m2_month=row.property_fee_cny_m2_month,
        property_fee_included=row.property_fee_included,
        deposit_months=row.deposit_months,
        rent_free_months=row.rent_free_months,
        rent_free_with_fee=row.rent_free_with_fee,
        restoration_cny_m2=row.restoration_cny_m2,
        escalation_pct=None if row.escalation_pct is None else Decimal(str(row.escalation_pct)),
        parking_cny_month=_amount(row.parking),
        overtime_cny_hour=_amount(row.overtime),
    )
