"""The blueprint of the API and the document that describes it; answers as JSON."""

from flask import Blueprint, Response
from pydantic import BaseModel
from spectree import SpecTree


def as_json(model: BaseModel, caching: str = "no-cache") -> Response:
    """A model as an answer."""
    response = Response(model.model_dump_json(by_alias=True), mimetype="application/json")
    response.headers["Cache-Control"] = caching
    return response


def _schema_name(name: str) -> str:
    """`PageOf[UnitItem]` as a name that OpenAPI allows: `PageOf_UnitItem`."""
    return name.replace("[", "_").replace("]", "")


blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
spec = SpecTree(
    "flask",
    title="LouMap API",
    version="1",
    description="Buildings, floors and units of a district with dated vacancy. Read only; no key needed.",
    path="api/v1/openapi",  # addresses that start so are left out of the document
    mode="strict",
    naming_strategy=lambda model: _schema_name(model.__name__),
    nested_naming_strategy=lambda _, child: _schema_name(child),
)
