"""Writing to a table says which layers of the map have changed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geo.model import LayerChange
from tests import factories


def _changed(session: Session) -> set[str]:
    session.flush()
    return set(session.scalars(select(LayerChange.layer)))


def _forget(session: Session) -> None:
    session.flush()
    session.execute(delete(LayerChange))


@pytest.mark.parametrize(
    ("create", "layers"),
    [
        (factories.create_building, {"buildings", "state", "names"}),
        (factories.create_area, {"areas", "state", "names"}),
        (factories.create_amenity, {"amenities", "names"}),
        (factories.create_enterprise, {"enterprises"}),
    ],
)
def test_a_new_thing_changes_its_layers(session: Session, create: Callable[..., Any], layers: set[str]) -> None:
    source = factories.create_source(session)
    _forget(session)
    create(session, source_id=source.id)
    assert _changed(session) == layers


def test_a_letting_changes_the_state_but_not_the_outlines(session: Session) -> None:
    unit = factories.create_unit(session)
    _forget(session)
    unit.public_status = "in_use"
    assert _changed(session) == {"state"}


def test_facts_of_a_building_leave_its_outline_tiles_alone(session: Session) -> None:
    building = factories.create_building(session)
    _forget(session)
    building.leasable_area_m2 = 100
    assert _changed(session) == {"state"}
    building.height_m = 100.0
    assert _changed(session) == {"state", "buildings"}


def test_only_what_is_about_names_makes_their_index_old(session: Session) -> None:
    firm, building = factories.create_enterprise(session), factories.create_building(session)
    _forget(session)
    firm.employees = 12
    assert _changed(session) == {"state"}
    firm.name, building.aliases = "云澜基金有限公司", ["云澜"]
    assert _changed(session) >= {"names", "enterprises"}


def test_withdrawing_a_source_changes_everything(session: Session) -> None:
    source = factories.create_source(session)
    _forget(session)
    source.publishable = False
    assert _changed(session) == {"buildings", "ground", "amenities", "areas", "clusters", "state"}


def test_an_offer_and_its_end_change_the_state(session: Session) -> None:
    offer = factories.create_offer(session)
    _forget(session)
    session.delete(offer)
    assert _changed(session) == {"state"}
