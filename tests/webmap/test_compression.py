"""Pages and lists are compressed for visitors, and left alone where size could give a secret away."""

import gzip

import brotli
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_building, create_floor, create_unit


@pytest.fixture(autouse=True)
def units(session: Session) -> None:
    floor = create_floor(session, create_building(session))
    for _ in range(5):
        create_unit(session, floor)


@pytest.mark.parametrize(("accepted", "unpack"), [("gzip, br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_list_is_smaller_on_the_wire_and_the_same_inside(client: FlaskClient, accepted: str, unpack) -> None:
    plain = client.get("/api/v1/units")
    packed = client.get("/api/v1/units", headers={"Accept-Encoding": accepted})
    assert packed.headers["Content-Encoding"] in accepted
    assert len(packed.data) < len(plain.data) / 3
    assert unpack(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.content_length == len(packed.data)


def test_a_short_answer_is_not_worth_it(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/api/v1/versions", headers={"Accept-Encoding": "br"}).headers


def test_a_page_with_a_form_is_left_alone(client: FlaskClient) -> None:
    """The sign-in page carries a token against forged requests and sets its cookie."""
    response = client.get("/login", headers={"Accept-Encoding": "br"})
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
