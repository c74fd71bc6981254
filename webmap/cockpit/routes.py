"""The cockpit: a district on one screen, for a wall, a desk and a phone."""

from typing import Any

from flask import Blueprint, Flask, render_template, request

from geo.disclosure import Audience
from geo.errors import BadParameterError
from geo.indicators.days import Day
from geo.indicators.warnings import rules
from webmap import db, indicator_tiers
from webmap import indicator_words as wording
from webmap.cards import vacancy_legend
from webmap.cockpit import limits, operations
from webmap.cockpit.drawing import SIZE, WALL, draw
from webmap.config import current_settings
from webmap.indicator_asking import Asked, read_asked
from webmap.indicator_charts import spark
from webmap.indicator_records import compared, query_of
from webmap.locale import canonical_url
from webmap.looking_back import day_shown
from webmap.names import label
from webmap.permissions import needs
from webmap.report_offers import offer_of

blueprint = Blueprint("cockpit", __name__)

FIRST = ("occupancy_rate", "vacant_area", "net_absorption", "residents", "asked_rent", "months_to_absorb")
RANKS = ("vacant_area", "net_absorption", "residents")
EXACT, PUBLISHED = ("building_tax", "tax_per_m2"), ("published_tax", "published_tax_per_m2")
"""Tax and its output of towers: what tax officers see, and what everybody may."""

SHOWN = 5
"""Buildings under a warning; how many more there are is said."""

AGAIN_S = 300
"""A wall screen asks again after so many seconds."""


@blueprint.get("/cockpit")
@needs("public")
def cockpit() -> str | tuple[str, int]:
    """First figures with their trend, the map, warnings, ranks."""
    try:
        asked = read_asked(request.args)
    except BadParameterError as error:
        return _page(None, problem=error), 422
    day = asked.known.record.moment.as_of
    on, session = Day(asked.part, day), db.public_session()
    by_code = {each.code: each for each in asked.chosen}
    told = compared(asked.known, asked.area, [by_code[code] for code in FIRST if code in by_code])
    warned = _warnings(asked, on)
    called = [each for _, group in warned for each in group]
    ranks = operations.rankings(session, asked.part, on, [by_code[code] for code in RANKS if code in by_code])
    exact = Audience.TAX in asked.audiences
    tax_codes = EXACT if exact else PUBLISHED
    named = {each.place.id: label(each.place) for each in called}
    marks = {each.place.id: each.mark for each in called if each.mark}
    return _page(
        asked,
        told=told,
        warned=warned,
        warnings=len(called),
        ranks=ranks,
        taxes=operations.tax_ranks(session, asked.part, on, [by_code[code] for code in tax_codes]),
        exact=exact,
        offer=offer_of(db.session(), asked.area),
        map=draw(session, asked.part, on, asked.area, marks, named, WALL if "wall" in request.args else SIZE),
        legend=vacancy_legend(),
    )


def _warnings(asked: Asked, on: Day) -> Any:
    chosen = operations.chosen_rules(rules(current_settings().warnings), asked.audiences)
    staff = Audience.STAFF in asked.audiences
    session = db.session() if staff else db.public_session()
    addresses = operations.shared_addresses(session, asked.part, on) if staff else {}
    return operations.warnings_of(db.public_session(), on, chosen, addresses)


def _page(asked: Asked | None, **values: Any) -> str:
    as_of, known_at = request.args.get("as_of", ""), request.args.get("known_at", "")
    kept = {"area": asked.area.code if asked and asked.area else "", "as_of": as_of, "known_at": known_at}
    told = {"problem": None, **values}
    return render_template(
        "cockpit/cockpit.html",
        here="cockpit",
        asked=asked,
        day=day_shown(),
        as_of=as_of,
        known_at=known_at,
        query=query_of(kept),
        wall_query=query_of({**kept, "wall": "1"}),
        wall="wall" in request.args,
        again_s=AGAIN_S,
        spark=spark,
        wording=wording,
        limits=limits,
        tiers=indicator_tiers,
        shown=SHOWN,
        canonical=canonical_url(),
        **told,
    )


def init_app(app: Flask) -> None:
    """A file of own limits that cannot be used is said when the site starts."""
    rules(app.extensions["loumap_settings"].warnings)
