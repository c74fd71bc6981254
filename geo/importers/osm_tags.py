"""What OpenStreetMap tags mean here: which objects are buildings, parts, amenities, transit lines or ground."""

from dataclasses import dataclass

from geo.importers.columns import FieldUse, Recognition
from geo.importers.osm_barriers import Tags, gate_of, stated_layer, wall_of

KEYS = (
    "building",
    "building:part",
    "amenity",
    "shop",
    "office",
    "tourism",
    "leisure",
    "healthcare",
    "public_transport",
    "railway",
    "highway",
    "natural",
    "waterway",
    "landuse",
    "place",
    "barrier",
)
"""Objects without any of these keys are passed over unread."""

TRANSIT_MODES = {"subway": "metro", "light_rail": "metro", "monorail": "metro", "tram": "tram", "train": "rail"}

_NO_BUILDING = {"no"}
_UNFINISHED = {"construction": "under_construction", "proposed": "planned", "planned": "planned"}
_ROADS = {
    "motorway": 1,
    "trunk": 1,
    "primary": 1,
    "secondary": 2,
    "tertiary": 2,
    **dict.fromkeys(["unclassified", "residential", "living_street", "pedestrian", "service", "road", "busway"], 3),
    **dict.fromkeys(["footway", "path", "cycleway", "steps", "track", "bridleway"], 3),
}
_NO_FOOT = {"motorway", "motorway_link", "trunk", "trunk_link", "busway"}
"""Without a pavement of their own."""
_FORBIDDEN, _ALLOWED = {"no", "private", "use_sidepath"}, {"yes", "designated", "permissive", "official", "destination"}
_CLOSED = {"no", "private", "military", "agricultural", "forestry", "delivery"}
_NO_PAVEMENT = {None, "no", "none", "separate"}
_RAILS = {"rail", "light_rail", "subway", "tram", "monorail", "narrow_gauge"}
_WATERWAYS = {"river": 1, "canal": 2, "stream": 3, "ditch": 3, "drain": 3}
_GREEN = {
    "leisure": {"park", "garden", "nature_reserve", "golf_course", "common", "pitch", "playground", "dog_park"},
    "landuse": {"grass", "forest", "meadow", "village_green", "recreation_ground", "cemetery", "flowerbed", "orchard"},
    "natural": {"wood", "grassland", "scrub", "heath", "wetland", "shrubbery"},
}

_NAMES = {"@id": "source_id", "name": "name", "name:zh": "name_zh", "name:en": "name_en"}
_ADDRESS = {"addr:street": "address", "addr:housenumber": "house_number"}

HEADINGS: dict[str, dict[str, str]] = {
    "buildings": {
        **_NAMES,
        **_ADDRESS,
        "alt_name": "alias",
        "building:levels": "floors_above",
        "building:levels:underground": "floors_below",
        "height": "height_m",
        "min_height": "base_height_m",
        "start_date": "completed_year",
        "operator": "operator",
        "@status": "status",
    },
    "sections": {
        **_NAMES,
        "building:levels": "floors_above",
        "building:min_level": "floors_skipped",
        "height": "height_m",
        "min_height": "base_height_m",
        "@part_of": "part_of",
    },
    "amenities": {
        **_NAMES,
        **_ADDRESS,
        "@category": "category",
        "opening_hours": "opening_hours",
        "phone": "phone",
    },
    "transit_lines": {**_NAMES, "ref": "ref", "colour": "colour", "@mode": "mode"},
    "ground": {
        **_NAMES,
        "@kind": "kind",
        "@class": "class",
        "@rank": "rank",
        "@bridge": "bridge",
        "@layer": "layer",
        "@foot": "foot",
    },
}
"""Kind → OSM key → field; keys with @ are made here."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A piece of ground: its kind, class (highway value, river…), rank 1–3 by importance, and whether it is an area."""

    kind: str
    kind_class: str | None
    rank: int
    area: bool
    foot: bool = True


