"""What tests of reports share: a tower with a year of history, a planner, and having a report made."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import create_area, create_building, create_enterprise, create_user
from tests.geo.indicators.lives import unit_with
from tests.web import post_form, sign_in, text_of

ALL = ["overview", "vacancy", "industries", "buildings"]

Made = Callable[..., str]
"""Asks for a report and gives its address."""


@pytest.fixture
def tower(app: Flask, session: Session) -> Building:
    """A tower of 1,000 m², a quarter of it vacant; no worker is there, so that the page writes reports itself."""
    app.extensions["loumap_unattended_s"] = 0
    tower = create_building(session, name="样例大厦", leasable_area_m2=1000, status="operating", completed_year=2010)
    create_area(session, code="jw")
    unit_with(session, tower, [("vacant", date(2024, 1, 1), None)], 250)
    unit_with(session, tower, [("tenant", date(2024, 1, 1), None)], 750, contract="let")
    create_enterprise(session, tower)
    return tower


@pytest.fixture
def planner(client: FlaskClient, session: Session) -> FlaskClient:
    """A planner's browser."""
    sign_in(client, create_user(session, "planner").name)
    return client


@pytest.fixture
def made(planner: FlaskClient, tower: Building) -> Made:
    """Has a report made and written."""

    def make(**values: object) -> str:
        asked = {"span": "2026-Q3", "audience": "public", "chapters": ALL, **values}
        answer = post_form(planner, "/reports", "/reports", **asked)
        assert answer.status_code == 303, text_of(answer.text)
        planner.get(answer.location)
        return str(answer.location)

    return make
