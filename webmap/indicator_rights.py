"""Who sees which indicators of which area: visitors the public ones, staff of it and tax officers theirs as well."""

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.disclosure import Audience
from geo.indicators import AreaOutline, Part
from geo.model import Area, Building
from webmap import permissions
from webmap.permissions import Who

ACTIONS = {Audience.STAFF: "see_staff_values", Audience.TAX: "see_tax"}


def audiences_of(session: Session, who: Who, area: AreaOutline | None, part: Part) -> frozenset[Audience]:
    """As whom somebody may look at an area: by a role for all, for it, or for every building in it."""
    acts = {audience for audience, action in ACTIONS.items() if _covers(session, who, action, area, part)}
    return frozenset({Audience.PUBLIC, *acts})


def _covers(session: Session, who: Who, action: str, area: AreaOutline | None, part: Part) -> bool:
    if not permissions.may_somewhere(who, action):
        return False
    if permissions.may(who, action) or (area and permissions.may(who, action, session.get(Area, area.id))):
        return True
    within = session.scalars(select(Building.id).where(Building.managed, permissions.reach(who, action))).all()
    return len(part.rows) > 0 and bool(np.isin(part.buildings["id"], within).all())
