"""The pages of reports: the list with its form, a report on its way, as it reads, frozen and published."""

import hashlib
import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from geo import past_units
from geo.errors import BadParameterError, NotFoundError
from geo.exports.named_cells import MOST_BYTES
from geo.exports.report_workbook import write_annex
from geo.looking_back import Moment
from geo.model import Area
from geo.reports import KINDS, document_json, read_span, spans_before
from webmap import cards, db, papers, permissions
from webmap.admission import lanes
from webmap.config import current_settings
from webmap.files import content_type_of
from webmap.permissions import MAKE_REPORTS, current_user, needs
from webmap.reports import filling, operations, paper, showing
from webmap.reports.chapters import ALWAYS, WRITERS, chapter_name
from webmap.reports.models import Report

blueprint = Blueprint("reports", __name__)

SPANS = {"month": 12, "quarter": 8, "year": 5}
"""How many spans of a kind the form offers."""


@blueprint.get("/reports")
@needs("public")
def index() -> str:
    """The reports that the reader may see, and for whom makes them the form."""
    return _index()


@blueprint.post("/reports")
@needs(MAKE_REPORTS, somewhere=True)
def make() -> AnyResponse | tuple[str, int]:
    """Have a report made."""
    session, form, today = db.session(), request.form, current_settings().today()
    try:
        span = read_span(form.get("span", "").strip(), today)
        area = _area(session, form.get("area", ""))
        _require_record(span.day(today))
        report = operations.ask_for(
            session, span, area, form.get("audience", "public"), form.getlist("chapters"), today
        )
    except BadParameterError as error:
        return _index(problem=error), 422
    operations.order(session, report, cards.site_url())
    return redirect(url_for(".show", code=report.code), 303)


@blueprint.get("/reports/<code>")
@needs("public")
def show(code: str) -> AnyResponse | str:
    """A report, or how far the worker is with it."""
    report = operations.find(db.session(), current_user(), code)
    if not report.is_written:
        return _waiting(report)
    shown = paper.shown(db.session(), report)
    return _page("report", report, shown=shown, showing=showing, sources=shown.document.sources)


@blueprint.get("/brochure/report/<code>.<any(pdf,docx):written>")
@needs("public")
def file(code: str, written: str) -> Response:
    """The report as PDF or as a text to go on writing."""
    report = operations.find(db.session(), current_user(), code)
    form = {"pdf": "a4", "docx": "text"}[written]
    name = report.number or report.span
    return papers.answer("report", report.code, form, f"report-{name}", version=report.sha256)


@blueprint.get("/reports/<code>/data.<any(xlsx,json):annex>")
@needs("public")
def data(code: str, annex: str) -> AnyResponse:
    """The data annex: everything that is kept, as a workbook with a dictionary, or as JSON."""
    report = operations.find(db.session(), current_user(), code)
    document, _ = operations.read(db.session(), report)
    name = f"report-{report.number or report.span}.{annex}"
    if annex == "json":
        content = json.dumps(document_json(document), ensure_ascii=False).encode()
    else:
        content = write_annex(document, report.number or "", report.sha256 or "")
    answer = send_file(BytesIO(content), content_type_of(name), as_attachment=True, download_name=name, max_age=0)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.post("/reports/<code>/fill")
@needs(MAKE_REPORTS, somewhere=True)
def fill(code: str) -> str:
    """Fill the named cells of an office's own workbook, and say which names are not known."""
    report = operations.find(db.session(), current_user(), code)
    document, _ = operations.read(db.session(), report)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise BadParameterError("file", "", "a workbook (.xlsx) with named cells")
    filled = filling.fill(upload.stream.read(MOST_BYTES + 1), document, report)
    key = hashlib.sha256(filled.content).hexdigest()[:32]
    cards.files().write(_filled_path(report, key), filled.content)
    return _page("filled", report, filled=filled, download=url_for(".filled", code=report.code, key=key))


