"""The addresses of pictures of a building, a unit and of what is compared; they show what visitors may see."""

from flask import Blueprint, Response, request

from geo.errors import NotFoundError
from geo.snapshot import Moment
from webmap import cards
from webmap.buildings import card, comparing
from webmap.buildings.frozen import as_it_stood, frozen_moment, unit_as_it_stood
from webmap.buildings.operations import Asker, load_building
from webmap.buildings.units import load_unit
from webmap.config import current_settings
from webmap.db import public_session
from webmap.permissions import needs

blueprint = Blueprint("cards", __name__)


@blueprint.get("/card/b/<code>.png")
@blueprint.get("/card/<any(poster,sheet):form>/b/<code>.png")
@needs("public")
def building(code: str, form: str = "card") -> Response:
    """The picture of a building; `form` is one of `webmap.cards.FORMS`."""

    moment = frozen_moment(request.args, current_settings())

    def draw() -> str:
        page, asker = load_building(public_session(), code, _asker(moment)), _asker(moment)
        if moment:
            page = as_it_stood(public_session(), page, moment, "-area")
        return card.building_picture(public_session(), page, asker, form)

    return cards.answer(("building", code, moment), form, draw)


@blueprint.get("/card/u/<code>.png")
@blueprint.get("/card/<any(poster,sheet):form>/u/<code>.png")
@needs("public")
def unit(code: str, form: str = "card") -> Response:
    """The picture of a unit; `form` is one of `webmap.cards.FORMS`."""

    moment = frozen_moment(request.args, current_settings())

    def draw() -> str:
        found, asker = load_unit(public_session(), code, _asker(moment)), _asker(moment)
        if moment:
            found = unit_as_it_stood(public_session(), found, moment)
        return card.unit_picture(public_session(), found, asker, form)

    return cards.answer(("unit", code, moment), form, draw)


@blueprint.get("/card/compare.png")
@needs("public")
def compared() -> Response:
    """The picture of up to four units (`u`) and buildings (`b`) on a map."""
    units, buildings = (tuple(code for code in request.args.get(name, "").split(",") if code) for name in "ub")

    def draw() -> str:
        if not units and not buildings:
            raise NotFoundError("Nothing is compared here.")
        found = comparing.load(public_session(), units, buildings, _asker())
        return card.compared_picture(public_session(), found, _asker(), "card")

    return cards.answer(("compare", units, buildings), "card", draw)


def _asker(moment: Moment | None = None) -> Asker:
    return Asker(moment.as_of if moment else current_settings().today())
