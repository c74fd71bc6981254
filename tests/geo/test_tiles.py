"""Tiles, decoded as a map would: the right things are in them, in the right place, under the right version."""

from math import asinh, atan, cos, degrees, pi, radians, sinh, tan

import mapbox_vector_tile
import pytest
from shapely import LinearRing, MultiPolygon, Polygon, box
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.db import query
from geo.errors import NotFoundError
from geo.model import Cluster, GroundFeature, Section, TransitLine
from geo.tiles import LAYERS, LEAST_PX, MAX_ZOOM, MIN_ZOOM, Tile, frame, render
from tests.factories import HERE, _add, _shape, create_amenity, create_area, create_building, create_source, square

CROWD = {"name": None, "name_en": None, "managed": False, "search_text": None, "grade": None}
"""What makes a building one of the city around the listed ones."""


def tile_of(zoom: int, lon: float = HERE[0], lat: float = HERE[1]) -> Tile:
    """The tile that holds a position."""
    return Tile(zoom, int((lon + 180) / 360 * 2**zoom), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**zoom))


def decoded(session: Session, layer: str, tile: Tile) -> dict:
    _, data = render(session.connection().connection.driver_connection, layer, tile)
    return mapbox_vector_tile.decode(data) if data else {}


def lonlat(tile: Tile, x: float, y: float) -> tuple[float, float]:
    """A decoded position (y up, as the decoder gives it) in degrees."""
    column, row = (tile.x + x / 4096) / 2**tile.zoom, (tile.y + 1 - y / 4096) / 2**tile.zoom
    return column * 360 - 180, degrees(atan(sinh(pi * (1 - 2 * row))))


@pytest.mark.parametrize("zoom", [13, 14, 15, 16])
def test_an_outline_is_where_it_was_surveyed(session: Session, zoom: int) -> None:
    building = create_building(session, square(half=0.0006))
    tile = tile_of(zoom)
    (feature,) = decoded(session, "buildings", tile)["buildings"]["features"]
    units = 4096 if zoom >= 15 else 2048
    ring = [lonlat(tile, x * 4096 / units, y * 4096 / units) for x, y in feature["geometry"]["coordinates"][0]]
    drawn, wanted = Polygon(ring), square(half=0.0006)
    pixel = 360 / 2**zoom / units
    assert drawn.hausdorff_distance(wanted.geoms[0]) < 2 * pixel
    assert feature["id"] == building.id
    assert feature["properties"]["code"] == building.code
    assert feature["properties"]["h"] == 88


@pytest.mark.parametrize("zoom", [14, 16])
def test_shells_are_wound_as_the_tile_specification_wants(session: Session, zoom: int) -> None:
    """A shell's area is positive, a hole's negative, in the tile's own numbers (y down)."""
    court = square(half=0.0006).difference(square(half=0.0003))
    create_building(session, court)
    _, data = render(session.connection().connection.driver_connection, "buildings", tile_of(zoom))
    tile = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    shell, hole = tile["buildings"]["features"][0]["geometry"]["coordinates"]
    assert LinearRing(shell).is_ccw
    assert not LinearRing(hole).is_ccw


def test_context_buildings_carry_nothing_but_their_height(session: Session) -> None:
    create_building(session, **CROWD)
    (feature,) = decoded(session, "buildings", tile_of(15))["buildings"]["features"]
    assert feature["properties"] == {"h": 88}


def test_a_tower_on_a_podium_is_drawn_as_its_parts(session: Session) -> None:
    building = create_building(session, sectioned=True)
    for kind, half, base, top in (("podium", 0.0002, 0, 20), ("tower", 0.0001, 20, 90), ("basement", 0.0002, -10, 0)):
        place = {"building_id": building.id, "source_id": building.source_id, "geom": _shape(square(half=half))}
        _add(session, Section(kind=kind, base_height_m=base, height_m=top, **place))
    features = decoded(session, "buildings", tile_of(16))["buildings"]["features"]
    assert [(f["id"], f["properties"].get("b"), f["properties"]["h"]) for f in features] == [
        (building.id, None, 20),
        (building.id, 20, 90),
    ]


def test_what_may_not_be_published_is_in_no_tile(session: Session) -> None:
    create_building(session, name="秘密大厦", publishable=False)
    create_building(session, name="撤回大厦", withdrawn_at="2026-01-01T00:00:00Z")
    create_amenity(session, publishable=False)
    create_area(session, publishable=False)
    for layer in LAYERS:
        for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
            assert not any(part["features"] for part in decoded(session, layer, tile_of(zoom)).values())


def test_low_zooms_count_buildings_in_cells(session: Session) -> None:
    for step in range(3):
        create_building(session, square(lon=HERE[0] + step * 1e-4), managed=step == 0)
    tile = tile_of(12)
    features = decoded(session, "buildings", tile)["grid"]["features"]
    assert sum(f["properties"]["n"] for f in features) == 3
    assert sum(f["properties"].get("m", 0) for f in features) == 1
    lon, lat = lonlat(tile, *features[0]["geometry"]["coordinates"])
    assert abs(lon - HERE[0]) < 360 / 2**12 / 64
    assert abs(lat - HERE[1]) < 360 / 2**12 / 64


def test_small_sheds_are_left_out_from_afar(session: Session) -> None:
    create_building(session, square(half=0.00002), **CROWD)
    assert "buildings" not in decoded(session, "buildings", tile_of(13))
    assert len(decoded(session, "buildings", tile_of(15))["buildings"]["features"]) == 1


