"""The API out of the state in memory gives what it gives out of the database, page by page."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access import store_distances
from tests.factories import create_building, create_floor, create_unit
from tests.geo.test_search import add_building

QUERIES = ("", "occupancy=vacant", "area_min=500&rent_max=6", "q=云澜&floor_min=2", "fitout=furnished&grade=a,b")


@pytest.fixture
def district(session: Session) -> None:
    """Twenty varied buildings with their units."""
    rng = np.random.default_rng(3)
    for number in range(20):
        add_building(session, rng, number)
    store_distances(session)


def pages(client: FlaskClient, address: str) -> Iterator[dict]:
    """The pages of a list, one after the other."""
    after = ""
    while after is not None:
        page = client.get(f"/api/v1/{address}&limit=13{after and f'&after={after}'}").get_json()
        yield page
        after = page["next"]


def open_state(client: FlaskClient) -> None:
    """Counts need the state: from then on lists are answered out of it."""
    assert client.get("/api/v1/facets").status_code == 200


@pytest.mark.parametrize("sort", ["", "area", "-rent", "floor", "-available_on", "reported_on"])
def test_units_are_the_same_with_and_without_a_state(client: FlaskClient, district: None, sort: str) -> None:
    addresses = [f"units?sort={sort}&{query}" for query in QUERIES]
    before = [list(pages(client, address)) for address in addresses]
    open_state(client)
    assert [list(pages(client, address)) for address in addresses] == before
    assert sum(page["total"] for page, *_ in before) > 100


def test_buildings_are_the_same_with_and_without_a_state(client: FlaskClient, district: None) -> None:
    addresses = [f"buildings?sort={sort}&{query}" for sort, query in product(("", "-year", "name", "height"), QUERIES)]
    before = [list(pages(client, address)) for address in addresses]
    open_state(client)
    assert [list(pages(client, address)) for address in addresses] == before


def test_a_unit_that_is_gone_since_leaves_the_page_without_it(client: FlaskClient, session: Session) -> None:
    floor = create_floor(session, create_building(session))
    units = [create_unit(session, floor) for _ in range(3)]
    open_state(client)
    session.execute(text("UPDATE units SET withdrawn_at = now() WHERE id = :id"), {"id": units[1].id})
    page = client.get("/api/v1/units?limit=2").get_json()
    assert [item["code"] for item in page["items"]] == [units[0].code]
    rest = client.get(f"/api/v1/units?limit=2&after={page['next']}").get_json()
    assert [item["code"] for item in rest["items"]] == [units[2].code]
    session.execute(text("UPDATE units SET withdrawn_at = now()"))
    nothing = {"items": [], "total": 0, "next": None, "not_shown": None, "moment": None}
    assert client.get("/api/v1/units").get_json() == nothing
