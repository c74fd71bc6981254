"""What somebody types to put a unit or building into a selection: the address of its page, its code, or a name."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.conditions import shown, standing
from geo.errors import BadParameterError
from geo.model import Building, Unit
from webmap.config import current_settings
from webmap.picked.selection import Selection

LONGEST = 300
_ADDRESS = re.compile(r"/([ub])/([0-9a-z]{1,12})(?:[/?#]|$)")


def read_item(session: Session, typed: str) -> Selection:
    """A list of the one unit or building that is meant; an empty one where nothing was typed.

    A building's name may be followed by the number of a unit: "云澜大厦 1201". `session` decides what may be named.

    Raises
    ------
    BadParameterError
        Nothing is called so, or more than one thing.
    """
    text = " ".join(typed.split())
    if not text:
        return Selection()
    if found := _ADDRESS.search(text):
        known = [each for each in _with_code(session, found[2]) if each[0] == found[1]]
    else:
        known = _with_code(session, text.lower()) or _named(session, text)
    if len(known) != 1:
        raise BadParameterError("more", text[:40], "the address of a unit or building, or a name that one of them has")
    return _one(*known[0])


def _one(kind: str, code: str) -> Selection:
    return Selection((code,), buildings=frozenset({code} if kind == "b" else ()))


def _with_code(session: Session, code: str) -> list[tuple[str, str]]:
    units = select(Unit.code).where(Unit.code == code, *standing(current_settings().today()))
    houses = select(Building.code).where(Building.code == code, *shown(Building, False))
    return [(kind, found) for kind, chosen in (("u", units), ("b", houses)) for found in session.scalars(chosen)]


def _named(session: Session, text: str) -> list[tuple[str, str]]:
    """Buildings of that name, else units whose building's name and number that is; two are as many as need be known."""
    named = (Building.name == text) | (Building.name_en == text)
    houses = session.scalars(select(Building.code).where(named, *shown(Building, False)).limit(2)).all()
    name, _, label = text.rpartition(" ")
    if houses or not name:
        return [("b", code) for code in houses]
    there = select(Unit.code).join(Building, Building.id == Unit.building_id)
    called = ((Building.name == name) | (Building.name_en == name)) & (Unit.label == label)
    today = current_settings().today()
    units = session.scalars(there.where(called, *shown(Building, False), *standing(today)).limit(2)).all()
    return [("u", code) for code in units]
