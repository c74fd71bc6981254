"""A link of the week lets a manager report on one building without a password, and do nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.model import Building
from tests.factories import create_area, create_building, create_floor, create_unit, create_user
from webmap import report_links
from webmap.auth.models import UserRole
from webmap.errors import LinkOverError
from webmap.models import ReportLink, ReportLinkUse
from webmap.permissions import ACTIONS, may, may_somewhere, reach

SECRET = "a secret that only tests know, 40 letters"
WEEK = date(2026, 11, 16)


@pytest.fixture
def building(session: Session) -> Building:
    return create_building(session)


@pytest.fixture
def token(session: Session, building: Building) -> str:
    return report_links.make(session, SECRET, building, WEEK)


def test_the_holder_reports_on_that_building_and_its_units_alone(
    session: Session, building: Building, token: str
) -> None:
    bearer = report_links.opened(session, SECRET, token)
    other = create_building(session)
    assert bearer.week == WEEK
    assert may(bearer, "report_vacancy", building)
    assert may(bearer, "report_vacancy", create_unit(session, create_floor(session, building)))
    assert not may(bearer, "report_vacancy", other)
    assert not may(bearer, "report_vacancy", create_unit(session, create_floor(session, other)))
    assert not may(bearer, "report_vacancy", create_area(session))
    assert not may(bearer, "report_vacancy")
    assert may_somewhere(bearer, "report_vacancy")
    assert session.scalars(select(Building).where(reach(bearer, "report_vacancy"))).all() == [building]


@pytest.mark.parametrize("action", sorted(ACTIONS - {"public", "report_vacancy"}))
def test_the_holder_may_do_nothing_else(session: Session, building: Building, token: str, action: str) -> None:
    bearer = report_links.opened(session, SECRET, token)
    assert not may(bearer, action, building)
    assert not may(bearer, action)
    assert not may_somewhere(bearer, action)
    assert session.scalars(select(Building).where(reach(bearer, action))).all() == []


def test_a_link_ends_by_itself(session: Session, building: Building) -> None:
    over = report_links.make(session, SECRET, building, WEEK, lasts=timedelta(seconds=-1))
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET, over)


def test_a_withdrawn_link_opens_nothing_and_others_stay(session: Session, building: Building, token: str) -> None:
    other = report_links.make(session, SECRET, building, WEEK + timedelta(days=7))
    elsewhere = report_links.make(session, SECRET, create_building(session), WEEK)
    assert report_links.revoke(session, building, WEEK) == 1
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET, token)
    assert report_links.opened(session, SECRET, other)
    assert report_links.revoke(session, building) == 1
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET, other)
    assert report_links.opened(session, SECRET, elsewhere)


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token.partition(".")[0],
        lambda token: token.partition(".")[0] + ".",
        lambda token: "00000000." + token.partition(".")[2],
        lambda token: token + "é",
        lambda token: "",
    ],
    ids=["a letter", "no key", "an empty key", "another number", "not ASCII", "nothing"],
)
def test_a_forged_link_opens_nothing(session: Session, token: str, change) -> None:
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET, change(token))


def test_the_key_of_another_site_opens_nothing(session: Session, token: str) -> None:
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET.upper(), token)


@pytest.mark.parametrize("column", ["building_id", "week", "expires_at"])
def test_a_link_cannot_be_turned_to_something_else_in_the_table(session: Session, token: str, column: str) -> None:
    turned = {"building_id": create_building(session).id, "week": WEEK + timedelta(days=7)}
    turned["expires_at"] = datetime.now(UTC) + timedelta(days=900)
    session.execute(update(ReportLink).values({column: turned[column]}))
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET, token)


def test_a_link_given_to_an_account_ends_with_its_right_or_the_account(session: Session, building: Building) -> None:
    manager = create_user(session)
    manager.roles.append(UserRole(role="manager", building_id=building.id))
    session.flush()
    token = report_links.make(session, SECRET, building, WEEK, user=manager)
    assert report_links.opened(session, SECRET, token).user_id == manager.id
    manager.disabled_at = datetime.now(UTC)
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET, token)
    manager.disabled_at = None
    manager.roles.clear()
    session.flush()
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET, token)


def test_every_place_that_opens_a_link_is_noted_and_not_every_click(
    session: Session, building: Building, token: str
) -> None:
    for address in ("192.0.2.7", "192.0.2.7", "2001:db8::1", "2001:db8::2"):
        report_links.opened(session, SECRET, token, address, "Mozilla/5.0 (iPhone)")
    link = report_links.of_building(session, building)[0]
    assert {use.network for use in report_links.uses(session, link)} == {"192.0.2.7", "2001:db8::/64"}
    assert len(report_links.uses(session, link)) == 2
    assert report_links.uses(session, link)[0].browser == "Mozilla/5.0 (iPhone)"


def test_a_refused_link_is_not_noted_as_used(session: Session, token: str) -> None:
    with pytest.raises(LinkOverError):
        report_links.opened(session, SECRET, f"{token}x", "192.0.2.7")
    assert session.scalar(select(func.count(ReportLinkUse.id))) == 0


def test_a_week_begins_on_a_monday(session: Session, building: Building) -> None:
    with pytest.raises(BadParameterError, match="Monday"):
        report_links.make(session, SECRET, building, WEEK + timedelta(days=1))


def test_where_links_were_opened_is_forgotten_after_half_a_year(
    session: Session, building: Building, token: str
) -> None:
    report_links.opened(session, SECRET, token, "192.0.2.7")
    long_ago = datetime.now(UTC) - timedelta(days=181)
    session.execute(update(ReportLinkUse).values(used_at=long_ago))
    assert report_links.prune(session) == 0
    assert session.scalar(select(func.count(ReportLinkUse.id))) == 0
    session.execute(update(ReportLink).values(expires_at=datetime.now(UTC) - timedelta(days=401)))
    assert report_links.prune(session) == 1
    assert report_links.of_building(session, building) == []
