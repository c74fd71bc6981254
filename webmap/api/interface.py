"""The blueprint of the API and the document that describes it; answers as JSON."""

import json
from typing import Any

from flask import Blueprint, Response, current_app
from pydantic import BaseModel
from spectree import SpecTree


def as_json(model: BaseModel, caching: str = "no-cache") -> Response:
    """A model as an answer."""
    response = Response(model.model_dump_json(by_alias=True), mimetype="application/json")
    response.headers["Cache-Control"] = caching
    return response


def document_text() -> str:
    """The document as it is sent: faults by their own type, and parameters that may be empty, as forms send them."""
    document: dict[str, Any] = json.loads(current_app.json.dumps(spec.spec))
    for operation in (each for path in document["paths"].values() for each in path.values()):
        for status, answer in operation["responses"].items():
            if status != "200" and "application/json" in answer["content"]:
                answer["content"]["application/problem+json"] = answer["content"].pop("application/json")
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query" and not parameter["required"]:
                parameter["schema"] = _or_empty(parameter["schema"])
    return current_app.json.dumps(document)


def _or_empty(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter that is as if left out when it is empty; nothing else of an address is null."""
    told = {name: schema[name] for name in ("title", "description", "default") if schema.get(name) is not None}
    kept = {name: value for name, value in schema.items() if name not in ("title", "description", "default", "anyOf")}
    values = [each for each in schema.get("anyOf", [kept]) if each.get("type") != "null"]
    return {**told, "anyOf": [*values, {"type": "string", "maxLength": 0}]}


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
