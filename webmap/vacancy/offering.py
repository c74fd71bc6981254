"""What accepted lines of returns make of the offers of their units, through the one writer of history."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.history import Author, UnitOffer, change_offer, offer_units, publish_offer
from geo.model import OfferUnit
from geo.returns.said import Said, differences, from_texts
from geo.returns.standing import UnitNow
from webmap.vacancy.models import ReturnLine

_TERMS = ("rent_amount", "rent_unit", "available_on")


def write_offers(
    session: Session, lines: Sequence[ReturnLine], held: Mapping[int, UnitNow], *, by: Author, today: date
) -> None:
    """Publish, change or withdraw the offers of the units of one sending; other units of the same offer keep it.

    `held` is what was held of the units when their locks were taken.
    """
    if not lines:
        return
    on = lines[0].submission.said_on
    covered = _covered(session, {held[line.unit_id].offer_id for line in lines} - {None})
    alone = [line for line in lines if len(covered[held[line.unit_id].offer_id]) <= 1]
    said = [each for line in alone if (each := _said(line, held[line.unit_id].offer_id))]
    offer_units(session, said, on=on, by=by, today=today)
    version: dict[int, int] = {}
    for line in lines:
        offer_id = held[line.unit_id].offer_id
        if offer_id is not None and len(covered[offer_id]) > 1:
            version[offer_id] = _part(session, line, version.get(offer_id, offer_id), by, today)


def _said(line: ReturnLine, offer_id: int | None) -> UnitOffer | None:
    """What a line says of an offer that covers its unit alone, None where nothing."""
    if line.said.offered and (offer_id is None or _changed(line)):
        return UnitOffer(line.unit_id, offer_id, _terms(line.said))
    return UnitOffer(line.unit_id, offer_id, None) if offer_id is not None and not line.said.offered else None


def _part(session: Session, line: ReturnLine, offer_id: int, by: Author, today: date) -> int:
    """Take a unit out of the offer that it shares, if it is offered no more or in another way; gives what is left."""
    on = line.submission.said_on
    others = [unit_id for unit_id in _covered(session, {offer_id})[offer_id] if unit_id != line.unit_id]
    if not others:
        offer_units(session, [said] if (said := _said(line, offer_id)) else [], on=on, by=by, today=today)
        return offer_id
    if line.said.offered and not _changed(line):
        return offer_id
    left = change_offer(session, offer_id, {}, on=on, by=by, today=today, unit_ids=others)
    if line.said.offered:
        publish_offer(session, [line.unit_id], _terms(line.said), on=on, by=by, today=today)
    return left.offer.id


def _covered(session: Session, offer_ids: Collection[int | None]) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    chosen = select(OfferUnit.offer_id, OfferUnit.unit_id).where(OfferUnit.offer_id.in_(offer_ids))
    for offer_id, unit_id in session.execute(chosen):
        found[offer_id].append(unit_id)
    return found


def _changed(line: ReturnLine) -> bool:
    """Whether a line says another rent or day than it was shown."""
    return bool(set(differences(from_texts(line.before), line.said)) & set(_TERMS))


def _terms(said: Said) -> dict[str, object]:
    terms: dict[str, object] = {"available_on": said.available_on}
    if said.rent_amount is not None:
        terms |= {"rent_low": said.rent_amount, "rent_high": said.rent_amount, "rent_unit": said.rent_unit}
    else:
        terms |= {"rent_low": None, "rent_high": None}
    return terms
