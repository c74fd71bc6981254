"""What the administrator does with accounts: find people, give them roles for a place, close and open accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from geo.errors import LouMapError, NotFoundError
from geo.model import Area, Building
from geo.text import fold
from webmap.auth import operations
from webmap.auth.models import ROLES, User, UserRole

PER_PAGE = 50
OFFERED = 8
"""Buildings offered when a name fits several."""


class UnknownPlaceError(LouMapError):
    """There is no such area or building."""


class ManyBuildingsError(LouMapError):
    """Several buildings have this name, or one like it; say which by its code. `found` has the first of them."""

    def __init__(self, text: str, found: Sequence[Building]) -> None:
        names = ", ".join(f"{each.code} ({each.name})" for each in found)
        super().__init__(f"{text!r} is not the name of one building; give a code: {names}.")
        self.found = found


class LastAdministratorError(LouMapError):
    """Nobody would be left who can administer the site; make another administrator first."""


_NAMES = ("code", "name", "name_en")
_WITH_PLACES = tuple(
    selectinload(User.roles).joinedload(place).load_only(*(getattr(kind, name) for name in _NAMES))
    for place, kind in ((UserRole.area, Area), (UserRole.building, Building))
)
_EVERYWHERE = and_(UserRole.role == "administrator", UserRole.area_id.is_(None), UserRole.building_id.is_(None))


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is to do, and where: everywhere, in an area, or in a building."""

    name: str
    area: Area | None = None
    building: Building | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of accounts, and how many there are on all pages."""

    people: Sequence[User]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))


def find(session: Session, text: str = "", role: str = "", page: int = 1) -> Found:
    """Accounts whose name, full name or mail has a text, with a role if one is given, by name."""
    query = select(User).options(*_WITH_PLACES)
    if text:
        looked = (User.name, User.full_name, User.email)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in looked)))
    if role in ROLES:
        query = query.where(User.roles.any(UserRole.role == role))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // PER_PAGE)))
    ordered = query.order_by(func.lower(User.name)).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return Found(session.scalars(ordered).all(), total, page)


def person(session: Session, user_id: int) -> User:
    """The account of an id.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.get(User, user_id) if user_id < 2**63 else None
    if found is None:
        raise NotFoundError
    return found


def areas(session: Session) -> Sequence[Area]:
    """Areas that a role can be given for, the large ones first."""
    query = select(Area).where(Area.withdrawn_at.is_(None))
    return session.scalars(query.order_by(func.ST_Area(Area.geom).desc(), Area.name)).all()


def area_of(session: Session, code: str) -> Area:
    """The area of a code.

    Raises
    ------
    UnknownPlaceError
        There is none.
    """
    found = session.scalar(select(Area).where(Area.code == code.strip(), Area.withdrawn_at.is_(None)))
    if found is None:
        raise UnknownPlaceError(f"There is no area {code!r}; its page has the code in its address, /a/CODE.")
    return found


def building_of(session: Session, text: str) -> Building:
    """The building of a code, or of a whole name that no other has.

    Raises
    ------
    UnknownPlaceError, ManyBuildingsError
        None has it; several have the name, or only one like it.
    """
    text = text.strip()
    there = select(Building).where(Building.withdrawn_at.is_(None)).order_by(Building.id).limit(OFFERED)
    found = session.scalars(there.where(or_(Building.code == text, Building.name == text))).all()
    if len(found) == 1:
        return found[0]
    like = there.where(Building.search_text.icontains(fold(text), autoescape=True), Building.name.is_not(None))
    if found or (text and (found := session.scalars(like).all())):
        raise ManyBuildingsError(text, found)
    raise UnknownPlaceError(f"There is no building {text!r}; its page has the code in its address, /b/CODE.")


def grant(session: Session, user: User, role: Role) -> None:
    """Give a role; one that the account has already stays as it is."""
    if _key(role) not in {(held.role, held.area_id, held.building_id) for held in user.roles}:
        user.roles.append(UserRole(role=role.name, area=role.area, building=role.building))
        session.flush()


def withdraw(session: Session, user: User, role_id: int) -> None:
    """Take a role from an account.

    Raises
    ------
    NotFoundError, LastAdministratorError
        The account does not have it; it is the last administrator's.
    """
    held = next((each for each in user.roles if each.id == role_id), None)
    if held is None:
        raise NotFoundError
    if _administers(held):
        _require_another(session, user)
    user.roles.remove(held)
    session.flush()


def withdraw_named(session: Session, user: User, role: Role) -> None:
    """Take a role that is told by its name and place; raises as `withdraw`."""
    wanted = _key(role)
    held = next((each.id for each in user.roles if (each.role, each.area_id, each.building_id) == wanted), 0)
    if not held:
        raise NotFoundError(f"{user.name} does not have this role there.")
    withdraw(session, user, held)


def disable(session: Session, user: User) -> None:
    """Close an account and end its sessions.

    Raises
    ------
    LastAdministratorError
        It is the last administrator's.
    """
    if any(_administers(held) for held in user.roles):
        _require_another(session, user)
    operations.disable_user(session, user)


def enable(user: User) -> None:
    """Open a closed account again; its sessions stay ended."""
    user.disabled_at = None


def _key(role: Role) -> tuple[str, int | None, int | None]:
    return role.name, role.area and role.area.id, role.building and role.building.id


def _administers(held: UserRole) -> bool:
    return held.role == "administrator" and held.area_id is None and held.building_id is None


def _require_another(session: Session, user: User) -> None:
    # Two administrators who close each other's accounts at the same time come one after the other.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("administrators", 0))))
    others = select(User.id).where(User.id != user.id, User.disabled_at.is_(None), User.roles.any(_EVERYWHERE))
    if session.scalar(others.limit(1)) is None:
        raise LastAdministratorError
