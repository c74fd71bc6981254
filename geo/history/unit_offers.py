"""Says of many units at once, each by itself, whether and how they are offered: in a few statements for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, NotFoundError
from geo.history.authors import Author
from geo.history.locks import lock_units
from geo.history.offer_versions import Version, add_versions, close_versions, ended_version, next_versions, span
from geo.history.offers import CODE_LENGTH, refuse_conflict, refuse_twice
from geo.history.present import write_present
from geo.history.values import day, offer_values
from geo.model import Offer, OfferUnit, Unit
from geo.model.declarative import new_code


@dataclass(frozen=True, slots=True)
class UnitOffer:
    """What is said of a unit on the market: `terms` of the offer from now on, None where it is offered no more.

    `offer_id` is the version that covers this unit alone, None where the unit has no offer yet.
    """

    unit_id: int
    offer_id: int | None
    terms: Mapping[str, object] | None


def offer_units(session: Session, said: Sequence[UnitOffer], *, on: date, by: Author, today: date) -> None:
    """Publish, change or withdraw offers from a day on, each of one unit, no unit twice.

    Raises
    ------
    UnknownFieldError, BadParameterError, NotFoundError
        A term, a value or a unit that there is not; the author offers one of the units already.
    EditConflictError
        Somebody has changed or withdrawn one of the offers since; carries what is left of it.
    """
    day("on", on)
    if not said:
        return
    unit_ids = [each.unit_id for each in said]
    values = {each.unit_id: offer_values(each.terms) for each in said if each.terms is not None}
    lock_units(session, unit_ids)
    standing, unoffered = _standing(session, said), [each.unit_id for each in said if each.offer_id is None]
    refuse_twice(session, unoffered, "rent", span(on, None), by)
    known_from = close_versions(session, list(standing.values()))
    new = {"published_at": known_from, "source_id": by.source_id, "user_id": by.user_id, "valid": span(on, None)}
    versions = [
        Version(values[unit_id] | new | {"code": new_code(CODE_LENGTH), "building_id": building_id}, [unit_id])
        for unit_id, building_id in session.execute(_places(unoffered))
    ]
    for each in said:
        if each.offer_id is not None:
            versions += _replaced(each, standing[each.offer_id], values.get(each.unit_id), on, known_from)
    add_versions(session, versions, by, known_from)
    write_present(session, unit_ids, today)


def _replaced(
    said: UnitOffer, before: Offer, values: Mapping[str, Any] | None, on: date, known_from: datetime
) -> list[Version]:
    if values is None:
        return [ended_version(before, [said.unit_id], on, known_from)]
    return next_versions(before, [said.unit_id], values, [said.unit_id], on, before.valid.upper)


def _places(unit_ids: Sequence[int]) -> Select[int, int]:
    return select(Unit.id, Unit.building_id).where(Unit.id.in_(unit_ids))


def _standing(session: Session, said: Sequence[UnitOffer]) -> dict[int, Offer]:
    """The versions that are to be changed or withdrawn, which cover one unit each and are held still."""
    units = {each.offer_id: each.unit_id for each in said if each.offer_id is not None}
    chosen = select(Offer).where(Offer.id.in_(units), Offer.withdrawn_at.is_(None))
    found = {offer.id: offer for offer in session.scalars(chosen.execution_options(populate_existing=True))}
    if len(found) < len(units):
        raise NotFoundError("There is no such offer.")
    for offer in found.values():
        if offer.known.upper is not None:
            refuse_conflict(session, offer)
    covered = select(OfferUnit.offer_id, OfferUnit.unit_id).where(OfferUnit.offer_id.in_(units))
    for offer_id, unit_id in session.execute(covered):
        if units[offer_id] != unit_id:
            raise BadParameterError("offer_id", found[offer_id].code, f"an offer of unit {units[offer_id]} alone")
    return found
