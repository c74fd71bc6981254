"""Staff's pages about returns: what waits, one return beside last week, accepting and sending back."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import UndoRefusedError
from geo.model import Building
from webmap import db
from webmap.permissions import User, check, current_user, needs, reach
from webmap.vacancy import deciding, reviewing, undoing
from webmap.vacancy.deciding import NoReasonError
from webmap.vacancy.models import ReturnLine, VacancyReturn
from webmap.vacancy.requests import clock_of_request

blueprint = Blueprint("returns", __name__)

REVIEW = "review_returns"


@blueprint.get("/desk/returns")
@needs(REVIEW, somewhere=True)
def index() -> str:
    """Returns that wait for a decision, the oldest first, and those decided lately."""
    found = reviewing.waiting(db.session(), reach(current_user(), REVIEW))
    lately = reviewing.decided(db.session(), reach(current_user(), REVIEW))
    return render_template("vacancy/desk/index.html", here="desk", waiting=found, decided=lately)


@blueprint.get("/desk/returns/<int:number>")
@needs(REVIEW, somewhere=True)
def review(number: int) -> str:
    """One return: what it says beside last week, what is doubtful, and the buttons."""
    return _review(_owed(number))


@blueprint.post("/desk/returns/<int:number>")
@needs(REVIEW, somewhere=True)
def decide(number: int) -> AnyResponse | tuple[str, int]:
    """Accept or send back: all of it, or the lines that are ticked."""
    owed = _owed(number)
    try:
        flash(_decided(owed, check(REVIEW, owed.building)))
    except NoReasonError as error:
        return _review(owed, _missing(error)), 422
    return redirect(url_for(".review", number=number), 303)


@blueprint.post("/desk/returns/<int:number>/undo")
@needs(REVIEW, somewhere=True)
def undo(number: int) -> AnyResponse | tuple[str, int]:
    """Take back what a return made facts; refused with what was said later."""
    owed = _owed(number)
    user = check(REVIEW, owed.building)
    try:
        with db.session().begin_nested():
            units = undoing.take_back(db.session(), user.id, owed, clock_of_request(), request.form.get("reason", ""))
    except NoReasonError:
        return _review(owed, gettext("请写明撤销的理由，最多 500 字。")), 422
    except UndoRefusedError as error:
        return _review(owed, gettext("不能撤销：之后又有新的内容（%(later)s）。", later=str(error))), 409
    flash(ngettext("已撤销，涉及 %(num)s 个单元。", "已撤销，涉及 %(num)s 个单元。", units))
    return redirect(url_for(".review", number=number), 303)


def _decided(owed: VacancyReturn, user: User) -> str:
    """Do what the form says, and say what was done."""
    form, session, clock = request.form, db.session(), clock_of_request()
    act = form.get("act", "accept")
    ticked = {int(text) for text in form.getlist("line") if _is_id(text)}
    lines = ticked if "ticked" in (form.get("which"), act.rpartition("_")[2]) else None
    deciding.settle_doubts(session, user.id, owed, _reasons())
    if act.startswith("send_back"):
        deciding.send_back(session, user.id, owed, clock, form.get("reason", ""), lines)
        return gettext("已退回，理由会显示给填报人。")
    return _accepted(deciding.accept(session, user.id, owed, clock, lines))


def _review(owed: VacancyReturn, wrong: str | None = None) -> str:
    page = reviewing.review(db.session(), owed, clock_of_request())
    told = {"page": page, "wrong": wrong, "typed": request.form, "undoing": undoing}
    return render_template("vacancy/desk/review.html", here="desk", **told)


def _missing(error: NoReasonError) -> str:
    return gettext("请先为每个疑点写明理由。") if error.of_doubt else gettext("请写明退回的理由，最多 500 字。")


def _accepted(left: Sequence[ReturnLine]) -> str:
    if not left:
        return gettext("已确认。地图和楼宇页面随即更新。")
    gone = [line.unit.label for line in left if line.overtaken is None]
    changed = len(left) - len(gone)
    said = [gettext("%(n)s 个单元期间被他人改过，请对照后再确认。", n=changed)] if changed else []
    if gone:
        labels = gettext("、").join(gone)
        said.append(
            gettext(
                "单元 %(labels)s 已拆分、合并或撤销，不能确认：请退回，由填报人按现在的单元重报。", labels=labels
            )
        )
    return " ".join([*said, gettext("其余的已确认。")])


def _reasons() -> dict[int, str]:
    heads = ((name.removeprefix("doubt-"), text) for name, text in request.form.items() if name.startswith("doubt-"))
    return {int(head): text for head, text in heads if _is_id(head)}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _owed(number: int) -> VacancyReturn:
    owed = reviewing.find(db.session(), number)
    check(REVIEW, db.session().get_one(Building, owed.building_id))
    return owed
