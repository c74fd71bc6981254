"""Who may do what, everywhere or in one area or building."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import HERE, create_area, create_building, create_floor, create_unit, create_user, square
from webmap.auth.models import ROLES, User, UserRole
from webmap.permissions import ACTIONS, RIGHTS, may, may_somewhere, needs, reach


def _within(session: Session, user: User | None, action: str) -> set[int]:
    return set(session.scalars(select(Building.id).where(reach(user, action))))


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_the_administrator_may_do_everything(session: Session, action: str) -> None:
    assert may(create_user(session, "administrator"), action)


@pytest.mark.parametrize("action", sorted(ACTIONS - {"public"}))
def test_a_visitor_may_only_look(action: str) -> None:
    assert may(None, "public")
    assert not may(None, action)


@pytest.mark.parametrize("action", sorted(RIGHTS))
def test_an_account_without_a_role_may_do_nothing_special(session: Session, action: str) -> None:
    assert may(create_user(session), "account")
    assert not may(create_user(session), action)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"tax_officer", "administrator"}))
def test_tax_is_for_tax_officers(session: Session, role: str) -> None:
    assert not may(create_user(session, role), "see_tax")
    assert may(create_user(session, "tax_officer"), "see_tax")


def test_a_disabled_account_may_nothing(session: Session) -> None:
    user = create_user(session, "administrator", disabled_at="2026-01-01T00:00:00Z")
    session.refresh(user)
    assert not may(user, "account")


def test_a_manager_reports_for_the_own_building_alone(session: Session) -> None:
    own, other = create_building(session), create_building(session)
    user = create_user(session)
    user.roles.append(UserRole(role="manager", building_id=own.id))
    session.flush()
    assert may(user, "report_vacancy", own)
    assert may(user, "report_vacancy", create_unit(session, create_floor(session, own)))
    assert not may(user, "report_vacancy", other)
    assert not may(user, "report_vacancy", create_unit(session, create_floor(session, other)))
    assert not may(user, "report_vacancy")


def test_staff_of_an_area_see_the_buildings_that_stand_in_it(session: Session) -> None:
    area = create_area(session)
    inside, outside = create_building(session), create_building(session, square(HERE[0] + 1, HERE[1]))
    user = create_user(session)
    user.roles.append(UserRole(role="staff", area_id=area.id))
    session.flush()
    assert may(user, "see_staff_values", inside)
    assert may(user, "see_staff_values", create_unit(session, create_floor(session, inside)))
    assert may(user, "see_staff_values", area)
    assert not may(user, "see_staff_values", outside)
    assert not may(user, "see_staff_values", create_area(session))


def test_a_list_of_ones_own_shows_what_stands_in_the_area_or_is_named(session: Session) -> None:
    area = create_area(session)
    inside, outside = create_building(session), create_building(session, square(HERE[0] + 1, HERE[1]))
    named = create_building(session, square(HERE[0] + 2, HERE[1]))
    user = create_user(session)
    user.roles += [UserRole(role="chief", area_id=area.id), UserRole(role="manager", building_id=named.id)]
    session.flush()
    assert _within(session, user, "report_vacancy") == {inside.id, named.id}
    assert _within(session, user, "edit_place") == {inside.id}
    assert _within(session, user, "see_tax") == set()
    assert _within(session, create_user(session, "staff"), "report_vacancy") == {inside.id, outside.id, named.id}
    assert _within(session, None, "report_vacancy") == set()


def test_what_one_may_do_to_one_thing_one_may_do_somewhere(session: Session) -> None:
    user = create_user(session)
    user.roles.append(UserRole(role="owner", building_id=create_building(session).id))
    session.flush()
    assert may_somewhere(user, "report_vacancy")
    assert not may(user, "report_vacancy")
    assert not may_somewhere(user, "edit_place")
    assert not may_somewhere(None, "report_vacancy")
    user.disabled_at = datetime.now(UTC)
    assert not may_somewhere(user, "report_vacancy")
    assert _within(session, user, "report_vacancy") == set()


def test_no_role_counts_while_the_account_lacks_the_second_factor(session: Session) -> None:
    user = create_user(session, "administrator")
    user.lacks_factor = True
    assert may(user, "account")
    assert not may(user, "see_staff_values", create_building(session))
    assert not may_somewhere(user, "report_vacancy")
    assert _within(session, user, "see_staff_values") == set()


def test_an_unknown_action_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match=r"allowed: .*administer"):
        needs("administrate")