@blueprint.get("/reports/<code>/filled/<key>.xlsx")
@needs("public")
def filled(code: str, key: str) -> AnyResponse:
    """A workbook that was filled lately."""
    report = operations.find(db.session(), current_user(), code)
    path = _filled_path(report, key)
    if not path.is_file():
        raise NotFoundError("This workbook is no longer kept; fill it again.")
    name = f"report-{report.number or report.span}-filled.xlsx"
    return send_file(path, content_type_of(name), as_attachment=True, download_name=name, max_age=0)


@blueprint.post("/reports/<code>/<any(again,freeze,publish,withdraw,discard):act>")
@needs(MAKE_REPORTS, somewhere=True)
def change(code: str, act: str) -> AnyResponse:
    """Have a draft written anew, freeze it, throw it away; publish a frozen one, or take that back."""
    session = db.session()
    report = operations.find(session, current_user(), code)
    operations.require(report.audience, session.get(Area, report.area_id) if report.area_id else None)
    if act == "again":
        operations.ask_again(session, report, current_settings().today())
        operations.order(session, report, cards.site_url())
    elif act == "freeze":
        flash(gettext("已定稿，编号 %(number)s。", number=operations.freeze(session, report)))
    elif act == "discard":
        operations.discard(session, report)
        flash(gettext("草稿已删除。"))
        return redirect(url_for(".index"), 303)
    else:
        operations.publish(session, report, shown=act == "publish")
        flash(gettext("已公开，任何人都能看到。") if act == "publish" else gettext("已收回，只有内部能看到。"))
    return redirect(url_for(".show", code=code), 303)


def _filled_path(report: Report, key: str) -> Path:
    return cards.files().path(("filled", report.code, report.sha256, key), ".xlsx")


def _waiting(report: Report) -> AnyResponse | Response:
    """How far it is; where no worker takes it up it is written here."""
    unattended_s = current_app.extensions["loumap_unattended_s"]
    waits_s = (datetime.now(UTC) - report.made_at).total_seconds()
    if not report.trouble and not report.steps and (unattended_s == 0 or waits_s > unattended_s):
        with lanes().papers:
            operations.write(report.code)
        return redirect(url_for(".show", code=report.code), 303)
    response = Response(_page("waiting", report), 202, mimetype="text/html")
    if not report.trouble:
        response.headers["Refresh"] = "1"
    response.headers["Cache-Control"] = "no-store"
    return response


def _index(problem: BadParameterError | None = None) -> str:
    user, today = current_user(), current_settings().today()
    makes = permissions.may_somewhere(user, MAKE_REPORTS)
    audiences = [each for each, action in operations.AUDIENCES.items() if permissions.may_somewhere(user, action)]
    return render_template(
        "reports/reports.html",
        here="reports",
        problem=problem,
        reports=operations.visible(db.session(), user),
        makes=makes,
        areas=_areas(db.session(), user) if makes else [],
        everywhere=makes and permissions.may(user, MAKE_REPORTS),
        spans={kind: spans_before(kind, today, SPANS[kind]) for kind in KINDS},
        audiences=audiences,
        chapters=[(code, chapter_name(code)) for code in WRITERS if code != ALWAYS],
        title_of=showing.title_of,
    )


def _page(name: str, report: Report, **values: Any) -> str:
    changes = operations.may_change(db.session(), current_user(), report)
    return render_template(
        f"reports/{name}.html",
        here="reports",
        report=report,
        changes=changes,
        title=showing.title_of(report.titles),
        **values,
    )


def _areas(session: Session, user: Any) -> list[Area]:
    rows = session.scalars(select(Area).where(Area.withdrawn_at.is_(None)).order_by(Area.level, Area.name))
    return [area for area in rows if permissions.may(user, MAKE_REPORTS, area)]


def _area(session: Session, code: str) -> Area | None:
    if not code:
        return None
    found = session.scalar(select(Area).where(Area.code == code, Area.withdrawn_at.is_(None)))
    if found is None:
        raise BadParameterError("area", code[:40], "the code of an area")
    return found


def _require_record(day: Any) -> None:
    past_units.require_record(db.public_session(), Moment(day, datetime.now(UTC)))


def init_app(app: Flask) -> None:
    """Register what writes the files of reports."""
    papers.register(app, "report", paper.write)
