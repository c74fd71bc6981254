"""Reads the form of an offer into terms as `geo.history` takes them, and lists the offers of a building."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from geo.editing.controls import Control, a_day, choice, decimal, shown, whole, words
from geo.errors import BadParameterError, NotFoundError
from geo.history.values import AREA_BASES, OFFER_KINDS
from geo.model import Building, Offer, OfferUnit, Party, PartyRole, Unit
from geo.taxonomy import fitouts, rent_units
from webmap.editing.unit_forms import Sent

CONTROLS: tuple[Control, ...] = (
    choice("kind", OFFER_KINDS, "offer_kind"),
    words("title"),
    decimal("rent_low", "0", "999999999999.99"),
    decimal("rent_high", "0", "999999999999.99"),
    choice("rent_unit", [unit.code for unit in rent_units()], "rent_unit", optional=True),
    choice("tax_included", ("yes", "no"), "yes", optional=True),
    choice("property_fee_included", ("yes", "no"), "yes", optional=True),
    choice("area_basis", AREA_BASES, "area_basis"),
    decimal("min_area_m2", "0.01", "9999999999.99", "m²"),
    choice("fitout", [each.code for each in fitouts()], "fitout", optional=True),
    a_day("available_on"),
    whole("rent_free_months", 0, 120),
    choice("rent_free_with_fee", ("yes", "no"), "yes", optional=True),
    decimal("escalation_pct", "-100", "100", "%"),
    whole("deposit_months", 0, 120),
    decimal("restoration_cny_m2", "0", "99999999.99", "元/m²"),
    a_day("valid_until"),
)
_ANSWERS = {"yes": True, "no": False, None: None}
_YES_OR_NO = frozenset({"tax_included", "property_fee_included", "rent_free_with_fee"})


@dataclass(frozen=True, slots=True)
class Listed:
    """An offer that stands or will stand, the units it covers, and until when."""

    offer: Offer
    units: Sequence[Unit]
    last: date | None


def terms_sent(sent: Sent) -> dict[str, Any]:
    """The terms that a form says; raises BadParameterError."""
    terms = {control.name: control.value(sent.get(control.name, "")) for control in CONTROLS}
    terms |= {name: _ANSWERS[terms[name]] for name in _YES_OR_NO}
    contact = sent.get("contact", "")
    terms["contact_id"] = int(contact) if contact.isascii() and contact.isdecimal() and len(contact) < 19 else None
    if terms["rent_low"] is not None and not terms["rent_unit"]:
        raise BadParameterError("rent_unit", "", "the unit of the rent")
    return terms


def texts_of(offer: Offer | None) -> dict[str, str]:
    """What the form shows of an offer, or of none yet."""
    if offer is None:
        return {"kind": "rent", "area_basis": "gross", "rent_unit": "cny_m2_day"}
    texts = {control.name: shown(getattr(offer, control.name, None)) for control in CONTROLS}
    last = offer.valid.upper - timedelta(days=1) if offer.valid.upper else None
    return texts | {"valid_until": shown(last), "contact": str(offer.contact_id or "")}


def offers_of(session: Session, building: Building, today: date) -> list[Listed]:
    """The offers of a building that stand today or later, the newest first."""
    ahead = or_(func.upper_inf(Offer.valid), func.upper(Offer.valid) > cast(literal(today), Date))
    live = (Offer.published_at.is_not(None), Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known))
    found = session.scalars(
        select(Offer)
        .where(Offer.building_id == building.id, *live, ahead, ~func.isempty(Offer.valid))
        .order_by(Offer.published_at.desc(), Offer.id.desc())
    ).all()
    return [Listed(offer, covered(session, offer), texts_last(offer)) for offer in found]


def offer_with(session: Session, building: Building, number: int) -> Offer:
    """The version of an offer of the building; raises NotFoundError."""
    offer = session.get(Offer, number)
    if offer is None or offer.building_id != building.id:
        raise NotFoundError("There is no such offer in this building.")
    return offer


def covered(session: Session, offer: Offer) -> Sequence[Unit]:
    """The units of an offer by label."""
    of_it = select(OfferUnit.unit_id).where(OfferUnit.offer_id == offer.id)
    return session.scalars(select(Unit).where(Unit.id.in_(of_it)).order_by(Unit.label)).all()


def contacts_of(session: Session, building: Building) -> Mapping[int, Party]:
    """The parties of a building that may be asked."""
    of_it = select(PartyRole.party_id).where(PartyRole.building_id == building.id)
    return {party.id: party for party in session.scalars(select(Party).where(Party.id.in_(of_it)).order_by(Party.name))}


def chosen_units(session: Session, building: Building, sent: Sent) -> list[int]:
    """The ids of the ticked units; raises BadParameterError where none is."""
    ticked = select(Unit.id).where(Unit.building_id == building.id, Unit.code.in_(sent.getlist("u")))
    found = list(session.scalars(ticked))
    if not found:
        raise BadParameterError("units", "", "at least one unit")
    return found


def texts_last(offer: Offer) -> date | None:
    """The last day of an offer, none where it has no end."""
    return offer.valid.upper - timedelta(days=1) if offer.valid.upper else None
