"""The small map of an area: its outline, its buildings and its main streets."""

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.exports.svg_map import Shape
from geo.model import Building, GroundFeature
from webmap.buildings.areas import AreaPage
from webmap.locale import address
from webmap.looking_back import dated
from webmap.names import label
from webmap.plans import MOST, Box, ground, outline, transit


def area_shapes(session: Session, page: AreaPage, staff: bool) -> tuple[list[Shape], Box]:
    """An area with its main streets and waters and the buildings of its page, and the box that is worth showing.

    Buildings with something to let stand out. The box is that of the buildings, of the whole area when it has none.
    """
    vacant = {each.facts.id: each.vacancy.vacant_m2 + each.vacancy.soon_m2 > 0 for each in page.buildings}
    outlines = select(Building.id, Building.code, Building.name, Building.name_en, Building.geom)
    rows = session.execute(outlines.where(Building.id.in_(list(vacant))).limit(MOST))
    kinds = {True: "vacant", False: "listed"}
    built = [
        Shape(kinds[bool(vacant[row.id])], outline(row.geom), label(row), href=dated(address(f"/b/{row.code}")))
        for row in rows
    ]
    box: Box = tuple(shapely.total_bounds([shape.geometry for shape in built]).tolist()) if built else page.box
    streets = ground(session, box, staff, GroundFeature.rank <= 2)
    return [*streets, *transit(session, box, staff), Shape("outline", outline(page.area.geom)), *built], box
