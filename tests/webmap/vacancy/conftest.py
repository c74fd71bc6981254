"""A tower with a floor of units that are let, who reports on it, and who decides on what is reported."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.factories import create_building, create_floor, create_unit, create_user
from tests.web import sign_in
from webmap.auth.models import UserRole


@pytest.fixture
def tower(session: Session) -> Building:
    """A building in use."""
    return create_building(session)


@pytest.fixture
def units(session: Session, tower: Building) -> list[Unit]:
    """Twelve units of its 12th floor, 1201 to 1212."""
    floor = create_floor(session, tower, 12)
    let = {"occupancy": "tenant", "public_status": "in_use", "rent_amount": None, "rent_unit": None}
    return [create_unit(session, floor, label=f"12{n:02}", **let) for n in range(1, 13)]


@pytest.fixture
def manager(app: Flask, session: Session, tower: Building, units: list[Unit]) -> FlaskClient:
    """The browser of who manages the tower."""
    user = create_user(session, name="manager")
    user.roles = [UserRole(role="manager", building_id=tower.id)]
    session.flush()
    return _signed_in(app, "manager")


@pytest.fixture
def clerk(app: Flask, session: Session) -> FlaskClient:
    """The browser of one of the staff."""
    create_user(session, "staff", name="clerk")
    return _signed_in(app, "clerk")


def _signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, name)
    return client
