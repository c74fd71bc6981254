"""The offers of a building on the desk: published, changed from a day on, and ended."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, EditConflictError, LouMapError
from geo.history import Published, change_offer, publish_offer, withdraw_offer
from geo.model import Building, Offer
from webmap import db
from webmap.config import current_settings
from webmap.editing import offers
from webmap.editing.labels import field_label, what_is_wrong
from webmap.editing.places import RIGHT, author, framed, in_hand
from webmap.editing.unit_forms import read_day, units_of
from webmap.permissions import needs

blueprint = Blueprint("editing_offers", __name__, url_prefix="/desk/places/<code>/offers")


@blueprint.get("")
@needs(RIGHT, somewhere=True)
def index(code: str) -> str:
    """The offers that stand today or later."""
    building = in_hand(code)
    listed = offers.offers_of(db.session(), building, current_settings().today())
    return framed("offers.html", building, "offers", offers=listed)


@blueprint.get("/new")
@needs(RIGHT, somewhere=True)
def blank(code: str) -> str:
    """The form of another offer."""
    return _page(in_hand(code), None)


@blueprint.post("/new")
@needs(RIGHT, somewhere=True)
def publish(code: str) -> AnyResponse | tuple[str, int]:
    """Publish an offer."""
    building, session, today = in_hand(code), db.session(), current_settings().today()
    try:
        units, on = offers.chosen_units(session, building, request.form), read_day(request.form.get("on", ""))
        terms = offers.terms_sent(request.form)
        published = publish_offer(session, units, terms, on=on, by=author(building), today=today)
    except LouMapError as error:
        session.rollback()
        return _page(building, None, _why_not(error)), 422
    _tell(published)
    return redirect(url_for(".index", code=code), 303)


@blueprint.get("/<int:number>")
@needs(RIGHT, somewhere=True)
def offer(code: str, number: int) -> str:
    """One offer with the form to change it."""
    building = in_hand(code)
    return _page(building, offers.offer_with(db.session(), building, number))


@blueprint.post("/<int:number>")
@needs(RIGHT, somewhere=True)
def change(code: str, number: int) -> AnyResponse | tuple[str, int]:
    """Change an offer from a day on, or end it."""
    building, session, today = in_hand(code), db.session(), current_settings().today()
    found = offers.offer_with(session, building, number)
    try:
        on, by = read_day(request.form.get("on", "")), author(building)
        if request.form.get("act") == "end":
            withdraw_offer(session, found.id, on=on, by=by, today=today)
            flash(gettext("已结束。"))
        else:
            units, terms = offers.chosen_units(session, building, request.form), offers.terms_sent(request.form)
            _tell(change_offer(session, found.id, terms, on=on, by=by, today=today, unit_ids=units))
    except LouMapError as error:
        session.rollback()
        return _page(building, found, _why_not(error)), 409 if isinstance(error, EditConflictError) else 422
    return redirect(url_for(".index", code=code), 303)


def _tell(published: Published) -> None:
    flash(gettext("已发布。"))
    for rival in published.rivals:
        since = rival.promised_at.astimezone(current_settings().timezone).strftime("%Y-%m-%d %H:%M")
        told = {"unit": rival.unit_label, "code": rival.code, "since": since}
        flash(gettext("撞单：单元 %(unit)s 自 %(since)s 起已在另一条招商信息 %(code)s 中。", **told))


def _why_not(error: LouMapError) -> str:
    if isinstance(error, EditConflictError):
        return gettext("您打开页面之后，别人改过或结束了这条招商信息。请返回列表重新打开，核对两者。")
    if isinstance(error, BadParameterError):
        control = next((each for each in offers.CONTROLS if each.name == error.parameter), None)
        if control:
            return f"{field_label('offers', control.name)}：{what_is_wrong('offers', control, error)}"
        if error.parameter == "units":
            return gettext("请至少选一个单元。")
        if error.parameter == "unit_ids":
            return gettext("单元“%(label)s”您已经在另一条招商信息中，请改那一条。", label=error.value)
        return gettext("“%(value)s”不能用。", value=error.value)
    return gettext("这些单元已经变了，请重新打开楼宇的页面。")


def _page(building: Building, found: Offer | None, wrong: str = "") -> str:
    today, session = current_settings().today(), db.session()
    chosen = [unit.code for unit in offers.covered(session, found)] if found else request.args.getlist("u")
    return framed(
        "offer.html",
        building,
        "offers",
        offer=found,
        controls=offers.CONTROLS,
        texts=request.form if request.method == "POST" else offers.texts_of(found),
        chosen=request.form.getlist("u") if request.method == "POST" else chosen,
        units=units_of(session, building, today),
        contacts=offers.contacts_of(session, building),
        today=today,
        label_of=lambda name: field_label("offers", name),
        wrong=wrong,
    )
