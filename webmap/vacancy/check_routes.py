"""Pages of staff who look at units on the spot: checks of a building, random samples and what they say."""

from datetime import date
from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, select
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, NotFoundError
from geo.model import Area, Building, Unit
from geo.returns.said import STATES
from geo.returns.standing import units_now
from webmap import db, files
from webmap.config import current_settings
from webmap.permissions import check, current_user, needs, reach
from webmap.vacancy import checking
from webmap.vacancy.check_models import SpotCheck
from webmap.vacancy.checking import MARGINS, Looked
from webmap.vacancy.owing import owing_building
from webmap.vacancy.requests import clock_of_request

blueprint = Blueprint("checks", __name__)

REVIEW = "review_returns"


@blueprint.get("/desk/checks")
@needs(REVIEW, somewhere=True)
def index() -> str:
    """Samples drawn so far, and the form to draw one."""
    areas = db.session().scalars(select(Area).where(Area.withdrawn_at.is_(None)).order_by(Area.level, Area.name)).all()
    reports = [checking.sample_report(db.session(), each) for each in checking.latest_samples(db.session(), _mine())]
    return render_template("vacancy/desk/checks.html", here="desk", areas=areas, reports=reports, margins=MARGINS)


@blueprint.post("/desk/checks")
@needs(REVIEW)
def draw() -> AnyResponse:
    """Draw a random sample of units."""
    code = request.form.get("area", "")
    area = db.session().scalar(select(Area).where(Area.code == code)) if code else None
    if code and area is None:
        raise BadParameterError("area", code[:20], "the code of an area")
    margin = next((each for each in MARGINS if str(each) == request.form.get("margin")), 0.1)
    made = checking.draw_sample(db.session(), check(REVIEW), _mine(), area, margin, clock_of_request())
    return redirect(url_for(".sample", number=made.id), 303)


@blueprint.get("/desk/checks/samples/<int:number>")
@needs(REVIEW, somewhere=True)
def sample(number: int) -> str:
    """A sample: where to go, what was seen, and what it says of all units."""
    report = checking.sample_report(db.session(), checking.find_sample(db.session(), number, _mine()))
    return render_template("vacancy/desk/sample.html", here="desk", report=report)


@blueprint.get("/desk/checks/<code>")
@needs(REVIEW, somewhere=True)
def building(code: str) -> str:
    """The units of a building with the form to note what was seen, and the last checks."""
    found, clock = owing_building(db.session(), code), clock_of_request()
    check(REVIEW, found)
    units = units_now(db.session(), found.id, clock.today)
    chosen = next((unit for unit in units if unit.code == request.args.get("unit")), None)
    shown = {"building": found, "units": units, "chosen": chosen, "states": STATES, "clock": clock}
    shown |= {"done": checking.checks_of(db.session(), found), "sample": request.args.get("sample")}
    return render_template("vacancy/desk/check.html", here="desk", **shown)


@blueprint.post("/desk/checks/<code>")
@needs(REVIEW, somewhere=True)
def note(code: str) -> AnyResponse:
    """Note what was seen of a unit; it is verified with that day."""
    found, session = owing_building(db.session(), code), db.session()
    user = check(REVIEW, found)
    unit = session.scalar(select(Unit).where(Unit.code == request.form.get("unit", ""), Unit.building_id == found.id))
    if unit is None:
        raise BadParameterError("unit", request.form.get("unit", "")[:20], "a unit of the building")
    checking.note_check(session, user, _folder(), unit, _looked(), clock_of_request())
    flash(gettext("%(label)s 已标为现场核实。", label=unit.label))
    sample_number = request.form.get("sample", "")
    if _is_number(sample_number):
        return redirect(url_for(".sample", number=int(sample_number)), 303)
    return redirect(url_for(".building", code=code), 303)


@blueprint.get("/desk/checks/photos/<int:number>")
@needs(REVIEW, somewhere=True)
def photo(number: int) -> Response:
    """The photo of a check."""
    found = db.session().get(SpotCheck, number) if number < 2**63 else None
    if found is None or found.photo_sha256 is None:
        raise NotFoundError
    check(REVIEW, db.session().get_one(Building, found.unit.building_id))
    return send_file(files.path_with(_folder(), found.photo_sha256), mimetype="image/jpeg", max_age=0)


def _looked() -> Looked:
    form, sent = request.form, request.files.get("photo")
    number = form.get("sample", "")
    return Looked(
        _day(form.get("checked_on", "")),
        form.get("found") or None,
        " ".join(form.get("note", "").split()) or None,
        sent.stream if sent and sent.filename else None,
        checking.find_sample(db.session(), int(number), _mine()).id if _is_number(number) else None,
    )


def _mine() -> ColumnElement[bool]:
    """The buildings whose returns the person may review."""
    return reach(current_user(), REVIEW)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else clock_of_request().today
    except ValueError:
        raise BadParameterError("checked_on", text[:20], "a day as 2026-11-20") from None


def _folder() -> Path:
    return current_settings().data / "files"
