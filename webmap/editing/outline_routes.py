"""Drawing or pasting the outline of a building, of a section of it, or of a new building."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from geoalchemy2.shape import to_shape
from werkzeug.wrappers import Response as AnyResponse

from geo.editing.creating import create_building, create_section
from geo.editing.fields import mark_of, set_fields
from geo.editing.outlines import written
from geo.errors import BadParameterError, EditConflictError, NotFoundError
from geo.model import Building, Section
from webmap import db
from webmap.config import current_settings
from webmap.editing import operations
from webmap.editing.outline_forms import OutlineForm, drawing_of, preview, read_form, repaired_form, systems
from webmap.editing.places import RIGHT, author, framed, in_hand
from webmap.permissions import check, current_user, may, needs, reach

blueprint = Blueprint("editing_outlines", __name__, url_prefix="/desk/places")

SECTION = ("kind", "name", "base_height_m", "height_m", "floor_from", "floor_to")
NEW = ("name", "name_en", "address", "status", "floors_above", "floors_below", "height_m")


@blueprint.get("/<code>/outline")
@needs(RIGHT, somewhere=True)
def index(code: str) -> str:
    """The outline of a building, or of one of its sections, as it stands."""
    building = in_hand(code)
    return _page(building, _section(building), None)


@blueprint.post("/<code>/outline")
@needs(RIGHT, somewhere=True)
def correct(code: str) -> AnyResponse | tuple[str, int]:
    """Look at what was drawn or pasted, and keep it once it has been looked at."""
    building = in_hand(code)
    section = _section(building)
    row = section or building
    form = _sent(building, section)
    if form.wrong or request.form.get("checked") != form.checked or not form.examined:
        return _page(building, section, form), 422 if form.wrong else 200
    try:
        said, seen = {"geom": form.examined.outline.wkt}, {"geom": request.form.get("seen", "")}
        set_fields(db.session(), row, said, by=check(RIGHT, building).id, seen=seen)
    except EditConflictError:
        db.session().rollback()
        form.wrong = gettext("您打开页面之后，别人改过这个轮廓。地图上蓝色的是现在的轮廓；再次保存即以您的为准。")
        return _page(building, section, form), 409
    flash(gettext("已保存轮廓。"))
    return redirect(url_for(".index", code=code, section=section.id if section else None), 303)


@blueprint.get("/new")
@needs(RIGHT, somewhere=True)
def blank() -> str:
    """The form of a building that is not there yet."""
    return _new_page(None)


@blueprint.post("/new")
@needs(RIGHT, somewhere=True)
def create() -> AnyResponse | tuple[str, int]:
    """Look at the outline of a new building, and make it once it has been looked at."""
    form = read_form(db.session(), request.form, None)
    form = repaired_form(form, db.session(), None, None) if request.form.get("act") == "repair" else form
    if form.wrong or request.form.get("checked") != form.checked or not form.examined:
        return _new_page(form), 422 if form.wrong else 200
    user = current_user()
    said = {name: request.form.get(name, "") for name in NEW}
    try:
        building = create_building(db.session(), form.examined.outline, said, by=user.id if user else None)
    except BadParameterError as error:
        db.session().rollback()
        form.wrong = gettext("“%(value)s”不能用。", value=error.value)
        return _new_page(form), 422
    check(RIGHT, building)
    flash(gettext("已建立。接着加楼层和单元。"))
    return redirect(url_for("editing_floors.index", code=building.code), 303)


@blueprint.post("/<code>/sections/new")
@needs(RIGHT, somewhere=True)
def add_section(code: str) -> AnyResponse | tuple[str, int]:
    """Add a section to a building, with the building's outline until its own is drawn."""
    building = in_hand(code)
    said = {name: request.form.get(name, "") for name in SECTION}
    try:
        section = create_section(db.session(), building, said, by=author(building))
    except BadParameterError as error:
        db.session().rollback()
        flash(gettext("“%(value)s”不能用。", value=error.value))
        return redirect(url_for("editing_floors.index", code=code), 303)
    flash(gettext("已加入，请画出它的轮廓。"))
    return redirect(url_for(".index", code=code, section=section.id), 303)


def _sent(building: Building, section: Section | None) -> OutlineForm:
    form = read_form(db.session(), request.form, building, section)
    if request.form.get("act") == "repair":
        return repaired_form(form, db.session(), building, section)
    return form


def _section(building: Building) -> Section | None:
    number = request.values.get("section", "")
    if not number:
        return None
    found = (
        db.session().get(Section, int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else None
    )
    if found is None or found.building_id != building.id:
        raise NotFoundError("There is no such section of this building.")
    return found


def _page(building: Building, section: Section | None, form: OutlineForm | None) -> str:
    row = section or building
    display = current_settings().display_crs
    in_hand_now = form.examined.outline if form and form.examined else to_shape(row.geom)
    middle = in_hand_now.centroid
    return framed(
        "outline.html",
        building,
        "outline",
        section=section,
        sections=operations.sections_of(db.session(), building),
        form=form or OutlineForm(written(to_shape(row.geom), display), display),
        seen=mark_of(row.__tablename__, row)["geom"],
        systems=systems(display),
        drawing=drawing_of(db.session(), (middle.x, middle.y), building, in_hand_now, hidden=_may_see_all()),
        preview=preview(db.session(), form.examined, building, hidden=_may_see_all()) if form and form.examined else "",
    )


def _new_page(form: OutlineForm | None) -> str:
    display = current_settings().display_crs
    drawn = form.examined.outline if form and form.examined else None
    middle = operations.middle_of(db.session(), reach(current_user(), RIGHT))
    middle = (drawn.centroid.x, drawn.centroid.y) if drawn else middle
    return render_template(
        "editing/new.html",
        here="desk",
        form=form or OutlineForm("", display),
        typed=request.form,
        systems=systems(display),
        drawing=drawing_of(db.session(), middle, None, drawn, hidden=_may_see_all()),
        preview=preview(db.session(), form.examined, None, hidden=_may_see_all()) if form and form.examined else "",
    )


def _may_see_all() -> bool:
    """Whether hidden neighbours are shown: a role for one place says nothing of what stands beside it."""
    return may(current_user(), "see_staff_values")
