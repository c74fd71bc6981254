"""Rows of the places of the core district: areas, complexes, buildings with their parts, storeys and conditions."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from geo.sample.batches import Batch, array, batch
from geo.sample.conditions import conditions, fee_cny_m2_month, lifts, parking_spaces
from geo.sample.core import Core, address_of
from geo.sample.district import House
from geo.sample.names import root
from geo.sample.plane import ewkb
from geo.sample.records import read_list
from geo.sample.terrain import along
from geo.sample.towers import Tower
from geo.text import search_keys

LETTABLE = ("office", "retail")
INTERNAL_HOUSES = 3
NAMED_FLOORS = 8
NAMED_PER_BLOCK = 5


def areas(core: Core, reach_m: float) -> Iterator[Batch]:
    """City, district, subdistricts, zones and blocks; the city reaches `reach_m` around the centre."""
    rows = read_list("areas")
    ids = core.area_ids
    id_of = {row["key"]: ident for row, ident in zip(rows, ids, strict=True)}
    boxes = {"A1": shapely.box(-reach_m, -reach_m, reach_m, reach_m), "A2": shapely.box(-1230, -930, 1230, 930)}
    shapes = [boxes[row["key"]] if row["key"] in boxes else _cell(row) for row in rows]
    yield Batch("areas", len(rows), {
        "id": ids, "code": core.keys.codes("areas", ids), "level": [row["level"] for row in rows],
        "name": [row["name"] for row in rows], "name_en": [row["name_en"] for row in rows],
        "parent_id": [id_of.get(row["parent"]) for row in rows], "geom": ewkb(shapes, multi=True),
        "source_id": core.source, "source_key": [f"area-{row['key']}" for row in rows], "publishable": True,
    })  # fmt: skip


def complexes(core: Core) -> Iterator[Batch]:
    """The complexes, and which towers belong to them; after the buildings."""
    names = list(dict.fromkeys((t.complex_name, t.complex_name_en) for t in core.towers if t.complex_name))
    ids = core.keys.take("complexes", len(names))
    id_of = {name: ident for (name, _), ident in zip(names, ids, strict=True)}
    yield Batch("complexes", len(names), {
        "id": ids, "code": core.keys.codes("complexes", ids), "name": [zh for zh, _ in names],
        "name_en": [en for _, en in names], "source_id": core.source, "publishable": True,
    })  # fmt: skip
    members = [
        {"complex_id": id_of[tower.complex_name], "building_id": ident}
        for tower, ident in zip(core.towers, core.building_ids, strict=False)
        if tower.complex_name
    ]
    yield from batch("complex_buildings", members)


def buildings(core: Core) -> Iterator[Batch]:
    """The towers and the ordinary houses."""
    towers, houses = list(core.towers), list(core.houses)
    shapes = [tower.outline for tower in towers] + [house.plain.outline for house in houses]
    middles = [(float(point.x), float(point.y)) for point in shapely.point_on_surface(shapes)]
    codes = core.keys.codes("buildings", core.building_ids)
    texts = [_tower_names(tower) for tower in towers] + _house_names(core)
    rows = [_tower_row(core, index, tower) for index, tower in enumerate(towers)]
    rows += [_house_row(house) for house in houses]
    internal = _internal_houses(core)
    for index, (row, text, address, geom) in enumerate(
        zip(rows, texts, address_of(middles), ewkb(shapes, multi=True), strict=True)
    ):
        ident = core.building_ids[index]
        secret = ident in internal
        row |= text | {"id": ident, "code": codes[index], "address": address[0], "address_en": address[1], "geom": geom}
        row |= {"source_id": core.sources[secret], "publishable": not secret, "source_key": f"building-{index}"}
    yield from batch("buildings", rows)


def sections(core: Core) -> Iterator[Batch]:
    """Basement, podium, tower and crown of each tower."""
    rows = [
        {"building_id": ident, "kind": part.kind, "name": part.name, "shape": part.outline, "height_m": part.top_m}
        | {"base_height_m": part.base_m, "floor_from": part.floor_from, "floor_to": part.floor_to}
        for tower, ident in zip(core.towers, core.building_ids, strict=False)
        for part in tower.parts
    ]
    geoms = ewkb([row.pop("shape") for row in rows], multi=True)
    yield from batch("sections", [row | {"id": i, "geom": geom} for row, i, geom in
                                  zip(rows, core.section_ids, geoms, strict=True)], source_id=core.source)  # fmt: skip


def floors(core: Core) -> Iterator[Batch]:
    """The storeys of the towers; a house that is only planned has none yet."""
    rows: list[dict[str, Any]] = []
    section = core.section_ids.start
    for tower, ident in zip(core.towers, core.building_ids, strict=False):
        rows += [
            {
                "building_id": ident, "section_id": section + storey.part, "position": storey.position,
                "label": storey.label, "use": storey.use, "area_m2": storey.area_m2,
                "storey_height_m": storey.height_m, "clear_height_m": _clear_height_m(storey.use, storey.height_m),
                "load_kn_m2": 5.0 if storey.use == "retail" else 2.5 if storey.use == "office" else None,
            }
            for storey in (() if tower.planned else tower.storeys)
        ]  # fmt: skip
        section += len(tower.parts)
    yield from batch("floors", [row | {"id": ident} for row, ident in zip(rows, core.floor_ids, strict=True)])


def facts(core: Core) -> Iterator[Batch]:
    """The dated conditions of the towers that stand."""
    rows = [
        {"building_id": ident, **fact}
        for index, (tower, ident) in enumerate(zip(core.towers, core.building_ids, strict=False))
        if not tower.planned
        for fact in conditions(index, tower, core.today)
    ]
    ids = core.keys.take("building_facts", len(rows))
    numbered = [{"id": ident} | row for ident, row in zip(ids, rows, strict=True)]
    yield from batch("building_facts", numbered, source_id=core.source, publishable=True)


def _cell(row: dict[str, str]) -> shapely.Polygon:
    """The land between two eastings and two lines that follow the river."""
    west, south, east, north = (float(row[side]) for side in ("west", "south", "east", "north"))
    x = np.arange(west, east + 1, 20.0)
    low, high = (np.column_stack([x, along(x, np.full_like(x, v))]) for v in (south, north))
    return shapely.Polygon(np.vstack([low, high[::-1]]))


def _tower_names(tower: Tower) -> dict[str, Any]:
    name, name_en = tower.row["name"], tower.row["name_en"]
    aliases = [tower.complex_name] if tower.complex_name else []
    keys = search_keys(name, name_en, *aliases, tower.complex_name_en)
    return {"name": name, "name_en": name_en, "name_source": "invented", "aliases": array(aliases), "search_text": keys}


def _tower_row(core: Core, index: int, tower: Tower) -> dict[str, Any]:
    row = tower.row
    rooms = [room.area_m2 for room in core.lives.rooms if room.tower == index and room.valid_to is None]
    shaft = tower.parts[2].outline.area
    return {
        "status": row["status"], "managed": True, "sectioned": True, "height_m": tower.height_m,
        "floors_above": int(row["floors"]), "floors_below": -tower.storeys[0].position,
        "typical_floor_area_m2": round(shaft), "gross_area_m2": sum(storey.area_m2 for storey in tower.storeys),
        "leasable_area_m2": sum(rooms) or None, "completed_year": int(row["year"]), "grade": row["grade"] or None,
        "grade_scheme": _scheme(row["grade"]), "star": int(row["star"]) if row["star"] else None,
        "themes": array(row["themes"].split(";") if row["themes"] else []),
        "property_fee_cny_m2_month": fee_cny_m2_month(tower), "parking_spaces": parking_spaces(tower),
        "lifts": lifts(tower),
    }  # fmt: skip


def _scheme(grade: str) -> str | None:
    return None if not grade else "market" if grade == "c" else "gbt39069"


def _house_row(house: House) -> dict[str, Any]:
    plain = house.plain
    return {
        "status": "operating", "managed": False, "sectioned": False, "height_m": plain.height_m,
        "floors_above": plain.floors, "floors_below": 1 if plain.floors > 8 else 0,
        "typical_floor_area_m2": None, "gross_area_m2": round(plain.outline.area * plain.floors),
        "leasable_area_m2": None, "completed_year": None, "grade": None, "grade_scheme": None, "star": None,
        "themes": "{}", "property_fee_cny_m2_month": None, "parking_spaces": None, "lifts": None,
    }  # fmt: skip


def _house_names(core: Core) -> list[dict[str, Any]]:
    """Names of schools, halls, hotels and the numbered houses of parks; most houses have none."""
    seen: Counter[str] = Counter()
    return [_house_name(house, seen, number) for number, house in enumerate(core.houses)]


def _house_name(house: House, seen: Counter[str], number: int) -> dict[str, Any]:
    block, kind = house.block, house.plain.kind
    key = f"{kind} {block.name}"
    names: tuple[str, str] | None = None
    if kind in ("workshop", "warehouse") and block.name and seen[key] < NAMED_PER_BLOCK:
        names = f"{block.name}{seen[key] + 1}号楼", f"{block.name_en} Building {seen[key] + 1}"
    elif kind in ("school", "hospital", "court", "library", "culture") or _is_hotel(house):
        rows = [row for row in read_list("house_names") if row["kind"] == kind]
        row = rows[seen[key] % len(rows)]
        zh, en = root(number + 4000) if kind == "mixed_block" else (block.name, block.name_en)
        names = f"{zh}{row['zh']}", f"{en} {row['en']}".strip()
    seen[key] += names is not None
    if names is None:
        return {"name": None, "name_en": None, "name_source": None, "aliases": "{}", "search_text": None}
    return {"name": names[0], "name_en": names[1], "name_source": "invented", "aliases": "{}",
            "search_text": search_keys(*names)}  # fmt: skip


def _is_hotel(house: House) -> bool:
    return house.plain.kind == "mixed_block" and house.plain.floors >= NAMED_FLOORS and house.block.use == "office"


def _internal_houses(core: Core) -> range:
    """The last few houses came with the source that only staff may see."""
    return core.house_ids[-INTERNAL_HOUSES:]


def _clear_height_m(use: str, storey_m: float) -> float | None:
    return round(storey_m - 1.35, 2) if use in LETTABLE else None
