"""Pages as the login of visitors reads them: it sees only public columns, and that must be enough."""

import pytest
from flask import Flask
from psycopg.types.range import Range

from geo.model import Tenancy, UnitState
from tests.factories import (
    create_amenity,
    create_area,
    create_building,
    create_enterprise,
    create_floor,
    create_offer,
    create_unit,
)
from webmap.db import Database


@pytest.fixture
def codes(live_database: Database) -> dict[str, str]:
    """One of everything, committed; the addresses of its pages."""
    with live_database.new_session() as session, session.begin():
        area, building = create_area(session), create_building(session)
        unit = create_unit(session, create_floor(session, building))
        offer = create_offer(session, unit)
        firm = create_enterprise(session, building)
        create_amenity(session)
        told = {"source_id": unit.source_id, "unit_id": unit.id}
        session.add(Tenancy(enterprise_id=firm.id, building_id=building.id, room_public=True, **told))
        session.add(UnitState(valid=Range(None, None), occupancy="vacant", **told))
        unit.offer_id = offer.id
        session.flush()
        return {"building": f"/b/{building.code}", "unit": f"/u/{unit.code}", "area": f"/a/{area.code}"}


def test_a_visitor_opens_every_page(live_app: Flask, codes: dict[str, str]):
    visitor = live_app.test_client()
    for address in [*codes.values(), "/about", "/privacy", f"/en{codes['building']}"]:
        assert visitor.get(address).status_code == 200, address
