"""Who makes links, and the building of the unit that they lead to."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.factories import create_user
from tests.web import sign_in


@pytest.fixture
def tower(session: Session, unit: Unit) -> Building:
    return session.get_one(Building, unit.building_id)


@pytest.fixture
def promoter(client: FlaskClient, session: Session) -> FlaskClient:
    create_user(session, "promoter", name="promoter", email="promoter@example.com")
    sign_in(client, "promoter")
    return client
