"""Who may do what: one function that decides, and one decorator by which every route says what it needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, g
from geoalchemy2 import functions as gis
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from geo.model import Area, Building, Unit
from webmap.auth.models import User, UserRole
from webmap.errors import NotAllowedError, SignInNeededError

Thing = Area | Building | Unit | None
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

ANYBODY, SIGNED_IN = "public", "account"

# Action → roles that may do it; the administrator may do everything.
RIGHTS: dict[str, frozenset[str]] = {
    "administer": frozenset(),
    "answer_inquiries": frozenset(),
    "import": frozenset(),
    "see_staff_values": frozenset({"staff", "chief", "promoter", "planner", "tax_officer", "evaluator"}),
    "see_tax": frozenset({"tax_officer"}),
    "edit_place": frozenset({"staff", "chief"}),
    "report_vacancy": frozenset({"staff", "chief", "manager"}),
}
ACTIONS = frozenset({ANYBODY, SIGNED_IN, *RIGHTS})


def may(user: User | None, action: str, thing: Thing = None) -> bool:
    """Whether `user` may do `action` to `thing`; without a thing: everywhere.

    A role given for an area holds for the buildings and units whose building stands in it, one given for a building
    for that building and its units.

    Raises
    ------
    KeyError
        There is no such action.
    """
    if action == ANYBODY:
        return True
    if user is None or user.disabled_at is not None:
        return False
    if action == SIGNED_IN:
        return True
    roles = RIGHTS[action] | {"administrator"}
    return any(held.role in roles and _covers(held, thing) for held in user.roles)


def needs(action: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Let a route be used by those who may do `action` everywhere; a route about one thing calls `check` as well.

    Raises
    ------
    SignInNeededError
        Nobody is signed in.
    NotAllowedError
        The account may not do it.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is not an action; allowed: {', '.join(sorted(ACTIONS))}.")

    def decorate(view: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            if action != ANYBODY:
                check(action)
            return view(*args, **kwargs)

        guarded.needs = action  # type: ignore[attr-defined]  # read by the test that walks all routes
        return guarded

    return decorate


def check(action: str, thing: Thing = None) -> User:
    """The signed-in user, if he or she may do `action` to `thing`; raises as `needs` does."""
    user = current_user()
    if user is None:
        raise SignInNeededError
    if not may(user, action, thing):
        raise NotAllowedError
    return user


def current_user() -> User | None:
    """Who is signed in; asked of the database once per request, and only when somebody wants to know."""
    if "user" not in g:
        g.user = current_app.extensions["loumap_user_loader"]()
    found: User | None = g.user
    return found


def _covers(held: UserRole, thing: Thing) -> bool:
    if held.area_id is None and held.building_id is None:
        return True
    if thing is None:
        return False
    if isinstance(thing, Area):
        return held.area_id == thing.id
    building_id = thing.building_id if isinstance(thing, Unit) else thing.id
    if held.building_id is not None:
        return held.building_id == building_id
    session = object_session(held)
    return session is not None and _stands_in(session, building_id, held.area_id)


def _stands_in(session: Session, building_id: int, area_id: Any) -> bool:
    inside = gis.ST_Contains(Area.geom, gis.ST_PointOnSurface(Building.geom))
    query = select(Building.id).join(Area, inside).where(Building.id == building_id, Area.id == area_id)
    return session.scalar(query) is not None
