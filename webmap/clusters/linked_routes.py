"""Pages of several answers about clusters at once: two side by side, and the months of one."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request

from geo import taxonomy
from geo.clusters.analysis import Findings, Question
from geo.clusters.comparing import differences
from geo.errors import BadParameterError
from geo.exports.svg_map import Shape
from geo.looking_back import driver_of, looking_back
from geo.past_units import first_day
from geo.snapshot import Moment
from webmap.cluster_findings import answered
from webmap.cluster_ground import Ground, ground_of, may_know
from webmap.cluster_questions import USUAL, read_question, to_query
from webmap.clusters import amounts, drawing
from webmap.clusters.chains import names_of
from webmap.clusters.frame_drawing import (
    BESIDE,
    Band,
    box_of,
    changes_marked,
    draw_cells,
    draw_month,
    numbers_of,
)
from webmap.clusters.linked_asking import (
    Compared,
    frame_query,
    month_ends,
    read_box,
    read_compared,
    read_months,
)
from webmap.config import current_settings
from webmap.db import public_session
from webmap.locale import address, canonical_url
from webmap.looking_back import day_shown, look_back
from webmap.moments import end_of
from webmap.numbers import day
from webmap.permissions import needs
from webmap.plans import Box
from webmap.resident_files import shown_residents
from webmap.words import industry_name

blueprint = Blueprint("linked", __name__)

LISTED, PINNED = 60, 12
"""Rows of the table of differences, and those of them that have a number on the maps."""

FRESH_S = 600
"""How long a browser may keep a month's picture."""


@blueprint.get("/clusters/side-by-side")
@needs("public")
def side_by_side() -> str | tuple[str, int]:
    """Two industries, or two days, in one scale beside each other, and the cells in which they differ."""
    try:
        moment = look_back(request.args)
        asked = read_compared(request.args, day_shown(), first_day(public_session(), _known_at(moment)))
        here = shown_residents(public_session(), moment)
        answers = _first(asked, moment), answered(asked.second, moment)
    except BadParameterError as error:
        return _page("side-by-side", USUAL, problem=error), 422
    first, second = _grounds(asked, moment)
    changes = differences(*answers)
    marks = changes_marked(changes, PINNED)
    box = box_of(here.residents)
    names = names_of(public_session(), [change.chief for change in changes[:LISTED]])
    return _page(
        "side-by-side",
        second.question,
        asked=asked,
        maps=[_beside(each, box, marks) for each in answers],
        numbers=[numbers_of(each) for each in answers],
        days=[first.day, second.day],
        ground=second,
        changes=[(change, *names.get(change.chief, ("", ""))) for change in changes[:LISTED]],
        all_changes=len(changes),
        became=sum(change.became for change in changes),
    )


@blueprint.get("/clusters/months")
@needs("public")
def months() -> str | tuple[str, int]:
    """One answer for the last months: small maps without a script, and with one a film that can be stopped."""
    try:
        question, number = _of_months(read_question(request.args)), read_months(request.args)
        moment = look_back(request.args)
        here = shown_residents(public_session(), moment)
        found = answered(question, moment)
    except BadParameterError as error:
        return _page("months", USUAL, problem=error), 422
    box, known_at = box_of(here.residents), request.args.get("known_at", "")
    days = month_ends(day_shown(), number, first_day(public_session(), _known_at(moment))) if box else []
    drawn_at = address("/clusters/months/map.svg")
    return _page(
        "months",
        question,
        number=number,
        found=found,
        numbers=numbers_of(found),
        frames=[(each, f"{drawn_at}?{frame_query(question, box, each, known_at)}") for each in days if box],
    )


@blueprint.get("/clusters/months/map.svg")
@needs("public")
def month() -> Response:
    """The picture of a month."""
    question, box = _of_months(read_question(request.args)), read_box(request.args.get("box", ""))
    found = answered(question, look_back(request.args))
    picture = draw_month(public_session(), found, box, Band(day(day_shown()), numbers_of(found)))
    answer = Response(picture, mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "private, no-store" if may_know(question.by) else f"public, max-age={FRESH_S}"
    return answer


def _first(asked: Compared, moment: Moment | None) -> Findings | None:
    """The answer to the first question, on its own day where it has one."""
    if asked.since is None or asked.since == day_shown():
        return answered(asked.first, moment)
    then = Moment(asked.since, _known_at(moment))
    with looking_back(driver_of(public_session()), then):
        return answered(asked.first, then)


def _of_months(question: Question) -> Question:
    """The question, if there are months of what it counts: everybody's areas are told once a year, as taxes are."""
    if question.by == "tax" or (question.by == "area" and not may_know("area")):
        raise BadParameterError("by", question.by, "area, enterprises" if may_know("area") else "enterprises")
    return question


def _grounds(asked: Compared, moment: Moment | None) -> tuple[Ground, Ground]:
    """On what the two answers rest."""
    since = Moment(asked.since, _known_at(moment)) if asked.since and asked.since != day_shown() else moment
    with looking_back(driver_of(public_session()), since):
        first = ground_of(asked.first, since)
    return first, ground_of(asked.second, moment)


def _known_at(moment: Moment | None) -> datetime:
    """Whose knowledge a page rests on that shows several days: that of its moment, or all of today."""
    return moment.known_at if moment else end_of(current_settings().today(), current_settings())


def _beside(found: Findings | None, box: Box | None, marks: list[Shape]) -> str:
    return draw_cells(public_session(), found, box, BESIDE, numbers_of(found), marks) if box else ""


def _dates() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("as_of", "known_at")}


def _page(name: str, question: Question, **values: Any) -> str:
    """A page with the industries to choose from."""
    dates = _dates()
    told = {"problem": None, "asked": None, "frames": [], "found": None, "maps": [], **values}
    return render_template(
        f"clusters/{name}.html",
        here="clusters",
        question=question,
        query=to_query(question, **dates),
        day=day_shown(),
        **dates,
        groups=taxonomy.map_groups(),
        themes=taxonomy.filter_groups(),
        sections=[each for each in taxonomy.industries() if each.level == 1],
        divisions=[each for each in taxonomy.industries() if each.level == 2],
        industry=industry_name,
        amounts=amounts,
        legend=drawing.LEGEND,
        canonical=canonical_url(),
        **told,
    )
