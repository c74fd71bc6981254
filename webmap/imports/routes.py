"""The administrator's pages for imports: upload, check, confirm, reports, undo, publish."""

import json
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, NotFoundError
from geo.importers.report_workbook import write_report
from geo.model import ImportRun
from webmap import db, locale
from webmap.config import current_settings
from webmap.imports import operations, uploads
from webmap.permissions import check, needs

blueprint = Blueprint("imports", __name__)


@blueprint.get("/admin/imports")
@needs("import")
def index() -> str:
    """The form, and what was imported lately."""
    runs, sources = operations.latest_runs(db.session()), operations.sources_with_runs(db.session())
    return _page("index.html", runs=runs, all_sources=sources, kinds=uploads.KINDS, secrecies=uploads.SECRECIES)


@blueprint.post("/admin/imports")
@needs("import")
def upload() -> AnyResponse:
    """Take a file in and have it checked."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadParameterError("file", "", "a file")
    name = PurePosixPath(file.filename.replace("\\", "/")).name
    incoming = uploads.Incoming(file.stream, name, request.form, "zh" if locale.language().prefix != "en" else "en")
    made = uploads.store_upload(db.session(), check("import"), current_settings(), incoming)
    return redirect(url_for(".show", code=made.code))


@blueprint.get("/admin/imports/<code>")
@needs("import")
def show(code: str) -> str:
    """How an upload stands: waiting, what the check found, or what was imported."""
    return _page("upload.html", upload=uploads.find_upload(db.session(), code))


@blueprint.post("/admin/imports/<code>/confirm")
@needs("import")
def confirm(code: str) -> AnyResponse:
    """Import what has been checked."""
    found = uploads.find_upload(db.session(), code)
    uploads.confirm_upload(db.session(), current_settings(), found)
    return redirect(url_for(".show", code=code))


@blueprint.post("/admin/imports/runs/<code>/undo")
@needs("import")
def undo(code: str) -> AnyResponse:
    """Take an import back."""
    undone = operations.undo_run(db.session(), code, current_settings().today())
    rows = sum(undone.withdrawn.values()) + sum(undone.restored.values())
    flash(gettext("已撤销导入 %(code)s，涉及 %(rows)s 行。", code=undone.run, rows=f"{rows:,}"))
    return redirect(url_for(".index"))


@blueprint.get("/admin/imports/runs/<code>.<ending>")
@needs("import")
def report(code: str, ending: str) -> AnyResponse:
    """The report of an import as JSON or as a workbook."""
    run = db.session().scalar(select(ImportRun).where(ImportRun.code == code))
    if run is None or run.report is None or ending not in ("json", "xlsx"):
        raise NotFoundError(f"There is no report {code}.{ending}; give .json or .xlsx.")
    if ending == "json":
        body = json.dumps(run.report, ensure_ascii=False, indent=1)
        return Response(body, mimetype="application/json")
    book = BytesIO()
    write_report(run.report, book, "zh" if locale.language().prefix != "en" else "en")
    book.seek(0)
    return send_file(book, as_attachment=True, download_name=f"import-{code}.xlsx")


@blueprint.post("/admin/imports/sources/<code>/publish")
@needs("import")
def publish(code: str) -> AnyResponse:
    """Show a source to everybody, or to staff only."""
    source, rows = operations.set_publishable(db.session(), code, request.form.get("publishable") == "yes")
    told = gettext("所有人可见") if source.publishable else gettext("仅内部可见")
    flash(gettext("%(name)s：%(told)s（%(rows)s 行）。", name=source.name, told=told, rows=f"{rows:,}"))
    return redirect(url_for(".index"))


def _page(name: str, **values: Any) -> str:
    return render_template(f"imports/{name}", here="desk", **values)
