"""The PMTiles file holds the very tiles of the map, and nothing that the map does not show."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pytest
from pmtiles.reader import MmapSource, Reader, all_tiles
from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.errors import NotFoundError, StaleVersionError
from geo.exports.pyramid import VECTOR_LAYERS, write_pyramid
from geo.exports.pyramid_tiles import read_boxes, tiles_of
from geo.model import GroundFeature
from geo.tiles import LAYERS, MAX_ZOOM, MIN_ZOOM, TILE_PX, Tile, render
from tests.factories import create_amenity, create_building, create_floor, create_unit, square
from webmap.db import driver_connection

ABOUT = {"site": "测试站", "attribution": "某某测绘院", "note": "副本。", "note_en": "A copy.", "date": "2026-03-10"}


def driver(session: Session) -> Connection:
    return session.connection().connection.driver_connection


def written(session: Session, path: Path) -> dict[tuple[int, int, int], bytes]:
    connections = partial(driver_connection, session.connection())
    write_pyramid(path, read_boxes(driver(session)), connections, 1, ABOUT)
    return tiles_in(path)


def tiles_in(path: Path) -> dict[tuple[int, int, int], bytes]:
    with path.open("rb") as file:
        return {place: gzip.decompress(data) for place, data in all_tiles(MmapSource(file))}


def test_every_tile_is_that_of_the_map_and_none_is_missing(session: Session, tmp_path: Path) -> None:
    create_unit(session, create_floor(session, create_building(session)))
    create_building(session, square(lon=121.4705, half=0.003), name=None, managed=False)
    create_amenity(session, 121.4705, 31.2301)
    tiles = written(session, tmp_path / "city.pmtiles")
    assert {zoom for zoom, _, _ in tiles} == set(range(MIN_ZOOM, MAX_ZOOM + 1))
    for (zoom, x, y), data in tiles.items():
        tile = Tile(zoom, x, y)
        assert data == b"".join(render(driver(session), layer, tile)[1] for layer in LAYERS)
        for near in (Tile(zoom, x + 1, y), Tile(zoom, x, y + 1), Tile(zoom, x - 1, y - 1)):
            empty = not any(render(driver(session), layer, near)[1] for layer in LAYERS)
            assert empty or (near.zoom, near.x, near.y) in tiles


def test_a_thing_without_any_extent_does_not_spoil_the_file(session: Session, tmp_path: Path) -> None:
    building = create_building(session)
    nothing = GroundFeature(kind="green", geom="SRID=4326;MULTIPOLYGON EMPTY", source_id=building.source_id)
    session.add(nothing)
    session.flush()
    assert written(session, tmp_path / "city.pmtiles")


def test_it_says_what_it_is_and_where(session: Session, tmp_path: Path) -> None:
    create_building(session)
    tiles = written(session, tmp_path / "city.pmtiles")
    with (tmp_path / "city.pmtiles").open("rb") as file:
        reader = Reader(MmapSource(file))
        header, said = reader.header(), reader.metadata()
    assert header["clustered"]
    assert header["min_lon_e7"] / 1e7 == pytest.approx(121.4698, abs=1e-4)
    assert header["max_lat_e7"] / 1e7 == pytest.approx(31.2302, abs=1e-4)
    assert said["attribution"] == "某某测绘院"
    assert said["about"] == ABOUT
    told = {name: set(fields) for name, _, fields in VECTOR_LAYERS}
    for data in tiles.values():
        for name, layer in mapbox_vector_tile.decode(data).items():
            assert all(set(feature["properties"]) <= told[name] for feature in layer["features"]), name


def test_what_is_not_publishable_has_no_tile(session: Session, tmp_path: Path) -> None:
    create_building(session)
    create_building(session, square(lon=121.9), publishable=False)
    east = [x for (zoom, x, _) in written(session, tmp_path / "city.pmtiles") if zoom == MAX_ZOOM]
    assert max(east) - min(east) <= 1


def test_a_city_without_anything_is_said_to_be_empty(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing on the map"):
        written(session, tmp_path / "city.pmtiles")


def test_a_box_over_an_edge_of_tiles_is_in_all_of_them() -> None:
    edge = 2**15 * TILE_PX
    boxes = np.array(
        [[edge - 1, edge + 500, edge + 1, edge + 600], [edge + 2000, edge + 2000, edge + 2001, edge + 2001]]
    )
    tiles = [wanted.tile for wanted in tiles_of({"buildings": boxes})]
    near = [(tile.x, tile.y) for tile in tiles if tile.zoom == MAX_ZOOM]
    assert sorted(near) == [(2**15 - 1, 2**15), (2**15, 2**15)]


def test_only_layers_with_something_in_a_tile_are_asked_for_it() -> None:
    corner = np.array([[0.0, 0.0, 10.0, 10.0]]) + (2**15 + 20) * TILE_PX + 1000
    beside = corner + 3 * TILE_PX
    province = np.array([[0.0, 0.0, 2.0**16 * TILE_PX - 1, 2.0**16 * TILE_PX - 1]])
    found = tiles_of({"buildings": corner, "amenities": beside, "areas": province})
    near = {wanted.tile.x - 2**15: wanted.layers for wanted in found if wanted.tile.zoom == MAX_ZOOM}
    assert near == {20: ("buildings", "areas"), 23: ("amenities", "areas")}
    assert {wanted.layers for wanted in found if wanted.tile.zoom == 10} == {("buildings", "amenities", "areas")}


def test_what_changes_meanwhile_is_said(session: Session, tmp_path: Path) -> None:
    create_building(session)
    session.flush()
    boxes, asked = read_boxes(driver(session)), []

    @contextmanager
    def connections() -> Iterator[Connection]:
        asked.append(1)
        if len(asked) == 3:  # versions, a chunk of tiles, versions again
            session.execute(text("UPDATE layer_versions SET version = version + 1 WHERE layer = 'clusters'"))
        yield driver(session)

    with pytest.raises(StaleVersionError, match="clusters changed"):
        write_pyramid(tmp_path / "city.pmtiles", boxes, connections, 1, ABOUT)
