"""Publishes, changes and withdraws offers: each version is a row, the last one open, and no version is overwritten.

The code, the source and the account whose offer it is stay while the terms change. Who else promises the same unit is
told with every answer (撞单).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.types.range import Range
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, EditConflictError, NotFoundError
from geo.history.authors import Author
from geo.history.locks import lock_units
from geo.history.offer_versions import (
    Version,
    add_versions,
    after,
    close_versions,
    copied,
    ended_version,
    next_versions,
    span,
)
from geo.history.present import write_present
from geo.history.rivals import Rival, rivals_of
from geo.history.values import day, offer_values
from geo.model import Offer, OfferUnit, Party, Unit
from geo.model.declarative import new_code

CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Published:
    """An offer as it stands after a change, and who else promises one of its units."""

    offer: Offer
    rivals: Sequence[Rival]


def publish_offer(
    session: Session, unit_ids: Collection[int], terms: Mapping[str, object], *, on: date, by: Author, today: date
) -> Published:
    """Offer one or several units of a building from a day on; `valid_until` among the terms is the last day.

    Raises
    ------
    UnknownFieldError, BadParameterError, NotFoundError
        A term, a value, a unit or a contact that there is not; units of two buildings; the author offers one of the
        units in the same way already, so that this offer is to be changed instead.
    """
    values = offer_values(terms)
    _check_contact(session, values)
    building_id = _building(session, unit_ids)
    lock_units(session, unit_ids)
    valid = span(day("on", on), values.pop("valid_until", None))
    refuse_twice(session, unit_ids, values.get("kind", "rent"), valid, by)
    known_from = close_versions(session, ())
    row = values | {"code": new_code(CODE_LENGTH), "building_id": building_id, "published_at": known_from}
    row |= {"valid": valid, "source_id": by.source_id, "user_id": by.user_id}
    (offer,) = add_versions(session, [Version(row, unit_ids)], by, known_from)
    write_present(session, unit_ids, today)
    return Published(offer, rivals_of(session, offer, today))


def change_offer(
    session: Session,
    offer_id: int,
    changed: Mapping[str, object],
    *,
    on: date,
    by: Author,
    today: date,
    unit_ids: Collection[int] | None = None,
) -> Published:
    """Change the terms of an offer, or its units, from a day on; before that day it stands as it was.

    `offer_id` is the version that the writer looked at. A day not after the first corrects the offer from its start.

    Raises
    ------
    UnknownFieldError, BadParameterError, NotFoundError
        As `publish_offer`; the offer is not there.
    EditConflictError
        Somebody has changed or withdrawn it since; carries both versions.
    """
    values = offer_values(changed)
    _check_contact(session, values)
    before = _offer(session, offer_id)
    own = _units(session, offer_id)
    wanted = own if unit_ids is None else sorted(set(unit_ids))
    if _building(session, wanted) != before.building_id:
        raise BadParameterError("unit_ids", ", ".join(map(str, wanted)), "units of the building of the offer")
    lock_units(session, {*own, *wanted})
    refuse_conflict(session, before)
    end = after(values.pop("valid_until")) if "valid_until" in values else before.valid.upper
    _check_rents(copied(before) | values)
    versions = next_versions(before, own, values, wanted, day("on", on), end)
    offer = add_versions(session, versions, by, close_versions(session, [before]))[-1]
    write_present(session, {*own, *wanted}, today)
    return Published(offer, rivals_of(session, offer, today))


def withdraw_offer(session: Session, offer_id: int, *, on: date, by: Author, today: date) -> Offer:
    """End an offer: from a day on it stands no more; gives the version that says so.

    An offer that ends on its first day never stood: its last version is marked as withdrawn and shown nowhere.

    Raises
    ------
    BadParameterError, NotFoundError
        The day is none; the offer is not there.
    EditConflictError
        Somebody has changed or withdrawn it since; carries both versions.
    """
    day("on", on)
    before = _offer(session, offer_id)
    own = _units(session, offer_id)
    lock_units(session, own)
    refuse_conflict(session, before)
    known_from = close_versions(session, [before])
    (ended,) = add_versions(session, [ended_version(before, own, on, known_from)], by, known_from)
    write_present(session, own, today)
    return ended


def offer_history(session: Session, code: str) -> Sequence[Offer]:
    """Every version of an offer in the order in which they became known."""
    versions = select(Offer).where(Offer.code == code)
    return session.scalars(versions.order_by(func.lower(Offer.known), func.lower(Offer.valid).nulls_first())).all()


def refuse_conflict(session: Session, seen: Offer) -> None:
    """Refuse to build on a version that is held no longer; the units are locked by now."""
    session.refresh(seen)
    if seen.known.upper is None:
        return
    last = offer_history(session, seen.code)[-1]
    raise EditConflictError(
        f"The offer {seen.code} has been changed by somebody else since you looked at it; look at both again.",
        seen=seen,
        held=last if last.known.upper is None else None,
    )


def refuse_twice(session: Session, unit_ids: Collection[int], kind: str, valid: Range[date], by: Author) -> None:
    """Refuse a second offer of a unit by the same author, in the same way and time."""
    same = (Offer.source_id == by.source_id, Offer.user_id.is_not_distinct_from(by.user_id), Offer.kind == kind)
    live = (Offer.withdrawn_at.is_(None), func.upper_inf(Offer.known), Offer.valid.op("&&")(valid))
    mine = select(Offer.code, Unit.label).join(OfferUnit, OfferUnit.offer_id == Offer.id)
    mine = mine.join(Unit, Unit.id == OfferUnit.unit_id).where(*same, *live, Unit.id.in_(unit_ids))
    if found := session.execute(mine.limit(1)).first():
        allowed = f"units that you do not offer yet; change or withdraw the offer {found.code} instead"
        raise BadParameterError("unit_ids", found.label, allowed)


def _offer(session: Session, offer_id: int) -> Offer:
    found = session.scalars(select(Offer).where(Offer.id == offer_id).execution_options(populate_existing=True))
    offer = found.one_or_none()
    if offer is None or offer.withdrawn_at is not None:
        raise NotFoundError("There is no such offer.")
    return offer


def _units(session: Session, offer_id: int) -> list[int]:
    chosen = select(OfferUnit.unit_id).where(OfferUnit.offer_id == offer_id)
    return list(session.scalars(chosen.order_by(OfferUnit.unit_id)))


def _building(session: Session, unit_ids: Collection[int]) -> int:
    found = set(session.scalars(select(Unit.building_id).where(Unit.id.in_(unit_ids))))
    if len(found) != 1:
        raise BadParameterError("unit_ids", ", ".join(map(str, unit_ids)), "one or several units of one building")
    return found.pop()


def _check_contact(session: Session, values: Mapping[str, Any]) -> None:
    contact = values.get("contact_id")
    if contact is not None and session.get(Party, contact) is None:
        raise NotFoundError(f"There is no party {contact}.")


def _check_rents(row: Mapping[str, Any]) -> None:
    offer_values({name: row[name] for name in ("rent_low", "rent_high")})
