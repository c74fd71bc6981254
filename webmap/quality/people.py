"""Whom to call about a building: its people by their roles, else the accounts that answer for it, else the office."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoalchemy2 import functions as gis
from sqlalchemy import Date, any_, bindparam, cast, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger

from geo.model import Area, Building, Party, PartyRole, Source
from webmap.auth.models import User, UserRole
from webmap.names import label

OF_THE_BUILDING = ("manager", "operator", "owner")
OF_THE_OFFICE = ("chief",)
ANSWERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("late", "silent", "unknown", "unpriced", "doubt"), (*OF_THE_BUILDING, *OF_THE_OFFICE)),
    **dict.fromkeys(
        ("report", "contradicted", "disagree", "impossible", "missing"), (*OF_THE_OFFICE, *OF_THE_BUILDING)
    ),
}
"""Reason → roles of those who can put it right, in the order of asking."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers for a building; `phone` and `email` where they are known."""

    role: str
    name: str
    phone: str | None = None
    email: str | None = None


def people_of(
    session: Session, ids: Sequence[int], today: date, *, staff: bool, accounts: bool = False
) -> dict[int, list[Person]]:
    """Building → its people: for others than staff those who agreed to it; `accounts` by name for who edits places."""
    found: dict[int, list[Person]] = defaultdict(list)
    for row in session.execute(_parties(today, staff), {"ids": list(ids)}):
        own = row.personal_phone if staff else None
        found[row.building_id].append(Person(row.role, label(row), row.business_phone or own, row.business_email))
    if accounts:
        for row in session.execute(_accounts(), {"ids": list(ids)}):
            found[row.id].append(Person(row.role, row.full_name))
    return dict(found)


def whom_to_call(people: Sequence[Person], reason: str) -> list[Person]:
    """Those who can put a reason right, who can be reached first; nobody where it is for the office."""
    ranked = [person for role in ANSWERS[reason] for person in people if person.role == role]
    return sorted(ranked, key=lambda person: person.phone is None and person.email is None)


def _parties(today: date, staff: bool) -> Any:
    columns = (PartyRole.building_id, PartyRole.role, Party.name, Party.name_en, Party.business_phone)
    chosen = select(*columns, Party.business_email, Party.personal_phone)
    here = (PartyRole.building_id == _any_of_ids(), PartyRole.valid.op("@>")(cast(literal(today), Date)))
    wanted = (PartyRole.role.in_((*OF_THE_BUILDING, *OF_THE_OFFICE)), PartyRole.unit_id.is_(None))
    agreed = () if staff else (Party.contact_consent, Source.publishable)
    joined = chosen.join(Party, Party.id == PartyRole.party_id).join(Source, Source.id == Party.source_id)
    return joined.where(*here, *wanted, *agreed).order_by(PartyRole.id)


def _accounts() -> Any:
    """Accounts given a role for the building, or for an area that it stands in."""
    inside = gis.ST_Contains(Area.geom, gis.ST_PointOnSurface(Building.geom)) & Building.geom.intersects(Area.geom)
    around = select(Area.id).where(Area.id == UserRole.area_id, inside).exists()
    columns = (Building.id, UserRole.role, User.full_name)
    held = or_(UserRole.building_id == Building.id, around)
    joined = select(*columns).select_from(User).join(UserRole, UserRole.user_id == User.id).join(Building, held)
    wanted = (
        Building.id == _any_of_ids(),
        UserRole.role.in_(("manager", "owner", "chief")),
        User.disabled_at.is_(None),
        User.full_name.is_not(None),
    )
    return joined.where(*wanted).order_by(User.id)


def _any_of_ids() -> Any:
    return any_(bindparam("ids", type_=ARRAY(BigInteger)))
