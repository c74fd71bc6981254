"""Pages of targets: what plans ask of areas, entering and correcting it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import or_
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import EditConflictError
from geo.figures import set_target, withdraw
from geo.figures.kinds import counting_words
from geo.history import Author
from geo.model import Area, Source, Target
from webmap import db
from webmap.figures import operations, wording
from webmap.figures.forms import Form, read_target
from webmap.figures.target_kinds import target_kind, target_kinds
from webmap.permissions import SET_TARGETS, check, current_user, needs, reach_areas

blueprint = Blueprint("targets", __name__)


@blueprint.get("/desk/targets")
@needs(SET_TARGETS, somewhere=True)
def index() -> str:
    """The targets of the account's areas, and of those whose targets are public."""
    mine = reach_areas(current_user(), SET_TARGETS)
    rows = operations.list_targets(db.session(), or_(mine, Target.publishable))
    return _page("targets.html", rows=rows)


@blueprint.get("/desk/targets/new")
@needs(SET_TARGETS, somewhere=True)
def blank() -> str:
    """An empty form."""
    return _page("target_form.html", form=Form({"bound": "at_least", "unit": "万元"} | request.args.to_dict()))


@blueprint.post("/desk/targets/new")
@needs(SET_TARGETS, somewhere=True)
def enter() -> AnyResponse | tuple[str, int]:
    """Enter a target, or correct what the same plan asked before."""
    form = Form(request.form)
    entry = read_target(db.session(), current_user(), form)
    if entry is None:
        return _page("target_form.html", form=form), 422
    area = db.session().get_one(Area, entry.area_id)
    source = operations.entering_source(db.session(), form.text("source"))
    set_target(db.session(), entry, Author(source.id, check(SET_TARGETS, area).id))
    flash(gettext("已保存。"))
    return redirect(url_for(".index"), 303)


@blueprint.get("/desk/targets/<code>")
@needs(SET_TARGETS, somewhere=True)
def show(code: str) -> str:
    """A target with everything that its source ever asked."""
    found, source = _in_hand(code)
    typed = wording.as_typed(found, target_kind(found.indicator), source.name) | {
        "indicator": found.indicator,
        "area": db.session().get_one(Area, found.area_id).code,
        "year": str(found.year or ""),
        "scope": found.scope or "",
        "bound": found.bound,
        "note": "",
        "publishable": "yes" if found.publishable else "",
    }
    return _shown(found, Form(typed))


@blueprint.post("/desk/targets/<code>")
@needs(SET_TARGETS, somewhere=True)
def correct(code: str) -> AnyResponse | tuple[str, int]:
    """Correct a target; what was asked before stays to be read."""
    found, source = _in_hand(code)
    area = db.session().get_one(Area, found.area_id)
    fixed = {"indicator": found.indicator, "area": area.code, "year": str(found.year or ""), "scope": found.scope or ""}
    form = Form({**request.form, **fixed, "source": source.name})
    entry = read_target(db.session(), current_user(), form)
    if entry is not None:
        try:
            set_target(db.session(), entry, Author(source.id, check(SET_TARGETS, area).id), seen=code)
        except EditConflictError:
            form.wrong["clash"] = gettext("别人刚刚更正过，请看过最新的数值再填写。")
            now = operations.told_of(db.session(), found)[0].row
            return _shown(now, form), 409
        else:
            flash(gettext("已更正，原来的数值保留在下方。"))
            return redirect(url_for(".show", code=operations.told_of(db.session(), found)[0].row.code), 303)
    return _shown(found, form), 422


@blueprint.post("/desk/targets/<code>/withdraw")
@needs(SET_TARGETS, somewhere=True)
def take_back(code: str) -> AnyResponse:
    """Take a target back that was entered by mistake."""
    found, _ = _in_hand(code)
    withdraw(db.session(), found, check(SET_TARGETS, db.session().get_one(Area, found.area_id)).id)
    flash(gettext("已撤回；填写过的内容仍可查阅。"))
    return redirect(url_for(".index"), 303)


def _in_hand(code: str) -> tuple[Target, Source]:
    """A target of an area that the account may set targets for; raises as `check` does."""
    found = operations.find_target(db.session(), code)
    check(SET_TARGETS, db.session().get_one(Area, found.area_id))
    return found, db.session().get_one(Source, found.source_id)


def _shown(found: Target, form: Form) -> str:
    area = db.session().get_one(Area, found.area_id)
    return _page("target.html", found=found, area=area, form=form, told=operations.told_of(db.session(), found))


def _page(template: str, **context: Any) -> str:
    return render_template(
        f"figures/{template}", here="desk", locale=wording.locale_tag(), kinds=target_kinds(), kind_of=target_kind,
        scopes=counting_words("scope"), source_names=operations.source_names(db.session(), current_user()), **context,
    )  # fmt: skip
