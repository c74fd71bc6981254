"""What the client of one's own selection asked: to answer, and a viewing for one's own calendar."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import NotFoundError
from webmap import answering, db
from webmap.asking import BadInquiryError
from webmap.config import current_settings
from webmap.permissions import MAKE_LINKS, current_user, needs
from webmap.picked.filling import load
from webmap.share import operations, questions, selections, viewings
from webmap.share.addresses import address_of
from webmap.share.selection_models import Selection

blueprint = Blueprint("questions", __name__)


@blueprint.post("/desk/links/<token>/questions/<code>")
@needs(MAKE_LINKS, somewhere=True)
def answer(token: str, code: str) -> AnyResponse:
    """Answer what the client asked, or close it (`act`)."""
    user = current_user()
    assert user is not None  # the route needs a right
    inquiry = questions.asked(db.session(), _own(token), code).inquiry
    if request.form.get("act") == "close":
        inquiry.state = "closed"
        return redirect(f"{url_for('share.mine', token=token)}#asked", 303)
    try:
        answering.answer(db.session(), inquiry, request.form.get("body", ""), user)
        flash(gettext("已答复。"))
    except BadInquiryError:
        flash(gettext("没有写答复，或者超过 2000 字。"))
    return redirect(f"{url_for('share.mine', token=token)}#{code}", 303)


@blueprint.get("/desk/links/<token>/questions/<code>.ics")
@needs(MAKE_LINKS, somewhere=True)
def calendar(token: str, code: str) -> AnyResponse:
    """The viewing that the client asked for, with how to reach him, as an entry for calendars."""
    made = _own(token)
    asked = questions.asked(db.session(), made, code)
    if asked.viewing_at is None:
        raise NotFoundError
    filled = load(db.public_session(), selections.picked_of(made), current_settings().today())
    entries = [entry for entry in filled.entries if entry.code in asked.codes]
    start = asked.viewing_at.astimezone(current_settings().timezone)
    who = f"{asked.inquiry.name} {asked.inquiry.contact}"
    response = Response(viewings.calendar(entries, start, address_of(made.link), who), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="viewing.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _own(token: str) -> Selection:
    user = current_user()
    assert user is not None
    return selections.of_link(db.session(), operations.own(db.session(), user, token))
