"""How to show the map within another site: the lines to paste, and what programs are told by oEmbed."""

from dataclasses import replace

from flask import Blueprint, Response, abort, jsonify, render_template, request

from geo.errors import BadParameterError
from webmap.config import current_settings
from webmap.db import public_session
from webmap.locale import address
from webmap.map.embedding import HEIGHT, WIDTH, frame_of, size
from webmap.names import hant
from webmap.permissions import needs

blueprint = Blueprint("embed", __name__)

KEPT_S = 3600
"""Seconds for which other sites may keep what they were told of a page."""


@blueprint.get("/embed/code")
@needs("public")
def embed_code() -> str:
    """The lines to paste into a page of another site for the map of a page of ours (`to`), with a look at it."""
    given, site = request.args.to_dict(), current_settings()
    width, height = (size(given, *side) for side in (("width", WIDTH), ("height", HEIGHT)))
    to = given.get("to") or address("/")
    frame = frame_of(public_session(), to, _site(), hant(site.site_name))
    frame = replace(frame, width=width, height=height)
    return render_template("map/embed_code.html", frame=frame, to=to, root=_site(), hosts=site.embed_hosts, here=None)


@blueprint.get("/oembed")
@needs("public")
def oembed() -> Response:
    """What oEmbed (1.0, JSON) asks of a page of ours: a frame with the map of it."""
    given = request.args.to_dict()
    if given.get("format", "json") != "json":
        abort(501, "Only format=json is answered.")
    if not given.get("url"):
        raise BadParameterError("url", "", "the address of a map, building, unit or area of this site")
    most = {name: size(given, f"max{name}", usual) for name, usual in (("width", WIDTH), ("height", HEIGHT))}
    settings = current_settings()
    frame = frame_of(public_session(), given["url"], _site(), settings.site_name)
    frame = replace(frame, width=min(WIDTH, most["width"]), height=min(HEIGHT, most["height"]))
    response = jsonify(
        type="rich", version="1.0", title=frame.title, provider_name=settings.site_name, provider_url=f"{_site()}/",
        width=frame.width, height=frame.height, html=frame.lines(_site()), cache_age=KEPT_S,
    )  # fmt: skip
    response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return response


def _site() -> str:
    return current_settings().base_url or request.host_url.rstrip("/")
