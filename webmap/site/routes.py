"""Pages about the site itself: the desk of who is signed in, the outbox of mail, the icon."""

from flask import Blueprint, Response, render_template
from sqlalchemy import select

from webmap import db
from webmap.models import Mail
from webmap.permissions import needs

blueprint = Blueprint("site", __name__)
SHOWN = 200


@blueprint.get("/favicon.ico")
@needs("public")
def icon() -> Response:
    """The icon, for what is no page (a PDF) and so cannot name one."""
    response = Response(render_template("site/icon.svg"), mimetype="image/svg+xml")
    response.cache_control.public, response.cache_control.max_age = True, 86400
    return response


@blueprint.get("/desk")
@needs("account")
def desk() -> str:
    """Where a signed-in person begins: what the account may do."""
    return render_template("site/desk.html", here="desk")


@blueprint.get("/admin/mails")
@needs("administer")
def mails() -> str:
    """The latest messages with what became of them."""
    latest = db.session().scalars(select(Mail).order_by(Mail.id.desc()).limit(SHOWN)).all()
    return render_template("site/mails.html", here="desk", mails=latest)
