"""The pages of indicators: all of an area, and each with its definition, formula, places and changes."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import numpy as np
from flask import Blueprint, Flask, Response, render_template, request

from geo.errors import BadParameterError
from geo.indicators import Indicator, Part, indicators
from geo.indicators.comparing import Compared, compare, compared_days, first_day
from geo.indicators.concentration import leading_industry
from geo.indicators.days import Day
from geo.indicators.supply import supply_of
from geo.indicators.waterfall import waterfall
from geo.looking_back import Moment
from webmap import db, indicator_records
from webmap import indicator_words as wording
from webmap.config import Settings, current_settings
from webmap.db import Database
from webmap.freshness import Follower, also_follow
from webmap.indicator_asking import Asked, read_asked, read_indicator, version_of, worked_out
from webmap.indicator_charts import course, fall, spark
from webmap.indicator_files import RecordFiles
from webmap.indicator_ranks import buildings_of, count_ranked, rank_areas, rank_buildings
from webmap.indicator_records import VISITORS
from webmap.indicators import drilling, sourcing, supposing, table
from webmap.locale import canonical_url
from webmap.looking_back import day_shown, moment_shown
from webmap.moments import end_of, read_day
from webmap.permissions import needs
from webmap.report_offers import offer_of

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
    chosen = [each for each in asked.chosen if not each.variant_of]
    told = [each for each in indicator_records.compared(asked.known, asked.area, chosen) if not _unpublished(each)]
    return _page(
        "indicators",
        asked,
        told=told,
        first=[each for code in FIRST for each in told if each.now.indicator.code == code],
        groups=[
            (group, [each for each in told if each.now.indicator.group == group])
            for group in dict.fromkeys(each.now.indicator.group for each in told)
        ],
        breaks=indicator_records.broken(asked.known, asked.area),
        offer=offer_of(db.session(), asked.area),
    )


@blueprint.get("/indicators/<code>")
@needs("public")
def indicator(code: str) -> str | tuple[str, int]:
    """One indicator: definition, formula with its numbers, the areas and buildings it is made of, and who says so."""
    try:
        asked = read_asked(request.args)
        place = _building(asked)
    except BadParameterError as error:
        return _page("indicators", None, problem=error), 422
    chosen = read_indicator(code, asked.chosen)
    if place is not None:
        return _page("indicator", asked, **_inside(asked, place, chosen))
    [told] = indicator_records.compared(asked.known, asked.area, [chosen])
    return _page(
        "indicator",
        asked,
        **_told(asked, asked.part, told),
        breaks=indicator_records.broken(asked.known, asked.area),
        within=rank_areas(asked.known, asked.area, told.now),
        buildings=rank_buildings(db.public_session(), asked.part, told.now, LISTED),
        count=count_ranked(asked.part, told.now),
    )


@blueprint.get("/indicators/change")
@needs("public")
def change() -> str | tuple[str, int]:
    """How occupied area and its base became what they are: step by step since a day."""
    try:
        asked = read_asked(request.args)
        since = _since(asked)
    except BadParameterError as error:
        return _page("indicators", None, problem=error), 422
    settings, session = current_settings(), db.public_session()
    moment, today = asked.known.record.moment, settings.today()
    then = Moment(since, min(end_of(since, settings), moment.known_at))
    before = indicator_records.known_before(session, then, worked_out(), version_of(), today)
    after = indicator_records.known_at(session, moment_shown(), worked_out(), version_of(), today).part(asked.area)
    found = waterfall(before.part(asked.area) if before else after, after, since, moment.as_of)
    return _page("change", asked, since=since, found=found, corrected=before is not None, fall=fall(found))


@blueprint.get("/indicators/suppose")
@needs("public")
def suppose() -> str | tuple[str, int]:
    """What a few indicators would be if floors were let or lost; all of it in the address, nothing written."""
    try:
        asked = read_asked(request.args)
        places = {each.code: each for each in buildings_of(db.public_session(), asked.part)}
        said = [*request.args.getlist("try"), *_added()]
        answer = supposing.suppose(asked.part, day_shown(), supposing.read_tried(said), places, asked.chosen)
    except BadParameterError as error:
        return _page("indicators", None, problem=error), 422
    return _page("suppose", asked, answer=answer, places=places.values(), without=_without)


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


def _told(asked: Asked, part: Part, told: Compared) -> dict[str, Any]:
    """What a page says of an indicator of an area or a building alike."""
    now, area, audiences = told.now, asked.area, asked.audiences
    offices: Sequence[sourcing.OfficeBeside] = ()
    if area is not None and part is asked.part and audiences != VISITORS:
        offices = sourcing.beside_offices(db.session(), part, now, area.id, asked.known.record.moment, audiences)
    return {
        "indicator": now.indicator,
        "each": told,
        "terms": dict(now.terms),
        "course": course(told),
        "leads": leading_industry(Day(part, now.day), now.indicator.numerator),
        "variants": _variants(asked, now.indicator),
        "supply": supply_of(Day(part, now.day)) if now.indicator.code == "months_to_absorb" else None,
        "sourcing": sourcing.sourcing_of(db.public_session(), part, now, offices),
    }


def _variants(asked: Asked, indicator: Indicator) -> list[Indicator]:
    """The other ways to reckon an indicator, itself among them; none where there is one way alone."""
    code = indicator.variant_of or indicator.code
    found = [each for each in asked.chosen if code in (each.code, each.variant_of)]
    return found if len(found) > 1 else []


def _building(asked: Asked) -> Any:
    """The building that is asked about, if one is."""
    said = request.args.get("building", "").strip()
    return drilling.read_building(db.public_session(), said, asked.part) if said else None


def _inside(asked: Asked, place: Any, chosen: Indicator) -> dict[str, Any]:
    """What the page says of one building: its floors and units, or who sits there."""
    part = asked.known.record.part_of(np.array([place.id]))
    [told] = compare(part, asked.known.record.moment.as_of, [chosen])
    return {
        **_told(asked, part, told),
        "building": place,
        "inside": drilling.inside(db.public_session(), asked.part, part, told.now, asked.audiences),
        "breaks": (),
    }


def _unpublished(told: Compared) -> bool:
    """Whether there is nothing that everybody may know of a tax."""
    of = told.now.indicator
    return of.group == "tax" and of.confidentiality == "public" and told.now.value is None


def _added() -> list[str]:
    """What the form of the page adds to what is supposed."""
    told = [request.args.get(name, "").strip() for name in ("act", "building", "m2")]
    return [".".join(told)] if all(told) else []


def _without(written: str) -> str:
    """The query of the page without one supposition."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in ("try", "act", "building", "m2")]
    said = [each for each in (*request.args.getlist("try"), *_added()) if each != written]
    return urlencode([*kept, *(("try", each) for each in said)], safe=":")


