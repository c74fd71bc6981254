"""Reads the form of a return: every unit has fields of its own, and what it was shown with beside them.

The page without scripts sends all units, the one with scripts only those that were touched; what is as it was shown
counts as not said.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from werkzeug.datastructures import MultiDict

from geo.errors import BadParameterError
from geo.returns.said import FIELDS, Said, UnreadableReportError, from_texts, read_day
from webmap.vacancy.sending import Seen, Sent, UnitSent

Form = MultiDict[str, str]
_MOST_WAS = 1000


def read_form(form: Form, via: str) -> Sent:
    """What a form says.

    Raises
    ------
    BadParameterError, UnreadableReportError
        A field is not understood.
    """
    return Sent(
        key=form.get("key", ""),
        units=list(_units(form)),
        sightings=list(_sightings(form)),
        note=" ".join(form.get("note", "").split()) or None,
        via=via,
        said_on=read_day("said_on", form.get("said_on", "")),
    )


def _units(form: Form) -> Iterator[UnitSent]:
    for code in form.getlist("unit"):
        texts = {field: form.get(f"{field}.{code}", "") for field in FIELDS}
        was, seen = _was(form.get(f"was.{code}", "")), _version(form.get(f"seen.{code}", ""))
        if was is not None and texts == was.as_json():
            continue
        try:
            said = from_texts(texts)
            since = read_day("since", form.get(f"since.{code}", ""))
        except UnreadableReportError as error:
            raise BadParameterError(f"{error.field}.{code}", error.value, str(error)) from None
        if said.area_m2 is None and was is not None:
            said = replace(said, area_m2=was.area_m2)
        yield UnitSent(code, was or Said(), said, seen, since)


def _was(text: str) -> Said | None:
    """What the page showed of a unit, which it sends back unread."""
    if not text or len(text) > _MOST_WAS:
        return None
    try:
        kept: Mapping[str, str] = json.loads(text)
        return from_texts({field: str(kept.get(field, "")) for field in FIELDS})
    except (ValueError, AttributeError, UnreadableReportError):
        return None


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _sightings(form: Form) -> Iterator[Seen]:
    """People who came, left or are registered elsewhere: rows of fields of the same names, empty ones left out."""
    columns: list[Sequence[str]] = [form.getlist(f"sighting_{name}") for name in ("kind", "name", "room", "day")]
    for kind, name, room, day in zip(*columns, strict=False):
        if name.strip():
            yield Seen(kind, name, room.strip() or None, _day(day))


def _day(text: str) -> date | None:
    return read_day("sighting_day", text)
