"""The units of a building on the desk: corrected, added, ended, split, merged, and brought back."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.editing.reshaping import merge_units, split_unit
from geo.editing.undoing import undo_reshape
from geo.errors import LouMapError, NotFoundError
from geo.history import OCCUPANCIES, UNIT_USES, PresentState
from geo.history.values import AREA_BASES
from geo.model import Building
from webmap import db
from webmap.config import current_settings
from webmap.editing import units
from webmap.editing.places import RIGHT, author, framed, in_hand
from webmap.editing.unit_forms import ReshapeForm, floors_of, sent_form, split_form, units_of, why_not
from webmap.permissions import needs

blueprint = Blueprint("editing_units", __name__, url_prefix="/desk/places/<code>/units")


@blueprint.get("")
@needs(RIGHT, somewhere=True)
def index(code: str) -> str:
    """All units that stand, floor by floor, and the splits and mergers so far."""
    building = in_hand(code)
    listed = units.listed(db.session(), building, current_settings().today())
    return framed("units.html", building, "units", page=listed)


@blueprint.get("/new")
@needs(RIGHT, somewhere=True)
def blank(code: str) -> str:
    """The form of another unit."""
    return _unit_page(in_hand(code), None)


@blueprint.post("/new")
@needs(RIGHT, somewhere=True)
def add(code: str) -> AnyResponse | tuple[str, int]:
    """Add a unit."""
    building = in_hand(code)
    try:
        units.add(db.session(), building, request.form, author(building), current_settings().today())
    except LouMapError as error:
        db.session().rollback()
        return _unit_page(building, None, why_not(error)), 422
    flash(gettext("已加入。"))
    return _to_units(code)


@blueprint.get("/<unit_code>")
@needs(RIGHT, somewhere=True)
def unit(code: str, unit_code: str) -> str:
    """One unit with the form to correct it."""
    building = in_hand(code)
    return _unit_page(building, _state(building, unit_code))


@blueprint.post("/<unit_code>")
@needs(RIGHT, somewhere=True)
def correct(code: str, unit_code: str) -> AnyResponse | tuple[str, int]:
    """Correct a unit from a day on, or let it end."""
    building, today = in_hand(code), current_settings().today()
    state = _state(building, unit_code)
    try:
        units.correct(db.session(), state, request.form, author(building), today)
    except LouMapError as error:
        db.session().rollback()
        return _unit_page(building, _state(building, unit_code), why_not(error)), 422
    flash(gettext("已保存。"))
    return _to_units(code)


@blueprint.route("/split/<unit_code>", methods=["GET", "POST"])
@needs(RIGHT, somewhere=True)
def split(code: str, unit_code: str) -> AnyResponse | str | tuple[str, int]:
    """Make several units of one: the form, more lines for it, or the split itself."""
    building, today = in_hand(code), current_settings().today()
    states = [_state(building, unit_code)]
    if request.method == "GET":
        return _reshape_page(building, states, split_form(states, today))
    form = sent_form(request.form)
    if request.form.get("act") == "more":
        form.rows += split_form(states, today).rows
        return _reshape_page(building, states, form)
    try:
        by = author(building)
        split_unit(db.session(), states[0].unit_id, form.parts(), form.terms(), by=by, today=today)
    except LouMapError as error:
        return _refused(building, states, form, error)
    flash(gettext("已拆分。"))
    return _to_units(code)


@blueprint.route("/merge", methods=["GET", "POST"])
@needs(RIGHT, somewhere=True)
def merge(code: str) -> AnyResponse | str | tuple[str, int]:
    """Make several units one."""
    building, today = in_hand(code), current_settings().today()
    states = [_state(building, each) for each in dict.fromkeys(request.values.getlist("u"))]
    if len(states) < 2:
        flash(gettext("请选两个以上、同一幢楼的单元。"))
        return _to_units(code)
    if request.method == "GET":
        return _reshape_page(building, states, split_form(states, today))
    form = sent_form(request.form)
    try:
        chosen, by = [state.unit_id for state in states], author(building)
        merge_units(db.session(), chosen, units.only_part(form), form.terms(), by=by, today=today)
    except LouMapError as error:
        return _refused(building, states, form, error)
    flash(gettext("已合并。"))
    return _to_units(code)


@blueprint.post("/undo")
@needs(RIGHT, somewhere=True)
def undo(code: str) -> AnyResponse:
    """Take a split or merger of the building back."""
    building = in_hand(code)
    act = units.act_of(db.session(), building, request.form.get("act", ""))
    try:
        undo_reshape(db.session(), act, by=author(building), today=current_settings().today())
    except LouMapError as error:
        db.session().rollback()
        flash(why_not(error), "warn")
        return _to_units(code)
    flash(gettext("已撤销。"))
    return _to_units(code)


def _refused(building: Building, states: list[PresentState], form: ReshapeForm, error: LouMapError) -> tuple[str, int]:
    db.session().rollback()
    form.wrong = why_not(error)
    fresh = [_state(building, state.code) for state in states]
    form.seen = {state.unit_id: state.version for state in fresh}
    return _reshape_page(building, fresh, form), 422


def _reshape_page(building: Building, states: list[PresentState], form: ReshapeForm) -> str:
    offered = units.offers_of(db.session(), [state.unit_id for state in states], current_settings().today())
    context = {"states": states, "form": form, "occupancies": OCCUPANCIES, "offered": offered}
    return framed("reshape.html", building, "units", **context)


def _unit_page(building: Building, state: PresentState | None, wrong: str = "") -> str:
    return framed(
        "unit.html",
        building,
        "units",
        state=state,
        wrong=wrong,
        typed=request.form,
        floors=floors_of(db.session(), building),
        occupancies=OCCUPANCIES,
        uses=UNIT_USES,
        bases=AREA_BASES,
        today=current_settings().today(),
    )


def _state(building: Building, unit_code: str) -> PresentState:
    for state in units_of(db.session(), building, current_settings().today()):
        if state.code == unit_code:
            return state
    raise NotFoundError(f"There is no unit {unit_code!r} in this building today.")


def _to_units(code: str) -> AnyResponse:
    return redirect(url_for(".index", code=code), 303)
