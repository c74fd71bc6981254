"""Staff's pages about returns: what waits, one return beside last week, accepting and sending back."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.model import Building
from webmap import db
from webmap.config import current_settings
from webmap.permissions import check, current_user, needs, reach
from webmap.vacancy import deciding, reviewing
from webmap.vacancy.models import VacancyReturn
from webmap.vacancy.owing import Clock

blueprint = Blueprint("returns", __name__)

REVIEW = "review_returns"


@blueprint.get("/desk/returns")
@needs(REVIEW, somewhere=True)
def index() -> str:
    """Returns that wait for a decision, the oldest first, and those decided lately."""
    found = reviewing.waiting(db.session(), reach(current_user(), REVIEW))
    lately = reviewing.decided(db.session(), reach(current_user(), REVIEW))
    return render_template("vacancy/desk/index.html", here="desk", waiting=found, decided=lately, clock=_clock())


@blueprint.get("/desk/returns/<int:number>")
@needs(REVIEW, somewhere=True)
def review(number: int) -> str:
    """One return: what it says beside last week, what is doubtful, and the buttons."""
    page = reviewing.review(db.session(), _owed(number), _clock())
    return render_template("vacancy/desk/review.html", here="desk", page=page, clock=_clock())


@blueprint.post("/desk/returns/<int:number>")
@needs(REVIEW, somewhere=True)
def decide(number: int) -> AnyResponse:
    """Accept or send back: all of it, or the lines that are ticked."""
    owed = _owed(number)
    user, form, session = check(REVIEW, owed.building), request.form, db.session()
    ticked = {int(text) for text in form.getlist("line") if text.isascii() and text.isdecimal()}
    act = form.get("act", "accept")
    lines = ticked if "ticked" in (form.get("which"), act.rpartition("_")[2]) else None
    deciding.settle_doubts(session, user.id, owed, _reasons())
    if act.startswith("send_back"):
        deciding.send_back(session, user.id, owed, _clock(), form.get("reason", ""), lines)
        flash(gettext("已退回，理由会显示给填报人。"))
    else:
        left = deciding.accept(session, user.id, owed, _clock(), lines)
        flash(_accepted(len(left)))
    return redirect(url_for(".review", number=number), 303)


def _accepted(left: int) -> str:
    if not left:
        return gettext("已确认。地图和楼宇页面随即更新。")
    return gettext("%(n)s 个单元期间被他人改过，请对照后再确认。", n=left)


def _reasons() -> dict[int, str]:
    heads = ((name.removeprefix("doubt-"), text) for name, text in request.form.items() if name.startswith("doubt-"))
    return {int(head): text for head, text in heads if head.isascii() and head.isdecimal()}


def _owed(number: int) -> VacancyReturn:
    owed = reviewing.find(db.session(), number)
    check(REVIEW, db.session().get_one(Building, owed.building_id))
    return owed


def _clock() -> Clock:
    return Clock(datetime.now(UTC), current_settings().timezone)
