"""The pages of indicators: all of an area, and each with its definition, formula, places and changes."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request

from geo.disclosure import Audience
from geo.errors import BadParameterError
from geo.indicators import AreaOutline, Indicator, Part, indicators
from webmap import db
from webmap.config import current_settings
from webmap.indicators import operations, table, wording
from webmap.indicators.asking import read_area, read_indicator
from webmap.indicators.drawing import course, spark
from webmap.indicators.operations import Known
from webmap.indicators.places import rank_areas, rank_buildings
from webmap.indicators.rights import audiences_of
from webmap.locale import canonical_url
from webmap.looking_back import day_shown, look_back
from webmap.moments import is_instant
from webmap.permissions import current_user, needs
from webmap.published import published

blueprint = Blueprint("indicators", __name__)

FIRST = ("occupancy_rate", "vacant_area", "residents", "net_absorption", "asked_rent", "months_to_absorb")
"""What the page shows large, before everything else."""

LISTED = 200
"""Buildings in the table of one indicator; the file has all."""


@dataclass(frozen=True)
class Asked:
    """What a request asks about: what is known, the area, its part, and the indicators that the asker may see."""

    known: Known
    area: AreaOutline | None
    part: Part
    chosen: list[Indicator]


@blueprint.get("/indicators")
@needs("public")
def overview() -> str | tuple[str, int]:
    """All indicators of an area, beside what they were."""
    try:
        asked = _asked()
    except BadParameterError as error:
        return _page("indicators", None, problem=error), 422
    told = operations.compared(asked.known, asked.area, asked.chosen)
    return _page(
        "indicators",
        asked,
        told=told,
        first=[each for code in FIRST for each in told if each.now.indicator.code == code],
        groups=[
            (group, [each for each in told if each.now.indicator.group == group])
            for group in dict.fromkeys(each.group for each in asked.chosen)
        ],
        breaks=operations.broken(asked.known, asked.area),
        sources=operations.sources_of(db.public_session(), asked.part),
    )


@blueprint.get("/indicators/<code>")
@needs("public")
def indicator(code: str) -> str | tuple[str, int]:
    """One indicator: definition, formula with its numbers, the areas and buildings it is made of."""
    try:
        asked = _asked()
    except BadParameterError as error:
        return _page("indicators", None, problem=error), 422
    chosen = read_indicator(code, asked.chosen)
    [told] = operations.compared(asked.known, asked.area, [chosen])
    buildings = rank_buildings(db.public_session(), asked.part, told.now)
    return _page(
        "indicator",
        asked,
        indicator=chosen,
        each=told,
        terms=dict(told.now.terms),
        course=course(told),
        breaks=operations.broken(asked.known, asked.area),
        within=rank_areas(asked.known, asked.area, told.now),
        buildings=buildings[:LISTED],
        count=len(buildings),
        sources=operations.sources_of(db.public_session(), asked.part),
    )


@blueprint.get("/indicators.csv")
@needs("public")
def overview_csv() -> Response:
    """All indicators of an area with their parts, as a table."""
    asked = _asked()
    told = operations.compared(asked.known, asked.area, asked.chosen)
    return _file(table.write_indicators(told, asked.known.record.moment, asked.area), "indicators")


@blueprint.get("/indicators/<code>.csv")
@needs("public")
def indicator_csv(code: str) -> Response:
    """One indicator of every building, as a table."""
    asked = _asked()
    chosen = read_indicator(code, asked.chosen)
    [told] = operations.compared(asked.known, asked.area, [chosen])
    rows = rank_buildings(db.public_session(), asked.part, told.now)
    return _file(table.write_buildings(rows, told.now, asked.known.record.moment, asked.area), chosen.code)


def _asked() -> Asked:
    moment = look_back(request.args)
    worked: operations.Worked = current_app.extensions["loumap_indicators"]
    settings = current_settings()
    version = tuple(sorted(published().versions().items()))
    today = settings.today()
    known = operations.known_at(db.public_session(), moment, worked, version, today)
    area = read_area(request.args.get("area", "").strip(), known.areas)
    user = None if is_instant(request.args.get("known_at", "")) else current_user()
    audiences = frozenset({Audience.PUBLIC})
    if user is not None:
        audiences = audiences_of(db.session(), user, area, known.part(area))
    if Audience.STAFF in audiences:
        known = operations.known_to_staff(db.session(), moment, worked, version, today)
    chosen = [each for each in indicators(settings.indicators) if each.audience in audiences]
    return Asked(known, area, known.part(area), chosen)


def _page(name: str, asked: Asked | None, **values: Any) -> str:
    as_of, known_at = request.args.get("as_of", ""), request.args.get("known_at", "")
    kept = {"area": asked.area.code if asked and asked.area else "", "as_of": as_of, "known_at": known_at}
    told = {"problem": None, "query_for": lambda area: operations.query_of({**kept, "area": area}), **values}
    return render_template(
        f"indicators/{name}.html",
        here="indicators",
        asked=asked,
        day=day_shown(),
        as_of=as_of,
        known_at=known_at,
        query=operations.query_of(kept),
        spark=spark,
        canonical=canonical_url(),
        wording=wording,
        **told,
    )


def _file(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{day_shown()}.csv"'
    return answer


def init_app(app: Flask) -> None:
    """Keep what was read; a file of own indicators that cannot be used is said when the site starts."""
    app.extensions["loumap_indicators"] = operations.Worked()
    indicators(app.extensions["loumap_settings"].indicators)
