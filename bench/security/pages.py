"""The pages, feeds and files that visitors may ask for, and what of their addresses is read; what the drills try.

The API describes itself; these do not, so the parameters are named here.
"""

import json
import re
from typing import Any
from urllib.request import urlopen

FILTERS = (
    *("q", "area_min", "area_max", "rent_min", "rent_max", "rent_unit", "grade", "star", "theme", "industry"),
    *("floor_min", "floor_max", "fitout", "available_by", "occupancy", "status", "within", "bbox", "shape", "near"),
    *("near_m", "near_minutes", "walk_from", "walk_min", "cluster", "stale", "sort"),
)
PAGES = {
    "/": (*FILTERS, "date", "known", "select", "floor", "camera", "compare", "after"),
    "/map.svg": (*FILTERS, "width", "height", "select"),
    "/match": ("q", "area", "people", "rent_max", "budget_month", "metro_minutes", "zone", "must", "weights", "term"),
    "/search": ("q", "at"),
    "/b/{building}": ("as_of", "known_at", "colour", "floor", "find", "only", "sort", "trade", "walk"),
    "/u/{unit}": ("as_of", "known_at"),
    "/a/{area}": (),
    "/compare": ("u", "b"),
    "/shortlist": ("u", "b", "title"),
    "/shortlist.xlsx": ("u", "b", "title"),
    "/feeds/units.atom": FILTERS,
    "/feeds/units.ics": FILTERS,
    "/alerts/new": FILTERS,
    "/inquiries/new": ("building", "unit", "kind", "fact"),
    "/api/v1/units.csv": (*FILTERS, "as_of", "known_at", "after", "limit"),
    "/api/v1/buildings.geojson": (*FILTERS, "as_of", "known_at", "after", "limit"),
    "/state/{version}": ("as_of", "known_at"),
    "/state/{version}/window": (*FILTERS, "by", "only"),
    "/login": ("next",),
    "/about": (),
    "/privacy": (),
}
"""Address → names of its parameters; names in braces are filled with what the site has."""


def known(address: str) -> dict[str, str]:
    """What can be put into the addresses of a running site: codes of things it shows, the version of its state."""
    kinds = ("building", "unit", "area")
    made = {kind: _read(f"{address}/api/v1/{kind}s?limit=1")["items"][0]["code"] for kind in kinds}
    return {**made, "version": str(_read(f"{address}/api/v1/versions")["layers"]["state"])}


def filled(path: str, values: dict[str, str]) -> str:
    """An address with what the site has in place of names in braces."""
    return re.sub(r"\{(\w+)\}", lambda name: values[name[1]], path)


def document(values: dict[str, str]) -> dict[str, Any]:
    """The pages as an OpenAPI document in which every parameter may be any text, and every answer is right."""
    paths: dict[str, Any] = {}
    for path, names in PAGES.items():
        parameters = [{"name": name, "in": "query", "schema": {"type": "string", "maxLength": 200}} for name in names]
        asked = {"parameters": parameters, "responses": {"default": {"description": "any"}}}
        paths[filled(path, values)] = {"get": asked}
    return {"openapi": "3.1.0", "info": {"title": "Pages", "version": "1"}, "paths": paths}


def _read(address: str) -> Any:
    with urlopen(address, timeout=60) as answer:
        return json.load(answer)
