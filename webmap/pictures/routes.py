"""Pictures for everybody, and staff's pages where they are added, described and deleted."""

from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.editing.standing import building_with
from geo.errors import NotFoundError
from geo.model import Building
from webmap import db, files
from webmap.config import current_settings
from webmap.images import MOST_BYTES, MOST_PIXELS
from webmap.permissions import check, needs
from webmap.picture_rows import picture_with
from webmap.pictures import operations

blueprint = Blueprint("pictures", __name__)

RIGHT = "edit_place"
KEPT_S = 3600
"""Browsers may keep a picture for so long; a deleted one is gone for everybody after that."""


@blueprint.get("/pictures/<code>/1280.jpg")
@needs("public")
def large(code: str) -> Response:
    """A picture, up to 1280 pixels wide."""
    return _sent(code, "large_sha256")


@blueprint.get("/pictures/<code>/320.jpg")
@needs("public")
def small(code: str) -> Response:
    """A picture, up to 320 pixels wide."""
    return _sent(code, "small_sha256")


@blueprint.get("/admin/pictures")
@needs(RIGHT, somewhere=True)
def index() -> AnyResponse | str:
    """Asks for the building."""
    if code := request.args.get("b", "").strip():
        return redirect(url_for(".editing", code=code))
    return render_template("pictures/index.html", here="desk")


@blueprint.get("/admin/pictures/<code>")
@needs(RIGHT, somewhere=True)
def editing(code: str) -> str:
    """The pictures of a building with a form for each, and one for another."""
    building = building_with(db.session(), code)
    check(RIGHT, building)
    floors, units = operations.places_in(db.session(), building)
    return render_template(
        "pictures/edit.html",
        here="desk",
        building=building,
        floors=floors,
        units=units,
        pictures=operations.all_pictures(db.session(), building),
        labels={floor.id: floor.label for floor in floors},
        unit_labels={unit.id: unit.label for unit in units},
        length=operations.TEXT_LENGTH,
        most_mb=MOST_BYTES // 1_000_000,
        most_megapixels=MOST_PIXELS // 1_000_000,
    )


@blueprint.post("/admin/pictures/<code>")
@needs(RIGHT, somewhere=True)
def add(code: str) -> AnyResponse:
    """Add a picture or a tour."""
    building = building_with(db.session(), code)
    sent = request.files.get("file")
    image = sent.stream if sent and sent.filename else None
    operations.add(db.session(), check(RIGHT, building), _folder(), building, request.form, image)
    flash(gettext("已加入。"))
    return redirect(url_for(".editing", code=code))


@blueprint.post("/admin/pictures/one/<code>")
@needs(RIGHT, somewhere=True)
def change(code: str) -> AnyResponse:
    """Set the words and the order of a picture."""
    picture = operations.find(db.session(), code)
    check(RIGHT, db.session().get_one(Building, picture.building_id))
    operations.describe(picture, request.form)
    flash(gettext("已保存。"))
    return _back(picture.building_id)


@blueprint.post("/admin/pictures/one/<code>/delete")
@needs(RIGHT, somewhere=True)
def delete(code: str) -> AnyResponse:
    """Delete a picture, and its bytes where no other has the same."""
    picture = operations.find(db.session(), code)
    building_id = picture.building_id
    check(RIGHT, db.session().get_one(Building, building_id))
    for path in operations.delete(db.session(), _folder(), picture):
        db.after_commit(lambda gone=path: gone.unlink(missing_ok=True))
    flash(gettext("已删除。"))
    return _back(building_id)


def _sent(code: str, size: str) -> Response:
    row = picture_with(db.public_session(), code, current_settings().today())
    if row is None or getattr(row, size) is None:
        raise NotFoundError(f"There is no picture {code!r}.")
    path = files.path_with(_folder(), getattr(row, size))
    response = send_file(path, mimetype="image/jpeg", max_age=KEPT_S, etag=getattr(row, size))
    response.cache_control.public = True
    return response


def _back(building_id: int) -> AnyResponse:
    building = db.session().get_one(Building, building_id)
    return redirect(url_for(".editing", code=building.code))


def _folder() -> Path:
    return current_settings().data / "files"
