"""The grid of the low zooms out of counts in memory: the same tile as counting every time."""

import random

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.building_grid import BuildingGrid
from geo.errors import StaleVersionError
from geo.tiles import render
from tests.factories import create_building, square
from tests.geo.test_tiles import tile_of

ZOOMS = (10, 11, 12)


@pytest.fixture
def city(session: Session) -> Session:
    """A hundred buildings over some forty kilometres, every third of them managed."""
    chance = random.Random(4)
    for number in range(100):
        lon, lat = 121.3 + chance.random() * 0.4, 31.1 + chance.random() * 0.3
        create_building(session, outline=square(lon, lat), managed=number % 3 == 0)
    return session


def drawn(
    session: Session, grid: BuildingGrid, zoom: int, lon: float = 121.45, lat: float = 31.23
) -> tuple[bytes, bytes]:
    """The tile out of memory and out of the database."""
    driver, tile = session.connection().connection.driver_connection, tile_of(zoom, lon, lat)
    version, counted = grid.tile(driver, tile)
    current, read = render(driver, "buildings", tile)
    assert version == current
    return counted, read


@pytest.mark.parametrize("zoom", ZOOMS)
def test_counts_in_memory_draw_the_same_tile(city: Session, zoom: int) -> None:
    counted, read = drawn(city, BuildingGrid(), zoom)
    assert counted == read != b""


def test_where_nothing_stands_the_tile_is_empty(city: Session) -> None:
    assert drawn(city, BuildingGrid(), 12, 10.0, 50.0) == (b"", b"")


def bump(session: Session) -> None:
    session.execute(text("UPDATE layer_versions SET version = version + 1 WHERE layer = 'buildings'"))


def test_new_outlines_are_counted_anew(city: Session) -> None:
    grid = BuildingGrid()
    before, _ = drawn(city, grid, 11)
    city.execute(text("UPDATE buildings SET publishable = false WHERE managed"))
    bump(city)
    after, read = drawn(city, grid, 11)
    assert after == read != before


def test_a_version_that_never_settles_is_said_to_be_stale(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = BuildingGrid()
    count = grid._read

    def count_and_change(connection, old):
        counts = count(connection, old)
        bump(city)
        return counts

    monkeypatch.setattr(grid, "_read", count_and_change)
    with pytest.raises(StaleVersionError):
        grid.tile(city.connection().connection.driver_connection, tile_of(11, 121.45, 31.23))
