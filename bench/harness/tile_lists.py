"""Which tiles a benchmark asks for: a seeded list, the denser a quarter the more likely, none twice."""

import random
from collections.abc import Sequence

import psycopg

from geo.tiles import MAX_ZOOM, TILE_PX, Tile

SEED = 20261122
_PLACES = """
    SELECT ST_X(place)::bigint, ST_Y(place)::bigint
    FROM (SELECT ST_PointOnSurface(ring) AS place FROM buildings TABLESAMPLE BERNOULLI (%s) REPEATABLE (1)
          WHERE ring IS NOT NULL ORDER BY id) places
"""


def tiles_among_buildings(dsn: str, zooms: Sequence[int], count: int) -> list[Tile]:
    """Up to `count` different tiles, as many of each zoom as there are, in an order that mixes the zooms.

    Every tile holds a building drawn at random.
    """
    with psycopg.connect(dsn) as connection:
        (buildings,) = connection.execute("SELECT count(*) FROM buildings").fetchone() or (1,)
        share = min(100.0, 100 * 40 * count / max(1, buildings))
        places = connection.execute(_PLACES, [share]).fetchall()
    chance = random.Random(SEED)
    chance.shuffle(places)
    each = -(-count // len(zooms))
    found = [tile for zoom in zooms for tile in _first([_tile(zoom, x, y) for x, y in places], each)]
    chance.shuffle(found)
    return found[:count]


def _tile(zoom: int, x: int, y: int) -> Tile:
    side = TILE_PX << (MAX_ZOOM - zoom)
    return Tile(zoom, x // side, y // side)


def _first(tiles: list[Tile], count: int) -> list[Tile]:
    return list(dict.fromkeys(tiles))[:count]
