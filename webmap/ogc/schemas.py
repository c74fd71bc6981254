"""What is said of the fields of a collection to programs: as queryables (JSON Schema) and as parameters (OpenAPI)."""

from typing import Any

from geo.exports.fields import Field
from geo.features.collections import GEOMETRY, Collection

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "day": {"type": "string", "format": "date"},
    "yes_no": {"type": "boolean"},
}
_ROLES = {"code": "id"}


def queryables(collection: Collection, address: str) -> dict[str, Any]:
    """The fields that filters may speak of; nothing else is one."""
    shape = {"title": "位置 Geometry", "format": f"geometry-{collection.shape.lower()}"}
    dated = {collection.dated: {"x-ogc-role": "primary-instant"}} if collection.dated else {}
    return {
        "$schema": DRAFT,
        "$id": address,
        "type": "object",
        "title": f"{collection.title} {collection.title_en}",
        "properties": {each.name: schema_of(each) | dated.get(each.name, {}) for each in collection.fields}
        | {GEOMETRY: shape | {"x-ogc-role": "primary-geometry"}},
        "additionalProperties": False,
    }


def schema_of(field: Field) -> dict[str, Any]:
    """The schema of a field's value, with its heading, unit and codes."""
    told: dict[str, Any] = {"title": f"{field.heading} {field.heading_en}", **_TYPES[field.kind]}
    meaning = " ".join(filter(None, (field.meaning, field.meaning_en, field.coded("en"))))
    if meaning:
        told["description"] = meaning
    if field.unit:
        told["x-ogc-unit"] = field.unit
    return told
