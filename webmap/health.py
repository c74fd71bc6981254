"""Two addresses for whoever watches over the server: is the program alive, can it do its work."""

from functools import cache

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text

from webmap import assets, migrate
from webmap.db import database
from webmap.errors import NotReadyError, OldSchemaError
from webmap.freshness import ready as nobody_waits
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
    """200 when requests can be answered at once.

    The database is there with the present schema, the front end is built, and what threads work out is there.

    503 otherwise, by the table of errors, with what is missing.
    """
    assets.manifest()
    with database().new_session() as session:
        current = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("SELECT version FROM layer_versions LIMIT 1"))
    if current != _head():
        raise OldSchemaError
    if not nobody_waits(current_app):
        raise NotReadyError
    return _uncached(jsonify(ready=True))


@cache
def _head() -> str:
    return migrate.head()


def _uncached(response: Response) -> Response:
    response.cache_control.no_store = True
    return response
