"""The form that makes a private selection, and sends it anew under the same link."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from webmap import db, passcodes
from webmap.auth.models import User
from webmap.config import current_settings
from webmap.locale import language
from webmap.permissions import MAKE_LINKS, current_user, needs
from webmap.picked import wording
from webmap.picked.filling import load
from webmap.picked.selection import MOST, NOTE_LENGTH, Selection, parse
from webmap.share import adding, operations, selections
from webmap.share.adding import read_item
from webmap.share.requirements import requirement_of, wanted
from webmap.share.selection_models import Selection as Made
from webmap.share.selections import Draft

blueprint = Blueprint("selection_desk", __name__)


@blueprint.get("/desk/selections/new")
@needs(MAKE_LINKS, somewhere=True)
def new() -> str:
    """The form, with the units of a shortlist (`u`, `n.…`), buildings (`b`) and what the client looks for."""
    picked = parse(request.args.items(multi=True), buildings=True)
    asked = request.args.get("requirement", "")
    return _form(Draft("", "", "", asked, picked))


@blueprint.post("/desk/selections/new")
@needs(MAKE_LINKS, somewhere=True)
def make() -> AnyResponse | tuple[str, int]:
    """Make the selection and show its link."""
    today, tag = current_settings().today(), language().tag
    try:
        draft = _draft(request.form)
        if _only_adds():
            return _form(draft), 200
        link = selections.make(db.session(), db.public_session(), _maker(), tag, draft, today)
    except BadParameterError as error:
        return _form(_raw(request.form), problem=error), 422
    return redirect(url_for("share.mine", token=link.token), 303)


@blueprint.get("/desk/selections/<token>")
@needs(MAKE_LINKS, somewhere=True)
def edit(token: str) -> str:
    """The form of one's own selection, with what is to be added to it (`u`, `b`), which is kept once it is sent."""
    made = _own(token)
    picked = selections.picked_of(made).with_all(parse(request.args.items(multi=True), buildings=True))
    return _form(Draft(made.link.name, made.greeting, made.sender, made.requirement, picked), made)


@blueprint.post("/desk/selections/<token>")
@needs(MAKE_LINKS, somewhere=True)
def change(token: str) -> AnyResponse | tuple[str, int]:
    """Send it anew: under the same link, with what is so today."""
    made = _own(token)
    try:
        draft = _draft(request.form)
        if _only_adds():
            return _form(draft, made), 200
        selections.change(db.session(), db.public_session(), made, draft, current_settings().today())
    except BadParameterError as error:
        return _form(_raw(request.form), made, problem=error), 422
    flash(gettext("已保存。对方再打开就是新的，变化从今天算起。"))
    return redirect(url_for("share.mine", token=made.link.token), 303)


def _own(token: str) -> Made:
    return selections.of_link(db.session(), operations.own(db.session(), _maker(), token))


def _maker() -> User:
    user = current_user()
    assert user is not None  # the routes need a right
    return user


def _only_adds() -> bool:
    """Whether the button was pressed that adds an item and goes on with the form."""
    return request.form.get("act") == "more"


def _draft(sent: MultiDict[str, str]) -> Draft:
    raw = _raw(sent)
    more = read_item(db.public_session(), sent.get("more", ""))
    lasts = sent.get("lasts", "")
    return Draft(
        name=raw.name if _only_adds() else operations.checked_name(raw.name),
        greeting=raw.greeting,
        sender=raw.sender,
        requirement=raw.requirement if _only_adds() else requirement_of(raw.requirement),
        picked=_ordered(raw.picked, sent).with_all(more),
        passcode=sent.get("passcode", "").strip(),
        lasts_days=int(lasts) if lasts.isascii() and lasts.isdigit() and len(lasts) < 5 else None,
    )


def _raw(sent: MultiDict[str, str]) -> Draft:
    """What was sent, as it was: shown again when something is wrong with it."""
    said = {name: sent.get(name, "").strip() for name in ("name", "greeting", "sender", "requirement")}
    return Draft(**said, picked=parse(sent.items(multi=True), buildings=True))


def _ordered(picked: Selection, sent: MultiDict[str, str]) -> Selection:
    """The items by the numbers that the form gives them; those without a number are left out."""
    places = {code: sent.get(f"place.{code}", f"{number}").strip() for number, code in enumerate(picked.codes, 1)}
    kept = [
        code for code in picked.codes if places[code].isascii() and places[code].isdigit() and len(places[code]) < 4
    ]
    return replace(picked, codes=tuple(sorted(kept, key=lambda code: int(places[code]))))


def _form(draft: Draft, made: Made | None = None, problem: BadParameterError | None = None) -> str:
    return render_template(
        "share/selection_form.html",
        here="desk",
        draft=draft,
        made=made,
        filled=load(db.public_session(), draft.picked, current_settings().today()),
        words=wording,
        wanted=wanted(draft.requirement),
        others=[] if made else selections.latest(db.session(), _maker()),
        places=request.form if problem else {},
        lasts=operations.LASTS_DAYS,
        longest={"name": operations.LONGEST_NAME, "note": NOTE_LENGTH, "more": adding.LONGEST, **selections.LONGEST},
        passcode=(passcodes.SHORTEST, passcodes.LONGEST),
        most=MOST,
        problem=problem,
    )
