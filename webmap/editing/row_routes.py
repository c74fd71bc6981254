"""One page for the fields of a floor, section, fact, party or complex: correct, release, undo, delete."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from geo.editing.fields import release, take_back
from geo.editing.floors import check_labels_once, remove_floor
from geo.editing.sayings import sayings_of
from geo.errors import BadParameterError, NotFoundError
from geo.field_edits import standing_edits
from geo.model import Base, Building
from webmap import db
from webmap.editing import operations
from webmap.editing.forms import Form, form_of, save
from webmap.editing.labels import field_label
from webmap.editing.places import RIGHT, framed, in_hand
from webmap.editing.row_kinds import KINDS, Kind, row_of
from webmap.editing.showing import told_of
from webmap.people import names_of
from webmap.permissions import check, current_user, needs, reach

blueprint = Blueprint("editing_rows", __name__, url_prefix="/desk/places/<code>/<kind>/<int:number>")


@blueprint.get("")
@needs(RIGHT, somewhere=True)
def row(code: str, kind: str, number: int) -> str:
    """The form of a row with who said what of it."""
    building, known, found = _row(code, kind, number)
    return _page(building, known, found, form_of(db.session(), found, known.groups()))


@blueprint.post("")
@needs(RIGHT, somewhere=True)
def correct(code: str, kind: str, number: int) -> AnyResponse | tuple[str, int]:
    """Keep what was typed, or say what is wrong with it."""
    building, known, found = _row(code, kind, number)
    user = check(RIGHT, building)
    changed, form = save(db.session(), found, known.groups(), request.form, by=user.id)
    if form is not None:
        return _page(building, known, found, form), 422
    if kind == "floors":
        try:
            check_labels_once(db.session(), building)
        except BadParameterError as error:
            db.session().rollback()
            form = form_of(db.session(), found, known.groups())
            next(iter(form.entries)).wrong = gettext("楼层标识“%(label)s”已经有了。", label=error.value)
            return _page(building, known, found, form), 422
    flash(ngettext("已保存 %(num)s 项。", "已保存 %(num)s 项。", changed) if changed else gettext("没有变化。"))
    return redirect(url_for(known.back, code=code), 303)


@blueprint.post("/release")
@needs(RIGHT, somewhere=True)
def let_go(code: str, kind: str, number: int) -> AnyResponse:
    """Let imports set a field again, or take a correction back."""
    building, _, found = _row(code, kind, number)
    user, field, act = check(RIGHT, building), request.form.get("field", ""), request.form.get("act")
    if act == "undo":
        edits = standing_edits(db.session(), found.__tablename__, [number])
        if (number, field) not in edits:
            raise NotFoundError(f"Nobody holds {field}.")
        take_back(db.session(), found, edits[number, field], by=user.id)
    else:
        release(db.session(), found, field, by=user.id, take=act == "take")
    return redirect(url_for(".row", code=code, kind=kind, number=number), 303)


@blueprint.post("/delete")
@needs(RIGHT, somewhere=True)
def delete(code: str, kind: str, number: int) -> AnyResponse:
    """Take a floor or section away on which nothing stands."""
    building, known, found = _row(code, kind, number)
    user = check(RIGHT, building)
    try:
        if kind == "floors":
            remove_floor(db.session(), found, by=user.id)
        elif kind == "sections":
            operations.remove_section(db.session(), found, by=user.id)
        else:
            abort(404)
    except BadParameterError:
        db.session().rollback()
        flash(gettext("上面还有单元或楼层，不能删除。"))
        return redirect(url_for(".row", code=code, kind=kind, number=number), 303)
    flash(gettext("已删除。"))
    return redirect(url_for(known.back, code=code), 303)


def _row(code: str, kind: str, number: int) -> tuple[Building, Kind, Base]:
    building = in_hand(code)
    if kind not in KINDS:
        abort(404)
    found: Base = row_of(db.session(), KINDS[kind], building, number, reach(current_user(), RIGHT))
    return building, KINDS[kind], found


def _page(building: Building, kind: Kind, row: Base, form: Form) -> str:
    ident: int = row.id  # type: ignore[attr-defined]  # every row that is edited has one
    said = sayings_of(db.session(), [(row.__tablename__, ident)])
    return framed(
        "row.html",
        building,
        kind.tab,
        kind=kind,
        row=row,
        form=form,
        sayings=said,
        people=names_of(db.session(), [each.edit.user_id for each in said if each.edit]),
        field_label=field_label,
        told=told_of,
    )
