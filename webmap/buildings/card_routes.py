"""The addresses of pictures of a building, a unit and of what is compared; they show what visitors may see."""

from flask import Blueprint, Response, request

from geo.errors import NotFoundError
from webmap import cards
from webmap.buildings import card, comparing
from webmap.buildings.operations import Asker, load_building
from webmap.buildings.units import load_unit
from webmap.db import public_session
from webmap.looking_back import day_shown, look_back
from webmap.permissions import needs

blueprint = Blueprint("cards", __name__)


@blueprint.get("/card/b/<code>.png")
@blueprint.get("/card/<any(poster,sheet):form>/b/<code>.png")
@needs("public")
def building(code: str, form: str = "card") -> Response:
    """The picture of a building; `form` is one of `webmap.cards.FORMS`."""
    look_back(request.args, instants_only=True)

    def draw() -> str:
        page = load_building(public_session(), code, _asker())
        return card.building_picture(public_session(), page, _asker(), form)

    return cards.answer(("building", code), form, draw)


@blueprint.get("/card/u/<code>.png")
@blueprint.get("/card/<any(poster,sheet):form>/u/<code>.png")
@needs("public")
def unit(code: str, form: str = "card") -> Response:
    """The picture of a unit; `form` is one of `webmap.cards.FORMS`."""
    look_back(request.args, instants_only=True)

    def draw() -> str:
        found = load_unit(public_session(), code, _asker())
        return card.unit_picture(public_session(), found, _asker(), form)

    return cards.answer(("unit", code), form, draw)


@blueprint.get("/card/compare.png")
@needs("public")
def compared() -> Response:
    """The picture of up to four units (`u`) and buildings (`b`) on a map."""
    look_back(request.args)
    units, buildings = (tuple(code for code in request.args.get(name, "").split(",") if code) for name in "ub")

    def draw() -> str:
        if not units and not buildings:
            raise NotFoundError("Nothing is compared here.")
        found = comparing.load(public_session(), units, buildings, _asker())
        return card.compared_picture(public_session(), found, _asker(), "card")

    return cards.answer(("compare", units, buildings), "card", draw)


def _asker() -> Asker:
    return Asker(day_shown())
