"""What offers and buildings state of costs, read for the few units of an answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import BigInteger, Date, and_, any_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.conditions import named, shown
from geo.costs import Terms
from geo.model import Building, BuildingFact, Offer, Source, Unit

PARKING, OVERTIME = "parking_fee", "air_conditioning_overtime"
"""Facts of buildings that costs are made of, in CNY a month and CNY for a floor and an hour."""


def terms_of(session: Session, unit_ids: Sequence[int], today: date) -> dict[int, Terms]:
    """Unit id → what is stated for it; of all its area."""
    rows = session.execute(_chosen(unit_ids, today)).all()
    facts = _facts(session, {row.building_id for row in rows})
    return {row.id: _terms(row, facts[row.building_id]) for row in rows}


def _chosen(unit_ids: Sequence[int], today: date):
    """Units with the terms of their offers, where these are public and stand today."""
    live = (Offer.published_at.is_not(None), Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known))
    on_day = Offer.valid.op("@>")(cast(literal(today), Date))
    public = select(Source.id).where(Source.id == Offer.source_id, *named(Source, False)).exists()
    return (
        select(Unit.id, Unit.building_id, Unit.area_m2, Unit.area_basis, Unit.rent_amount, Unit.rent_unit)
        .add_columns(Building.property_fee_cny_m2_month, Offer.tax_included, Offer.property_fee_included)
        .add_columns(Offer.deposit_months, Offer.rent_free_months, Offer.escalation_pct)
        .add_columns(Offer.rent_free_with_fee, Offer.restoration_cny_m2)
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Offer, and_(Offer.id == Unit.offer_id, *live, on_day, public))
        .where(*shown(Building, False), Unit.id == any_(cast(list(unit_ids), ARRAY(BigInteger))))
    )


def _facts(session: Session, building_ids: set[int]) -> Mapping[int, dict[str, Decimal]]:
    """Building id → the newest of its facts that costs are made of."""
    chosen = select(BuildingFact.building_id, BuildingFact.fact, BuildingFact.value, BuildingFact.unit).where(
        BuildingFact.building_id == any_(cast(list(building_ids), ARRAY(BigInteger))),
        BuildingFact.fact.in_((PARKING, OVERTIME)),
        BuildingFact.publishable,
    )
    found: Mapping[int, dict[str, Decimal]] = defaultdict(dict)
    for row in session.execute(chosen.order_by(BuildingFact.dated_on.asc().nulls_first())):
        amount = _amount(row.value)
        if amount is not None:
            found[row.building_id][row.fact] = amount
    return found


def _amount(text: str) -> Decimal | None:
    """A fact as a number; what is none says nothing that could be counted with."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 1_000_000 else None


def _terms(row, facts: Mapping[str, Decimal]) -> Terms:
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
        parking_cny_month=facts.get(PARKING),
        overtime_cny_hour=facts.get(OVERTIME),
    )
