"""The page of what the search box finds."""

from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from geo.errors import BadParameterError
from webmap.locale import address, canonical_url
from webmap.permissions import needs
from webmap.suggest_schemas import Suggestion, Suggestions
from webmap.suggesting import asked_suggestions

blueprint = Blueprint("onebox", __name__)

SHOWN = 40
ZOOM = 17


@blueprint.get("/search")
@needs("public")
def search() -> str | tuple[str, int]:
    """Everything that a query finds, kind by kind."""
    try:
        found = asked_suggestions(request.args, most=SHOWN)
    except BadParameterError as error:
        return _page(Suggestions(ready=True, items=[]), error), 422
    return _page(found)


def _page(found: Suggestions, problem: BadParameterError | None = None) -> str:
    groups = {kind: list(items) for kind, items in groupby(found.items, lambda item: item.kind)}
    return render_template(
        "onebox/search.html",
        here="search",
        typed="" if problem else request.args.get("q", ""),
        ready=found.ready,
        groups=groups,
        kind_names=_kind_names(),
        link=_link,
        problem=problem,
        canonical=canonical_url(),
    )


def _link(item: Suggestion) -> str:
    """The page of a thing, or where it is on the map."""
    code: dict[str, Any] = {"building": item.code, "unit": item.building.code if item.building else ""}
    if item.kind == "area":
        return address(f"/a/{item.code}")
    if item.kind == "unit":
        return address(f"/u/{item.code}")
    shown = code.get(item.kind) or (item.building.code if item.building else "")
    if shown:
        return address(f"/b/{shown}")
    if not item.location:
        return ""
    lon, lat = item.location
    return f"{address('/')}?at={lat},{lon},{ZOOM}"


def _kind_names() -> dict[str, str]:
    return {
        "building": gettext("楼宇"),
        "unit": gettext("楼内单元"),
        "area": gettext("片区与街道"),
        "metro": gettext("地铁站"),
        "address": gettext("地址"),
        "amenity": gettext("配套"),
        "enterprise": gettext("企业"),
    }
