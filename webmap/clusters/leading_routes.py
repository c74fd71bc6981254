"""The page of leading industries: cells, buildings or areas in the colour of who leads there, as table and files."""

import csv
import io
import json
from typing import Any

import shapely
from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from geo import taxonomy
from geo.clusters.cells import KINDS
from geo.errors import BadParameterError
from geo.exports.svg_map import Shape, draw_map
from geo.indicators import AreaOutline, read_areas
from geo.looking_back import driver_of
from geo.model import GroundFeature
from webmap import plans
from webmap.cluster_ground import Ground, ground_of
from webmap.cluster_questions import CELLS_M, USUAL, read_question, to_query
from webmap.clusters import amounts, leaders
from webmap.clusters.drawing import MAIN, SIZE
from webmap.clusters.leaders import DRAWN, UNITS, Led
from webmap.clusters.table import feature, told
from webmap.db import public_session
from webmap.locale import address, canonical_url
from webmap.looking_back import PARAMETERS, dated, day_shown, look_back
from webmap.permissions import needs
from webmap.words import colour, industry_name

blueprint = Blueprint("leading", __name__)

LISTED = 60
NOBODY = "#e4e6e3"
"""Of places where nobody leads alone, or that is not told."""

COLUMNS = (
    *("place", "code", "lon", "lat", "leader", "tied", "amount", "everything", "firms", "share", "quotient", "few"),
)


@blueprint.get("/clusters/leading")
@needs("public")
def of_all() -> str | tuple[str, int]:
    """Who leads where."""
    try:
        unit, ground, rows, level, levels = _answered()
    except BadParameterError as error:
        return _page("cell", None, [], problem=error), 422
    # Large places first, so that those that lie in them stay visible.
    drawn = sorted(rows[:DRAWN], key=lambda row: -row.shape.area)
    return _page(unit, ground, rows, map=_draw(unit, drawn), drawn=len(drawn), level=level, levels=levels)


@blueprint.get("/clusters/leading.<any(csv,geojson):kind>")
@needs("public")
def file(kind: str) -> Response:
    """All places with their numbers."""
    unit, ground, rows, _, _ = _answered()
    content = _csv(ground, rows) if kind == "csv" else _geojson(ground, rows)
    answer = Response(content, mimetype="text/csv" if kind == "csv" else "application/geo+json")
    name = f"leading-{unit}-{ground.question.by}-{ground.day}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _answered() -> tuple[str, Ground, list[Led], str, list[str]]:
    """The kind of place, on what it rests, the places, and of areas the level with all there are."""
    unit = request.args.get("unit", "").strip() or UNITS[0]
    if unit not in UNITS:
        raise BadParameterError("unit", unit[:40], ", ".join(UNITS))
    moment = look_back(request.args)
    ground = ground_of(read_question(request.args), moment, whole=True)
    if unit != "cell" and ground.question.by == "area" and not ground.exact:
        # Sums of buildings and areas would lie across those of cells.
        raise BadParameterError("unit", unit, "cell")
    if unit == "cell":
        return unit, ground, leaders.of_cells(public_session(), ground), "", []
    if unit == "building":
        return unit, ground, leaders.of_buildings(public_session(), ground), "", []
    areas = read_areas(driver_of(public_session()))
    level, levels = _level(areas)
    return unit, ground, leaders.of_areas(ground, [each for each in areas if each.level == level]), level, levels


def _level(areas: list[AreaOutline]) -> tuple[str, list[str]]:
    """The level that is asked for, or else that of most areas; and all that there are."""
    present = [each.level for each in areas]
    levels = list(dict.fromkeys(present))
    asked = request.args.get("level", "").strip()
    if asked and asked not in levels:
        raise BadParameterError("level", asked[:40], ", ".join(levels) or "nothing: there are no areas")
    return asked or max(levels, key=present.count, default=""), levels


def _draw(unit: str, rows: list[Led]) -> str:
    if not rows:
        return ""
    west, south, east, north = shapely.total_bounds([row.shape for row in rows]).tolist()
    box = (west - 0.001, south - 0.001, east + 0.001, north + 0.001)
    centre, across_m = plans.view_of(box, SIZE[0] / SIZE[1])
    main = (GroundFeature.kind != "road") | GroundFeature.road_class.in_(MAIN)
    kind = "rated" if unit == "building" else "cell"
    shapes = [
        Shape(
            kind if row.shape.area else "dot",
            row.shape,
            colour=colour(row.leader, "industry") if row.leader else NOBODY,
            hatch=1 if row.few else 0,
            said=_said(row),
            href=_link(unit, row),
        )
        for row in rows
    ]
    ground = plans.ground(public_session(), box, False, *([main] if across_m > 3000 else []))
    return draw_map([*ground, *shapes], centre, across_m, SIZE, title=gettext("领先行业"))


def _said(row: Led) -> str:
    if row.leader:
        return gettext(
            "%(place)s：%(name)s 领先，占 %(share)s",
            place=row.place,
            name=industry_name(row.leader),
            share=f"{row.share:.0%}",
        )
    return gettext("%(place)s：没有一个行业单独领先", place=row.place)


def _link(unit: str, row: Led) -> str | None:
    if unit == "cell":
        asked = read_question(request.args)
        query = to_query(asked, **{name: request.args.get(name, "") for name in PARAMETERS})
        industry = f"industry={row.leader}&" if row.leader and "industry=" not in query else ""
        return address(f"/clusters/cell?{industry}{query}{'&' if query else ''}at={row.lon:.6f},{row.lat:.6f}")
    return dated(address(f"/{'b' if unit == 'building' else 'a'}/{row.code}")) if row.code else None


def _csv(ground: Ground, rows: list[Led]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["# by", ground.question.by, "day", ground.day.isoformat()])
    lines.writerow(COLUMNS)
    lines.writerows([told(value) for value in _values(row).values()] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _geojson(ground: Ground, rows: list[Led]) -> bytes:
    features = [feature(row.shape, _values(row)) for row in rows]
    about = {"by": ground.question.by, "day": ground.day.isoformat()}
    return json.dumps({"type": "FeatureCollection", **about, "features": features}, ensure_ascii=False).encode()


def _values(row: Led) -> dict[str, Any]:
    return {name: " ".join(row.tied) if name == "tied" else getattr(row, name) for name in COLUMNS}


def _page(unit: str, ground: Ground | None, rows: list[Led], **values: Any) -> str:
    question = ground.question if ground else USUAL
    dates = {name: request.args.get(name, "") for name in PARAMETERS}
    usual = {"problem": None, "map": "", "drawn": 0, "level": "", "levels": []}
    query = to_query(question, **dates, unit="" if unit == "cell" else unit, level=values.get("level", ""))
    return render_template(
        "clusters/leading.html",
        here="clusters",
        question=question,
        ground=ground,
        unit=unit,
        rows=rows[:LISTED],
        number=len(rows),
        counts=leaders.numbers_of(rows),
        few=sum(row.few for row in rows),
        link=_link,
        query=query,
        day=ground.day if ground else day_shown(),
        groups=taxonomy.map_groups(),
        cells_m=CELLS_M,
        kinds=KINDS,
        amounts=amounts,
        name=industry_name,
        canonical=canonical_url(),
        **dates,
        **{**usual, **values},
    )
