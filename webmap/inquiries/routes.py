"""Pages to ask and to report an error without an account, the asker's status page, and the administrator's answers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from webmap import answering, asking, db, locale
from webmap.asking import Asked, BadInquiryError
from webmap.config import current_settings
from webmap.mail import send
from webmap.models import Inquiry
from webmap.permissions import check, needs

blueprint = Blueprint("inquiries", __name__)

TRAP = "website"
"""A field that no reader sees: who fills it in is a program."""


@blueprint.get("/inquiries/new")
@needs("public")
def form() -> str:
    """The form about a building or a unit: a question, or something that is wrong."""
    return _form({})


@blueprint.post("/inquiries")
@needs("public")
def ask() -> AnyResponse | tuple[str, int]:
    """Take in what was asked and show where the answer will stand."""
    building, unit = asking.thing(db.session(), request.form.get("building"), request.form.get("unit"))
    if request.form.get(TRAP):
        return redirect(locale.address(f"/u/{unit.code}" if unit else f"/b/{building.code}"), 303)
    said = {field: request.form.get(field, "") for field in ("name", "contact", "body")}
    asked = Asked(_kind(), building, unit, _fact(), **said, language=locale.language().tag)
    try:
        asked.check()
        if not request.form.get("agreed"):
            return _form(said, wrong="agreed"), 422
    except BadInquiryError as error:
        return _form(said, wrong=error.field), 422
    with db.own_transaction() as own:
        asking.count_send(own, request.remote_addr)
    inquiry, is_new = asking.ask(db.session(), asked)
    if is_new:
        _tell_administrators(inquiry)
    flash(gettext("已收到。请保存本页地址，答复会显示在这里。"))
    return redirect(_status_address(inquiry), 303)


@blueprint.get("/inquiries/<code>/<key>")
@needs("public")
def status(code: str, key: str) -> str:
    """What the asker sees: what was said, whether it is answered, and how to end it."""
    inquiry = asking.opened(db.session(), code, key, current_settings().secret_key)
    return _status(inquiry, key)


@blueprint.post("/inquiries/<code>/<key>/add")
@needs("public")
def add(code: str, key: str) -> AnyResponse | tuple[str, int]:
    """The asker has more to say."""
    inquiry = asking.opened(db.session(), code, key, current_settings().secret_key)
    with db.own_transaction() as own:
        asking.count_send(own, request.remote_addr)
    try:
        asking.add(db.session(), inquiry, request.form.get("body", ""))
    except BadInquiryError:
        return _status(inquiry, key, wrong=True), 422
    return redirect(url_for(".status", code=code, key=key), 303)


@blueprint.post("/inquiries/<code>/<key>/erase")
@needs("public")
def erase(code: str, key: str) -> AnyResponse:
    """The asker wants nothing of it kept."""
    inquiry = asking.opened(db.session(), code, key, current_settings().secret_key)
    building = inquiry.building.code
    asking.erase(db.session(), inquiry)
    flash(gettext("已全部删除。"))
    return redirect(url_for(".erased", building=building), 303)


@blueprint.get("/inquiries/erased")
@needs("public")
def erased() -> str:
    """Says that an inquiry is gone."""
    return render_template("inquiries/erased.html", here=None, building=request.args.get("building", ""))


@blueprint.get("/admin/inquiries")
@needs("answer_inquiries")
def index() -> str:
    """All inquiries, those that wait first."""
    waiting = asking.latest(db.session(), "waiting")
    others = [each for each in asking.latest(db.session()) if each.state != "waiting"]
    return render_template("inquiries/index.html", here="desk", waiting=waiting, others=others)


@blueprint.get("/admin/inquiries/<code>")
@needs("answer_inquiries")
def inquiry(code: str) -> str:
    """One inquiry with the form to answer it."""
    found = asking.find(db.session(), code)
    return render_template("inquiries/answer.html", here="desk", inquiry=found, wrong=False)


@blueprint.post("/admin/inquiries/<code>")
@needs("answer_inquiries")
def answer(code: str) -> AnyResponse | tuple[str, int]:
    """Answer, close or erase an inquiry."""
    inquiry = asking.find(db.session(), code)
    act = request.form.get("act", "answer")
    if act == "erase":
        asking.erase(db.session(), inquiry)
        flash(gettext("已全部删除。"))
        return redirect(url_for(".index"), 303)
    if act == "close":
        inquiry.state = "closed"
        return redirect(url_for(".index"), 303)
    try:
        answering.answer(db.session(), inquiry, request.form.get("body", ""), check("answer_inquiries"))
    except BadInquiryError:
        return render_template("inquiries/answer.html", here="desk", inquiry=inquiry, wrong=True), 422
    flash(gettext("已答复。"))
    return redirect(url_for(".inquiry", code=code), 303)


def _form(said: dict[str, str], wrong: str | None = None) -> str:
    values = request.form if request.method == "POST" else request.args
    building, unit = asking.thing(db.session(), values.get("building"), values.get("unit"))
    return render_template(
        "inquiries/form.html",
        here=None,
        building=building,
        unit=unit,
        kind=_kind(),
        fact=_fact(),
        facts=asking.FACTS,
        longest=asking.LONGEST,
        said=said,
        wrong=wrong,
        trap=TRAP,
    )


def _status(inquiry: Inquiry, key: str, wrong: bool = False) -> str:
    return render_template("inquiries/status.html", here=None, inquiry=inquiry, key=key, wrong=wrong)


def _kind() -> str:
    return _one_of("kind", asking.KINDS) or "inquiry"


def _fact() -> str | None:
    return _one_of("fact", asking.FACTS)


def _one_of(name: str, allowed: tuple[str, ...]) -> str | None:
    value = request.values.get(name, "")
    if value and value not in allowed:
        raise BadParameterError(name, value, ", ".join(allowed))
    return value or None


def _status_address(inquiry: Inquiry) -> str:
    key = asking.key_of(inquiry, current_settings().secret_key)
    return url_for(".status", code=inquiry.code, key=key)


def _tell_administrators(inquiry: Inquiry) -> None:
    """Write to those who answer: that there is something to read, not what people said of themselves."""
    subject = f"新的询问 {inquiry.code}" if inquiry.kind == "inquiry" else f"新的报错 {inquiry.code}"
    for recipient in asking.administrators(db.session()):
        send(
            db.session(),
            recipient,
            subject,
            f"{subject}\n{current_settings().site_url}/admin/inquiries/{inquiry.code}\n",
        )
