"""A building with a source, and somebody who may edit what stands in its area."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import create_area, create_building, create_source, create_user
from tests.web import sign_in
from webmap.auth.models import User, UserRole


@pytest.fixture
def tower(session: Session) -> Building:
    source = create_source(session, name="测绘院")
    return create_building(session, name="甲楼", source_id=source.id, source_key="w1")


@pytest.fixture
def zhang(session: Session, tower: Building) -> User:
    """Staff of the subdistrict that the tower stands in."""
    area = create_area(session)
    user = create_user(session, name="zhang", full_name="张三")
    user.roles = [UserRole(role="staff", area_id=area.id)]
    session.flush()
    return user


@pytest.fixture
def staff(app: Flask, zhang: User) -> FlaskClient:
    browser = app.test_client()
    sign_in(browser, zhang.name)
    return browser
