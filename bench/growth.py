"""How tiles and searches grow with the city: the same questions to cities of several sizes, in turn.

    .venv/bin/python bench/growth.py [--sizes 50000 1000000 5000000] [--rounds 5]

A million buildings take a few minutes and 3 GB to make. Tiles are seeded at random among the buildings and read from
the database as visitors' tiles are; a window search is a page of units with counts for every filter inside one square
kilometre. Prints JSON: the median milliseconds of each question, and by how much it grew per tenfold number of
buildings, from each city to the next.
"""

import argparse
import math
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

import harness  # noqa: F401 - lets the product be imported
import psycopg
from harness.city import made
from harness.processes import ENVIRON, PRODUCT, ROOT
from harness.report import show

from geo import snapshot, tiles
from geo.building_grid import BuildingGrid
from geo.columns import unpack
from geo.db import engine
from geo.facets import facets
from geo.filters import MARKET, Filters
from geo.market_tiles import Market
from geo.state_search import Table, searched
from geo.state_search.pages import unit_page
from geo.tiles import Tile
from webmap.database_logins import PUBLIC
from webmap.embedded import EmbeddedPostgres

SIZES = (50_000, 1_000_000, 5_000_000)
PLACES = 30
"""Places in each city that every question is asked about in a round."""

SEED = 20261122
HALF_WINDOW = (0.00525, 0.0045)
"""Half a kilometre in degrees of longitude and latitude, near enough at 31° N."""

PLACE = "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM buildings WHERE id = ANY (%s)) b"
ZOOMS = range(tiles.MIN_ZOOM, tiles.MAX_ZOOM + 1)
Place = tuple[float, float]
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class City:
    """A city ready to be asked: a visitor's connection, its state in memory, and places in it."""

    size: int
    connection: Connection
    table: Table
    market: Market
    places: list[Place]


@contextmanager
def opened(size: int) -> Iterator[City]:
    """The city with its server running and in the present schema."""
    folder = made(size)
    environ = {**os.environ, **ENVIRON, "LOUMAP_DATA": str(folder)}
    subprocess.run([*PRODUCT, "migrate"], cwd=ROOT, env=environ, stdout=sys.stderr, check=True)
    server = EmbeddedPostgres(folder / "database")
    server.start()
    try:
        with closing(engine(server.dsn(PUBLIC)).raw_connection()) as pooled:
            connection = pooled.driver_connection
            assert connection is not None
            connection.autocommit = True
            state = snapshot.build(connection, date.today())
            table = Table(unpack(state.data), state.unit_ids)
            yield City(size, connection, table, Market(table), places_of(connection))
    finally:
        server.stop()


def places_of(connection: Connection) -> list[Place]:
    """Where some buildings stand, drawn at random."""
    row = connection.execute("SELECT min(id), max(id) FROM buildings").fetchone()
    assert row is not None
    chosen = random.Random(SEED).sample(range(row[0], row[1] + 1), PLACES)
    return connection.execute(PLACE, [chosen]).fetchall()


def questions(city: City) -> dict[str, Callable[[Place], object]]:
    """What every city is asked about every place."""

    counts = BuildingGrid()

    def tile(zoom: int) -> Callable[[Place], object]:
        if zoom < tiles.OUTLINES_FROM_ZOOM:
            return lambda place: counts.tile(city.connection, at(zoom, place))
        return lambda place: tiles.render(city.connection, "buildings", at(zoom, place))

    def filtered(zoom: int) -> Callable[[Place], object]:
        return lambda place: city.market.tile(city.connection, FILTERS, at(zoom, place))

    return {
        **{f"tile_z{zoom}": tile(zoom) for zoom in ZOOMS},
        **{f"filtered_tile_z{zoom}": filtered(zoom) for zoom in ZOOMS},
        "window_search": lambda place: search(city.table, replace(FILTERS, bbox=around(place))),
        "city_search": lambda place: search(city.table, replace(FILTERS, area_max=Decimal(2000))),
    }


FILTERS = Filters(area_min=Decimal(300), rent_max=Decimal(6), occupancy=MARKET)


def search(table: Table, filters: Filters) -> object:
    """A page of units, and counts for every value of every filter."""
    found = searched(table, filters)
    return unit_page(found, "area", None, 50), facets(found), found.area_m2


def at(zoom: int, place: Place) -> Tile:
    """The tile that holds a place."""
    lon, lat = place[0], math.radians(place[1])
    y = (1 - math.asinh(math.tan(lat)) / math.pi) / 2
    return Tile(zoom, int((lon + 180) / 360 * 2**zoom), int(y * 2**zoom))


def around(place: Place) -> tuple[float, float, float, float]:
    """A square kilometre."""
    (lon, lat), (dx, dy) = place, HALF_WINDOW
    return lon - dx, lat - dy, lon + dx, lat + dy


def measure(cities: list[City], rounds: int) -> dict[str, dict[int, float]]:
    """Question → size → median milliseconds; the cities take turns at every place, the first round warms up."""
    asked = {city.size: questions(city) for city in cities}
    taken: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number in range(rounds + 1):
        for name in asked[cities[0].size]:
            for place in range(PLACES):
                for city in cities:
                    began = time.perf_counter()
                    asked[city.size][name](city.places[place])
                    if number:
                        taken[name][city.size].append((time.perf_counter() - began) * 1000)
    return {name: {size: median(times) for size, times in sizes.items()} for name, sizes in taken.items()}


def growth(times: dict[int, float]) -> dict[str, float]:
    """Factor per tenfold number of buildings from each size to the next."""
    sizes = sorted(times)
    return {
        f"{small}-{large}": round((times[large] / times[small]) ** (1 / math.log10(large / small)), 2)
        for small, large in pairwise(sizes)
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    with ExitStack() as stack:
        cities = [stack.enter_context(opened(size)) for size in wanted.sizes]
        listed = {city.size: city.table.building_count for city in cities}
        times = measure(cities, wanted.rounds)
    rounded = {name: {size: round(ms, 3) for size, ms in by.items()} for name, by in times.items()}
    show({name: {"ms": rounded[name], "growth": growth(by)} for name, by in times.items()} | {"listed": listed})


if __name__ == "__main__":
    main()
