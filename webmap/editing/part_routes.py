"""Conditions, parties and complexes of a building: what there is of each, and the forms to add and end."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.editing.facts import state_fact
from geo.editing.parties import ROLES, complexes_of, roles_of, take_out_of_complex
from geo.errors import BadParameterError, NotFoundError
from geo.model import Building
from geo.taxonomy import building_facts
from webmap import db
from webmap.config import current_settings
from webmap.editing import parts
from webmap.editing.places import RIGHT, author, framed, in_hand
from webmap.editing.unit_forms import floors_of, units_of
from webmap.permissions import needs

blueprint = Blueprint("editing_parts", __name__, url_prefix="/desk/places/<code>")


@blueprint.get("/facts")
@needs(RIGHT, somewhere=True)
def facts(code: str) -> str:
    """What is stated of the building, by whom and when."""
    return _facts(in_hand(code))


@blueprint.post("/facts")
@needs(RIGHT, somewhere=True)
def add_fact(code: str) -> AnyResponse | tuple[str, int]:
    """State a condition of the building."""
    building, form = in_hand(code), request.form
    said = {name: form.get(name, "") for name in ("value", "unit", "dated_on")}
    by = author(building)
    act = partial(state_fact, db.session(), building, form.get("fact", ""), said, by=by)
    return _added(building, act, _facts, ".facts")


@blueprint.get("/parties")
@needs(RIGHT, somewhere=True)
def parties(code: str) -> str:
    """Who is what to the building, from when to when."""
    return _parties(in_hand(code))


@blueprint.post("/parties")
@needs(RIGHT, somewhere=True)
def add_role(code: str) -> AnyResponse | tuple[str, int]:
    """Let a party be something to the building."""
    building = in_hand(code)
    act = partial(parts.give_role, db.session(), building, request.form, by=author(building))
    return _added(building, act, _parties, ".parties")


@blueprint.post("/parties/end")
@needs(RIGHT, somewhere=True)
def end_role(code: str) -> AnyResponse:
    """Let a role of the building end on a day."""
    building = in_hand(code)
    try:
        parts.end_role(db.session(), building, request.form, by=author(building))
        flash(gettext("已保存。"))
    except (BadParameterError, NotFoundError):
        db.session().rollback()
        flash(gettext("这个角色已经结束，或日期不对。"))
    return redirect(url_for(".parties", code=code), 303)


@blueprint.get("/complexes")
@needs(RIGHT, somewhere=True)
def complexes(code: str) -> str:
    """The complexes that the building belongs to."""
    return _complexes(in_hand(code))


@blueprint.post("/complexes")
@needs(RIGHT, somewhere=True)
def join_complex(code: str) -> AnyResponse | tuple[str, int]:
    """Let the building belong to a complex of a name, made where there is none."""
    building = in_hand(code)
    act = partial(parts.join_complex_named, db.session(), building, request.form, by=author(building))
    return _added(building, act, _complexes, ".complexes")


@blueprint.post("/complexes/leave")
@needs(RIGHT, somewhere=True)
def leave_complex(code: str) -> AnyResponse:
    """Let the building belong to a complex no longer."""
    building = in_hand(code)
    for whole in complexes_of(db.session(), building):
        if whole.code == request.form.get("complex"):
            take_out_of_complex(db.session(), building, whole, by=author(building))
            flash(gettext("已移出。"))
    return redirect(url_for(".complexes", code=code), 303)


def _added(
    building: Building, act: Callable[[], object], page: Callable[[Building, str], str], to: str
) -> AnyResponse | tuple[str, int]:
    """Do what a form says and lead back to its page; what cannot be is said on the page, and nothing is kept of it."""
    try:
        act()
    except BadParameterError as error:
        db.session().rollback()
        return page(building, gettext("“%(value)s”不能用。", value=error.value)), 422
    flash(gettext("已加入。"))
    return redirect(url_for(to, code=building.code), 303)


def _facts(building: Building, wrong: str = "") -> str:
    listed = parts.facts_of(db.session(), building)
    return framed(
        "facts.html", building, "facts", facts=listed, kinds=building_facts(), typed=request.form, wrong=wrong
    )


def _parties(building: Building, wrong: str = "") -> str:
    today = current_settings().today()
    return framed(
        "parties.html",
        building,
        "parties",
        roles=roles_of(db.session(), building),
        kinds=ROLES,
        today=today,
        floors=floors_of(db.session(), building),
        units=units_of(db.session(), building, today),
        labels=parts.place_labels(db.session(), building),
        typed=request.form,
        wrong=wrong,
    )


def _complexes(building: Building, wrong: str = "") -> str:
    mine, known = complexes_of(db.session(), building), parts.complex_names(db.session())
    return framed("complexes.html", building, "complexes", complexes=mine, known=known, typed=request.form, wrong=wrong)
