"""What only a source that is not publishable says of a public building stays with staff."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from geoalchemy2.shape import from_shape
from psycopg.types.range import Range
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo import tiles
from geo.model import Building, Section, Source, Tenancy, UnitState
from tests.factories import (
    HERE,
    create_building,
    create_enterprise,
    create_floor,
    create_source,
    create_unit,
    square,
)
from tests.secrets_planted import tile_of
from webmap.buildings.history import status_history
from webmap.buildings.past import load_archive

TODAY = date(2026, 11, 21)


@pytest.fixture
def secret(session: Session) -> Source:
    """A source for staff."""
    return create_source(session, publishable=False, secrecy="internal")


@pytest.fixture
def building(session: Session) -> Building:
    """A public building."""
    return create_building(session)


def test_a_tenant_that_only_a_secret_source_places_there_is_not_named(
    client: FlaskClient, session: Session, building: Building, secret: Source
) -> None:
    firm = create_enterprise(session, name="远山信息有限公司", industry_group="it")
    tenancy = Tenancy(enterprise_id=firm.id, building_id=building.id, source_id=secret.id)
    session.add(tenancy)
    session.flush()
    page, found = f"/b/{building.code}", "/api/v1/buildings?industry=it"
    assert "远山" not in client.get(page).text
    assert client.get(found).get_json()["total"] == 0
    tenancy.source_id = firm.source_id
    session.flush()
    session.execute(text("UPDATE layer_versions SET version = version + 1 WHERE layer = 'state'"))
    assert "远山" in client.get(page).text
    assert client.get(found).get_json()["total"] == 1


def test_the_history_of_a_unit_leaves_out_what_a_secret_source_said(session: Session, secret: Source) -> None:
    unit = create_unit(session)
    since = {"unit_id": unit.id, "occupancy": "vacant", "known": Range(datetime(2026, 1, 1, tzinfo=UTC), None)}
    session.add(UnitState(valid=Range(date(2025, 1, 1), date(2026, 9, 1)), source_id=unit.source_id, **since))
    session.add(UnitState(valid=Range(date(2026, 9, 1), None), source_id=secret.id, **since))
    session.flush()
    told = [
        (stretch.status, stretch.first)
        for stretch in status_history(load_archive(session, unit.building_id), unit.id, TODAY)
    ]
    assert told == [("vacant", date(2025, 1, 1)), ("unknown", date(2026, 9, 1))]


@pytest.mark.parametrize("zoom", [14, 15])
def test_a_part_that_a_secret_source_measured_is_drawn_for_staff_alone(
    session: Session, building: Building, secret: Source, zoom: int
) -> None:
    building.sectioned = True
    shape = from_shape(square(), srid=4326)
    session.add(Section(building_id=building.id, kind="tower", geom=shape, height_m=210, source_id=secret.id))
    session.flush()
    tile = tiles.Tile(zoom, *tile_of(*HERE, zoom))
    driver = session.connection().connection.driver_connection
    assert tiles.render(driver, "buildings", tile)[1] == b""
    assert tiles.render(driver, "buildings", tile, staff=True)[1] != b""


def test_the_section_of_a_floor_is_not_told_when_its_source_is_secret(
    client: FlaskClient, session: Session, building: Building, secret: Source
) -> None:
    part = Section(building_id=building.id, kind="tower", name="北塔", height_m=210, source_id=secret.id)
    part.geom = from_shape(square(), srid=4326)
    session.add(part)
    session.flush()
    create_floor(session, building, section_id=part.id)
    (floor,) = client.get(f"/api/v1/buildings/{building.code}").get_json()["floors"]
    assert floor["section"] is None
    assert floor["outline"] is None
    assert "北塔" not in client.get(f"/b/{building.code}").text
