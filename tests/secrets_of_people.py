"""Plants secrets in the tables of people: accounts, links, mail, inquiries, returns, corrections."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from geo.importers.report import ImportReport
from geo.model import Building, FieldEdit, Unit, UnitReshape
from geo.returns.said import Said
from tests.planted import Planted
from webmap.auth.models import Attempt, Invitation, PasswordReset, RecoveryCode, User, UserRole, UserSession
from webmap.follow.models import Alert
from webmap.imports.models import ImportUpload
from webmap.models import Inquiry, InquiryMessage, InquirySend, Mail, ReportLink, ReportLinkUse, StoredFile
from webmap.share.models import ShortLink
from webmap.share.selection_models import PasscodeTry, Selection, SelectionInquiry, SelectionItem
from webmap.vacancy.check_models import SpotCheck
from webmap.vacancy.models import ReturnDoubt, ReturnLine, ReturnSighting, ReturnSubmission, VacancyReturn

LATER = datetime(2099, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 1, 5)
WITHOUT_MARK = frozenset(
    (
        *("inquiries.fact", "import_uploads.file_sha256", "files.sha256", "return_lines.rent_unit"),
        *("return_lines.overtaken", "import_uploads.options", "layer_versions.file_sha256"),
        *("field_edits.field", "unit_states.occupancy", "unit_states.rent_unit"),
        *("unit_states.verification", "units.occupancy"),
        *("audit_log.action", "audit_log.row_key", "audit_log.before", "audit_log.after", "unit_reshapes.details"),
        *("mails.unsubscribe_url", "alerts.query", "files.content_type", "pictures.url", "users.language"),
        *("figures.indicator", "figures.scope", "figures.basis", "figures.attribution", "targets.bound"),
        *("short_links.token", "selections.requirement", "selection_items.told", "selection_items.code"),
        "former_rows.kept",
    )
)
"""Texts from a fixed list, or that a page reads back as something else than words; the audit has every mark anyway.

Former rows hold columns alone that the public reads."""


def plant_people(session: Session, planted: Planted, building: Building, unit: Unit) -> None:
    """One row in each table of people about `building`; the rows are flushed."""
    person = _plant_account(session, planted, building)
    _plant_letters(session, planted, building, unit, person)
    _plant_return(session, planted, building, unit, person)
    reshape = UnitReshape(building_id=building.id, kind="split", happened_on=MONDAY, details={})
    _add(session, planted.fill(reshape))
    edit = FieldEdit(table_name="buildings", row_id=building.id, user_id=person.id, edited_at=LATER)
    for field in ("before", "after", "file_value"):
        setattr(edit, field, planted.word(f"field_edits.{field}"))
    edit.field, edit.reason = "name", planted.word("field_edits.reason")
    session.add(edit)
    session.flush()


def _plant_account(session: Session, planted: Planted, building: Building) -> User:
    person = _add(session, planted.fill(User()))
    person.language = None
    planted.ids["user_id"] = person.id
    token, later = b"t" * 32, {"expires_at": LATER}
    rows: list[Any] = [
        UserRole(user_id=person.id, role="manager", building_id=building.id),
        UserSession(token_sha256=token, user_id=person.id, **later),
        RecoveryCode(user_id=person.id, code_sha256=token),
        Invitation(token_sha256=token, role="manager", building_id=building.id, **later),
        PasswordReset(token_sha256=token, user_id=person.id, **later),
        Attempt(),
        InquirySend(sent_at=LATER),
    ]
    for row in rows:
        _add(session, planted.fill(row))
    link = ReportLink(building_id=building.id, week=MONDAY, user_id=person.id, expires_at=LATER)
    _add(session, planted.fill(link))
    planted.forged_tokens.append(f"{link.code}.{'0' * 32}")
    _add(session, planted.fill(ReportLinkUse(link_id=link.id)))
    return person


def _plant_letters(session: Session, planted: Planted, building: Building, unit: Unit, person: User) -> None:
    _add(session, planted.fill(Mail(unsubscribe_url="https://map.example/end")))
    _add(session, planted.fill(Alert(query="area_min=1", language="en")))
    told = "what whoever has this link is told"  # the name of a private one is for its reader alone
    link = ShortLink(token="kkkwwwzzz", name=told, user_id=person.id, expires_at=LATER)
    link.state = {"v": 1, "page": "building", "language": "en", "code": building.code, "query": ""}
    _add(session, planted.fill(link))
    planted.forged_tokens.append(link.token)
    private = ShortLink(token="kkkwwwzzzccc", user_id=person.id, expires_at=LATER)
    private.state = {"v": 1, "page": "selection", "language": "en"}
    _add(session, planted.fill(private))
    made = Selection(link_id=private.id)
    _add(session, planted.fill(made))
    _add(session, planted.fill(SelectionItem(selection_id=made.id, place=1, kind="unit", code=unit.code, told={})))
    _add(session, planted.fill(PasscodeTry(link_id=private.id)))
    planted.forged_tokens.append(private.token)
    asked = Inquiry(kind="inquiry", building_id=building.id, unit_id=unit.id, language="en", sent_sha256=b"s" * 32)
    asked.fact = "rent"
    _add(session, planted.fill(asked))
    _add(session, planted.fill(SelectionInquiry(selection_id=made.id, inquiry_id=asked.id, codes=[], viewing_at=LATER)))
    _add(session, planted.fill(InquiryMessage(inquiry_id=asked.id)))
    _add(session, planted.fill(InquiryMessage(inquiry_id=asked.id, user_id=person.id)))
    file = StoredFile(sha256="f" * 64, size_bytes=1, content_type="text/csv", user_id=person.id)
    _add(session, planted.fill(file))
    upload = ImportUpload(file_sha256=file.sha256, options={"kind": "units"}, state="failed", user_id=person.id)
    upload.report = ImportReport(planted.word("import_uploads.report"), "units").as_json()
    _add(session, planted.fill(upload))


def _plant_return(session: Session, planted: Planted, building: Building, unit: Unit, person: User) -> None:
    owed = VacancyReturn(building_id=building.id, week=MONDAY, due_at=LATER, state="received", decided_by=person.id)
    _add(session, planted.fill(owed))
    sent = ReturnSubmission(return_id=owed.id, said_on=MONDAY + timedelta(days=3), user_id=person.id, via="page")
    _add(session, planted.fill(sent))
    was = Said("in_use", tenant=planted.word("return_lines.before")).as_json()
    line = ReturnLine(submission_id=sent.id, unit_id=unit.id, status="in_use", since=MONDAY, before=was)
    _add(session, planted.fill(line))
    _add(session, planted.fill(ReturnSighting(submission_id=sent.id, kind="move_in", seen_on=MONDAY)))
    _add(session, planted.fill(SpotCheck(unit_id=unit.id, checked_on=MONDAY, as_reported=False, user_id=person.id)))
    doubt = ReturnDoubt(return_id=owed.id, kind="twice", user_id=person.id)
    doubt.details = {"labels": planted.word("return_doubts.details")}
    _add(session, planted.fill(doubt))


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
