"""A report as PDF and as DOCX, of what is kept of it."""

from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.exports.report_docx import Cover, write_docx
from geo.reports.blocks import Chapter
from geo.reports.document import Document, Figure
from webmap import cards, db
from webmap.config import current_settings
from webmap.locale import language, moment
from webmap.moments import write_instant
from webmap.names import hant
from webmap.numbers import day
from webmap.papers import Tell, data_url, press
from webmap.reports import operations, showing
from webmap.reports.models import Report


@dataclass(frozen=True)
class Shown:
    """A report in the reader's language: what is kept, its chapters, when its facts were known, if it is intact."""

    document: Document
    chapters: tuple[Chapter, ...]
    title: str
    known_at: str
    instant: str
    intact: bool

    @property
    def invented(self) -> bool:
        """Whether it tells of an invented city."""
        return any(each.invented for each in self.document.sources)

    def figure(self, code: str) -> Figure | None:
        """An indicator of the report."""
        return next((each for each in self.document.figures if each.code == code), None)

    def address_of(self, code: str) -> str:
        """The page of an indicator as it was known at the report's instant."""
        return showing.definition_address(self.document, code, self.instant)


def shown(session: Session, report: Report) -> Shown:
    """A report in the reader's language. Raises NotFoundError where it is not written."""
    document, intact = operations.read(session, report)
    title = showing.title_of(document.titles)
    known_at = moment(report.known_at)
    return Shown(document, showing.chapters_of(document), title, known_at, write_instant(report.known_at), intact)


def write(code: str, form: str, tell: Tell) -> bytes:
    """The file of a report in a form of `webmap.papers`: pages, or a text to go on writing."""
    report = db.session().scalar(select(Report).where(Report.code == code))
    if report is None or form not in ("a4", "text"):
        raise NotFoundError
    told = shown(db.session(), report)
    tell(1, 3)
    if form == "text":
        return write_docx(told.chapters, _cover(report, told), language().tag, cards.raster)
    url = cards.page_url(f"/reports/{report.code}")
    qr = data_url(cards.qr_file(url), "image/svg+xml")
    html = render_template("reports/paper.html", report=report, shown=told, showing=showing, url=url, qr=qr)
    tell(2, 3)
    return press(html, form)


def _cover(report: Report, told: Shown) -> Cover:
    """The lines under the title of a text."""
    number = gettext("编号 %(number)s", number=report.number) if report.number else gettext("草稿")
    site = hant(current_settings().site_name)
    lines = [
        f"{site} · {number}",
        gettext(
            "截至 %(day)s，按 %(instant)s 所知", day=day(date.fromisoformat(told.document.as_of)), instant=told.known_at
        ),
    ]
    if told.invented:
        lines.append(gettext("示例数据，均为虚构"))
    if report.audience != "public":
        lines.append(gettext("内部资料"))
    return Cover(told.title, lines, gettext("目录"), f"{told.title} · {number}", site)
