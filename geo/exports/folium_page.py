"""Any search as one HTML file: a folium map with everything inlined, for reports and notebooks, opens offline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import folium
import shapely
from branca.element import Element
from geoalchemy2 import WKBElement
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from geo import taxonomy
from geo.conditions import lately_confirmed, seen, shown, standing, unit_conditions
from geo.errors import NotFoundError
from geo.filter_words import in_words
from geo.filters import MARKET, Filters, to_query
from geo.model import Building, Floor, GroundFeature, Source, Unit
from geo.search import Asked, find_buildings

MOST_BUILDINGS = 5000
AROUND_DEGREES = 0.02
"""How far the ground goes on beyond what was found."""

_STEPS = ((0.0, "#dde2e8"), (0.10, "#fbdca6"), (0.25, "#f3ad55"), (0.50, "#d9731f"), (1.01, "#9c3f0a"))
_UNKNOWN = "#cfd5cf"
_GROUND = {"water": "#c9dcea", "green": "#d7e6d0", "plaza": "#e6e3da"}

TEXTS = {
    "zh": {
        "title": "楼宇空置地图",
        "name": "楼宇",
        "grade": "等级",
        "floors": "地上层数",
        "vacant": "可租 m²",
        "rate": "空置率",
        "reported": "最早报告日",
        "legend": "空置率（已知空置 / 单元面积合计）",
        "full": "满租",
        "unmanaged": "无单元数据",
        "found": "{n} 栋 · 数据日期 {day}",
        "filter": "筛选",
        "source": "来源",
    },
    "en": {
        "title": "Office vacancy map",
        "name": "Building",
        "grade": "Grade",
        "floors": "Floors above ground",
        "vacant": "To let, m²",
        "rate": "Vacancy",
        "reported": "Oldest report",
        "legend": "Vacancy (known vacant / sum of unit areas)",
        "full": "fully let",
        "unmanaged": "no unit data",
        "found": "{n} buildings · as of {day}",
        "filter": "Filter",
        "source": "Source",
    },
}


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The map library's own script and stylesheet, to be written into the page."""

    script: str
    style: str


@dataclass(frozen=True, slots=True)
class _Sum:
    units_m2: float
    to_let_m2: float
    vacant_m2: float
    oldest: date | None


def folium_page(
    session: Session,
    filters: Filters,
    today: date,
    leaflet: Leaflet,
    locale: str = "zh",
    stale_before: date | None = None,
) -> str:
    """A self-contained HTML page with the buildings that match and what is to let in them.

    Parameters
    ----------
    filters
        Which buildings; unit filters also decide which units count as to let.
    leaflet
        Script and stylesheet that folium would otherwise load from the network.
    locale
        'zh' or 'en'.
    stale_before
        Units whose last word is of before this day do not count as to let, unless the filters ask for them.

    Raises
    ------
    NotFoundError
        Nothing matches.
    """
    text = TEXTS[locale]
    asked = Asked(today, limit=MOST_BUILDINGS, stale_before=stale_before)
    found = [row[0] for row in find_buildings(session, filters, asked).rows]
    if not found:
        raise NotFoundError(f"No building matches {to_query(filters) or 'an empty filter'}; relax the filter.")
    sums = _sums(session, [building.id for building in found], filters, asked)
    outlines = {building.id: _shape(building.geom) for building in found}
    west, south, east, north = shapely.total_bounds(list(outlines.values()))
    page = folium.Map(tiles=None, prefer_canvas=True, zoom_snap=0.25, attributionControl=False)
    page.default_js, page.default_css = [], []
    page.fit_bounds([[south, west], [north, east]], padding=(24, 24))
    for kind, colour in _GROUND.items():
        _add_ground(page, session, kind, colour, (west, south, east, north))
    _add_roads(page, session, (west, south, east, north))
    _add_context(page, session, (west, south, east, north), set(outlines))
    _add_buildings(page, found, outlines, sums, text, locale)
    root: Any = page.get_root()
    root.title = text["title"]
    root.header.add_child(Element(f"<style>{leaflet.style}\n{_STYLE}</style><script>{leaflet.script}</script>"))
    root.html.add_child(Element(_frame(session, found, filters, today, locale)))
    return str(root.render())


def _add_ground(page: folium.Map, session: Session, kind: str, colour: str, box: Sequence[float]) -> None:
    features = _features(_ground(session, kind, box))
    if features["features"]:
        style = {"stroke": False, "fillColor": colour, "fillOpacity": 1}
        folium.GeoJson(features, style_function=lambda _: style, interactive=False, name=kind).add_to(page)


def _add_roads(page: folium.Map, session: Session, box: Sequence[float]) -> None:
    features = _features(_ground(session, "road", box))
    if features["features"]:
        style = {"color": "#ffffff", "weight": 4, "opacity": 1}
        folium.GeoJson(features, style_function=lambda _: style, interactive=False, name="road").add_to(page)


def _add_context(page: folium.Map, session: Session, box: Sequence[float], found: set[int]) -> None:
    """The city around what was found, as pale blocks."""
    chosen = select(Building.id, Building.geom).where(
        Building.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326)), *shown(Building, staff=False)
    )
    rows = session.execute(chosen.limit(MOST_BUILDINGS)).all()
    features = _features(_shape(row.geom) for row in rows if row.id not in found)
    if features["features"]:
        style = {"stroke": False, "fillColor": "#dfe3dd", "fillOpacity": 1}
        folium.GeoJson(features, style_function=lambda _: style, interactive=False, name="context").add_to(page)


