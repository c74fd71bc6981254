"""Pages of those who report: my buildings, the return of one building, its receipt."""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, NotFoundError
from geo.model import Building
from geo.returns.said import STATES, UnreadableReportError
from geo.returns.weeks import week_of
from geo.taxonomy import rent_units
from webmap import assets, compression, db, locale
from webmap.config import current_settings
from webmap.permissions import REPORT, LinkBearer, User, check, current_user, needs, reach
from webmap.report_links import opened
from webmap.vacancy import board_routes, check_routes, desk_routes, operations, preview_routes, receipt_routes, wording
from webmap.vacancy.benefits import benefits
from webmap.vacancy.forms import read_form
from webmap.vacancy.models import SIGHTINGS
from webmap.vacancy.operations import Reporter
from webmap.vacancy.owing import owed_by, owing_building
from webmap.vacancy.requests import clock_of_request

blueprint = Blueprint("vacancy", __name__)


@blueprint.get("/return")
@needs(REPORT, somewhere=True)
def index() -> str:
    """My buildings with where the return of each stands, what is to be done first."""
    clock, asked = clock_of_request(), request.args.get("q", "")[:100]
    week = week_of(clock.today)
    owed = owed_by(db.session(), reach(current_user(), REPORT), week, clock, asked)
    shown = {"owed": owed, "week": week, "clock": clock, "asked": asked, "key": operations.new_key()}
    return render_template("vacancy/index.html", here="desk", **shown)


@blueprint.get("/return/<code>")
@needs(REPORT, somewhere=True)
def plan(code: str) -> str:
    """The plan of a building, filled in as it was reported last."""
    return _plan(_mine(code), _user())


@blueprint.post("/return/<code>")
@needs(REPORT, somewhere=True)
def send(code: str) -> AnyResponse:
    """Take in the return of a building."""
    building = _mine(code)
    return _sent(building, Reporter(_user().id), request.form.get("week", ""))


@blueprint.get("/return/receipts/<code>")
@needs(REPORT, somewhere=True)
def receipt(code: str) -> str:
    """The receipt of a sending, with what it said and what became of it."""
    found = operations.receipt(db.session(), code, clock_of_request())
    check(REPORT, found.building)
    return _receipt(found)


@blueprint.get("/return/<code>/result")
@needs(REPORT, somewhere=True)
def result(code: str) -> str:
    """What the return of a building brings it."""
    building = _mine(code)
    made = benefits(db.session(), building, clock_of_request().today)
    return render_template("vacancy/result.html", here="desk", building=building, made=made)


@blueprint.get("/return/ready")
@needs(REPORT, somewhere=True)
def ready() -> Response:
    """For a page that was kept in the telephone: who is signed in, and a token to send with."""
    return _ready(str(_user().id))


@blueprint.get("/return/worker.js")
@needs("public")
def worker() -> Response:
    """The script that lets pages of returns open without a network; browsers ask for it under the pages' own path."""
    response = send_from_directory(assets.STATIC, assets.manifest()["return-worker.js"]["file"], max_age=0)
    response.mimetype = "text/javascript"
    response.headers["Service-Worker-Allowed"] = locale.address("/return")
    return response


@blueprint.get("/return/link/<token>")
@needs("public")
def link(token: str) -> str:
    """The plan of the building of a link, without signing in."""
    bearer, building = _bearer(token)
    return _plan(building, bearer, token, bearer.week)


@blueprint.post("/return/link/<token>")
@needs("public")
def send_by_link(token: str) -> AnyResponse:
    """Take in the return of the building and week of a link."""
    bearer, building = _bearer(token)
    return _sent(building, Reporter(bearer.user_id, token), bearer.week.isoformat())


@blueprint.get("/return/link/<token>/ready")
@needs("public")
def ready_by_link(token: str) -> Response:
    """As `ready`, for who holds a link."""
    bearer, _ = _bearer(token)
    return _ready(f"link-{bearer.link_id}")


@blueprint.get("/return/link/<token>/<code>")
@needs("public")
def receipt_by_link(token: str, code: str) -> str:
    """The receipt of what was sent by a link."""
    bearer, _ = _bearer(token)
    found = operations.receipt(db.session(), code, clock_of_request())
    if found.building.id != bearer.building_id:
        raise NotFoundError
    return _receipt(found, token)


def init_app(app: Flask) -> None:
    """Staff's pages about returns belong to the same capability."""
    wording.add_filters(app)
    for part in (desk_routes, preview_routes, board_routes, check_routes, receipt_routes):
        app.register_blueprint(part.blueprint)


def _plan(building: Building, who: User | LinkBearer, token: str | None = None, week: date | None = None) -> str:
    clock = clock_of_request()
    compression.repeats_nothing()
    page = operations.plan_page(db.session(), building, week or week_of(clock.today), clock)
    owner = str(who.id) if isinstance(who, User) else f"link-{who.link_id}"
    target = url_for(".send_by_link", token=token) if token else url_for(".send", code=building.code)
    shown = {"page": page, "clock": clock, "owner": owner, "target": target, "token": token}
    choices = {"states": STATES, "sightings": SIGHTINGS, "rent_units": [unit.code for unit in rent_units()]}
    return render_template("vacancy/plan.html", here="desk", key=operations.new_key(), **shown, **choices)


def _ready(owner: str) -> Response:
    response = jsonify(owner=owner, token=generate_csrf())
    response.cache_control.no_store = True
    return response


def _sent(building: Building, reporter: Reporter, week: str) -> AnyResponse:
    """Take in a form; scripts are answered with an address or with what is wrong, browsers are led on."""
    try:
        sent = read_form(request.form, "link" if reporter.token else _via())
        made, _ = operations.receive(db.session(), reporter, building, _week(week), sent, clock_of_request())
    except (BadParameterError, UnreadableReportError) as error:
        if request.accept_mimetypes.best == "application/json":
            return _refused(error)
        raise
    address = _receipt_address(made.code, reporter.token)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(receipt=made.code, address=address)
    flash(gettext("已收到。"))
    return redirect(address, 303)


def _via() -> str:
    """How the return was written: on the page, as text or in a workbook, which lead to the same form."""
    said = request.form.get("via", "page")
    return said if said in ("text", "workbook") else "page"


def _refused(error: Exception) -> Response:
    response = jsonify(detail=str(error), parameter=getattr(error, "parameter", getattr(error, "field", None)))
    response.status_code = 422
    return response


def _receipt(found: Any, token: str | None = None) -> str:
    return render_template("vacancy/receipt.html", here="desk", receipt=found, clock=clock_of_request(), token=token)


def _receipt_address(code: str, token: str | None) -> str:
    return url_for(".receipt_by_link", token=token, code=code) if token else url_for(".receipt", code=code)


def _mine(code: str) -> Building:
    building = owing_building(db.session(), code)
    check(REPORT, building)
    return building


def _user() -> User:
    user = current_user()
    assert user is not None, "the route needs an account"
    return user


def _bearer(token: str) -> tuple[LinkBearer, Building]:
    settings = current_settings()
    browser = request.user_agent.string
    bearer = opened(db.session(), settings.secret_key, token, request.remote_addr, browser)
    return bearer, db.session().get_one(Building, bearer.building_id)


def _week(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else week_of(clock_of_request().today)
    except ValueError:
        raise BadParameterError("week", text[:20], "the Monday of a week as 2026-11-16") from None
