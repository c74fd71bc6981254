"""The pages of indicators: all of an area, and each with its definition, formula, places and changes."""

from typing import Any

from flask import Blueprint, Flask, Response, render_template, request

from geo.errors import BadParameterError
from geo.indicators import indicators
from webmap import db, indicator_records
from webmap import indicator_words as wording
from webmap.indicator_asking import Asked, read_asked, read_indicator
from webmap.indicator_charts import course, spark
from webmap.indicator_ranks import rank_areas, rank_buildings
from webmap.indicators import table
from webmap.locale import canonical_url
from webmap.looking_back import day_shown
from webmap.permissions import needs

blueprint = Blueprint("indicators", __name__)

FIRST = ("occupancy_rate", "vacant_area", "residents", "net_absorption", "asked_rent", "months_to_absorb")
"""What the page shows large, before everything else."""

LISTED = 200
"""Buildings in the table of one indicator; the file has all."""


@blueprint.get("/indicators")
@needs("public")
def overview() -> str | tuple[str, int]:
    """All indicators of an area, beside what they were."""
    try:
        asked = read_asked(request.args)
    except BadParameterError as error:
        return _page("indicators", None, problem=error), 422
    told = indicator_records.compared(asked.known, asked.area, asked.chosen)
    return _page(
        "indicators",
        asked,
        told=told,
        first=[each for code in FIRST for each in told if each.now.indicator.code == code],
        groups=[
            (group, [each for each in told if each.now.indicator.group == group])
            for group in dict.fromkeys(each.group for each in asked.chosen)
        ],
        breaks=indicator_records.broken(asked.known, asked.area),
        sources=indicator_records.sources_of(db.public_session(), asked.part),
    )


@blueprint.get("/indicators/<code>")
@needs("public")
def indicator(code: str) -> str | tuple[str, int]:
    """One indicator: definition, formula with its numbers, the areas and buildings it is made of."""
    try:
        asked = read_asked(request.args)
    except BadParameterError as error:
        return _page("indicators", None, problem=error), 422
    chosen = read_indicator(code, asked.chosen)
    [told] = indicator_records.compared(asked.known, asked.area, [chosen])
    buildings = rank_buildings(db.public_session(), asked.part, told.now)
    return _page(
        "indicator",
        asked,
        indicator=chosen,
        each=told,
        terms=dict(told.now.terms),
        course=course(told),
        breaks=indicator_records.broken(asked.known, asked.area),
        within=rank_areas(asked.known, asked.area, told.now),
        buildings=buildings[:LISTED],
        count=len(buildings),
        sources=indicator_records.sources_of(db.public_session(), asked.part),
    )


@blueprint.get("/indicators.csv")
@needs("public")
def overview_csv() -> Response:
    """All indicators of an area with their parts, as a table."""
    asked = read_asked(request.args)
    told = indicator_records.compared(asked.known, asked.area, asked.chosen)
    return _file(table.write_indicators(told, asked.known.record.moment, asked.area), "indicators")


@blueprint.get("/indicators/<code>.csv")
@needs("public")
def indicator_csv(code: str) -> Response:
    """One indicator of every building, as a table."""
    asked = read_asked(request.args)
    chosen = read_indicator(code, asked.chosen)
    [told] = indicator_records.compared(asked.known, asked.area, [chosen])
    rows = rank_buildings(db.public_session(), asked.part, told.now)
    return _file(table.write_buildings(rows, told.now, asked.known.record.moment, asked.area), chosen.code)


def _page(name: str, asked: Asked | None, **values: Any) -> str:
    as_of, known_at = request.args.get("as_of", ""), request.args.get("known_at", "")
    kept = {"area": asked.area.code if asked and asked.area else "", "as_of": as_of, "known_at": known_at}
    told = {"problem": None, "query_for": lambda area: indicator_records.query_of({**kept, "area": area}), **values}
    return render_template(
        f"indicators/{name}.html",
        here="indicators",
        asked=asked,
        day=day_shown(),
        as_of=as_of,
        known_at=known_at,
        query=indicator_records.query_of(kept),
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
    app.extensions["loumap_indicators"] = indicator_records.Worked()
    indicators(app.extensions["loumap_settings"].indicators)
