"""What a building has sent so far: its receipts, and photos beside lines of them."""

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import EditConflictError, NotFoundError
from webmap import db, files
from webmap.config import current_settings
from webmap.errors import FileRefusedError, FileTooLargeError
from webmap.permissions import REPORT, check, needs
from webmap.vacancy import operations, photos
from webmap.vacancy.models import ReturnLine
from webmap.vacancy.owing import owing_building
from webmap.vacancy.requests import clock_of_request

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/return/<code>/receipts")
@needs(REPORT, somewhere=True)
def index(code: str) -> str:
    """All that was sent for a building, the newest first."""
    building = owing_building(db.session(), code)
    check(REPORT, building)
    sent = operations.receipts_of(db.session(), building)
    shown = {"building": building, "sent": sent, "clock": clock_of_request()}
    return render_template("vacancy/receipts.html", here="desk", **shown)


@blueprint.get("/return/photos/<int:number>")
@needs(REPORT, somewhere=True)
def photo(number: int) -> Response:
    """The photo beside a line."""
    line = _line(number)
    if line.photo_sha256 is None:
        raise NotFoundError
    path = files.path_with(current_settings().data / "files", line.photo_sha256)
    return send_file(path, mimetype="image/jpeg", max_age=0)


@blueprint.post("/return/photos/<int:number>")
@needs(REPORT, somewhere=True)
def add_photo(number: int) -> AnyResponse:
    """Put a photo beside a line that waits for a decision."""
    line, sent = _line(number), request.files.get("photo")
    user = check(REPORT, line.submission.vacancy_return.building)
    folder = current_settings().data / "files"
    try:
        if sent is None or not sent.filename:
            raise FileRefusedError
        photos.add_photo(db.session(), user, folder, line, sent.stream)
        flash(gettext("照片已附上。"))
    except (FileRefusedError, FileTooLargeError):
        flash(gettext("照片没有收下：请选 10 MB 以内的 JPEG、PNG 或 WebP 图片。"))
    except EditConflictError:
        flash(gettext("照片没有收下：这一处已经处理过了。"))
    return redirect(url_for("vacancy.receipt", code=line.submission.code), 303)


def _line(number: int) -> ReturnLine:
    line = photos.find_line(db.session(), number)
    check(REPORT, line.submission.vacancy_return.building)
    return line
