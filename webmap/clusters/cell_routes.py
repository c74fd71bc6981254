"""The page of one cell of the answer."""

from flask import Blueprint, render_template, request

from geo.errors import BadParameterError, NotFoundError
from webmap import cluster_findings
from webmap.cluster_ground import ground_of
from webmap.cluster_questions import read_question, to_query
from webmap.clusters import amounts, cell
from webmap.db import public_session
from webmap.looking_back import day_shown, look_back
from webmap.permissions import needs
from webmap.words import industry_name

blueprint = Blueprint("cell", __name__)


@blueprint.get("/clusters/cell")
@needs("public")
def of_place() -> str:
    """The cell at `at` (longitude,latitude): its numbers, who is there, twelve months."""
    moment = look_back(request.args)
    ground = ground_of(read_question(request.args), moment)
    question = ground.question
    lon, lat = _place(request.args.get("at", ""))
    found = cluster_findings.answered(question, moment)
    at = cluster_findings.cell_at(found, lon, lat) if found else None
    if found is None or at is None:
        raise NotFoundError("Nobody sits in a cell at this place; choose one on the map of clusters.")
    page = cell.read(public_session(), found, at, moment)
    query = to_query(question, as_of=request.args.get("as_of", ""), known_at=request.args.get("known_at", ""))
    return render_template(
        "clusters/cell.html",
        here="clusters",
        page=page,
        found=found,
        question=question,
        ground=ground,
        amounts=amounts,
        query=query,
        day=day_shown(),
        name=industry_name(question.industry),
    )


def _place(said: str) -> tuple[float, float]:
    try:
        lon, lat = map(float, said.split(","))
    except ValueError:
        lon = lat = 999.0
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadParameterError("at", said[:40], "longitude,latitude in degrees, such as 121.47,31.23")
    return lon, lat
