"""Asks for reports, writes them, freezes them with a number, publishes them; and who may see which."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session, undefer

from geo.errors import BadParameterError, LouMapError, NotFoundError
from geo.history import alone_with_history
from geo.model import Area
from geo.reports import Document, Span, document_from, document_json, fingerprint
from webmap import db
from webmap.auth.models import User
from webmap.errors import NotAllowedError
from webmap.jobs import enqueue
from webmap.permissions import MAKE_REPORTS, Who, check, may
from webmap.reports.chapters import ALWAYS, WRITERS
from webmap.reports.models import Report
from webmap.reports.writing import STEPS, titles_of, write_document

AUDIENCES = {"public": MAKE_REPORTS, "staff": "see_staff_values", "tax": "see_tax"}
"""Whom a report may be for, and what its maker and its readers must be allowed to do."""

EVERY = "all"
"""What is said in the place of all chapters."""


def ask_for(
    session: Session, span: Span, area: Area | None, audience: str, chapters: Sequence[str], today: date
) -> Report:
    """A report that the worker is to write, of what is known now; raises NotAllowedError as `require` does.

    `chapters` are their codes, or `EVERY` alone.

    Raises
    ------
    BadParameterError
        A chapter that there is none of.
    """
    user = require(audience, area)
    chapters = list(WRITERS) if list(chapters) == [EVERY] else chapters
    if unknown := [code for code in chapters if code not in WRITERS]:
        raise BadParameterError("chapters", unknown[0][:40], ", ".join(WRITERS))
    wanted = [code for code in WRITERS if code in chapters or code == ALWAYS]
    report = Report(
        kind=span.kind,
        span=span.code,
        area_id=area.id if area else None,
        chapters=wanted,
        audience=audience,
        as_of=span.day(today),
        known_at=alone_with_history(session),
        titles=titles_of(span, area),
        user_id=user.id,
    )
    session.add(report)
    session.flush()
    return report


def order(session: Session, report: Report, site: str) -> None:
    """Have the worker write it once the request is done."""
    enqueue(session, "write_report", lock=f"report {report.code}", code=report.code, site=site)


def ask_again(session: Session, report: Report, today: date) -> None:
    """Have a draft written anew, of what is known now.

    Raises
    ------
    BadParameterError
        It is frozen.
    """
    _require_draft(report)
    report.as_of, report.known_at = report.of().day(today), alone_with_history(session)
    report.document = report.sha256 = report.written_at = report.trouble = None
    report.steps = report.steps_done = 0
    report.made_at = datetime.now(UTC)


def write(code: str) -> None:
    """Write a report that waits for it; in a request. Its progress, and what went wrong, are told as it goes."""
    with db.own_transaction() as session:
        report = session.scalar(select(Report).where(Report.code == code))
        if report is None or report.is_written:
            return
        session.expunge(report)
    try:
        document = document_json(write_document(report, lambda done: _tell(report, done)))
    except LouMapError as error:
        _keep(report, trouble=str(error))
        return
    except Exception:
        _keep(report, trouble="It could not be written; the server's log says why. Have it written anew.")
        raise
    _keep(report, document=document, sha256=fingerprint(document), written_at=datetime.now(UTC), trouble=None)


def freeze(session: Session, report: Report) -> str:
    """Keep a draft as it is, under the next number of its span.

    Raises
    ------
    BadParameterError
        It is not written yet, or frozen already.
    """
    _require_draft(report)
    if not report.is_written:
        raise BadParameterError("report", report.code, "one that has been written")
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('report numbers', 0))"))
    taken = session.scalar(select(func.count(Report.id)).where(Report.span == report.span, Report.number.is_not(None)))
    report.number, report.state = f"{report.span}-{(taken or 0) + 1:02}", "frozen"
    report.frozen_at = datetime.now(UTC)
    session.flush()
    return report.number


def publish(session: Session, report: Report, *, shown: bool) -> None:
    """Show a frozen report to everybody, or no longer.

    Raises
    ------
    BadParameterError
        It is a draft, or is not for the public.
    """
    if shown and not (report.is_frozen and report.audience == "public"):
        raise BadParameterError("report", report.code, "a frozen report that is for the public")
    report.published_at = datetime.now(UTC) if shown else None
    session.flush()


def discard(session: Session, report: Report) -> None:
    """Throw a draft away; raises as `ask_again`."""
    _require_draft(report)
    session.delete(report)
    session.flush()


def find(session: Session, who: Who, code: str) -> Report:
    """A report that somebody may read.

    Raises
    ------
    NotFoundError
        There is none, or it is not for him.
    """
    report = session.scalar(select(Report).where(or_(Report.code == code, Report.number == code)))
    if report is None or not may_read(session, who, report):
        raise NotFoundError(f"There is no report {code[:40]!r} here.")
    return report


def read(session: Session, report: Report) -> tuple[Document, bool]:
    """What it says, and whether that is what was written: law may have had a text erased since.

    Raises
    ------
    NotFoundError
        It is not written.
    """
    found = session.scalar(select(Report).where(Report.id == report.id).options(undefer(Report.document)))
    if found is None or found.document is None:
        raise NotFoundError
    return document_from(found.document), fingerprint(found.document) == found.sha256


def may_read(session: Session, who: Who, report: Report) -> bool:
    """Whether somebody may read it: everybody what is published, else who may see its numbers of its area."""
    return report.published_at is not None or may_change(session, who, report)


def may_change(session: Session, who: Who, report: Report) -> bool:
    """Whether somebody may freeze it and have it written anew."""
    area = session.get(Area, report.area_id) if report.area_id else None
    return _may(who, MAKE_REPORTS, area) and _may(who, AUDIENCES[report.audience], area)


def require(audience: str, area: Area | None) -> User:
    """Who is signed in, if reports of an area for an audience are his to make.

    Raises
    ------
    NotAllowedError
        They are not; or as `webmap.permissions.check`.
    BadParameterError
        There is no such audience.
    """
    if audience not in AUDIENCES:
        raise BadParameterError("audience", audience[:40], ", ".join(AUDIENCES))
    user = check(MAKE_REPORTS, area)
    if not _may(user, AUDIENCES[audience], area):
        raise NotAllowedError
    return user


def visible(session: Session, who: Who, most: int = 200) -> list[Report]:
    """The reports that somebody may read, latest first."""
    rows = session.scalars(select(Report).order_by(Report.id.desc()).limit(5 * most))
    return [report for report in rows if may_read(session, who, report)][:most]


def _may(who: Who, action: str, area: Area | None) -> bool:
    return may(who, action) or (area is not None and may(who, action, area))


def _require_draft(report: Report) -> None:
    if report.is_frozen:
        raise BadParameterError("report", report.number or report.code, "a draft; make a new report instead")


def _tell(report: Report, done: int) -> None:
    _keep(report, steps_done=done, steps=STEPS)


def _keep(report: Report, **values: object) -> None:
    """Note something of a draft that nobody has had written anew meanwhile."""
    with db.own_transaction() as session:
        found = session.scalar(select(Report).where(Report.id == report.id).with_for_update())
        if found is not None and not found.is_frozen and found.known_at == report.known_at:
            for name, value in values.items():
                setattr(found, name, value)
