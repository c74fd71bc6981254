"""Who may do what: one function that decides, and one decorator by which every route says what it needs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, g
from geoalchemy2 import functions as gis
from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session, aliased, object_session

from geo.model import Area, Building, Unit
from webmap.auth.models import User, UserRole
from webmap.errors import NotAllowedError, SecondFactorNeededError, SignInNeededError

Thing = Area | Building | Unit | None
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

ANYBODY, SIGNED_IN = "public", "account"
REPORT = "report_vacancy"
MAKE_LINKS = "make_links"
ENTER_TAX, ENTER_FIGURES, SET_TARGETS = "enter_tax", "enter_figures", "set_targets"
MAKE_REPORTS = "make_reports"

_STAFF = frozenset({"staff", "chief", "promoter", "planner", "tax_officer", "evaluator"})

# Action → roles that may do it; the administrator may do everything.
RIGHTS: dict[str, frozenset[str]] = {
    "administer": frozenset(),
    "answer_inquiries": frozenset(),
    "import": frozenset(),
    MAKE_LINKS: frozenset({"promoter", "staff", "chief", "planner"}),
    MAKE_REPORTS: frozenset({"staff", "chief", "planner", "tax_officer"}),
    "see_quality": frozenset({*_STAFF, "manager", "owner"}),
    "see_staff_values": _STAFF,
    "see_tax": frozenset({"tax_officer"}),
    ENTER_TAX: frozenset({"tax_officer"}),
    ENTER_FIGURES: frozenset({"staff", "chief", "planner", "tax_officer"}),
    SET_TARGETS: frozenset({"staff", "chief", "planner"}),
    "edit_place": frozenset({"staff", "chief"}),
    REPORT: frozenset({"staff", "chief", "manager", "owner"}),
    "review_returns": frozenset({"staff", "chief"}),
}
ACTIONS = frozenset({ANYBODY, SIGNED_IN, *RIGHTS})


@dataclass(frozen=True, slots=True)
class LinkBearer:
    """Whoever holds a link for the return of one building and one week: no account, one right, one building.

    `user_id` is the account that the link was given to, if any; `webmap/report_links.py` makes and opens links.
    """

    link_id: int
    building_id: int
    week: date
    user_id: int | None


Who = User | LinkBearer | None


def may(who: Who, action: str, thing: Thing = None) -> bool:
    """Whether `who` may do `action` to `thing`; without a thing: everywhere.

    A role given for an area holds for the buildings and units whose building stands in it, one given for a building
    for that building and its units. The bearer of a link may report on the link's building, and nothing else. While an
    account lacks the second factor that the site asks for, none of its roles counts.

    Raises
    ------
    KeyError
        There is no such action.
    """
    if action == ANYBODY:
        return True
    if isinstance(who, LinkBearer):
        return action == REPORT and _building_id(thing) == who.building_id
    if who is None or who.disabled_at is not None:
        return False
    return action == SIGNED_IN or any(_covers(held, thing) for held in _held_for(who, action))


def may_somewhere(who: Who, action: str) -> bool:
    """Whether there is anything at all that `who` may do `action` to; which things, `reach` says."""
    if isinstance(who, LinkBearer):
        return action in (ANYBODY, REPORT)
    return may(who, action) or (who is not None and who.disabled_at is None and any(_held_for(who, action)))


def reach(who: Who, action: str) -> ColumnElement[bool]:
    """A condition on `Building`: those that `who` may do `action` to."""
    if isinstance(who, LinkBearer):
        return Building.id == who.building_id if action == REPORT else false()
    if who is None or who.disabled_at is not None:
        return false()
    held = list(_held_for(who, action))
    if any(each.area_id is None and each.building_id is None for each in held):
        return true()
    named = [each.building_id for each in held if each.building_id is not None]
    areas = [each.area_id for each in held if each.area_id is not None]
    return or_(Building.id.in_(named), Building.id.in_(_standing_in(areas)) if areas else false())


def reach_areas(who: Who, action: str) -> ColumnElement[bool]:
    """A condition on `Area`: those that `who` may do `action` to as a whole."""
    if who is None or isinstance(who, LinkBearer) or who.disabled_at is not None:
        return false()
    held = list(_held_for(who, action))
    if any(each.area_id is None and each.building_id is None for each in held):
        return true()
    return Area.id.in_([each.area_id for each in held if each.area_id is not None])


def people_with(session: Session, building: Building, roles: Sequence[str]) -> Sequence[User]:
    """The accounts that hold one of some roles for a building: given for it, or for an area it stands in."""
    around = select(Area.id).where(gis.ST_Contains(Area.geom, gis.ST_PointOnSurface(building.geom)))
    for_it = or_(UserRole.building_id == building.id, UserRole.area_id.in_(around))
    held = select(UserRole.user_id).where(UserRole.role.in_(roles), for_it)
    chosen = select(User).where(User.id.in_(held), User.disabled_at.is_(None))
    return session.scalars(chosen.order_by(User.id)).all()


def needs(
    action: str, *, somewhere: bool = False
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Let a route be used by those who may do `action` everywhere; a route about one thing calls `check` as well.

    With `somewhere` it can be used by those who may do it to any one thing: the route then calls `check` for the very
    thing, or shows what is within `reach`.

    Raises
    ------
    SignInNeededError
        Nobody is signed in.
    SecondFactorNeededError
        The account lacks the second factor that the site asks for.
    NotAllowedError
        The account may not do it.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is not an action; allowed: {', '.join(sorted(ACTIONS))}.")

    def decorate(view: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            if action != ANYBODY and not (somewhere and may_somewhere(current_user(), action)):
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
        raise SecondFactorNeededError if user.lacks_factor else NotAllowedError
    return user


def current_user() -> User | None:
    """Who is signed in; asked of the database once per request, and only when somebody wants to know."""
    if "user" not in g:
        g.user = current_app.extensions["loumap_user_loader"]()
    found: User | None = g.user
    return found


def _held_for(user: User, action: str) -> Iterator[UserRole]:
    """The roles of a user that an action takes, wherever they hold."""
    if user.lacks_factor:
        return
    roles = RIGHTS[action] | {"administrator"}
    yield from (held for held in user.roles if held.role in roles)


def _covers(held: UserRole, thing: Thing) -> bool:
    if held.area_id is None and held.building_id is None:
        return True
    if thing is None:
        return False
    if isinstance(thing, Area):
        return held.area_id == thing.id
    building_id = _building_id(thing)
    if held.building_id is not None:
        return held.building_id == building_id
    session = object_session(held)
    return session is not None and _stands_in(session, building_id, held.area_id)


def _building_id(thing: Thing) -> int | None:
    """The building that a thing is or belongs to."""
    if isinstance(thing, Unit):
        return thing.building_id
    return thing.id if isinstance(thing, Building) else None


def _stands_in(session: Session, building_id: int | None, area_id: Any) -> bool:
    query = _standing_in([area_id], building_id)
    return session.scalar(query) is not None


def _standing_in(area_ids: list[int], building_id: int | None = None) -> Any:
    """Ids of the buildings that stand in any of the areas, or of the one asked about if it does."""
    standing = aliased(Building)
    inside = gis.ST_Contains(Area.geom, gis.ST_PointOnSurface(standing.geom))
    # The boxes can be looked up in an index, the points cannot.
    there = and_(standing.geom.intersects(Area.geom), inside)
    query = select(standing.id).join(Area, there).where(Area.id.in_(area_ids))
    return query if building_id is None else query.where(standing.id == building_id)
