"""The 36 office towers: outlines of podium and tower, storeys with the labels of their lifts, and their floor areas."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely

from geo.sample.footprints import ring
from geo.sample.labels import storey_label
from geo.sample.plane import placed
from geo.sample.records import read_list
from geo.sample.streets import block_at

PODIUM_STOREY_M = 5.4
BASEMENT_STOREY_M = 3.8
REFUGE_EVERY = 12
CROWN_FLOORS = 5
CROWN_FROM_FLOORS = 45


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a tower with its own outline (metres of the plane) and range of storeys."""

    kind: str
    name: str
    outline: shapely.Polygon
    base_m: float
    top_m: float
    floor_from: int
    floor_to: int


@dataclass(frozen=True, slots=True)
class Storey:
    """One storey: physical position, the lift's label, use, gross area and which part of the tower it lies in."""

    position: int
    label: str
    use: str
    area_m2: int
    part: int
    height_m: float


@dataclass(frozen=True, slots=True)
class Tower:
    """An office tower with everything that `data/sample/towers.csv` says about it."""

    key: str
    row: dict[str, str]
    complex_name: str
    complex_name_en: str
    outline: shapely.Polygon
    parts: tuple[Part, ...]
    storeys: tuple[Storey, ...]

    @property
    def height_m(self) -> float:
        """Height of the roof over the street."""
        return max(part.top_m for part in self.parts)

    @property
    def planned(self) -> bool:
        """Whether it stands on paper only, so that nobody speaks of its floors yet."""
        return self.row["status"] == "planned"


@cache
def towers() -> tuple[Tower, ...]:
    """All towers in the order of the list."""
    podiums = {row["key"]: row for row in read_list("podiums")}
    return tuple(_tower(row, podiums[row["podium"]]) for row in read_list("towers"))


def _tower(row: dict[str, str], podium: dict[str, str]) -> Tower:
    share = _podium_shares(podium["key"])[row["key"]]
    parts = _parts(row, podium, share)
    storeys = tuple(_storeys(row, parts, int(podium["basements"])))
    return Tower(row["key"], row, podium["complex"], podium["complex_en"], share, parts, storeys)


@cache
def _podium_shares(key: str) -> dict[str, shapely.Polygon]:
    """The podium cut half-way between its towers, so that each counted building has its own piece of the ground."""
    podium = next(row for row in read_list("podiums") if row["key"] == key)
    whole = _outline(podium)
    members = [row for row in read_list("towers") if row["podium"] == key]
    if len(members) == 1:
        return {members[0]["key"]: whole}
    centres = shapely.multipoints([(float(row["x"]), float(row["y"])) for row in members])
    cells = shapely.get_parts(shapely.voronoi_polygons(centres, extend_to=shapely.buffer(whole, 50)))
    shares = {}
    for row, centre in zip(members, shapely.get_parts(centres), strict=True):
        cell = next(cell for cell in cells if cell.contains(centre))
        shares[row["key"]] = shapely.intersection(whole, cell)
    return shares


def _outline(row: dict[str, str], scale: float = 1.0) -> shapely.Polygon:
    """An outline of a list, turned with the streets around it."""
    x, y = float(row["x"]), float(row["y"])
    angle = block_at(x, y).grain + np.radians(float(row["turn"]))
    return placed(ring(row["shape"], float(row["width"]) * scale, float(row["depth"]) * scale), x, y, angle)


def _parts(row: dict[str, str], podium: dict[str, str], share: shapely.Polygon) -> tuple[Part, ...]:
    storey_m, floors, low = float(row["storey"]), int(row["floors"]), int(podium["floors"])
    crown = CROWN_FLOORS if floors >= CROWN_FROM_FLOORS else 0
    podium_top = low * PODIUM_STOREY_M
    shaft_top = round(podium_top + (floors - low - crown) * storey_m, 1)
    depth = int(podium["basements"])
    shaft = shapely.intersection(_outline(row), share)
    parts = [
        Part("basement", "地下", share, -depth * BASEMENT_STOREY_M, 0.0, -depth, -1),
        Part("podium", "裙房", share, 0.0, podium_top, 1, low),
        Part("tower", "塔楼", shaft, podium_top, shaft_top + (0 if crown else 3.0), low + 1, floors - crown),
    ]
    if crown:
        top = round(shaft_top + crown * storey_m + 8.0, 1)
        parts.append(Part("part", "塔冠", _outline(row, 0.8), shaft_top, top, floors - crown + 1, floors))
    return tuple(parts)


def _storeys(row: dict[str, str], parts: tuple[Part, ...], basements: int) -> list[Storey]:
    positions = [*range(-basements, 0), *range(1, int(row["floors"]) + 1)]
    return [_storey(row, parts, position) for position in positions]


def _storey(row: dict[str, str], parts: tuple[Part, ...], position: int) -> Storey:
    part = next(i for i, p in enumerate(parts) if p.floor_from <= position <= p.floor_to)
    kind = parts[part].kind
    height = {"basement": BASEMENT_STOREY_M, "podium": PODIUM_STOREY_M}.get(kind, float(row["storey"]))
    label = storey_label(position, row["labels"], has_mezzanine=row["labels"] == "lettered")
    use = _use(kind, position, parts[1].floor_to, int(row["floors"]))
    return Storey(position, label, use, round(parts[part].outline.area), part, height)


def _use(kind: str, position: int, podium_floors: int, floors: int) -> str:
    if kind == "basement":
        return "retail" if position == -1 and floors > 24 else "parking"
    if position == 1:
        return "lobby"
    if kind == "podium":
        return "retail" if podium_floors > 2 else "office"
    if floors >= 24 and (position - podium_floors) % REFUGE_EVERY == 0 and floors - position > 3:
        return "refuge"
    if position == floors or (floors >= 40 and position == podium_floors + 1):
        return "plant"
    return "office"
