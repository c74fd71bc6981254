"""Draws the cells of an answer over the streets, in colours of how much more or less there is than expected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from flask_babel import gettext
from numpy.typing import NDArray
from sqlalchemy import or_
from sqlalchemy.orm import Session

from geo.clusters.amounts import Measure
from geo.clusters.analysis import Findings
from geo.exports.svg_map import Shape, draw_map
from geo.model import GroundFeature
from webmap import plans
from webmap.cluster_findings import CellFound, ClusterFound
from webmap.clusters.amounts import with_unit
from webmap.locale import address
from webmap.numbers import number
from webmap.plans import Box

SIZE = (960, 640)
EVERY_STREET_UP_TO_M = 3000
MAIN = ("motorway", "trunk", "primary")


@dataclass(frozen=True, slots=True)
class Class:
    """A colour of the map for findings with a quotient from `least` on."""

    colour: str
    finding: str
    least: float


LEGEND = (
    *(Class("#8c2d04", "hot", 4.0), Class("#cc4c02", "hot", 2.5)),
    *(Class("#ec7014", "hot", 1.5), Class("#fdb863", "hot", 0)),
    *(Class("#c9cdd1", "", 0), Class("#7fa8cc", "cold", 0.5), Class("#2b5c8a", "cold", 0)),
)


QUOTIENTS = (
    *(Class("#8c2d04", "", 4.0), Class("#cc4c02", "", 2.5), Class("#ec7014", "", 1.5), Class("#fdb863", "", 1.1)),
    *(Class("#c9cdd1", "", 0.9), Class("#7fa8cc", "", 0.5), Class("#2b5c8a", "", 0)),
)
"""Of square metres and yuan, whose quotients are told whatever chance may do."""

HELD, HELD_PX = "#17202b", 4.0
"""The dot on a cell that holds by permutation as well."""

PINNED = 20
"""Clusters with a number on the map, the strongest ones."""


def draw(
    session: Session, found: Findings, cells: Sequence[CellFound], clusters: Sequence[ClusterFound], query: str
) -> str:
    """The map as SVG; clusters lead to their rows of the table and cells to their pages, asked by `query`."""
    box = _box(found.outlines)
    centre, across_m = plans.view_of(box, SIZE[0] / SIZE[1])
    main = or_(GroundFeature.kind != "road", GroundFeature.road_class.in_(MAIN))
    ground = plans.ground(session, box, False, *([main] if across_m > EVERY_STREET_UP_TO_M else []))
    by = found.question.by
    shapes = [
        Shape(
            # With a dark edge: what stands out though its colour does not say so.
            "rated" if by != "enterprises" and cell.finding else "cell",
            cell.outline,
            _said(cell, by),
            colour=colour_of(cell.finding, cell.quotient, by),
            href=page_of(cell, query),
        )
        for cell in cells
    ]
    held = (cell for cell in cells if cell.finding and cell.permuted == cell.finding)
    shapes += [_dot(cell, query) for cell in held]
    for at, cluster in enumerate(clusters, start=1):
        said, href = _said_of(cluster), f"#cluster-{at}"
        shapes.append(Shape("cluster", cluster.shape, said))
        if at <= PINNED:
            shapes.append(Shape("pin", cluster.shape.representative_point(), str(at), href=href))
    return draw_map([*ground, *shapes], centre, across_m, SIZE, title=gettext("产业集聚"))


def colour_of(finding: str, quotient: float, by: Measure = "enterprises") -> str:
    """The colour of a cell: 'hot', 'cold' or neither, and how far from what was expected; of sums the latter alone."""
    if by != "enterprises":
        return next((each.colour for each in QUOTIENTS if quotient >= each.least), QUOTIENTS[4].colour)
    return next(each.colour for each in LEGEND if each.finding == finding and quotient >= each.least)


def page_of(cell: CellFound, query: str) -> str:
    """The address of a cell's page."""
    return address(f"/clusters/cell?{query}{'&' if query else ''}at={cell.lon:.6f},{cell.lat:.6f}")


def _dot(cell: CellFound, query: str) -> Shape:
    middle = shapely.Point(cell.lon, cell.lat)
    said = _said(cell, "enterprises")
    return Shape("site", middle, said=said, colour=HELD, href=page_of(cell, query), size_px=HELD_PX)


def _said_of(cluster: ClusterFound) -> str:
    return gettext(
        "%(place)s 一带：%(n)s 家，预期 %(expected)s 家",
        place=cluster.place,
        n=number(cluster.enterprises),
        expected=number(cluster.expected, 1),
    )


def _said(cell: CellFound, by: Measure) -> str:
    return gettext(
        "%(place)s 一带：%(near)s，预期 %(expected)s",
        place=cell.place,
        near=with_unit(cell.near, by),
        expected=with_unit(cell.expected, by, 1),
    )


def _box(outlines: NDArray[np.object_]) -> Box:
    west, south, east, north = shapely.total_bounds(outlines)
    return float(west), float(south), float(east), float(north)