def _add_buildings(
    page: folium.Map,
    found: Iterable[Building],
    outlines: Mapping[int, shapely.Geometry],
    sums: Mapping[int, _Sum],
    text: Mapping[str, str],
    locale: str,
) -> None:
    features = [
        {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(outlines[building.id]),
            "properties": _properties(building, sums.get(building.id), locale),
        }
        for building in found
    ]
    fields = ("name", "grade", "floors", "vacant", "rate", "reported")
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {
            "fillColor": feature["properties"]["colour"],
            "fillOpacity": 0.95,
            "color": "#6d7683",
            "weight": 0.7,
        },
        highlight_function=lambda _: {"color": "#14508f", "weight": 3},
        tooltip=folium.GeoJsonTooltip(list(fields), [text[field] for field in fields], sticky=False),
        popup=folium.GeoJsonPopup(list(fields), [text[field] for field in fields]),
        name="buildings",
    ).add_to(page)


def _properties(building: Building, summed: _Sum | None, locale: str) -> dict[str, Any]:
    """What the tooltip shows; escaped, since folium writes it into the page as it is."""
    name = (building.name_en if locale == "en" else None) or building.name or "—"
    rate = summed.vacant_m2 / summed.units_m2 if summed and summed.units_m2 else None
    return {
        "name": escape(name),
        "grade": escape(_grade(building, locale)),
        "floors": building.floors_above or "—",
        "vacant": f"{summed.to_let_m2:,.0f}" if summed else "—",
        "rate": "—" if rate is None else f"{rate:.1%}",
        "reported": summed.oldest.isoformat() if summed and summed.oldest else "—",
        "colour": _colour(rate),
    }


def _grade(building: Building, locale: str) -> str:
    words = {(grade.scheme, grade.code): grade.label(locale) for grade in taxonomy.grades()}
    return words.get((building.grade_scheme or "", building.grade or ""), building.grade or "—")


def _colour(rate: float | None) -> str:
    if rate is None:
        return _UNKNOWN
    return next(colour for limit, colour in _STEPS if rate <= limit)


def _sums(session: Session, building_ids: list[int], filters: Filters, asked: Asked) -> dict[int, _Sum]:
    area = func.coalesce(Unit.area_m2, 0)
    fit = (*unit_conditions(filters), *lately_confirmed(filters, asked.stale_before))
    to_let = and_(Unit.public_status.in_(MARKET), *fit)
    rows = session.execute(
        select(
            Unit.building_id,
            func.sum(area),
            func.coalesce(func.sum(area).filter(to_let), 0),
            func.coalesce(func.sum(area).filter(Unit.public_status == "vacant"), 0),
            func.min(Unit.reported_on),
        )
        .outerjoin_from(Unit, Floor, Floor.id == Unit.floor_id)
        .where(Unit.building_id.in_(building_ids), *standing(asked.today))
        .group_by(Unit.building_id)
    )
    return {row[0]: _Sum(float(row[1]), float(row[2]), float(row[3]), row[4]) for row in rows}


def _ground(session: Session, kind: str, box: Sequence[float]) -> list[shapely.Geometry]:
    envelope = func.ST_MakeEnvelope(*box, 4326)
    chosen = select(func.ST_Intersection(GroundFeature.geom, func.ST_Expand(envelope, AROUND_DEGREES))).where(
        GroundFeature.kind == kind,
        GroundFeature.rank <= 3,
        GroundFeature.geom.op("&&")(envelope),
        *shown(GroundFeature, staff=False),
    )
    return [_shape(geom) for (geom,) in session.execute(chosen.limit(MOST_BUILDINGS))]


def _features(shapes: Iterable[shapely.Geometry]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
            for shape in shapes
            if not shape.is_empty
        ],
    }


def _shape(geom: WKBElement) -> shapely.Geometry:
    """A stored geometry to the decimetre: a page for the eye needs no more."""
    return shapely.set_precision(shapely.from_wkb(bytes(geom.data)), 1e-6)


def _frame(session: Session, found: Sequence[Building], filters: Filters, today: date, locale: str) -> str:
    text = TEXTS[locale]
    used = {building.source_id for building in found}
    sources = session.scalars(select(Source).options(seen(Source, staff=False)).where(Source.id.in_(used)))
    credit = " · ".join(escape(source.attribution or source.name) for source in sources)
    swatches = [(_STEPS[0][1], text["full"])] + [
        (colour, f"≤ {limit:.0%}" if limit < 1 else "> 50%") for limit, colour in _STEPS[1:]
    ]
    legend = "".join(
        f'<i style="background:{colour}"></i>{label}' for colour, label in [*swatches, (_UNKNOWN, text["unmanaged"])]
    )
    asked = " · ".join(in_words(filters, locale))
    return (
        f'<div class="lm-card lm-top"><b>{text["title"]}</b><br>{text["found"].format(n=len(found), day=today)}'
        + (f"<br>{text['filter']}: {escape(asked)}" if asked else "")
        + f'</div><div class="lm-card lm-bottom"><b>{text["legend"]}</b><div>{legend}</div>'
        + f"<small>{text['source']}: {credit} · Leaflet</small></div>"
    )


_STYLE = """
body { font: 14px/1.55 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #17202b; }
.leaflet-container { background: #eef0ec; font: inherit; }
.lm-card { position: absolute; z-index: 1000; background: #fff; border-radius: 10px; padding: 10px 14px;
  box-shadow: 0 2px 10px rgba(23, 32, 43, .14); max-width: min(560px, calc(100vw - 96px)); }
.lm-top { top: 12px; left: 56px; } .lm-bottom { bottom: 24px; left: 12px; }
.lm-bottom i { display: inline-block; width: 14px; height: 14px; border-radius: 3px; margin: 0 6px -2px 12px; }
.lm-bottom i:first-child { margin-left: 0; } .lm-bottom small { color: #566273; }
"""
