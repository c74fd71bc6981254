"""Everybody who signs in sees what the disclosure list allows the role, in its area or building, and nothing more.

Roles with the same rights see the same; one of each kind is sent to every address there is.
"""

from collections.abc import Callable
from itertools import groupby

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Session

from geo.disclosure import Audience, audience_of, may_see, public_fields
from geo.errors import UnknownFieldError
from geo.model import Base
from tests.crawling import answers, content, found, secrets_of
from tests.factories import create_area, create_building, create_user, square
from tests.planted import Planted, says
from tests.secrets_of_people import WITHOUT_MARK
from tests.secrets_planted import HERE, plant
from tests.web import sign_in
from webmap.auth.models import ROLES, UserRole
from webmap.permissions import RIGHTS

FAR = (HERE[0] + 3, HERE[1] + 3)


def _rights(role: str) -> frozenset[str]:
    return frozenset(action for action, roles in RIGHTS.items() if role in roles or role == "administrator")


def _one_of_each_kind() -> list[str]:
    """A role of every set of rights; the administrator's is looked at by itself."""
    others = sorted((role for role in ROLES if role != "administrator"), key=lambda role: sorted(_rights(role)))
    return [next(alike) for _, alike in groupby(others, key=_rights)]


KINDS = _one_of_each_kind()
NEVER = ("users.password_hash",)
"""Not even the administrator is shown these."""

# Table → the rights of which one is needed to see what it says. Tables that are not named are the administrator's.
NEEDED = {
    **dict.fromkeys(("vacancy_returns", "return_submissions", "return_lines", "return_sightings", "return_doubts"),
                    frozenset({"report_vacancy", "review_returns"})),
    "spot_checks": frozenset({"review_returns"}),
    "field_edits": frozenset({"edit_place"}),
    "inquiries": frozenset({"answer_inquiries"}),
    "inquiry_messages": frozenset({"answer_inquiries"}),
}  # fmt: skip


@pytest.fixture
def planted(session: Session) -> Planted:
    return plant(session)


@pytest.fixture
def browser_of(app: Flask, session: Session) -> Callable[..., FlaskClient]:
    """A browser of somebody with these roles, each `(role, area, building)`."""

    def browser_of(*held: UserRole) -> FlaskClient:
        user = create_user(session, name="somebody")
        user.roles.extend(held)
        session.flush()
        browser = app.test_client()
        assert sign_in(browser, "somebody").status_code == 302
        return browser

    return browser_of


@pytest.mark.parametrize("role", KINDS)
def test_a_role_everywhere_shows_what_the_list_allows_it(
    app: Flask, planted: Planted, browser_of: Callable[..., FlaskClient], role: str
) -> None:
    told = _told(app, planted, browser_of(UserRole(role=role)))
    leaked = [each for each in told if not _may_be_told(each.split(": ", 1)[1], role)]
    assert leaked == [], "\n".join(leaked)


def test_roles_for_one_building_show_nothing_of_another(
    app: Flask, planted: Planted, browser_of: Callable[..., FlaskClient]
) -> None:
    marks = {mark: what for mark, what in planted.marks.items() if mark in planted.elsewhere}
    browser = browser_of(*(UserRole(role=role, building=planted.home) for role in ROLES))
    told = [
        leak
        for address, answer in answers(app, planted, browser, False)
        for leak in _marks_in(marks, address, content(answer))
    ]
    assert marks
    assert told == [], "\n".join(told)


def test_roles_for_another_place_show_no_more_than_a_visitor_sees(
    app: Flask, session: Session, planted: Planted, browser_of: Callable[..., FlaskClient]
) -> None:
    area = create_area(session, square(*FAR, half=0.02))
    tower = create_building(session, square(*FAR))
    held = [UserRole(role=role, area=area) for role in ROLES] + [UserRole(role=role, building=tower) for role in ROLES]
    assert _told(app, planted, browser_of(*held)) == []


def test_the_administrator_sees_what_there_is_and_no_password(
    app: Flask, planted: Planted, browser_of: Callable[..., FlaskClient]
) -> None:
    seen = _seen(app, planted, browser_of(UserRole(role="administrator")))
    assert not seen & set(NEVER)
    for table in ("users", "invitations", "inquiries", "inquiry_messages", "mails", "return_submissions"):
        assert any(what.startswith(f"{table}.") for what in seen), f"the crawl does not reach {table}"


def test_a_secret_is_planted_in_every_text_that_is_not_public(planted: Planted) -> None:
    planted_in = set(planted.marks.values())
    bare = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, String | Text | JSON) and _is_open_text(table, column)
    ]
    missing = sorted(set(bare) - planted_in - WITHOUT_MARK)
    assert missing == [], f"plant a mark in {missing}: tests/secrets_planted.py, tests/secrets_of_people.py"


def _seen(app: Flask, planted: Planted, browser: FlaskClient) -> set[str]:
    return secrets_of(_told(app, planted, browser))


def _told(app: Flask, planted: Planted, browser: FlaskClient) -> list[str]:
    told = []
    for address, answer in answers(app, planted, browser, languages=False):
        assert answer.status_code < 500, address
        told += found(planted, address, content(answer))
    return told


def _marks_in(marks: dict[str, str], address: str, sent: bytes) -> list[str]:
    text = sent.decode("utf-8", "replace")
    return [f"{address}: {what}" for mark, what in marks.items() if says(text, mark) and mark not in address]


def _may_be_told(what: str, role: str) -> bool:
    """Whether the role may be told a secret, when it holds everywhere."""
    rights = _rights(role)
    audience = Audience.PUBLIC
    for right, gives in (("report_vacancy", Audience.MANAGER), ("see_staff_values", Audience.STAFF)):
        audience = gives if right in rights else audience
    audience = Audience.TAX if "see_tax" in rights else audience
    table, dot, column = what.partition(".")
    if not dot or " " in column:  # a row that is hidden as a whole is for staff, and for who reports on its building
        reported = not dot or table in ("buildings", "units")
        return may_see("buildings.source_key", audience) or (reported and "report_vacancy" in rights)
    if what == "users.full_name":  # who has corrected a fact, to those who correct facts
        return "edit_place" in rights
    if table in NEEDED:
        return bool(NEEDED[table] & rights)
    try:
        return audience_of(what) is not Audience.ADMIN and may_see(what, audience)
    except UnknownFieldError:
        return False


def _is_open_text(table, column) -> bool:
    """Whether a column may hold any words, and the public may not see them."""
    if column.primary_key or column.foreign_keys or column.server_default is not None or column.name == "code":
        return False
    try:
        is_public = column.name in public_fields(table.name)
    except UnknownFieldError:
        is_public = False
    fixed = {"kind", "state", "role", "via", "status", "outcome", "language", "ended_as", "table_name", "layer"}
    return not is_public and column.name not in fixed
