"""`/metrics` for Prometheus: what the processes have counted, and what the database says when it is asked.

It tells how busy a district's office is, so it is not for everybody: without `LOUMAP_METRICS_TOKEN` for programs on
the same machine or private network that come straight to us (what a proxy passes on may come from anywhere), with it
for whoever sends it and for nobody else.
"""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from webmap.config import current_settings
from webmap.errors import NotAllowedError
from webmap.permissions import needs
from webmap.watch.figures import collect_into

FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")
"""What proxies add; a request that has one of them did not come straight to us."""

blueprint = Blueprint("watch", __name__)


@blueprint.get("/metrics")
@needs("public")
def metrics() -> Response:
    """The figures of all processes of this server, in Prometheus' text format."""
    _require_reader()
    registry = CollectorRegistry(auto_describe=False)
    collect_into(registry)
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
    response.cache_control.no_store = True
    return response


def _require_reader() -> None:
    token = current_settings().metrics_token
    if token:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = hmac.compare_digest(sent.encode(), token.encode())
    else:
        allowed = _comes_straight_from_nearby()
    if not allowed:
        raise NotAllowedError("The figures are for programs beside the server, or for who sends LOUMAP_METRICS_TOKEN.")


def _comes_straight_from_nearby() -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        peer = ip_address(request.environ.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return peer.is_loopback or peer.is_private
