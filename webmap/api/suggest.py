"""The address of the one search box."""

from flask import Blueprint, Response, request
from spectree import Response as Answers

from webmap.api.interface import as_json, spec
from webmap.api.schemas import Problem
from webmap.looking_back import look_back
from webmap.permissions import needs
from webmap.suggest_schemas import Suggestions, SuggestQuery
from webmap.suggesting import asked_suggestions

blueprint = Blueprint("box", __name__)


@blueprint.get("/suggest")
@spec.validate(
    query=SuggestQuery,
    resp=Answers(HTTP_200=Suggestions, HTTP_422=Problem),
    tags=["lists"],
    skip_validation=True,
    operation_id="get_suggestions",
)
@needs("public")
def suggest() -> Response:
    """Buildings, units, areas, stations, addresses, amenities and enterprises for what is typed into one box.

    Of a past day things are told as they were then; what they are found by is what they are called today.
    """
    look_back(request.args)
    return as_json(asked_suggestions(request.args))
