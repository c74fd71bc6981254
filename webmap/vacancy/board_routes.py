"""Pages of the alliance office: the board of all buildings, and how returns are asked for in each area."""

from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from geo.model import Area
from geo.parameters import whole
from geo.returns.weeks import week_of
from webmap import db
from webmap.permissions import current_user, needs, reach
from webmap.vacancy.board import board
from webmap.vacancy.models import ReturnRule
from webmap.vacancy.owing import ask_anew
from webmap.vacancy.requests import clock_of_request
from webmap.vacancy.rules import Rule

blueprint = Blueprint("board", __name__)

_WHOLE = {"due_weekday": (0, 6), "remind_hours": (1, 96), "escalate_days": (1, 30), "jump_pct": (1, 100)}


@blueprint.get("/desk/board")
@needs("review_returns", somewhere=True)
def show() -> str:
    """Who is late, how complete and old every building is, and the league of punctuality."""
    clock = clock_of_request()
    made = board(db.session(), reach(current_user(), "review_returns"), week_of(clock.today), clock)
    return render_template("vacancy/desk/board.html", here="desk", board=made, clock=clock)


@blueprint.get("/desk/board/rules")
@needs("administer")
def rules() -> str:
    """How returns are asked for: the rule of the site, and those of areas that have their own."""
    kept = {row.area_id: row for row in db.session().scalars(select(ReturnRule))}
    shown = select(Area).where(Area.withdrawn_at.is_(None)).order_by(Area.level, Area.name)
    areas = {area.id: area for area in db.session().scalars(shown)}
    site, own = kept.pop(None, Rule()), [(areas.get(ident), row) for ident, row in kept.items() if ident in areas]
    free = [area for area in areas.values() if area.id not in kept]
    return render_template("vacancy/desk/rules.html", here="desk", site_rule=site, own=own, free=free, fresh=Rule())


@blueprint.post("/desk/board/rules")
@needs("administer")
def set_rule() -> AnyResponse:
    """Set or take back the rule of an area, or set that of the site."""
    session, code = db.session(), request.form.get("area", "")
    area = session.scalar(select(Area).where(Area.code == code)) if code else None
    if code and area is None:
        raise BadParameterError("area", code[:20], "the code of an area")
    same = ReturnRule.area_id == area.id if area else ReturnRule.area_id.is_(None)
    row = session.scalar(select(ReturnRule).where(same))
    if request.form.get("act") == "delete" and row is not None:
        session.delete(row)
    else:
        row = row or ReturnRule(area_id=area.id if area else None)
        for name, value in _values().items():
            setattr(row, name, value)
        session.add(row)
    session.flush()
    clock = clock_of_request()
    moved = ask_anew(session, week_of(clock.today), clock.zone)
    flash(gettext("已保存。") + (_moved(moved) if moved else ""))
    return redirect(url_for(".rules"), 303)


def _moved(returns: int) -> str:
    return ngettext(
        "本周还没有送达的 %(num)s 份周报已改截止时间。", "本周还没有送达的 %(num)s 份周报已改截止时间。", returns
    )


def _values() -> dict[str, Any]:
    form = request.form
    values: dict[str, Any] = {name: whole(name, form.get(name, ""), *ends) for name, ends in _WHOLE.items()}
    try:
        values["due_time"] = time.fromisoformat(form.get("due_time", ""))
    except ValueError:
        raise BadParameterError("due_time", form.get("due_time", "")[:20], "a time such as 18:00") from None
    low, high = (_rent(name) for name in ("rent_low_cny_m2_day", "rent_high_cny_m2_day"))
    if low >= high:
        raise BadParameterError("rent_low_cny_m2_day", str(low), "a rent below the upper one")
    values |= {"rent_low_cny_m2_day": low, "rent_high_cny_m2_day": high}
    return values | {"accept_unchanged": form.get("accept_unchanged") == "1"}


def _rent(name: str) -> Decimal:
    try:
        rent = Decimal(request.form.get(name, ""))
    except InvalidOperation:
        rent = Decimal(-1)
    if not rent.is_finite() or not 0 < rent < 10_000:
        raise BadParameterError(name, request.form.get(name, "")[:20], "a rent per m² and day")
    return rent
