"""Two addresses for whoever watches over the server: is the program alive, can it do its work."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from webmap import db
from webmap.permissions import needs

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@needs("public")
def alive() -> Response:
    """200 as long as the program answers at all."""
    return _uncached(jsonify(alive=True))


@blueprint.get("/readyz")
@needs("public")
def ready() -> Response:
    """200 when the database answers; 503 otherwise, by the table of errors."""
    db.public_session().execute(text("SELECT version FROM layer_versions LIMIT 1"))
    return _uncached(jsonify(ready=True))


def _uncached(response: Response) -> Response:
    response.cache_control.no_store = True
    return response
