"""Pages of files with figures or targets: send one, see what it would do row by row, import it, take it back."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError
from geo.importers.fields import FIELDS, Kind
from webmap import db, locale
from webmap.auth.models import User
from webmap.config import current_settings
from webmap.errors import NotAllowedError
from webmap.figures import files, operations
from webmap.figures.template import write_template
from webmap.permissions import ENTER_FIGURES, SET_TARGETS, current_user, may_somewhere, needs

blueprint = Blueprint("figure_files", __name__)

RIGHTS = {Kind.FIGURES: ENTER_FIGURES, Kind.TARGETS: SET_TARGETS}
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADING = "heading:"


@blueprint.get("/desk/figures/files")
@needs(ENTER_FIGURES, somewhere=True)
def index() -> str:
    """The form, templates to download, and what the account imported lately."""
    kinds = [kind for kind, right in RIGHTS.items() if may_somewhere(current_user(), right)]
    runs, names = files.own_runs(db.session(), _user()), operations.source_names(db.session(), current_user())
    return render_template("figures/files.html", here="desk", kinds=kinds, runs=runs, source_names=names)


@blueprint.get("/desk/figures/template-<kind>.xlsx")
@needs(ENTER_FIGURES, somewhere=True)
def template(kind: str) -> AnyResponse:
    """An empty workbook with headings, choices and a dictionary."""
    wanted = _kind(kind)
    book = BytesIO(write_template(wanted.value))
    return send_file(book, mimetype=SHEET, as_attachment=True, download_name=f"loumap-{wanted.value}.xlsx")


@blueprint.post("/desk/figures/files")
@needs(ENTER_FIGURES, somewhere=True)
def upload() -> AnyResponse:
    """Keep a file and go on to what it would do."""
    sent, source = request.files.get("file"), request.form.get("source", "").strip()[:200]
    if sent is None or not sent.filename:
        raise BadParameterError("file", "", "a workbook or a CSV file")
    if not source:
        raise BadParameterError("source", "", "where the figures come from")
    kind = _kind(request.form.get("kind", ""))
    kept = files.keep_file(db.session(), _user(), current_settings(), sent.stream, sent.filename)
    return redirect(url_for(".show", sha256=kept.sha256, kind=kind.value, source=source), 303)


@blueprint.get("/desk/figures/files/<sha256>")
@needs(ENTER_FIGURES, somewhere=True)
def show(sha256: str) -> str:
    """What the file would change, which rows are wrong and why, and what its headings were taken for."""
    file, asked = files.own_file(db.session(), _user(), sha256), _asked(request.args)
    report = files.try_file(db.session(), _user(), current_settings(), file, asked, _report_language())
    return render_template(
        "figures/file.html", here="desk", file=files.own_file(db.session(), _user(), sha256), asked=asked,
        report=report.as_json(_report_language()), fields=list(FIELDS[asked.kind]), heading=HEADING,
    )  # fmt: skip


@blueprint.post("/desk/figures/files/<sha256>")
@needs(ENTER_FIGURES, somewhere=True)
def confirm(sha256: str) -> AnyResponse:
    """Import the rows that are right."""
    file, asked = files.own_file(db.session(), _user(), sha256), _asked(request.form)
    report = files.import_file(db.session(), _user(), current_settings(), file, asked, _report_language())
    rows = report.as_json(_report_language())["rows"]
    changed, wrong = rows.get("added", 0) + rows.get("updated", 0), rows.get("rejected", 0)
    flash(gettext("已导入 %(n)s 行，%(wrong)s 行有误没有导入。", n=changed, wrong=wrong))
    return redirect(url_for(".index"), 303)


@blueprint.post("/desk/figures/files/runs/<code>/undo")
@needs(ENTER_FIGURES, somewhere=True)
def undo(code: str) -> AnyResponse:
    """Take an import back: what was said before holds again."""
    undone = files.take_back(db.session(), _user(), current_settings(), code)
    rows, kept = sum(undone.removed.values()), sum(undone.kept_rows.values())
    flash(
        gettext("已撤销导入 %(code)s：%(n)s 行失效，%(kept)s 行后来被更正过，予以保留。", code=code, n=rows, kept=kept)
    )
    return redirect(url_for(".index"), 303)


def _asked(said: MultiDict[str, str]) -> files.Asked:
    mapping = {name.removeprefix(HEADING): field for name, field in said.items() if name.startswith(HEADING) and field}
    source = said.get("source", "").strip()[:200]
    if not source:
        raise BadParameterError("source", "", "where the figures come from")
    return files.Asked(_kind(said.get("kind", "")), source, mapping)


def _kind(text: str) -> Kind:
    """Figures or targets, if the account may enter them at all."""
    found = next((kind for kind in RIGHTS if kind.value == text), None)
    if found is None:
        raise BadParameterError("kind", text[:20], ", ".join(kind.value for kind in RIGHTS))
    if not may_somewhere(current_user(), RIGHTS[found]):
        raise NotAllowedError
    return found


def _user() -> User:
    user = current_user()
    assert user is not None
    return user


def _report_language() -> str:
    return "en" if locale.language().prefix == "en" else "zh"
