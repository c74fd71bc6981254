"""A patched state is the state that would be made anew, byte for byte, whatever has changed in a few buildings."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg.types.range import Range
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geo.columns import Columns, unpack
from geo.model import AmenityDistance, Building, Enterprise, Floor, LayerChange, Offer, Tenancy, Unit
from geo.snapshot import Snapshot, build, patch
from tests import factories

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
NAMES = ("云澜大厦", "金融中心", "江湾里", "Riverside 9", "后台楼")

Change = Callable[[Session, Random], object]


def one(session: Session, random: Random, table: Any) -> Any:
    """Any row of a table, the same for the same random numbers."""
    return random.choice(session.scalars(select(table).order_by(table.id)).all())


def let(session: Session, random: Random) -> None:
    one(session, random, Unit).public_status = random.choice(["vacant", "soon", "in_use", "own_use", "unknown"])


def ask_another_rent(session: Session, random: Random) -> None:
    unit = one(session, random, Unit)
    unit.rent_cny_m2_day = random.choice([None, 3.5, 7.25])
    unit.area_m2 = random.choice([80, 120.5, 1000])
    unit.available_on = random.choice([None, date(2026, 6, 1)])


def split(session: Session, random: Random) -> None:
    unit = one(session, random, Unit)
    unit.valid = Range(None, date(2026, 1, 1))
    for _ in range(random.randint(2, 4)):
        factories.create_unit(session, session.get(Floor, unit.floor_id), source_id=unit.source_id)


def add_building(session: Session, random: Random) -> None:
    building = factories.create_building(session, name=random.choice(NAMES), grade=random.choice(["a", "b", None]))
    for position in range(random.randint(0, 2)):
        factories.create_unit(session, factories.create_floor(session, building, position + 1))


def withdraw_building(session: Session, random: Random) -> None:
    building = one(session, random, Building)
    building.withdrawn_at = None if building.withdrawn_at else NOW


def rename_building(session: Session, random: Random) -> None:
    building = one(session, random, Building)
    building.name = random.choice([*NAMES, None])
    building.managed = random.choice([True, False])
    building.themes = random.choice([[], ["finance"], ["digital", "finance"]])
    building.completed_year = random.choice([None, 1999, 2021])


def remove_unit(session: Session, random: Random) -> None:
    session.execute(delete(Unit).where(Unit.id == one(session, random, Unit).id, Unit.offer_id.is_(None)))


def move_unit(session: Session, random: Random) -> None:
    unit, floor = one(session, random, Unit), one(session, random, Floor)
    unit.building_id, unit.floor_id = floor.building_id, floor.id


def offer(session: Session, random: Random) -> None:
    factories.create_offer(session, one(session, random, Unit))


def withdraw_offer(session: Session, random: Random) -> None:
    for row in session.scalars(select(Offer).limit(1)):
        row.withdrawn_at = NOW


def move_in(session: Session, random: Random) -> None:
    group = random.choice(["it", "finance", "trade"])
    factories.create_enterprise(session, one(session, random, Building), industry_group=group)


def move_out(session: Session, random: Random) -> None:
    for tenancy in session.scalars(select(Tenancy).order_by(Tenancy.id).limit(1)):
        tenancy.valid = Range(None, date(2026, 1, 1))


def change_trade(session: Session, random: Random) -> None:
    for enterprise in session.scalars(select(Enterprise).order_by(Enterprise.id).limit(2)):
        enterprise.industry_group = random.choice(["it", "finance", "trade"])


def open_metro(session: Session, random: Random) -> None:
    building, key = one(session, random, Building), {"category": "metro"}
    found = session.get(AmenityDistance, {"building_id": building.id, **key})
    if found:
        found.metres = random.randint(1, 3000)
    else:
        amenity = factories.create_amenity(session)
        values = {"amenity_id": amenity.id, "metres": 250, "method": "straight_line"}
        session.add(AmenityDistance(building_id=building.id, **key, **values))


def renumber_floor(session: Session, random: Random) -> None:
    one(session, random, Floor).position = random.randint(100, 30000)


CHANGES: tuple[Change, ...] = (
    let,
    ask_another_rent,
    split,
    add_building,
    withdraw_building,
    rename_building,
    remove_unit,
    move_unit,
    offer,
    withdraw_offer,
    move_in,
    move_out,
    change_trade,
    open_metro,
    renumber_floor,
)


def city(session: Session) -> None:
    """Seven buildings, two of them of no interest, with an area and a cluster around them."""
    source = factories.create_source(session)
    factories.create_area(session, source_id=source.id)
    for number in range(7):
        hidden = {"name": None, "name_en": None, "managed": False, "search_text": None} if number % 3 == 2 else {}
        building = factories.create_building(session, source_id=source.id, **hidden)
        for position in (-1, 1, 2):
            floor = factories.create_floor(session, building, position)
            for _ in range(number % 3):
                factories.create_unit(session, floor, source_id=source.id)
        factories.create_enterprise(session, building, source_id=source.id)


def changed(session: Session) -> list[int]:
    """The buildings that the triggers noted since we last asked."""
    session.flush()
    noted = session.scalars(select(LayerChange.building_ids).where(LayerChange.layer == "state")).all()
    assert None not in noted
    session.execute(delete(LayerChange))
    return [building for buildings in noted for building in buildings]


def connection(session: Session) -> psycopg.Connection:
    return session.connection().connection.driver_connection


def patched(session: Session, base: Snapshot, buildings: list[int], *, staff: bool = False) -> Snapshot:
    return patch(connection(session), unpack(base.data), base.unit_ids, buildings, TODAY, staff=staff)


@pytest.mark.parametrize("seed", range(25))
def test_a_patched_state_is_the_one_made_anew(session: Session, seed: int) -> None:
    random, staff = Random(seed), seed % 2 == 1
    city(session)
    session.flush()
    session.execute(delete(LayerChange))
    base = build(connection(session), TODAY, staff=staff)
    for _ in range(4):
        for change in random.choices(CHANGES, k=random.randint(1, 6)):
            change(session, random)
            session.flush()
        base = patched(session, base, changed(session), staff=staff)
        anew = build(connection(session), TODAY, staff=staff)
        assert base.data == anew.data
        assert base.unit_ids.tolist() == anew.unit_ids.tolist()


def test_each_change_by_itself_is_patched_in(session: Session) -> None:
    random = Random(1)
    city(session)
    session.flush()
    session.execute(delete(LayerChange))
    base = build(connection(session), TODAY)
    for change in CHANGES:
        change(session, random)
        base = patched(session, base, changed(session))
        assert base.data == build(connection(session), TODAY).data, change.__name__


def test_everything_can_go_and_come_back(session: Session) -> None:
    city(session)
    base = build(connection(session), TODAY)
    buildings = session.scalars(select(Building)).all()
    for withdrawn_at in (NOW, None):
        for building in buildings:
            building.withdrawn_at = withdrawn_at
        session.flush()
        base = patched(session, base, [building.id for building in buildings])
        assert base.data == build(connection(session), TODAY).data
        assert bool(len(base.unit_ids)) is (withdrawn_at is None)


def test_what_has_not_changed_is_not_copied(session: Session) -> None:
    city(session)
    base = build(connection(session), TODAY)
    old: Columns = unpack(base.data)
    building = int(old.array("buildings", "id")[2])
    found = patch(connection(session), old, base.unit_ids, [building], TODAY)
    assert found.data == base.data
    mapped = old.array("buildings", "lon").__array_interface__["data"][0]
    inside = range(mapped, mapped + 4 * len(old.array("buildings", "lon")))
    views = [part for part in found.pieces if isinstance(part, memoryview) and part.nbytes]
    addresses = {_address(part) for part in views}
    assert mapped in addresses
    assert sum(address in inside for address in addresses) == 2


def _address(part: memoryview) -> int:
    return np.frombuffer(part, np.uint8).__array_interface__["data"][0]
