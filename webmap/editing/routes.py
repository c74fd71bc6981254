"""The places of the desk: find a building, correct its fields, see who said what, release a correction."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from geo.editing.fields import release, take_back
from geo.editing.sayings import sayings_of
from geo.errors import NotFoundError
from geo.model import Building, FieldEdit
from webmap import db
from webmap.editing import floor_routes, offer_routes, operations, outline_routes, part_routes, row_routes, unit_routes
from webmap.editing.forms import Form, Groups, form_of, save
from webmap.editing.labels import field_label
from webmap.editing.places import RIGHT, framed, in_hand
from webmap.editing.showing import told_of
from webmap.people import names_of
from webmap.permissions import check, current_user, needs, reach

blueprint = Blueprint("editing", __name__)


@blueprint.get("/desk/places")
@needs(RIGHT, somewhere=True)
def index() -> str:
    """The buildings that the account may edit, found by words."""
    words = request.args.get("q", "")[:100]
    buildings = operations.find_buildings(db.session(), reach(current_user(), RIGHT), words)
    return render_template("editing/index.html", here="desk", words=words, buildings=buildings, most=operations.SHOWN)


@blueprint.get("/desk/places/<code>")
@needs(RIGHT, somewhere=True)
def building(code: str) -> str:
    """The fields of a building, each with who said it."""
    found = in_hand(code)
    return _page(found, form_of(db.session(), found, _groups()))


@blueprint.post("/desk/places/<code>")
@needs(RIGHT, somewhere=True)
def correct(code: str) -> AnyResponse | tuple[str, int]:
    """Keep what was typed, or say what is wrong with it."""
    found = in_hand(code)
    changed, form = save(db.session(), found, _groups(), request.form, by=check(RIGHT, found).id)
    if form is not None:
        return _page(found, form), 409 if any(entry.clash for entry in form.entries) else 422
    flash(ngettext("已保存 %(num)s 项。", "已保存 %(num)s 项。", changed) if changed else gettext("没有变化。"))
    return redirect(url_for(".building", code=code), 303)


@blueprint.post("/desk/places/<code>/release")
@needs(RIGHT, somewhere=True)
def let_go(code: str) -> AnyResponse:
    """Let imports set a field of the building again, or take a correction back."""
    found = in_hand(code)
    user, field = check(RIGHT, found), request.form.get("field", "")
    if request.form.get("act") == "undo":
        take_back(db.session(), found, _edit(found, field), by=user.id)
        flash(gettext("已恢复为更正之前的内容。"))
    else:
        release(db.session(), found, field, by=user.id, take=request.form.get("act") == "take")
        flash(gettext("已解除，下次导入会更新这一项。"))
    return redirect(url_for(".building", code=code), 303)


def init_app(app: Flask) -> None:
    """Register the pages of what belongs to a building."""
    for pages in (unit_routes, floor_routes, outline_routes, part_routes, offer_routes, row_routes):
        app.register_blueprint(pages.blueprint)


def _page(building: Building, form: Form) -> str:
    said = sayings_of(db.session(), [("buildings", building.id)])
    names = names_of(db.session(), [each.edit.user_id for each in said if each.edit])
    return framed(
        "building.html",
        building,
        "fields",
        form=form,
        sayings=said,
        people=names,
        field_label=field_label,
        told=told_of,
    )


def _edit(building: Building, field: str) -> FieldEdit:
    found = {edit.field: edit for edit in _standing(building)}
    if field not in found:
        raise NotFoundError(f"Nobody holds {field}.")
    return found[field]


def _standing(building: Building) -> list[FieldEdit]:
    said = sayings_of(db.session(), [("buildings", building.id)])
    return [each.edit for each in said if each.edit and each.edit.ended_at is None]


def _groups() -> Groups:
    return (
        (gettext("名称与地址"), ("name", "name_en", "aliases", "address", "address_en")),
        (
            gettext("楼层与面积"),
            (
                *("status", "completed_year", "floors_above", "floors_below", "height_m", "typical_floor_area_m2"),
                *("gross_area_m2", "leasable_area_m2"),
            ),
        ),
        (
            gettext("等级与配置"),
            ("grade", "grade_scheme", "star", "property_fee_cny_m2_month", "parking_spaces", "lifts", "themes"),
        ),
        (gettext("显示"), ("publishable",)),
    )