def test_from_afar_the_city_is_one_feature_per_storey_and_listed_buildings_stay_themselves(session: Session) -> None:
    tower = create_building(session)
    for step, height in enumerate((20.0, 20.5, 60.0), 1):
        create_building(session, square(HERE[0] + step * 0.0006), height_m=height, **CROWD)
    features = decoded(session, "buildings", tile_of(14))["buildings"]["features"]
    assert [f["id"] for f in features if f["properties"].get("m")] == [tower.id]
    crowd = {f["properties"]["h"]: len(f["geometry"]["coordinates"]) for f in features if "m" not in f["properties"]}
    assert {round(height, -1): count for height, count in crowd.items()} == {20: 2, 60: 1}


@pytest.mark.parametrize("zoom", LEAST_PX)
def test_from_afar_the_least_outline_of_a_zoom_is_drawn_and_a_lesser_one_is_not(session: Session, zoom: int) -> None:
    for step, share in enumerate((1.1, 0.9)):
        half = (share * LEAST_PX[zoom] * cos(radians(HERE[1]))) ** 0.5 * 360 / 2**28 / 2
        create_building(session, square(HERE[0] + step * 0.0006, half=half), height_m=20.0 + 20 * step, **CROWD)
    features = decoded(session, "buildings", tile_of(zoom))["buildings"]["features"]
    assert [f["properties"]["h"] for f in features] == [20]


def test_from_afar_a_building_on_several_plots_is_drawn_on_all_of_them(session: Session) -> None:
    """With its courtyard; the next of the same storey is not mixed up with it."""
    court = square(half=0.0006).difference(square(half=0.0003))
    create_building(session, MultiPolygon([court, *square(HERE[0] + 0.002).geoms]), **CROWD)
    create_building(session, square(HERE[0] + 0.003), **CROWD)
    (feature,) = decoded(session, "buildings", tile_of(14))["buildings"]["features"]
    assert sorted(len(polygon) for polygon in feature["geometry"]["coordinates"]) == [1, 1, 2]


@pytest.mark.parametrize("zoom", LEAST_PX)
def test_from_afar_only_rows_that_are_drawn_are_read(session: Session, zoom: int) -> None:
    session.execute(text("SET LOCAL enable_seqscan = off"))
    asked = query("tile_buildings_far") % frame(tile_of(zoom), 2048)
    plan = "\n".join(session.connection().exec_driver_sql(f"EXPLAIN {asked}").scalars())
    used = {name for name in ("listed", "large", "small") if f"ix_buildings_ring_{name}" in plan}
    assert used == ({"listed", "large"} if zoom == 13 else {"listed", "large", "small"})


def test_the_ground_is_sorted_into_its_layers(session: Session) -> None:
    source = create_source(session)
    lon, lat = HERE
    line = f"SRID=4326;LINESTRING({lon - 0.01} {lat}, {lon + 0.01} {lat})"
    wide = _shape(box(lon - 0.3, lat - 0.3, lon + 0.3, lat - 0.0005))
    _add(session, GroundFeature(kind="water", geom=wide, rank=1, source_id=source.id, name="澄江"))
    _add(session, GroundFeature(kind="road", road_class="primary", geom=line, rank=1, source_id=source.id))
    _add(session, GroundFeature(kind="road", road_class="footway", geom=line, rank=4, source_id=source.id))
    multi = line.replace("LINESTRING(", "MULTILINESTRING((") + ")"
    _add(session, TransitLine(mode="subway", name="1 号线", colour="#c0392b", geom=multi, source_id=source.id))
    _add(session, GroundFeature(kind="barrier", road_class="wall", geom=line, foot=False, source_id=source.id))
    near, far = decoded(session, "ground", tile_of(16)), decoded(session, "ground", tile_of(12))
    assert set(near) == {"water", "roads", "transit"}
    assert {f["properties"]["class"] for f in near["roads"]["features"]} == {"primary", "footway"}
    assert {f["properties"]["class"] for f in far["roads"]["features"]} == {"primary"}
    assert near["transit"]["features"][0]["properties"]["colour"] == "#c0392b"
    xs = [x for x, _ in near["water"]["features"][0]["geometry"]["coordinates"][0]]
    assert min(xs) >= -64
    assert max(xs) <= 4160


def test_a_cluster_carries_its_figures(session: Session) -> None:
    figures = {"enterprises": 34, "expected": 8.6, "quotient": 3.944, "z": 8.63}
    figures |= {"method": "m", "computed_on": "2026-03-02"}
    _add(session, Cluster(industry_group="finance", geom=_shape(square(half=0.001)), **figures))
    (feature,) = decoded(session, "clusters", tile_of(15))["clusters"]["features"]
    shown = feature["properties"]
    assert (shown["group"], shown["n"], shown["quotient"], shown["z"]) == ("finance", 34, 3.94, 8.6)
    assert shown["on"] == "2026-03-02"


def test_a_tile_tells_the_version_it_belongs_to(session: Session) -> None:
    session.execute(text("UPDATE layer_versions SET version = 77 WHERE layer = 'buildings'"))
    version, _ = render(session.connection().connection.driver_connection, "buildings", tile_of(15))
    assert version == 77


def test_unknown_layers_and_zooms_are_named(session: Session) -> None:
    with pytest.raises(NotFoundError, match="amenities"):
        render(session.connection().connection.driver_connection, "rents", tile_of(15))
    with pytest.raises(NotFoundError, match="10 to 16"):
        Tile(9, 0, 0)
