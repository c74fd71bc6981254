"""The interface describes itself to programs."""

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from geo.features.collections import COLLECTIONS


def test_the_document_is_valid_and_names_every_field_as_a_parameter(client: FlaskClient) -> None:
    document = client.get("/ogc/api").get_json(force=True)
    validate(document)
    for each in COLLECTIONS.values():
        operation = document["paths"][f"/collections/{each.name}/items"]["get"]
        named = {parameter.get("name") for parameter in operation["parameters"]}
        assert {field.name for field in each.fields} <= named


def test_queryables_are_a_schema_of_the_fields(client: FlaskClient) -> None:
    for each in COLLECTIONS.values():
        answer = client.get(f"/ogc/collections/{each.name}/queryables")
        assert answer.mimetype == "application/schema+json"
        schema = answer.get_json(force=True)
        Draft202012Validator.check_schema(schema)
        assert set(schema["properties"]) == {"geometry", *(field.name for field in each.fields)}
        assert schema["additionalProperties"] is False
