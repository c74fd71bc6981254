"""The addresses of brochures: of a building, a unit and an area, and of the page for a delegation."""

from flask import Blueprint, Response, request

from geo.model import Area
from webmap import papers
from webmap.buildings import card
from webmap.buildings.areas import load_area
from webmap.buildings.operations import Asker, load_building
from webmap.buildings.units import load_unit
from webmap.db import public_session
from webmap.looking_back import day_shown, look_back
from webmap.names import label
from webmap.permissions import needs

blueprint = Blueprint("papers", __name__)


@blueprint.get("/brochure/b/<code>.pdf")
@blueprint.get("/brochure/<any(long):paper>/b/<code>.pdf")
@needs("public")
def building(code: str, paper: str = "a4") -> Response:
    """The brochure of a building: A4, or one long page for telephones."""
    look_back(request.args, instants_only=True)
    return papers.answer("building", code, paper, card.name_of(load_building(public_session(), code, _asker())))


@blueprint.get("/brochure/u/<code>.pdf")
@blueprint.get("/brochure/<any(long):paper>/u/<code>.pdf")
@needs("public")
def unit(code: str, paper: str = "a4") -> Response:
    """The brochure of a unit."""
    look_back(request.args, instants_only=True)
    found = load_unit(public_session(), code, _asker())
    return papers.answer("unit", code, paper, f"{card.name_of(found.page)} {found.unit.label}")


@blueprint.get("/brochure/a/<code>.pdf")
@blueprint.get("/brochure/<any(long):paper>/a/<code>.pdf")
@needs("public")
def area(code: str, paper: str = "a4") -> Response:
    """The brochure of an area."""
    look_back(request.args)
    return papers.answer("area", code, paper, label(_area(code)))


@blueprint.get("/brochure/briefing/<code>.pdf")
@needs("public")
def briefing(code: str) -> Response:
    """An area on one page for a visiting delegation."""
    look_back(request.args)
    return papers.answer("briefing", code, "a4", label(_area(code)))


def _area(code: str) -> Area:
    return load_area(public_session(), code, _asker()).area


def _asker() -> Asker:
    return Asker(day_shown())
