"""The floors and sections of a building: added from a list of labels, several set at once, each with its own page."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from geo.editing.floors import add_floors, read_labels
from geo.errors import BadParameterError
from geo.model import Building, Floor
from webmap import db
from webmap.editing import floors
from webmap.editing.places import RIGHT, framed, in_hand
from webmap.editing.unit_forms import floors_of
from webmap.permissions import check, needs

blueprint = Blueprint("editing_floors", __name__, url_prefix="/desk/places/<code>/floors")


@blueprint.get("")
@needs(RIGHT, somewhere=True)
def index(code: str) -> str:
    """The floors from the top, and the sections."""
    return _page(in_hand(code))


@blueprint.post("")
@needs(RIGHT, somewhere=True)
def add(code: str) -> AnyResponse | tuple[str, int]:
    """Add floors from a list of labels."""
    building, form = in_hand(code), request.form
    try:
        labels = read_labels(form.get("labels", ""))
        section = floors.section_of(db.session(), building, form.get("section", ""))
        above = floors.floor_of(db.session(), building, form.get("above", ""))
        user = check(RIGHT, building)
        added = add_floors(db.session(), building, labels, by=user.id, section_id=section, above=above)
    except BadParameterError as error:
        db.session().rollback()
        return _page(building, gettext("“%(value)s”不能用。", value=error.value)), 422
    flash(ngettext("已加入 %(num)s 层。", "已加入 %(num)s 层。", len(added)))
    return redirect(url_for(".index", code=code), 303)


@blueprint.post("/several")
@needs(RIGHT, somewhere=True)
def set_several(code: str) -> AnyResponse | tuple[str, int]:
    """Set fields of several floors at once; what is left empty stays."""
    building = in_hand(code)
    try:
        changed = floors.set_several(db.session(), building, request.form, by=check(RIGHT, building).id)
    except BadParameterError as error:
        db.session().rollback()
        return _page(building, gettext("“%(value)s”不能用。", value=error.value)), 422
    flash(ngettext("已保存 %(num)s 项。", "已保存 %(num)s 项。", changed) if changed else gettext("没有变化。"))
    return redirect(url_for(".index", code=code), 303)


def _page(building: Building, wrong: str = "") -> str:
    listed: list[Floor] = list(floors_of(db.session(), building))
    return framed(
        "floors.html",
        building,
        "floors",
        floors=listed,
        held=floors.held(db.session(), listed),
        sections=floors.sections(db.session(), building),
        uses=floors.USES,
        typed=request.form,
        wrong=wrong,
    )
