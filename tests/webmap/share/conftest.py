"""Who makes links, and the building of the unit that they lead to."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.factories import create_building, create_floor, create_unit, create_user
from tests.web import sign_in


@pytest.fixture
def tower(session: Session, unit: Unit) -> Building:
    return session.get_one(Building, unit.building_id)


@pytest.fixture
def promoter(client: FlaskClient, session: Session) -> FlaskClient:
    create_user(session, "promoter", name="promoter", email="promoter@example.com")
    sign_in(client, "promoter")
    return client


@pytest.fixture
def units(session: Session) -> list[Unit]:
    """Three units to let, one above the other."""
    tower = create_building(session)
    return [create_unit(session, create_floor(session, tower, 8 + n), label=f"{8 + n}01") for n in range(3)]


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    """Somebody else's browser, without an account."""
    return client.application.test_client()
