"""Draws the buildings of a board in the colours and hatches of a measure: how complete, how old, how disputed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geo.exports.hatches import hatched, hatches
from geo.exports.svg_map import Shape, draw_map
from geo.model import Building, GroundFeature
from geo.quality.board import NO_DAY
from geo.quality.work import Work
from geo.row_arrays import Array
from geo.stamps import AGES, UP_TO_DAYS
from webmap import plans
from webmap.numbers import percent
from webmap.plans import outline
from webmap.quality.operations import told_name
from webmap.words import word

SIZE = (960, 620)
MOST = 1500
"""Buildings on one map, those that need most first."""

LEAST_PX = 9
"""What is smaller is drawn so large."""

EVERY_STREET_UP_TO_M = 3000
MAIN = ("motorway", "trunk", "primary")
MEASURES = ("completeness", "age", "disputes")

COLOURS = ("#dbe7f3", "#a9c6e0", "#f6d9a0", "#e88f3c", "#9c3f0a", "#ffffff")
HATCHES = (0, 1, 2, 3, 4, 0)
"""Five classes from good to bad, and what has no value: the darker the more is to be done."""


@dataclass(frozen=True, slots=True)
class Class:
    """A colour of the map with its words, and how many buildings are of it."""

    name: str
    count: int
    swatch: Markup


def draw(session: Session, work: Work, places: Array, measure: str, address: Any, *, staff: bool) -> str:
    """The map of some buildings as SVG, over the ground as staff or visitors may see it; each leads to its page."""
    held = work.board.held.buildings[places]
    box = _box(held)
    centre, across_m = plans.view_of(box, SIZE[0] / SIZE[1])
    main = or_(GroundFeature.kind != "road", GroundFeature.road_class.in_(MAIN))
    ground = plans.ground(session, box, staff, *([main] if across_m > EVERY_STREET_UP_TO_M else []))
    classes = classes_of(work, measure)
    shapes = _shapes(session, work, places[:MOST], classes, measure, address, across_m)
    return draw_map([*ground, *shapes], centre, across_m, SIZE, title=gettext("数据质量地图"))


def legend(work: Work, places: Array, measure: str) -> list[Class]:
    """What the colours mean, and how many buildings are of each."""
    counts = np.bincount(classes_of(work, measure)[places], minlength=len(COLOURS))
    names = _names()[measure]
    return [
        Class(name, int(count), _swatch(place))
        for place, (name, count) in enumerate(zip(names, counts, strict=True))
        if name and (count or place < len(COLOURS) - 1)
    ]


def classes_of(work: Work, measure: str) -> Array:
    """The class of each building, 0 (good) to 4, 5 where nothing can be said."""
    board = work.board
    if measure == "completeness":
        lacking = 1 - np.nan_to_num(board.completeness, nan=-1)
        return np.where(lacking > 1, 5, np.digitize(lacking, [0.05, 0.10, 0.20, 0.35], right=True))
    if measure == "age":
        bands = np.digitize(board.median_days, list(UP_TO_DAYS.values()), right=True)
        return np.where(board.median_days == NO_DAY, 5, bands)
    return np.digitize(work.disputes, [0, 1, 3, 8], right=True)


def _names() -> dict[str, Sequence[str]]:
    none = gettext("没有应有的项目")
    return {
        "completeness": ("≥ 95%", "90–95%", "80–90%", "65–80%", "< 65%", none),
        "age": tuple(word(age, "age") for age in AGES),
        "disputes": (gettext("没有"), *(gettext("%(n)s 处", n=n) for n in ("1", "2–3", "4–8", "> 8")), ""),
    }


def _swatch(place: int) -> Markup:
    fill = hatched(COLOURS[place], HATCHES[place], "key")
    pattern = hatches([(COLOURS[place], HATCHES[place])], "key")
    box = '<svg class="hatch" width="26" height="16" viewBox="0 0 26 16" aria-hidden="true">'
    return Markup(
        f'{box}{pattern}<rect x=".5" y=".5" width="25" height="15" rx="3" fill="{fill}" stroke="#3b4654"/></svg>'
    )


def _shapes(
    session: Session, work: Work, places: Array, classes: Array, measure: str, address: Any, across_m: float
) -> list[Shape]:
    ids = work.board.ids[places].tolist()
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address, Building.geom)
    rows = {row.id: row for row in session.execute(select(*columns).where(Building.id.in_(ids)))}
    least = LEAST_PX * across_m / SIZE[0] / plans.DEGREE_M / 2
    shapes = []
    for place, ident in zip(places.tolist(), ids, strict=True):
        if ident in rows:
            row, at = rows[ident], int(classes[place])
            name = f"{told_name(row)} · {_said(work, place, measure)}"
            fill = {"colour": COLOURS[at], "hatch": HATCHES[at], "href": address(row.code)}
            shapes.append(Shape("rated", _large_enough(outline(row.geom), least), name, **fill))
    # What needs most stands on top.
    return shapes[::-1]


def _large_enough(shape: Any, least: float) -> Any:
    west, south, east, north = shape.bounds
    if max(east - west, north - south) >= 2 * least:
        return shape
    return shapely.Point((west + east) / 2, (south + north) / 2).buffer(least, quad_segs=3)


def _said(work: Work, place: int, measure: str) -> str:
    if measure == "completeness":
        return percent(work.board.completeness[place])
    if measure == "age":
        days = int(work.board.median_days[place])
        return gettext("无人报送") if days == NO_DAY else ngettext("%(num)s 天", "%(num)s 天", days)
    return gettext("%(n)s 处", n=int(work.disputes[place]))


def _box(held: Array) -> plans.Box:
    if not len(held):
        return 0.0, 0.0, 0.01, 0.01
    low, high = np.percentile(held["lon"], [0, 100]), np.percentile(held["lat"], [0, 100])
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])
