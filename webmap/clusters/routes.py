"""The page of clusters, and its cells as a table to carry away."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from geo import taxonomy
from geo.clusters.analysis import Findings, Question
from geo.errors import BadParameterError
from geo.kept import Kept
from geo.snapshot import Moment
from webmap.clusters import chain_routes, drawing, operations, table
from webmap.clusters.asking import CHOICES, USUAL, of_outlines, read_question, to_query
from webmap.db import public_session
from webmap.locale import canonical_url
from webmap.looking_back import day_shown, look_back
from webmap.permissions import needs
from webmap.resident_files import shown_residents
from webmap.words import industry_name

blueprint = Blueprint("clusters", __name__)
blueprint.register_blueprint(chain_routes.blueprint)

KEPT = 32
"""Answers that a process remembers."""

LISTED, DRAWN = 60, 2500
"""Rows of the table and cells of the map on the page, those that stand out most; the file has all."""


@blueprint.get("/clusters")
@needs("public")
def clusters() -> str | tuple[str, int]:
    """Where an industry gathers: map, table, indices and method."""
    try:
        question, moment = read_question(request.args), look_back(request.args)
        found = _find(question, moment)
    except BadParameterError as error:
        return _page(USUAL, problem=error), 422
    if found is None:
        return _page(question)
    cells = operations.cells_of(public_session(), found, DRAWN)
    clusters = operations.clusters_of(public_session(), found)
    marked = [cell for cell in cells[:LISTED] if cell.finding]
    return _page(
        question,
        found=found,
        marked=marked,
        clusters=clusters,
        hot=int(found.hot.sum()),
        cold=int(found.cold.sum()),
        drawn=len(cells),
        map=drawing.draw(public_session(), found, cells, clusters, listed=len(marked)),
    )


@blueprint.get("/clusters.csv")
@needs("public")
def clusters_csv() -> Response:
    """Every cell with all its numbers, its method and day in front."""
    question, found = _answered()
    cells = operations.cells_of(public_session(), found) if found else []
    return _file(table.write_cells(cells, question, day_shown()), question, "csv")


@blueprint.get("/clusters/outlines.<any(csv,geojson):kind>")
@needs("public")
def outlines(kind: str) -> Response:
    """The outlines round buildings with their numbers."""
    question, found = _answered()
    clusters = operations.clusters_of(public_session(), found) if found else []
    write = table.write_clusters if kind == "csv" else table.clusters_as_geojson
    return _file(write(clusters, question, day_shown()), question, kind)


def _answered() -> tuple[Question, Findings | None]:
    question, moment = read_question(request.args), look_back(request.args)
    return question, _find(question, moment)


def _file(content: bytes, question: Question, kind: str) -> Response:
    answer = Response(content, mimetype="text/csv" if kind == "csv" else "application/geo+json")
    answer.headers["Content-Disposition"] = f'attachment; filename="clusters-{question.industry}-{day_shown()}.{kind}"'
    return answer


def _find(question: Question, moment: Moment | None) -> Findings | None:
    worked: operations.Worked = current_app.extensions.setdefault("loumap_clusters", Kept(KEPT))
    return operations.find(shown_residents(public_session(), moment), question, moment, worked)


def _page(question: Question, **values: Any) -> str:
    as_of, known_at = request.args.get("as_of", ""), request.args.get("known_at", "")
    told = {"found": None, "problem": None, "marked": [], "clusters": [], **values}
    return render_template(
        "clusters/clusters.html",
        here="clusters",
        question=question,
        query=to_query(question, as_of=as_of, known_at=known_at),
        day=day_shown(),
        as_of=as_of,
        known_at=known_at,
        groups=taxonomy.map_groups(),
        themes=taxonomy.filter_groups(),
        sections=[each for each in taxonomy.industries() if each.level == 1],
        divisions=[each for each in taxonomy.industries() if each.level == 2],
        choices=CHOICES,
        outlines_asked=of_outlines(question) != of_outlines(USUAL),
        name=industry_name(question.industry),
        legend=drawing.LEGEND,
        canonical=canonical_url(),
        **told,
    )
