"""The page of supply chains: how close upstream and downstream sit, and which partners clusters lack."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from geo.errors import BadParameterError
from geo.kept import Kept
from geo.taxonomy import supplies
from webmap.clusters import chain_drawing, chain_table, chains
from webmap.clusters.chain_asking import DISTANCES_M, LEVELS, ChainQuestion, chains_query, pair_code, read_chains
from webmap.db import public_session
from webmap.locale import canonical_url
from webmap.looking_back import day_shown, look_back
from webmap.permissions import needs
from webmap.resident_files import shown_residents
from webmap.words import industry_name

blueprint = Blueprint("chains", __name__)

KEPT = 16
"""Answers that a process remembers."""

LISTED = 40
"""Gaps in the table of the page; the file has all."""


@blueprint.get("/clusters/chains")
@needs("public")
def page() -> str | tuple[str, int]:
    """How close the industries of a chain sit, and the partners that clusters lack."""
    try:
        asked = read_chains(request.args)
        found = _find(asked)
    except BadParameterError as error:
        return _page(ChainQuestion(), problem=error), 422
    if found.pair is None:
        return _page(asked, found=found)
    names = _names(found, LISTED)
    return _page(
        asked,
        found=found,
        gaps=chains.gap_rows(found, names, LISTED),
        map=chain_drawing.draw(public_session(), found, names, chains.box_of(public_session(), asked.area)),
    )


@blueprint.get("/clusters/chains.csv")
@needs("public")
def as_file() -> Response:
    """Every pair and every gap with all its numbers, question and day in front."""
    asked = read_chains(request.args)
    found = _find(asked)
    rows = chains.gap_rows(found, _names(found))
    body = chain_table.write(found.pairs, rows, asked, day_shown(), found.everybody)
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="chains-{asked.level}-{day_shown()}.csv"'
    return answer


def _find(asked: ChainQuestion) -> chains.ChainsFound:
    moment = look_back(request.args)
    worked: chains.Worked = current_app.extensions.setdefault("loumap_chains", Kept(KEPT))
    return chains.find(public_session(), shown_residents(public_session(), moment), asked, moment, worked)


def _names(found: chains.ChainsFound, most: int | None = None) -> dict[int, tuple[str, str]]:
    """Of the buildings that are drawn, and of those that stand for clusters."""
    at = {*chain_drawing.buildings_drawn(found), *(int(gap.gathering.buildings[0]) for gap in found.gaps[:most])}
    return chains.names_of(public_session(), found.seats.building_ids[sorted(at)])


def _page(asked: ChainQuestion, **values: Any) -> str:
    as_of, known_at = request.args.get("as_of", ""), request.args.get("known_at", "")
    told = {"found": None, "problem": None, "gaps": [], **values}
    return render_template(
        "clusters/chains.html",
        here="clusters",
        asked=asked,
        notes={(pair.upstream, pair.downstream): pair.note for pair in supplies(asked.level)},
        pairs=[(pair_code(pair), pair) for pair in supplies(asked.level)],
        pair_query=lambda pair: chains_query(replace(asked, pair=pair), as_of=as_of, known_at=known_at),
        query=chains_query(asked, as_of=as_of, known_at=known_at),
        day=day_shown(),
        as_of=as_of,
        known_at=known_at,
        areas=chains.areas(public_session()),
        levels=LEVELS,
        distances=sorted({*DISTANCES_M, asked.metres}),
        industry=industry_name,
        canonical=canonical_url(),
        **told,
    )
