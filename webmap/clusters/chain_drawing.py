"""Draws the links of a chain between buildings, and the clusters that lack partners, over the streets."""

from collections.abc import Iterable, Iterator, Mapping
from math import sqrt

import numpy as np
import shapely
from flask_babel import gettext
from sqlalchemy import or_
from sqlalchemy.orm import Session

from geo.exports.svg_map import Shape, draw_map
from geo.model import GroundFeature
from webmap import plans
from webmap.clusters.chains import ChainsFound, places_of
from webmap.clusters.drawing import EVERY_STREET_UP_TO_M, MAIN, SIZE
from webmap.numbers import number
from webmap.plans import Box

UPSTREAM, DOWNSTREAM, LINE = "#0d735a", "#d9731f", "#14508f"
DRAWN, NAMED, PINNED = 200, 12, 9
_WIDEST_PX, _LARGEST_PX = 7.0, 16.0

Names = Mapping[int, tuple[str, str]]


def buildings_drawn(found: ChainsFound) -> list[int]:
    """The places in `found.seats` of buildings of the pair: those that links lead between, and the largest beside."""
    if found.pair is None or found.links is None:
        return []
    both = np.where(found.inside, found.seats.of(found.pair.upstream) + found.seats.of(found.pair.downstream), 0)
    largest = np.argsort(-both, kind="stable")[: min(DRAWN, int((both > 0).sum()))]
    return np.unique(np.concatenate([found.links.sellers, found.links.buyers, largest])).tolist()


def draw(session: Session, found: ChainsFound, names: Names, area: Box | None = None) -> str:
    """The map as SVG; of an area its own box is shown."""
    sites, pins = [*_sites(found, names)], [*_pins(found)]
    box = area or _box([*sites, *pins])
    centre, across_m = plans.view_of(box, SIZE[0] / SIZE[1])
    main = or_(GroundFeature.kind != "road", GroundFeature.road_class.in_(MAIN))
    ground = plans.ground(session, box, False, *([main] if across_m > EVERY_STREET_UP_TO_M else []))
    return draw_map([*ground, *_lines(found), *sites, *pins], centre, across_m, SIZE, title=gettext("产业链"))


def _lines(found: ChainsFound) -> Iterator[Shape]:
    if found.links is None or not len(found.links.strength):
        return
    ends = zip(places_of(found, found.links.sellers), places_of(found, found.links.buyers), strict=True)
    strongest = float(found.links.strength.max())
    for (one, other), strength in zip(ends, found.links.strength.tolist(), strict=True):
        width = max(0.8, _WIDEST_PX * sqrt(strength / strongest))
        yield Shape("link", shapely.LineString([one, other]), colour=LINE, size_px=width)


def _sites(found: ChainsFound, names: Names) -> Iterator[Shape]:
    """Buildings of the pair, in the colour of the side of which they have more; the largest are named."""
    pair, at = found.pair, buildings_drawn(found)
    if pair is None or not at:
        return
    sold, bought = (found.seats.of(code)[at] for code in (pair.upstream, pair.downstream))
    most = float((sold + bought).max())
    order = np.argsort(-(sold + bought), kind="stable").tolist()
    places = places_of(found, at)
    for rank, which in enumerate(order):
        name = names.get(int(found.seats.building_ids[at[which]]), ("", ""))[0]
        yield Shape(
            "site",
            shapely.Point(places[which]),
            name if rank < NAMED else None,
            colour=UPSTREAM if sold[which] >= bought[which] else DOWNSTREAM,
            size_px=max(3.0, _LARGEST_PX * sqrt(float(sold[which] + bought[which]) / most)),
            said=_told(name, int(sold[which]), int(bought[which])),
        )


def _told(name: str, sold: int, bought: int) -> str:
    return gettext(
        "%(place)s：上游 %(up)s 家，下游 %(down)s 家",
        place=name or gettext("未命名楼宇"),
        up=number(sold),
        down=number(bought),
    )


def _pins(found: ChainsFound) -> Iterator[Shape]:
    """Where the first rows of the list of gaps are; rows of one cluster share a pin."""
    rows: dict[int, list[str]] = {}
    for rank, gap in enumerate(found.gaps[:PINNED], start=1):
        rows.setdefault(int(gap.gathering.buildings[0]), []).append(str(rank))
    for place, ranks in zip(places_of(found, [*rows]), rows.values(), strict=True):
        yield Shape("pin", shapely.Point(place), " ".join(ranks))


def _box(shapes: Iterable[Shape]) -> Box:
    west, south, east, north = shapely.total_bounds([shape.geometry for shape in shapes])
    return float(west), float(south), float(east), float(north)
