"""Pages on which a tax officer sees what of a year may be shown to everybody, and publishes it."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from geo.figures import Asked, Counted, Decision, Period, decide_year, publish_year, read_published
from geo.figures.places import get_place
from geo.suppression import Rule
from webmap import db
from webmap.config import current_settings
from webmap.figures import wording
from webmap.permissions import ENTER_TAX, check, needs

blueprint = Blueprint("publishing_figures", __name__)

TAX = "tax"


@blueprint.get("/desk/figures/publish")
@needs(ENTER_TAX)
def show() -> str:
    """What of a year would be shown, what is hidden and why, and what is public now."""
    year = _year(request.args.get("year"))
    decisions = decide_year(db.session(), TAX, year, _rule())
    return _page(year, decisions)


@blueprint.post("/desk/figures/publish")
@needs(ENTER_TAX)
def publish() -> AnyResponse:
    """Publish the sums of a year that may be shown together."""
    year = _year(request.form.get("year"))
    decisions = publish_year(db.session(), TAX, year, _rule(), check(ENTER_TAX).id)
    shown = sum(each.outcome == "shown" for each in decisions)
    flash(gettext("已公布 %(year)s 年：公开 %(n)s 项，其余按披露规则隐去。", year=year, n=shown))
    return redirect(url_for(".show", year=year), 303)


def _page(year: int, decisions: list[Decision]) -> str:
    usual = [each for each in decisions if each.counted in (None, Counted())] or decisions
    rows = [(get_place(db.session(), *each.place), each) for each in usual]
    rows.sort(key=lambda row: (row[1].place[0], -row[1].value))
    now = read_published(db.session(), Asked(TAX, Period.year(year), Counted()))
    public = sum(value is not None for value in (*now.areas.values(), *now.buildings.values()))
    return render_template(
        "figures/publish.html", here="desk", locale=wording.locale_tag(), year=year, rows=rows, rule=_rule(),
        counts=Counter(each.outcome for each in decisions), last=current_settings().today().year - 1,
        measures=sorted({each.counted.label() for each in decisions if each.counted}), public=public,
    )  # fmt: skip


def _rule() -> Rule:
    settings = current_settings()
    return Rule(settings.least_contributors, settings.largest_share_pct / 100)


def _year(text: str | None) -> int:
    last = current_settings().today().year - 1
    if not text:
        return last
    if not text.isdecimal() or not 1990 <= int(text) <= last:
        raise BadParameterError("year", text[:20], f"1990 to {last}: years that have ended")
    return int(text)
