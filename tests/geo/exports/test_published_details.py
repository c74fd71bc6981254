"""What a copy says of a building is what the API says of it."""

import json
from datetime import date

from flask import Flask
from shapely.geometry import shape
from sqlalchemy.orm import Session

from geo.exports.published_details import Day, building_details
from tests.factories import create_building, create_floor, create_source, create_unit

TODAY = date(2026, 11, 20)


def told(session: Session, *ids: int) -> dict[str, str]:
    connection = session.connection().connection.driver_connection
    assert connection is not None
    return building_details(connection, ids, Day(TODAY, None, "Asia/Shanghai"), {ids[0]: ["HERE"]})


def part_of(answered: object, copied: object) -> object:
    """What an answer says of the fields that the copy has as well."""
    if isinstance(copied, dict) and isinstance(answered, dict):
        return {name: part_of(answered.get(name, value), value) for name, value in copied.items()}
    if isinstance(copied, list) and isinstance(answered, list) and len(copied) == len(answered):
        return [part_of(one, other) for one, other in zip(answered, copied, strict=True)]
    return answered


def test_a_copy_and_the_api_tell_the_same_of_a_building(app: Flask, session: Session) -> None:
    building = create_building(session, name='云"澜"大厦', height_m=88.5)
    for position in (-1, 1, 2):
        floor = create_floor(session, building, position, storey_height_m=5.1 if position == 1 else None)
        create_unit(session, floor, area_m2="310.55")
        create_unit(session, floor, rent_amount=None, rent_unit=None, rent_cny_m2_day=None, public_status="in_use")
    session.flush()
    copied = json.loads(told(session, building.id)[building.code])
    answered = app.test_client().get(f"/api/v1/buildings/{building.code}").get_json()
    assert len(copied["floors"]) == 3
    assert [len(floor["units"]) for floor in copied["floors"]] == [2, 2, 2]
    assert shape(copied.pop("outline")).equals(shape(answered["outline"]))
    assert part_of(answered, copied) == copied


def test_what_is_not_publishable_is_not_told(session: Session) -> None:
    hidden = create_source(session, publishable=False)
    building = create_building(session)
    unit = create_unit(session, create_floor(session, building), label="secret", source_id=hidden.id, publishable=False)
    other = create_building(session, source_id=hidden.id, publishable=False)
    session.flush()
    found = told(session, building.id, other.id)
    assert set(found) == {building.code}
    assert unit.label not in found[building.code]
