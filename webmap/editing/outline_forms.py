"""The page on which an outline is drawn or pasted: what was sent, what is to be known of it, and the small map."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import shapely
from flask_babel import gettext
from geoalchemy2.shape import to_shape
from shapely import MultiPolygon
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geo.crs import Datum, parse_crs
from geo.editing.outline_texts import read_outline
from geo.editing.outlines import Examined, examine, written
from geo.errors import BadParameterError, UnknownCrsError
from geo.exports.svg_map import Shape, draw_map
from geo.model import Building, Section
from webmap import plans
from webmap.names import label

SIZE = (520, 340)
_AROUND = (0.0035, 0.003)
_NEIGHBOURS = 400


@dataclass(slots=True)
class OutlineForm:
    """What stands in the form: the text, its system, what is wrong with it or what it comes to."""

    text: str
    crs: str
    wrong: str = ""
    examined: Examined | None = None

    @property
    def checked(self) -> str:
        """A digest of the outline that has been looked at, to be sent back with the order to keep it."""
        return digest(self.examined.outline) if self.examined else ""


def read_form(
    session: Session, sent: MultiDict[str, str], building: Building | None, section: Section | None = None
) -> OutlineForm:
    """Look at what was sent; never raises."""
    form = OutlineForm(sent.get("outline", ""), sent.get("crs", "wgs84"))
    try:
        form.crs = parse_crs(form.crs)
        form.examined = examine(session, read_outline(form.text, form.crs), building, section)
    except UnknownCrsError:
        form.wrong = gettext("不认识这个坐标系：请填 wgs84、cgcs2000、gcj02、bd09 或 EPSG 编号。")
    except BadParameterError:
        form.wrong = gettext("这不是轮廓：请粘贴面的 GeoJSON 或 WKT，并选对坐标系。")
    if form.examined and not form.examined.fits:
        form.wrong = _misfit(form.examined)
    return form


def repaired_form(
    form: OutlineForm, session: Session, building: Building | None, section: Section | None
) -> OutlineForm:
    """The form with the repaired outline in the place of the invalid one."""
    if form.examined is None or form.examined.repaired is None:
        return form
    fixed = form.examined.repaired
    examined = examine(session, fixed, building, section)
    return OutlineForm(written(fixed, form.crs), form.crs, "" if examined.fits else _misfit(examined), examined)


def digest(outline: MultiPolygon) -> str:
    """A short name of an outline, the same for the same coordinates."""
    return sha256(shapely.to_wkb(outline)).hexdigest()[:16]


def systems(display: str) -> list[tuple[str, str]]:
    """Coordinate systems to choose from, the site's own first."""
    known = {
        Datum.WGS84.value: "WGS-84",
        Datum.CGCS2000.value: "CGCS2000",
        Datum.GCJ02.value: gettext("GCJ-02（高德、腾讯）"),
        Datum.BD09.value: gettext("BD-09（百度）"),
    }
    return sorted({display: known.get(display, display), **known}.items(), key=lambda each: each[0] != display)


def drawing_of(
    session: Session, middle: tuple[float, float], building: Building | None, outline: Any = None, *, hidden: bool
) -> dict[str, Any]:
    """What the map to draw on shows: the neighbours, the outline that stands, and the one in hand, as GeoJSON.

    With `hidden` neighbours that are not publishable too: for those alone who may see all of them.
    """
    box = plans.box_around(*middle, *_AROUND)
    near = select(Building.id, Building.geom, Building.name, Building.code)
    if not hidden:
        near = near.where(or_(Building.publishable, Building.id == (building.id if building else None)))
    near = near.where(Building.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326)), Building.withdrawn_at.is_(None)).limit(
        _NEIGHBOURS
    )
    features = [
        {
            "type": "Feature",
            "properties": {"own": building is not None and row.id == building.id, "name": row.name or ""},
            "geometry": shapely.geometry.mapping(to_shape(row.geom)),
        }
        for row in session.execute(near)
    ]
    ground = [
        {"type": "Feature", "properties": {"kind": shape.kind}, "geometry": shapely.geometry.mapping(shape.geometry)}
        for shape in plans.ground(session, box, hidden)
    ]
    drawn = shapely.geometry.mapping(outline) if outline is not None else None
    return {"middle": middle, "outline": drawn, "around": _collected(features), "ground": _collected(ground)}


def preview(session: Session, examined: Examined, building: Building | None, *, hidden: bool) -> str:
    """The outline among its neighbours as SVG: what stands is grey, the new one a blue line."""
    shape = examined.repaired or examined.outline
    centre = shape.centroid
    box = plans.box_around(centre.x, centre.y, 0.002, 0.0015)
    shapes = plans.shapes_in(session, box, hidden)
    across_m = max(160.0, 2.2 * (shape.bounds[2] - shape.bounds[0]) * plans.DEGREE_M)
    drawn: Sequence[Shape] = [*shapes, Shape("outline", shape, gettext("新轮廓"))]
    title = label(building) if building else gettext("新楼宇")
    return draw_map(drawn, (centre.x, centre.y), across_m, SIZE, title=title or gettext("轮廓"))


def _misfit(examined: Examined) -> str:
    if examined.reason is None:
        return gettext("面积是 %(area)s m²，不像一幢楼。", area=f"{examined.area_m2:,.0f}")
    place = f"{examined.at[0]:.6f}, {examined.at[1]:.6f}" if examined.at else "—"
    reason = _reasons().get(examined.reason, examined.reason)
    return gettext(
        "轮廓无效：%(reason)s，在 %(place)s（WGS-84）。请移开那个角，或采用下面修复后的轮廓。",
        reason=reason,
        place=place,
    )


def _reasons() -> dict[str, str]:
    return {
        "Self-intersection": gettext("边线自相交"),
        "Ring Self-intersection": gettext("边线自己碰到自己"),
        "Hole lies outside shell": gettext("内洞在外面"),
        "Nested shells": gettext("一块套着另一块"),
        "Too few points in geometry component": gettext("角太少"),
    }


def _collected(features: Sequence[Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
