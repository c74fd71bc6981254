"""The page of clusters, and its cells as a table to carry away."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from geo import taxonomy
from geo.clusters.analysis import Findings, Question
from geo.clusters.permutation import Agreement, Draws
from geo.errors import BadParameterError
from webmap import cluster_findings, cluster_permutations
from webmap.cluster_ground import Ground, ground_of
from webmap.cluster_permutations import PARAMETERS as DRAWN_BY
from webmap.cluster_permutations import read_draws
from webmap.cluster_questions import CHOICES, USUAL, of_outlines, read_question, to_query
from webmap.clusters import (
    amounts,
    cell_routes,
    chain_routes,
    drawing,
    leading_routes,
    linked_routes,
    permutation_routes,
    table,
    together_routes,
)
from webmap.db import public_session
from webmap.locale import canonical_url
from webmap.looking_back import PARAMETERS, day_shown, look_back
from webmap.permissions import needs
from webmap.words import industry_name

blueprint = Blueprint("clusters", __name__)
blueprint.register_blueprint(cell_routes.blueprint)
blueprint.register_blueprint(together_routes.blueprint)
blueprint.register_blueprint(chain_routes.blueprint)
blueprint.register_blueprint(linked_routes.blueprint)
blueprint.register_blueprint(leading_routes.blueprint)
blueprint.register_blueprint(permutation_routes.blueprint)

LISTED, DRAWN = 60, 2500
"""Rows of the table and cells of the map on the page, those that stand out most; the file has all."""


@blueprint.get("/clusters")
@needs("public")
def clusters() -> str | tuple[str, int]:
    """Where an industry gathers: map, table, indices and method; with `permutations` checked in that way too."""
    try:
        ground, found = _answered()
        draws, held = _checked(found)
    except BadParameterError as error:
        return _page(USUAL, problem=error), 422
    question = ground.question
    if found is None:
        return _page(question, ground=ground)
    cells = cluster_findings.cells_of(public_session(), found, DRAWN, held)
    clusters = cluster_findings.clusters_of(public_session(), found)
    marked = [cell for cell in cells[:LISTED] if cell.finding or question.by != "enterprises"]
    return _page(
        question,
        ground=ground,
        found=found,
        draws=draws,
        held=held,
        marked=marked,
        clusters=clusters,
        hot=int(found.hot.sum()),
        cold=int(found.cold.sum()),
        drawn=len(cells),
        map=drawing.draw(public_session(), found, cells, clusters, _query(question)),
    )


@blueprint.get("/clusters.csv")
@needs("public")
def clusters_csv() -> Response:
    """Every cell with all its numbers, its method and day in front."""
    ground, found = _answered()
    draws, held = _checked(found)
    cells = cluster_findings.cells_of(public_session(), found, check=held) if found else []
    return _file(table.write_cells(cells, ground.question, ground.day, draws if held else None), ground, "csv")


@blueprint.get("/clusters.geojson")
@needs("public")
def clusters_geojson() -> Response:
    """The same as features, each cell with its outline."""
    ground, found = _answered()
    draws, held = _checked(found)
    cells = cluster_findings.cells_of(public_session(), found, check=held) if found else []
    return _file(table.cells_as_geojson(cells, ground.question, ground.day, draws if held else None), ground, "geojson")


@blueprint.get("/clusters/outlines.<any(csv,geojson):kind>")
@needs("public")
def outlines(kind: str) -> Response:
    """The outlines round buildings with their numbers."""
    ground, found = _answered()
    clusters = cluster_findings.clusters_of(public_session(), found) if found else []
    write = table.write_clusters if kind == "csv" else table.clusters_as_geojson
    return _file(write(clusters, ground.question, ground.day), ground, kind)


def _answered() -> tuple[Ground, Findings | None]:
    question, moment = read_question(request.args), look_back(request.args)
    return ground_of(question, moment), cluster_findings.answered(question, moment)


def _checked(found: Findings | None) -> tuple[Draws | None, Agreement | None]:
    """The draws that are asked for, and what they say of an answer; raises as `cluster_permutations.checked`."""
    draws = read_draws(request.args)
    if not (found and draws and found.question.by == cluster_permutations.COUNTED):
        return None, None
    return draws, cluster_permutations.checked(found, draws)


def _file(content: bytes, ground: Ground, kind: str) -> Response:
    answer = Response(content, mimetype="text/csv" if kind == "csv" else "application/geo+json")
    name = f"clusters-{ground.question.industry}-{ground.question.by}-{ground.day}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _query(question: Question) -> str:
    return to_query(question, **{name: request.args.get(name, "") for name in (*PARAMETERS, *DRAWN_BY)})


def _page(question: Question, **values: Any) -> str:
    as_of, known_at = (request.args.get(name, "") for name in PARAMETERS)
    nothing = dict.fromkeys(("found", "ground", "problem", "draws", "held"))
    told = {**nothing, "marked": [], "clusters": [], **values}
    return render_template(
        "clusters/clusters.html",
        here="clusters",
        question=question,
        query=_query(question),
        day=day_shown(),
        as_of=as_of,
        known_at=known_at,
        groups=taxonomy.map_groups(),
        themes=taxonomy.filter_groups(),
        sections=[each for each in taxonomy.industries() if each.level == 1],
        divisions=[each for each in taxonomy.industries() if each.level == 2],
        choices=CHOICES,
        amounts=amounts,
        outlines_asked=of_outlines(question) != of_outlines(USUAL),
        name=industry_name(question.industry),
        legend=drawing.LEGEND,
        canonical=canonical_url(),
        **told,
    )
