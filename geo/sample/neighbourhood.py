"""What stands on a block: each use of land has its houses, gardens and courts."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.sample.fill import Plain, Rows, fill_frontage, fill_rows, keep_apart
from geo.sample.footprints import ring
from geo.sample.plane import box_at, placed
from geo.sample.streets import grain

SLAB = Rows("home", (11.5, 13.5), (26, 44), 7, 15.5, (5, 7), 3.0, ("box", "box", "box", "box", "step"), 0.03)
MID = Rows("home", (14, 16), (30, 46), 12, 24, (9, 12), 3.0, ("box", "step"), 0.03)
POINT = Rows("home", (17, 20), (27, 34), 13, 32, (18, 32), 3.0, ("notched", "cross", "step", "t"), 0.06)
LANES = Rows("lane_house", (9, 10.5), (12, 25), 2.4, 4, (2, 3), 3.3, ("box", "box", "l"), 0.04)
COURTS = Rows("mixed_block", (38, 46), (44, 62), 8, 9, (5, 8), 3.4, ("court", "court", "u", "l"), 0.05)
SHOPS = Rows("shop", (10, 13), (10, 22), 2.0, 8, (1, 3), 4.0, ("box",), 0.06)
MIXED = Rows("mixed_block", (16, 22), (24, 42), 6, 12, (4, 9), 3.5, ("box", "l", "step", "t"), 0.05)
SHEDS = Rows("workshop", (22, 32), (48, 86), 12, 13, (1, 3), 5.2, ("box", "box", "l", "step"), 0.08)
STORES = Rows("warehouse", (30, 40), (70, 110), 14, 16, (1, 2), 7.0, ("box",), 0.06)
SIDE = Rows("mixed_block", (16, 24), (22, 42), 9, 12, (3, 9), 3.8, ("box", "box", "step", "l"), 0.12)


@dataclass(slots=True)
class Ground:
    """What a block holds: houses, gardens and paved courts, all in metres of the plane."""

    houses: list[Plain] = field(default_factory=list)
    green: list[shapely.Polygon] = field(default_factory=list)
    plaza: list[shapely.Polygon] = field(default_factory=list)
    water: list[shapely.Polygon] = field(default_factory=list)
    paths: list[shapely.LineString] = field(default_factory=list)


def build_up(area: shapely.Polygon, use: str, rng: np.random.Generator) -> Ground:
    """The houses, gardens and courts of a block of this use (`data/sample/blocks.csv` lists them)."""
    ground = _USES[use](area, rng)
    roomy = shapely.buffer(area, 0.5)
    shapely.prepare(roomy)
    ground.houses = keep_apart([house for house in ground.houses if roomy.covers(house.outline)], 1.2)
    return ground


def _homes(style: Rows) -> Callable[[shapely.Polygon, np.random.Generator], Ground]:
    """Rows of homes behind low shops, with a garden in the middle of a large block."""

    def build(area: shapely.Polygon, rng: np.random.Generator) -> Ground:
        inside = shapely.buffer(area, -18, join_style="mitre")
        shops = fill_frontage(area, SHOPS, rng) if rng.random() < 0.75 else []
        garden = _garden(area) if area.area > 26_000 else None
        free = (
            (inside if shops else area)
            if garden is None
            else (inside if shops else area).difference(shapely.buffer(garden, 4))
        )
        kind = MID if style is SLAB and rng.random() < 0.3 else style
        homes = [h for part in shapely.get_parts(free) if part.area > 600 for h in fill_rows(part, kind, rng)]
        return Ground(homes + shops, green=[garden] if garden is not None else [])

    return build


def _garden(area: shapely.Polygon) -> shapely.Polygon:
    """A garden across the middle of the block with rounded ends."""
    centre, angle = area.centroid, grain(area)
    width, depth = _extent(area, angle)
    soft = ring("soft", width * 0.42, min(30.0, depth * 0.2))
    return shapely.intersection(placed(soft, centre.x, centre.y, angle), shapely.buffer(area, -8))


def _plain(style: Rows, margin_m: float = 0.0) -> Callable[[shapely.Polygon, np.random.Generator], Ground]:
    def build(area: shapely.Polygon, rng: np.random.Generator) -> Ground:
        land = shapely.buffer(area, -margin_m, join_style="mitre")
        return Ground([h for part in shapely.get_parts(land) for h in fill_rows(part, style, rng)])

    return build


def _mixed(area: shapely.Polygon, rng: np.random.Generator) -> Ground:
    """Houses of four to nine storeys along the streets and a court with smaller ones behind."""
    front = fill_frontage(area, MIXED, rng)
    inside = shapely.buffer(area, -34, join_style="mitre")
    parts = [part for part in shapely.get_parts(inside) if part.area > 500]
    return Ground(front + [h for part in parts for h in fill_rows(part, SIDE, rng)])


def _school(area: shapely.Polygon, rng: np.random.Generator) -> Ground:
    """Teaching wings, a hall and a sports ground with its track."""
    angle, centre = grain(area), area.centroid
    width, depth = _extent(area, angle)

    def put(x: float, y: float) -> tuple[float, float]:
        return centre.x + x * np.cos(angle) - y * np.sin(angle), centre.y + x * np.sin(angle) + y * np.cos(angle)

    length = min(118.0, width * 0.42)
    field_green = placed(ring("soft", length, min(64.0, depth * 0.5)), *put(-width * 0.22, -depth * 0.12), angle)
    wings = placed(ring("e", min(58.0, width * 0.26), min(76.0, depth * 0.5)), *put(width * 0.2, 0), angle)
    hall = box_at(*put(-width * 0.22, depth * 0.32), min(52.0, width * 0.3), 24, angle)
    houses = [Plain(wings, "school", 5, 19.5), Plain(hall, "school", 2, 13.2)]
    rest = area.difference(shapely.buffer(shapely.union_all([field_green, wings, hall]), 10))
    homes = [h for part in shapely.get_parts(rest) if part.area > 1500 for h in fill_rows(part, SLAB, rng)]
    return Ground(houses + homes[:6], green=[field_green])


def _hospital(area: shapely.Polygon, rng: np.random.Generator) -> Ground:
    angle, centre = grain(area), area.centroid
    ward = placed(ring("h", 74, 46), centre.x, centre.y + 34, angle)
    clinic = placed(ring("u", 92, 44), centre.x, centre.y - 38, angle)
    houses = [Plain(ward, "hospital", 16, 66.4), Plain(clinic, "hospital", 5, 22.6)]
    rest = area.difference(shapely.buffer(shapely.union_all([ward, clinic]), 12))
    side = [h for part in shapely.get_parts(rest) if part.area > 900 for h in fill_rows(part, MIXED, rng)]
    return Ground(houses + side, green=[shapely.buffer(shapely.Point(centre.x, centre.y - 2), 9, quad_segs=5)])


def _civic(area: shapely.Polygon, rng: np.random.Generator) -> Ground:
    """The court, the library and the culture hall around a square."""
    angle, centre = grain(area), area.centroid
    x, y = centre.x, centre.y
    court = placed(ring("h", 96, 62), x, y + 62, angle)
    library = placed(ring("soft_octagon", 58, 58), x - 72, y - 62, angle)
    hall = placed(ring("lens", 84, 52), x + 66, y - 62, angle)
    square = placed(ring("rounded", 150, 62), x, y - 2, angle)
    houses = [
        Plain(court, "court", 9, 41.0),
        Plain(library, "library", 5, 27.5),
        Plain(hall, "culture", 3, 24.0),
    ]
    lawns = [box_at(x + side * 104, y + 62, 34, 58, angle) for side in (-1, 1)]
    rest = area.difference(shapely.buffer(shapely.union_all([court, library, hall, square, *lawns]), 12))
    side_houses = [h for part in shapely.get_parts(rest) if part.area > 900 for h in fill_rows(part, SIDE, rng)]
    return Ground(houses + side_houses, green=lawns, plaza=[square])


def _park(area: shapely.Polygon, rng: np.random.Generator) -> Ground:
    """Lawns with a pond, paths and, in a large one, two pavilions."""
    centre, angle = area.centroid, grain(area)
    width, depth = _extent(area, angle)
    pond = placed(ring("wave", width * 0.44, depth * 0.36), centre.x + width * 0.1, centre.y, angle + 0.25)
    pond = shapely.buffer(shapely.buffer(pond, 10, quad_segs=4), -4, quad_segs=4)
    ends = [(centre.x - width, centre.y - depth * 0.5), (centre.x + width, centre.y + depth * 0.6)]
    across = shapely.LineString(ends)
    round_path = shapely.LineString(shapely.get_exterior_ring(shapely.buffer(area, -14, quad_segs=3)))
    paths = [shapely.intersection(across, area).difference(shapely.buffer(pond, 3)), round_path]
    pavilions = [
        Plain(placed(ring("octagon", 16, 16), centre.x + dx * width, centre.y + dy * depth, angle), "pavilion", 1, 6.5)
        for dx, dy in ((-0.32, 0.12), (0.36, -0.28))
    ]
    return Ground(pavilions if area.area > 40_000 else [], [area], [], [pond], paths)


def _office(area: shapely.Polygon, rng: np.random.Generator) -> Ground:
    """Ordinary houses beside the towers (the land is given without these): hotels, flats to let, shops."""
    parts = [part for part in shapely.get_parts(area) if part.area > 500]
    styles = [_mixed if part.area > 20_000 else _plain(SIDE) for part in parts]
    return Ground([h for part, style in zip(parts, styles, strict=True) for h in style(part, rng).houses])


def _extent(area: shapely.Polygon, angle: float) -> tuple[float, float]:
    level = shapely.affinity.rotate(area, -angle, use_radians=True)
    west, south, east, north = level.bounds
    return east - west, north - south


_USES: dict[str, Callable[[shapely.Polygon, np.random.Generator], Ground]] = {
    "slab": _homes(SLAB),
    "high": _homes(POINT),
    "lanes": _plain(LANES),
    "court": _plain(COURTS),
    "mixed": _mixed,
    "factory": _plain(SHEDS, 4),
    "port": _plain(STORES, 4),
    "school": _school,
    "hospital": _hospital,
    "civic": _civic,
    "park": _park,
    "office": _office,
    "green": lambda area, rng: Ground(green=[area]),
}
