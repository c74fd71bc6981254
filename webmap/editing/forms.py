"""A form over the fields of one row: what stands there, who said it, what was typed, and what is wrong with it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geo.editing.controls import Control, shown
from geo.editing.controls_of import control_of
from geo.editing.fields import Clash, mark_of, set_fields
from geo.errors import BadParameterError, EditConflictError, UnknownFieldError
from geo.field_edits import standing_edits
from geo.model import Base, FieldEdit
from webmap.editing.labels import field_label, what_is_wrong
from webmap.editing.showing import told
from webmap.people import names_of
from webmap.words import word


@dataclass(slots=True)
class Entry:
    """One field of a form; `edit` holds it against imports, `clash` is what somebody else made of it meanwhile."""

    control: Control
    label: str
    text: str
    choices: list[tuple[str, str]]
    edit: FieldEdit | None = None
    before: str = ""
    file_says: str | None = None
    wrong: str = ""
    clash: Clash | None = None

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.control.name

    @property
    def several(self) -> list[str]:
        """The chosen words, where several can be."""
        return [part.strip() for part in self.text.split(";")]


@dataclass(slots=True)
class Form:
    """The form of a row: its groups of fields, what was seen when it was opened, and the names of people."""

    table: str
    groups: list[tuple[str, list[Entry]]]
    seen: str
    names: Mapping[int | None, str] = field(default_factory=dict)

    @property
    def entries(self) -> Iterable[Entry]:
        """All fields in their order."""
        return (entry for _, entries in self.groups for entry in entries)

    @property
    def wrong(self) -> bool:
        """Whether something has to be looked at again before it is kept."""
        return any(entry.wrong or entry.clash for entry in self.entries)


Groups = Sequence[tuple[str, Sequence[str]]]


def form_of(session: Session, row: Base, groups: Groups) -> Form:
    """The form of a row as it stands; `groups` are headings with the names of fields."""
    table = row.__tablename__
    edits = standing_edits(session, table, [row.id])  # type: ignore[attr-defined]  # every row that is edited has an id
    entries = [
        (title, [_entry(table, row, name, edits.get((row.id, name))) for name in names])  # type: ignore[attr-defined]
        for title, names in groups
    ]
    marks = mark_of(table, row)
    seen = {name: marks[name] for _, names in groups for name in names}
    form = Form(table, entries, json.dumps(seen, ensure_ascii=False))
    form.names = names_of(session, [edit.user_id for edit in edits.values()])
    return form


def save(session: Session, row: Base, groups: Groups, sent: MultiDict[str, str], *, by: int) -> tuple[int, Form | None]:
    """Keep what was sent: how many fields changed, and no form; or none, and the form that says what is wrong."""
    said = {name: _sent(sent, control_of(row.__tablename__, name)) for _, names in groups for name in names}
    reason = " ".join(sent.get("reason", "").split())[:300] or None
    try:
        return len(set_fields(session, row, said, by=by, seen=_seen(sent), reason=reason)), None
    except (BadParameterError, EditConflictError) as error:
        session.rollback()
        form = form_of(session, row, groups)
        _mark(form, said, error)
        form.names = {**form.names, **names_of(session, _clashing(error))}
        return 0, form


def _mark(form: Form, said: Mapping[str, str], error: BadParameterError | EditConflictError) -> None:
    clashes = {clash.field: clash for clash in error.held} if isinstance(error, EditConflictError) else {}
    for entry in form.entries:
        entry.text = said[entry.name]
        entry.clash = clashes.get(entry.name)
        if isinstance(error, BadParameterError) and error.parameter == entry.name:
            entry.wrong = what_is_wrong(form.table, entry.control, error)


def _clashing(error: BadParameterError | EditConflictError) -> list[int | None]:
    held: Any = error.held if isinstance(error, EditConflictError) else []
    return [clash.edit.user_id for clash in held if clash.edit]


def _entry(table: str, row: Base, name: str, edit: FieldEdit | None) -> Entry:
    control = control_of(table, name)
    choices = [(code, _word(control, code)) for code in control.choices]
    if control.optional and control.kind == "choice":
        choices = [("", gettext("未注明")), *choices]
    entry = Entry(control, field_label(table, name), shown(getattr(row, name)), choices, edit)
    if edit is not None:
        entry.before = told(control, edit.before)
        if edit.file_run_id is not None and edit.file_value != edit.after:
            entry.file_says = told(control, edit.file_value)
    return entry


def _word(control: Control, code: str) -> str:
    return word(code, control.words) if control.words else code


def _sent(sent: MultiDict[str, str], control: Control) -> str:
    return "; ".join(sent.getlist(control.name)) if control.kind == "choices" else sent.get(control.name, "")


def _seen(sent: MultiDict[str, str]) -> dict[str, str]:
    try:
        seen = json.loads(sent.get("seen", ""))
    except ValueError:
        seen = None
    if not isinstance(seen, dict) or not all(isinstance(mark, str) for mark in seen.values()):
        raise UnknownFieldError("The form does not say what was seen when it was opened; open it again.")
    return seen
