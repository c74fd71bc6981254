"""The picture of an answer to a requirement: the buildings of the best results on a map."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.matching import to_query
from geo.model import Building, Source
from geo.search import seen, shown
from webmap import cards
from webmap.db import public_session
from webmap.looking_back import PARAMETERS, day_shown, look_back
from webmap.match_schemas import MatchAnswer
from webmap.matching import found_matches, read_query
from webmap.names import label
from webmap.numbers import area
from webmap.permissions import needs
from webmap.place_pictures import Pin, draw_places

blueprint = Blueprint("cards", __name__)
MOST_PLACES = 6


@blueprint.get("/card/match.png")
@needs("public")
def picture() -> Response:
    """The picture of the answer to the requirement of a query."""
    look_back(request.args)
    requirement, understood = read_query(request.args, also=PARAMETERS)

    def draw() -> str:
        return _drawn(public_session(), found_matches(requirement, understood))

    return cards.answer(("match", to_query(requirement)), "card", draw)


def _drawn(session: Session, answer: MatchAnswer) -> str:
    """Raises NotFoundError where nothing fits."""
    first: dict[str, Any] = {}
    for item in answer.items:
        unit = item.units[0].unit
        if unit.building:
            first.setdefault(unit.building.code, unit)
    best = dict(list(first.items())[:MOST_PLACES])
    if not best:
        raise NotFoundError("No unit fits this requirement.")
    chosen = select(Building.id, Building.code, Building.name, Building.name_en, Source).join(
        Source, Source.id == Building.source_id
    )
    chosen = chosen.options(seen(Source, False))
    rows = {row.code: row for row in session.execute(chosen.where(Building.code.in_(best), *shown(Building, False)))}
    pins = [
        Pin(rows[code].id, *unit.location[:2], label(rows[code]), f"{unit.label} · {area(unit.area_m2)}")
        for code, unit in best.items()
        if code in rows
    ]
    return draw_places(
        session,
        pins,
        "card",
        title=ngettext("%(num)s 个单元符合全部必须条件", "%(num)s 个单元符合全部必须条件", answer.units),
        line=gettext("排在前面的：%(names)s", names=gettext("、").join(dict.fromkeys(pin.name for pin in pins))),
        sources=list({row.Source.id: row.Source for row in rows.values()}.values()),
        as_of=day_shown(),
    )