def recognition_of(kind: str) -> Recognition:
    """Return what the columns of an OSM batch mean."""
    return Recognition(fields={key: FieldUse(name) for key, name in HEADINGS[kind].items()})


def is_building(tags: Tags) -> bool:
    """Say whether the object is a building , and not a part of one."""
    return tags.get("building", "no") not in _NO_BUILDING


def is_part(tags: Tags) -> bool:
    """Say whether the object is a part of a building with an outline of its own."""
    return tags.get("building:part", "no") != "no" and not is_building(tags)


def building_status(tags: Tags) -> str | None:
    """Return the status a building's tags state, None when they state none."""
    return _UNFINISHED.get(tags.get("building", ""))


def layer_of(tags: Tags) -> int:
    """Return the layer on which a way lies: 0 on the ground, from 1 for bridges, below 0 for tunnels and passages."""
    bridge, tunnel = tags.get("bridge", "no") != "no", tags.get("tunnel") in ("yes", "culvert")
    if not (bridge or tunnel or tags.get("indoor") == "yes"):
        return 0
    return stated_layer(tags) or (1 if bridge else -1 if tunnel else 0)


def ground_of(tags: Tags, closed: bool) -> Ground | None:
    """Return what piece of ground a way or area is, None when it is none."""
    if (highway := tags.get("highway")) and (road := _road(highway, tags, closed)):
        return road
    railway = tags.get("railway")
    if railway in _RAILS and tags.get("tunnel") != "yes" and "service" not in tags:
        return Ground("rail", railway, 2, area=False, foot=False)
    if tags.get("natural") == "water" or tags.get("waterway") == "riverbank":
        return Ground("water", tags.get("water"), 2, area=True)
    if tags.get("landuse") in ("reservoir", "basin"):
        return Ground("water", tags["landuse"], 2, area=True)
    waterway = tags.get("waterway")
    if waterway in _WATERWAYS and tags.get("tunnel") not in ("yes", "culvert"):
        return Ground("water", waterway, _WATERWAYS[waterway], area=False)
    for key, values in _GREEN.items():
        if tags.get(key) in values:
            return Ground("green", tags[key], 2 if tags[key] in ("park", "forest", "wood") else 3, area=True)
    return Ground("plaza", "square", 3, area=True) if tags.get("place") == "square" else None


def barrier_of(tags: Tags) -> Ground | None:
    """Return what wall or fence a line is beside whatever else it is, None when people are not stopped by it."""
    wall = wall_of(tags)
    return Ground("barrier", wall, 3, area=False, foot=False) if wall else None


def gate(tags: Tags) -> Ground | None:
    """Return what gate or other barrier a point is, None when it is none."""
    open_to_walkers = gate_of(tags)
    return None if open_to_walkers is None else Ground("barrier", tags["barrier"], 3, False, open_to_walkers)


def wants_area(tags: Tags) -> bool:
    """Say whether a relation or closed way with these tags would be drawn as an area."""
    ground = ground_of(tags, closed=True)
    return is_building(tags) or is_part(tags) or bool(ground and ground.area)


def _road(highway: str, tags: Tags, closed: bool) -> Ground | None:
    rank = _ROADS.get(highway.removesuffix("_link"))
    if rank is None:
        return None
    if closed and (tags.get("area") == "yes" or "area:highway" in tags):
        return Ground("plaza", highway, 3, area=True, foot=_walkable(highway, tags))
    return Ground("road", highway, rank, area=False, foot=_walkable(highway, tags))


def _walkable(highway: str, tags: Tags) -> bool:
    """Say whether people may walk there: what is said of walkers counts before what is said of everybody."""
    foot = tags.get("foot")
    if foot in _FORBIDDEN or foot in _ALLOWED:
        return foot in _ALLOWED
    pavement = not {tags.get("sidewalk"), tags.get("sidewalk:both")} <= _NO_PAVEMENT
    return tags.get("access") not in _CLOSED and (highway not in _NO_FOOT or pavement)
