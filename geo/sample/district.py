"""The core district put together: ordinary houses, gardens, squares, water, paths and metro, in metres of the plane."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import shapely

from geo.sample.fill import Plain
from geo.sample.footprints import ring
from geo.sample.neighbourhood import Ground, build_up
from geo.sample.plane import placed, stream
from geo.sample.records import read_list
from geo.sample.streets import Block, Street, block_at, blocks, road_pieces, streets
from geo.sample.terrain import HALF_WIDTH_M, river, strip
from geo.sample.towers import towers

FORECOURT_M = 8.0
CLEAR_OF_TOWERS_M = 13.0


@dataclass(frozen=True, slots=True)
class GroundPiece:
    """A piece of the ground as `ground_features` holds it, in metres of the plane."""

    kind: str
    shape: shapely.Geometry
    name: str = ""
    name_en: str = ""
    road_class: str = ""
    bridge: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """An ordinary building with the block in which it stands."""

    plain: Plain
    block: Block


@dataclass(frozen=True, slots=True)
class District:
    """Everything of the core district but the towers."""

    houses: tuple[House, ...]
    ground: tuple[GroundPiece, ...]


@lru_cache(2)
def district(seed: int) -> District:
    """The district of a seed: the same streets, parks and towers, the houses drawn anew."""
    houses: list[House] = []
    ground = [*_open_land(), *_roads()]
    for number, block in enumerate(blocks()):
        built = build_up(_free_land(block), block.use, stream(seed, f"block {number}"))
        houses += [House(plain, block) for plain in built.houses]
        ground += _pieces(built, block)
    return District(tuple(houses), tuple(ground))


def gardens() -> tuple[GroundPiece, ...]:
    """The squares and greens of `data/sample/gardens.csv`."""
    return tuple(GroundPiece(row["kind"], _garden(row), row["name"], row["name_en"]) for row in read_list("gardens"))


@dataclass(frozen=True, slots=True)
class Station:
    """A metro station, in metres of the plane."""

    name: str
    name_en: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MetroLine:
    """A metro line with its stations in order of the list."""

    number: str
    line: shapely.LineString
    stations: tuple[Station, ...]


@cache
def metro() -> tuple[MetroLine, ...]:
    """The two metro lines; they follow a street each."""
    return tuple(
        MetroLine(number, _street(street).line, _stations(number))
        for number, street in (("1", "澄湾大道"), ("2", "澄心大街"))
    )


def _free_land(block: Block) -> shapely.Polygon:
    return shapely.difference(block.land, _taken()) if shapely.intersects(block.land, _taken()) else block.land


@cache
def _taken() -> shapely.MultiPolygon:
    """The land of the towers, squares and greens with a margin."""
    forecourts = [shapely.buffer(tower.outline, CLEAR_OF_TOWERS_M, join_style="mitre") for tower in towers()]
    return shapely.union_all(forecourts + [shapely.buffer(piece.shape, 5) for piece in gardens()])


def _pieces(built: Ground, block: Block) -> list[GroundPiece]:
    park = block.use == "park"
    named = [
        GroundPiece("green", shape, block.name if park else "", block.name_en if park else "") for shape in built.green
    ]
    named += [GroundPiece("plaza", shape) for shape in built.plaza]
    named += [GroundPiece("water", shape) for shape in built.water]
    return named + [GroundPiece("road", path, road_class="footway") for path in built.paths]


def _open_land() -> list[GroundPiece]:
    """The river, the parks along it, the squares and the forecourts of the towers."""
    west, east = -HALF_WIDTH_M, HALF_WIDTH_M
    roads = shapely.union_all([shapely.buffer(street.line, 16) for street in streets()])
    bank = shapely.difference(strip(west, east, 76, 104), roads)
    quay = shapely.difference(strip(west, east, -90, -74), roads)
    walks = [shapely.LineString(np.asarray(strip(west, east, 72, 73).exterior.coords)[:101])]
    forecourts = shapely.union_all([shapely.buffer(t.outline, FORECOURT_M, join_style="mitre") for t in towers()])
    return [
        GroundPiece("water", river(west, east), "澄澜河", "Chenglan River"),
        *(GroundPiece("green", part, "澄澜河滨河绿带", "Chenglan Riverside Park") for part in shapely.get_parts(bank)),
        *(GroundPiece("green", part) for part in shapely.get_parts(quay)),
        *(GroundPiece("road", walk, "滨河步道", "Riverside Walk", "footway") for walk in walks),
        *(GroundPiece("plaza", part) for part in shapely.get_parts(forecourts)),
        *gardens(),
    ]


def _roads() -> list[GroundPiece]:
    return [
        GroundPiece("road", line, street.name, street.name_en, street.road_class, bridge)
        for street, line, bridge in road_pieces()
    ]


def _garden(row: dict[str, str]) -> shapely.Polygon:
    x, y = float(row["x"]), float(row["y"])
    outline = placed(ring(row["shape"], float(row["width"]), float(row["depth"])), x, y, block_at(x, y).grain)
    return shapely.intersection(outline, block_at(x, y).land)


def _stations(number: str) -> tuple[Station, ...]:
    found = []
    for row in read_list("stations"):
        if row["line"] == number:
            place = shapely.intersection(_street(row["street"]).line, _street(row["cross"]).line)
            found.append(Station(row["name"], row["name_en"], float(place.x), float(place.y)))
    return tuple(found)


def _street(name: str) -> Street:
    return next(street for street in streets() if street.name == name)
