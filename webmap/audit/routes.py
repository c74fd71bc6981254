"""The administrator's page of the audit, and its export."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import BadParameterError, NotFoundError
from geo.history import can_undo, undo_entry
from webmap import db
from webmap.audit import operations, wording
from webmap.audit.operations import Asked, Page
from webmap.config import current_settings
from webmap.permissions import needs

blueprint = Blueprint("audit", __name__)
ACTIONS = ("insert", "update", "delete", "truncate")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/admin/audit")
@needs("administer")
def index() -> str | tuple[str, int]:
    """Who changed what and when, the newest first; by thing, person, day, table."""
    asked, zone = _asked(), current_settings().timezone
    try:
        found, wrong = operations.find(db.session(), asked, zone), None
    except NotFoundError:
        found, wrong = Page([], None), gettext("没有这座楼宇、单元或导入。")
    page = render_template(
        "audit/index.html",
        here="desk",
        asked=asked,
        found=found,
        wrong=wrong,
        tables=operations.tables(db.session()),
        actions=ACTIONS,
        again=_address(),
        can_undo=can_undo,
    )
    return (page, 404) if wrong else page


@blueprint.get("/admin/audit.csv")
@needs("administer")
def export() -> Response:
    """The same entries as a table, one row for each changed column."""
    rows = operations.rows(db.session(), _asked(), current_settings().timezone)
    body = "\ufeff" + "".join(_lines(rows))
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


@blueprint.post("/admin/audit/<int:entry_id>/undo")
@needs("administer")
def undo(entry_id: int) -> AnyResponse:
    """Take back what an entry tells of, as a new fact."""
    if entry_id >= 2**63:
        raise NotFoundError
    units = undo_entry(db.session(), entry_id, today=current_settings().today())
    flash(ngettext("已撤销，涉及 %(num)s 个单元。", "已撤销，涉及 %(num)s 个单元。", len(units)))
    return redirect(url_for(".index"))


def init_app(app: Flask) -> None:
    """Give templates the words of tables, columns and values."""
    app.add_template_filter(wording.table_name)
    app.add_template_filter(wording.column_name)
    app.add_template_filter(wording.told, "audited")


def _asked() -> Asked:
    said = request.args
    texts = {name: said.get(name, "").strip()[:200] for name in ("thing", "person", "table", "action")}
    older = said.get("older_than", "")
    return Asked(
        **texts,
        day=_day("day"),
        until=_day("until"),
        older_than=int(older) if older.isdecimal() and len(older) < 19 else None,
    )


def _day(name: str) -> date | None:
    value = request.args.get(name, "").strip()
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadParameterError(name, value, "a day such as 2026-11-22") from None


def _address() -> str:
    """The query of this page without its place in the list, for links to the export and to older entries."""
    said = {name: value for name, value in request.args.items() if value and name != "older_than"}
    return urlencode(said)


def _lines(rows: Iterator[object]) -> Iterator[str]:
    text = StringIO()
    table = csv.writer(text)
    table.writerow(operations.HEADS)
    for row in rows:
        table.writerow([_safe(value) for value in row])  # type: ignore[attr-defined]  # a sequence of values
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _safe(value: object) -> object:
    """A text that a spreadsheet does not take for a formula."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
