"""Clusters for programs: numbers as JSON, cells and outlines as GeoJSON."""

import json
import math
from typing import Any

import shapely
from flask import Blueprint, Response, request
from spectree import Response as Answers

from geo.parameters import whole
from webmap import cluster_findings
from webmap.api.formats import MEDIA_TYPES
from webmap.api.interface import as_json, spec
from webmap.api.schemas import Problem
from webmap.cluster_ground import ground_of
from webmap.cluster_questions import read_question, to_query
from webmap.cluster_schemas import CELLS, MOST_CELLS, ClusterAnswer, ClusterCell, ClusterOutline, ClusterQuery
from webmap.db import public_session
from webmap.looking_back import look_back
from webmap.permissions import needs

blueprint = Blueprint("clusters", __name__)

_FINDINGS = ("finding", "small", "here", "all_here", "near", "all_near", "expected", "z", "p", "q", "leading")
_FIGURES = tuple(ClusterOutline.model_fields)


@blueprint.get("/clusters")
@spec.validate(
    query=ClusterQuery,
    resp=Answers(HTTP_200=ClusterAnswer, HTTP_403=Problem, HTTP_422=Problem),
    tags=["clusters"],
    skip_validation=True,
    operation_id="get_clusters",
)
@needs("public")
def clusters() -> Response:
    """Where an industry is more, or less, than chance explains: cells that stand out most, and outlines."""
    answer, _ = _answered()
    response = as_json(answer)
    response.headers["Link"] = f'</api/v1/clusters.geojson?{answer.question}>; rel="alternate"'
    return response


@blueprint.get("/clusters.geojson")
@needs("public")
def clusters_geojson() -> Response:
    """The same as features: `what` is cell or outline."""
    answer, shapes = _answered()
    told = [("cell", each) for each in answer.cells] + [("outline", each) for each in answer.outlines]
    features = [
        {"type": "Feature", "geometry": shape, "properties": {"what": what, **each.model_dump(mode="json")}}
        for (what, each), shape in zip(told, shapes, strict=True)
    ]
    about = answer.model_dump(mode="json", exclude={"cells", "outlines"})
    body = {"type": "FeatureCollection", **about, "features": features}
    return Response(json.dumps(body, ensure_ascii=False), mimetype=MEDIA_TYPES["geojson"])


def _answered() -> tuple[ClusterAnswer, list[dict[str, Any]]]:
    """The answer, and the shapes of cells and outlines."""
    limit = whole("limit", request.args.get("limit") or str(CELLS), 1, MOST_CELLS)
    moment = look_back(request.args)
    ground = ground_of(read_question(request.args), moment)
    question, found = ground.question, cluster_findings.answered(ground.question, moment)
    cells = cluster_findings.cells_of(public_session(), found, limit) if found else []
    outlines = cluster_findings.clusters_of(public_session(), found) if found else []
    answer = ClusterAnswer(
        industry=question.industry,
        day=ground.day,
        question=to_query(question),
        total=found.total if found else 0,
        everything=found.everything if found else 0,
        firms=found.firms if found else 0,
        exact=ground.exact,
        gini=_known(found.gini) if found else None,
        ellison_glaeser=_known(found.ellison_glaeser) if found else None,
        cells_in_all=len(found.here) if found else 0,
        hot=int(found.hot.sum()) if found else 0,
        cold=int(found.cold.sum()) if found else 0,
        cells=[_cell(each) for each in cells],
        outlines=[ClusterOutline(**{name: getattr(each, name) for name in _FIGURES}) for each in outlines],
    )
    shapes = [each.outline for each in cells] + [each.shape for each in outlines]
    return answer, [_shape(each) for each in shapes]


def _cell(cell: cluster_findings.CellFound) -> ClusterCell:
    return ClusterCell(
        location=[cell.lon, cell.lat],
        building_code=cell.building_code,
        place=cell.place,
        quotient=_known(cell.quotient),
        **{name: getattr(cell, name) for name in _FINDINGS},
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _shape(shape: Any) -> dict[str, Any]:
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-6)))
    return geometry
