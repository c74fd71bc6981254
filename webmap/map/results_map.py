"""The results of a search drawn as a plan with links, where no script draws the map."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.exports.svg_map import Shape, draw_map
from geo.model import Building, GroundFeature
from geo.state_search import Table
from geo.state_search.orders import best
from webmap import plans
from webmap.locale import address
from webmap.map.listing import matching, read
from webmap.names import label
from webmap.plans import Box

MOST = 400
"""Buildings on one drawing, the first of the list."""

SIZE = (960, 640)
OUTLINES_UP_TO_M = 6000
"""Metres across; beyond that a building is a dot."""

EVERY_STREET_UP_TO_M = 2500
MARGIN = 0.0008
"""Degrees around the outermost buildings."""

NOWHERE: Box = (104.19, 35.89, 104.21, 35.91)
"""The middle of the country, where there is no data at all."""


def results_map(session: Session, query: Mapping[str, str], *, staff: bool) -> str:
    """The drawing; `query` is that of the map page, keys that are no filters are left alone."""
    asked = read(query)
    search, rows = matching(asked, staff=staff)
    first = best(search, rows, asked.sort, MOST)
    shape = asked.filters.shape
    box = asked.filters.bbox or (shape.bounds if shape else _around(search.table, first))
    centre, across_m = plans.view_of(box, SIZE[0] / SIZE[1])
    ground = plans.shapes_in(session, box, staff) if across_m <= EVERY_STREET_UP_TO_M else _streets(session, box, staff)
    found = _found(session, search.table.building("id")[first].tolist(), dots=across_m > OUTLINES_UP_TO_M)
    title = gettext("符合条件的楼宇：%(num)s 幢", num=len(rows))
    drawn = [Shape("outline", shape.outline)] if shape else []
    drawing = draw_map([*ground, *drawn, *found], centre, across_m, SIZE, title=title)
    return drawing.replace("<a href=", '<a target="_top" href=')  # it may stand in a frame; names are escaped


def _around(table: Table, rows: np.ndarray[Any, Any]) -> Box:
    """The box of some buildings, of all where there are none."""
    lon, lat = (table.building(axis)[rows if len(rows) else slice(None)] / 1e6 for axis in ("lon", "lat"))
    if not len(lon):
        return NOWHERE
    west, east, south, north = (float(each) for each in (lon.min(), lon.max(), lat.min(), lat.max()))
    return west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN


def _streets(session: Session, box: Box, staff: bool) -> list[Shape]:
    main = GroundFeature.rank <= 2
    return [*plans.ground(session, box, staff, main), *plans.transit(session, box, staff)]


def _found(session: Session, ids: Sequence[int], *, dots: bool) -> list[Shape]:
    columns = (Building.code, Building.name, Building.name_en, Building.address, Building.geom)
    rows = session.execute(select(*columns).where(Building.id == func.any(list(ids)))).all()
    return [_shape(row, dots=dots) for row in rows]


def _shape(row: Any, *, dots: bool) -> Shape:
    outline, name = plans.outline(row.geom), label(row) or row.address
    where = address(f"/b/{row.code}")
    return (
        Shape("dot", shapely.centroid(outline), name, href=where)
        if dots
        else Shape("vacant", outline, name, href=where)
    )
