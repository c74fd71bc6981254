"""Filtered tiles, decoded as a map would: what a search finds, with the figures a map colours by."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo import snapshot
from geo.columns import unpack
from geo.errors import BadParameterError
from geo.filters import Filters
from geo.market_tiles import Market
from geo.model import Building, Section
from geo.outline_boxes import Block, OutlineBoxes
from geo.state_search import Table
from geo.tiles import EACH_FROM_ZOOM, Tile, render
from tests.factories import (
    HERE,
    _add,
    _shape,
    create_building,
    create_enterprise,
    create_floor,
    create_unit,
    square,
)
from tests.geo.test_tiles import lonlat, tile_of

TODAY = date(2026, 3, 9)
OUTLINES = (13, 14, 15, 16)


def opened(session: Session, boxes: OutlineBoxes | None = None) -> Market:
    """The market as the database has it now."""
    built = snapshot.build(session.connection().connection.driver_connection, TODAY)
    return Market(Table(unpack(bytes(built.data)), built.unit_ids), boxes)


def cut(session: Session, tile: Tile, market: Market | None = None, **filters: Any) -> dict:
    """The features of a tile by layer."""
    connection = session.connection().connection.driver_connection
    _, data = (market or opened(session)).tile(connection, Filters(**filters), tile)
    return {name: layer["features"] for name, layer in mapbox_vector_tile.decode(data).items()} if data else {}


@pytest.mark.parametrize("zoom", OUTLINES)
def test_a_building_with_space_carries_what_a_map_colours_by(session: Session, zoom: int) -> None:
    building = create_building(session, name_en="Yunlan Tower", star=4, leasable_area_m2=3000)
    create_enterprise(session, building, industry_group="finance")
    floor = create_floor(session, building)
    create_unit(session, floor, area_m2=200.4, rent_cny_m2_day=6.25)
    create_unit(session, floor, area_m2=100, rent_cny_m2_day=5.5, reported_on=date(2026, 2, 1))
    create_unit(session, floor, area_m2=999, public_status="in_use", occupancy="tenant", rent_cny_m2_day=None)
    (feature,) = cut(session, tile_of(zoom))["market"]
    assert feature["id"] == building.id
    assert feature["properties"] == {
        "h": 88,
        "code": building.code,
        "name": "云澜大厦",
        "name_en": "Yunlan Tower",
        "floors": 20,
        "grade": "a",
        "star": 4,
        "status": "operating",
        "lead": "finance",
        "s": 10.1,
        "d": (date(2026, 2, 1) - date(1970, 1, 1)).days,
        "u": 2,
        "a": 300,
        "r": 5.5,
    }


@pytest.mark.parametrize("zoom", OUTLINES)
def test_an_outline_lies_exactly_on_that_of_the_buildings_layer(session: Session, zoom: int) -> None:
    create_unit(session, create_floor(session, create_building(session, square(half=0.0006))))
    (found,) = cut(session, tile_of(zoom))["market"]
    _, data = render(session.connection().connection.driver_connection, "buildings", tile_of(zoom))
    layer = mapbox_vector_tile.decode(data)["buildings"]
    (drawn,) = layer["features"]
    assert found["geometry"] == drawn["geometry"]
    assert layer["extent"] == (4096 if zoom >= EACH_FROM_ZOOM else 2048)


def test_a_building_that_only_reaches_into_a_tile_is_drawn_there(session: Session) -> None:
    tile = tile_of(16)
    lon, lat = lonlat(tile, 4096 + 800, 2048)
    create_unit(session, create_floor(session, create_building(session, square(lon, lat, half=0.002))))
    assert cut(session, tile)["market"]
    assert not cut(session, Tile(16, tile.x - 1, tile.y))


def test_a_tower_on_a_podium_is_drawn_as_its_parts_with_the_figures_of_the_building(session: Session) -> None:
    building = create_building(session, sectioned=True)
    for kind, half, base, top in (("podium", 0.0002, 0, 20), ("tower", 0.0001, 20, 90), ("basement", 0.0002, -10, 0)):
        place = {"building_id": building.id, "source_id": building.source_id, "geom": _shape(square(half=half))}
        _add(session, Section(kind=kind, base_height_m=base, height_m=top, **place))
    create_unit(session, create_floor(session, building))
    features = cut(session, tile_of(16))["market"]
    assert [(f["id"], f["properties"].get("b"), f["properties"]["h"], f["properties"]["u"]) for f in features] == [
        (building.id, None, 20, 1),
        (building.id, 20, 90, 1),
    ]


@pytest.mark.parametrize("zoom", [12, 15])
def test_only_what_the_filters_find_is_drawn_and_counted(session: Session, zoom: int) -> None:
    small = create_building(session, name="小楼", grade="b")
    create_unit(session, create_floor(session, small), area_m2=80)
    create_unit(session, create_floor(session, create_building(session, name="满楼"), 2), public_status="in_use")
    (layer,) = cut(session, tile_of(zoom)).values()
    assert [feature["properties"]["u"] for feature in layer] == [1]
    assert not cut(session, tile_of(zoom), area_min=Decimal(100))
    assert not cut(session, tile_of(zoom), grade=("a",))
    assert cut(session, tile_of(zoom), grade=("b",))
    (let,) = cut(session, tile_of(zoom), occupancy=("in_use",)).values()
    assert sum(feature["properties"]["u"] for feature in let) == 1


def test_figures_that_nobody_knows_are_absent(session: Session) -> None:
    bare = {"name_en": None, "grade": None, "leasable_area_m2": None}
    unit = {"area_m2": None, "rent_amount": None, "rent_unit": None, "rent_cny_m2_day": None, "reported_on": None}
    create_unit(session, create_floor(session, create_building(session, **bare)), **unit)
    (feature,) = cut(session, tile_of(15))["market"]
    assert feature["properties"].keys() == {"h", "code", "name", "floors", "status", "u", "a"}


@pytest.mark.parametrize(("vacant", "unknown", "share"), [(0, 0, 0.0), (0, 50, None), (1, 50, 0.1), (100, 0, 10.0)])
def test_the_share_keeps_to_the_classes_of_the_map(
    session: Session, vacant: int, unknown: int, share: float | None
) -> None:
    building = create_building(session, leasable_area_m2=1000)
    floor = create_floor(session, building)
    create_unit(session, floor, area_m2=10, public_status="soon")
    if vacant:
        create_unit(session, floor, area_m2=vacant)
    if unknown:
        create_unit(session, floor, area_m2=unknown, public_status="unknown")
    (feature,) = cut(session, tile_of(15))["market"]
    assert feature["properties"].get("s") == share


@pytest.mark.parametrize("zoom", [10, 11, 12])
def test_low_zooms_count_in_the_cells_of_the_buildings_layer(session: Session, zoom: int) -> None:
    for step in range(3):
        building = create_building(session, square(lon=HERE[0] + step * 1e-5))
        create_unit(session, create_floor(session, building), area_m2=100)
    create_unit(session, create_floor(session, create_building(session, square(lon=HERE[0] + 0.09))), area_m2=70)
    features = cut(session, tile_of(zoom))["grid"]
    tile = tile_of(zoom)
    _, data = render(session.connection().connection.driver_connection, "buildings", tile)
    counted = {tuple(f["geometry"]["coordinates"]): f["properties"]["n"] for f in decoded_grid(data)}
    assert {tuple(f["geometry"]["coordinates"]): f["properties"]["n"] for f in features} == counted
    assert {(f["properties"]["n"], f["properties"]["u"], f["properties"]["a"]) for f in features} >= {(3, 3, 300)}


def decoded_grid(data: bytes) -> list[dict]:
    return mapbox_vector_tile.decode(data)["grid"]["features"]


def test_cells_agree_with_sql_over_a_whole_crowd(session: Session) -> None:
    rng = np.random.default_rng(7)
    for lon, lat in rng.uniform(-0.2, 0.2, (60, 2)):
        create_unit(session, create_floor(session, create_building(session, square(HERE[0] + lon, HERE[1] + lat))))
    market = opened(session)
    for zoom in (10, 11, 12):
        tile = tile_of(zoom)
        _, data = render(session.connection().connection.driver_connection, "buildings", tile)
        mine = {tuple(f["geometry"]["coordinates"]): f["properties"]["n"] for f in cut(session, tile, market)["grid"]}
        assert mine == {tuple(f["geometry"]["coordinates"]): f["properties"]["n"] for f in decoded_grid(data)}


def test_what_may_not_be_published_is_in_no_tile(session: Session) -> None:
    create_unit(session, create_floor(session, create_building(session, publishable=False)))
    create_unit(session, create_floor(session, create_building(session, withdrawn_at="2026-01-01T00:00:00Z")))
    create_unit(session, create_floor(session, create_building(session)), publishable=False)
    market = opened(session)
    for zoom in range(10, 17):
        for occupancy in ((), ("vacant", "soon", "in_use", "own_use", "unknown")):
            assert cut(session, tile_of(zoom), market, occupancy=occupancy) == {}


@pytest.mark.parametrize("zoom", [11, 15])
def test_a_tile_tells_the_version_of_the_state_that_the_database_has_now(session: Session, zoom: int) -> None:
    create_unit(session)
    market, connection = opened(session), session.connection().connection.driver_connection
    assert market.tile(connection, Filters(), tile_of(zoom))[0] == market.version
    session.execute(text("UPDATE layer_versions SET version = version + 5 WHERE layer = 'state'"))
    assert market.tile(connection, Filters(), tile_of(zoom))[0] == market.version + 5


@pytest.mark.parametrize("lon", [0.0, 0.01])
def test_a_market_after_another_draws_the_same_as_one_of_its_own(session: Session, lon: float) -> None:
    building = create_building(session, square(HERE[0] + 0.003))
    create_unit(session, create_floor(session, building))
    first = opened(session)
    for zoom in (12, 13, 16):
        cut(session, tile_of(zoom), first)
    create_unit(session, create_floor(session, building, 2), rent_cny_m2_day=3.0)
    move(session, building, lon)
    built = snapshot.build(session.connection().connection.driver_connection, TODAY)
    table = Table(unpack(bytes(built.data)), built.unit_ids)
    for zoom in (12, 13, 16):
        tile = tile_of(zoom)
        assert cut(session, tile, Market(table, before=first)) == cut(session, tile, Market(table))


def move(session: Session, building: Building, lon: float) -> None:
    session.execute(
        text("UPDATE buildings SET geom = ST_Translate(geom, :lon, 0) WHERE id = :id"), {"lon": lon, "id": building.id}
    )


@pytest.mark.parametrize("told", ["waiting", "counted"])
def test_a_building_that_moved_is_drawn_where_it_stands_now(session: Session, told: str) -> None:
    """Blocks of outlines are kept from state to state, but never beyond a change of the outlines themselves."""
    building = create_building(session, square(HERE[0] + 0.05))
    create_unit(session, create_floor(session, building))
    boxes, tile = OutlineBoxes(), tile_of(16)
    assert cut(session, tile, opened(session, boxes)) == {}
    move(session, building, -0.05)
    if told == "counted":
        session.execute(text("DELETE FROM layer_changes"))
        session.execute(text("UPDATE layer_versions SET version = version + 1"))
    for _ in range(2):
        assert cut(session, tile, opened(session, boxes))["market"][0]["id"] == building.id


def test_outlines_that_never_rest_are_drawn_all_the_same(session: Session) -> None:
    class Restless(OutlineBoxes):
        """As if outlines changed between any two statements."""

        def around(self, *asked: Any, **options: Any) -> Block:
            return replace(super().around(*asked, **options), mark=[None, None])

    building = create_building(session)
    create_unit(session, create_floor(session, building))
    (feature,) = cut(session, tile_of(15), opened(session, Restless()))["market"]
    assert feature["id"] == building.id


def test_a_box_beside_the_tile_is_refused(session: Session) -> None:
    with pytest.raises(BadParameterError, match="bbox"):
        cut(session, tile_of(15), bbox=(121.0, 31.0, 122.0, 32.0))


def test_an_empty_district_has_empty_tiles(session: Session) -> None:
    for zoom in range(10, 17):
        assert cut(session, tile_of(zoom)) == {}