def _since(asked: Asked) -> date:
    """The day since which changes are told: as asked, else the end of the year before, or where the record begins."""
    said, day = request.args.get("since", "").strip(), asked.known.record.moment.as_of
    first = first_day(asked.part) or day
    if not said:
        return max(compared_days(day)[0], first)
    found = read_day("since", said, day)
    if found < first:
        raise BadParameterError("since", said, f"a day from {first} on")
    return found


def _page(name: str, asked: Asked | None, **values: Any) -> str:
    as_of, known_at = request.args.get("as_of", ""), request.args.get("known_at", "")
    kept = {"area": asked.area.code if asked and asked.area else "", "as_of": as_of, "known_at": known_at}
    sources = indicator_records.sources_of(db.public_session(), asked.part) if asked else []
    told = {
        "problem": None,
        "building": None,
        "sources": sources,
        "query_for": lambda area: indicator_records.query_of({**kept, "area": area}),
        **values,
    }
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
    settings: Settings = app.extensions["loumap_settings"]
    database: Database = app.extensions["loumap_database"]
    is_large = app.extensions["loumap_published"].states.pasts.takes_long
    files = RecordFiles(database.public, settings.data / "indicators", is_large)
    for_staff = RecordFiles(database.app, settings.data / "indicators" / "staff", is_large, staff=True)
    app.extensions["loumap_indicators"] = indicator_records.Worked(files, for_staff)
    also_follow(app, Follower("indicators", lambda: files.keep(settings.today())))
    indicators(settings.indicators)
