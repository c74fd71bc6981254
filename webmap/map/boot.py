"""What the map page is told when it opens: words, places, versions, where to look and whose data it is."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from geo import filters, taxonomy
from geo.model import Area, Cluster
from geo.search import seen, shown
from geo.text import to_traditional
from webmap import numbers
from webmap.locale import ENGLISH, Language
from webmap.map.scene import Scene
from webmap.names import hant, label, web_link

STRINGS = Path(__file__).parents[2] / "static" / "src" / "map"
LAYER_OF = {"transit": "ground"}
MANY_CLUSTERS = 100


def _areas(staff: bool) -> Select[Area]:
    return select(Area).options(seen(Area, staff)).where(*shown(Area, staff)).order_by(Area.id)


def boot(
    session: Session, scene: Scene, versions: dict[str, int], language: Language, *, staff: bool = False
) -> dict[str, Any]:
    """The object `boot` of the map page, without addresses; its shape is `Boot` in static/src/map/types.d.ts."""
    return {
        "locale": language.tag,
        "prefix": f"/{language.prefix}" if language.prefix else "",
        "versions": versions,
        "bounds": scene.bounds,
        "start": scene.start,
        "words": _words(),
        "areas": [
            {"code": area.code, "name": label(area), "level": area.level} for area in session.scalars(_areas(staff))
        ],
        "clusters": _clusters(session),
        "attribution": _attribution(scene.sources, language),
        "text": strings(language),
        "fold": scene.fold,
    }


def strings(language: Language) -> dict[str, str]:
    """The texts of the map page."""
    return _strings(language.tag)


@cache
def _strings(tag: str) -> dict[str, str]:
    name = "en" if tag == ENGLISH.tag else "zh"
    found: dict[str, str] = json.loads((STRINGS / f"strings.{name}.json").read_text("utf-8"))
    return {key: to_traditional(value) for key, value in found.items()} if tag == "zh-Hant" else found


def _clusters(session: Session) -> list[dict[str, str]]:
    groups = {group.code: label(group) for group in taxonomy.map_groups()}
    rows = session.scalars(select(Cluster).order_by(Cluster.z.desc()).limit(MANY_CLUSTERS))
    return [{"code": row.code, "name": _cluster_name(groups[row.industry_group], row.enterprises)} for row in rows]


def _cluster_name(group: str, enterprises: int) -> str:
    return gettext("%(group)s集群（%(count)s 家企业）", group=group, count=numbers.number(enterprises))


def _attribution(sources: Sequence[Any], language: Language) -> list[dict[str, Any]]:
    """What is said of each source, once, with the layers and the box it is on screen for."""
    said: dict[tuple[str, str | None], dict[str, Any]] = {}
    for row in sources:
        words = (row.attribution_en or row.attribution) if language is ENGLISH else row.attribution
        name = (row.name_en or row.name) if language is ENGLISH else row.name
        text = hant(words or name)
        entry = said.setdefault(
            (text, row.url), {"text": text, "url": web_link(row.url), "layers": [], "bounds": list(row[8:12])}
        )
        entry["layers"] = sorted({*entry["layers"], LAYER_OF.get(row.layer, row.layer)})
        entry["bounds"] = _joined(entry["bounds"], row[8:12])
    return list(said.values())


def _joined(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])]


def _words() -> dict[str, list[dict[str, Any]]]:
    def plain(words: Any) -> list[dict[str, Any]]:
        return [{"code": word.code, "name": label(word)} for word in words]

    def coloured(words: Any) -> list[dict[str, Any]]:
        return [{"code": word.code, "name": label(word), "colour": word.colour} for word in words]

    grades = {grade.code: grade for grade in reversed(taxonomy.grades())}
    return {
        "grade": [
            {"code": code, "name": label(grades[code])} for code in dict.fromkeys(g.code for g in taxonomy.grades())
        ],
        "star": [{"code": star, "name": "★" * int(star)} for star in "54321"],
        "theme": plain(taxonomy.themes()),
        "industry": coloured(taxonomy.map_groups()),
        "fitout": plain(taxonomy.fitouts()),
        "occupancy": coloured(taxonomy.occupancies("public")),
        "status": plain(taxonomy.building_statuses()),
        "amenity": [
            {"code": each.code, "name": label(each), "icon": each.icon, "colour": each.colour}
            for each in taxonomy.amenity_categories()
        ],
        "rent_units": [
            {"code": unit.code, "name": label(unit)}
            for unit in taxonomy.rent_units()
            if unit.code in filters.RENT_UNITS
        ],
    }
