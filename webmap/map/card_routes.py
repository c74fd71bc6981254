"""Pictures of the map: for chats, upright for walls, and large for slides."""

from flask import Blueprint, Response, current_app, request

from webmap import cards
from webmap.db import public_session
from webmap.map import card
from webmap.permissions import needs
from webmap.published import published

blueprint = Blueprint("cards", __name__)


@blueprint.get("/card/map.png")
@blueprint.get("/card/<any(poster,sheet):form>/map.png")
@needs("public")
def picture(form: str = "card") -> Response:
    """The picture of a state of the map, as visitors see it; `form` is one of `webmap.cards.FORMS`."""
    state = card.read(request.args)
    return cards.answer(("map", card.key_of(state)), form, lambda: card.draw(public_session(), _scene(), state, form))


def _scene() -> card.Scene:
    scenes = current_app.extensions["loumap_scenes"]
    found: card.Scene = scenes.of(public_session(), published().versions())
    return found
