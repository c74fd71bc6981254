"""Every sentence an import can say about a file, in English and Chinese, with its severity and remedy.

Places in braces are filled from the issue: `column`, `value`, `row` and whatever the reader adds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from geo.importers.messages_database import DATABASE
from geo.importers.messages_figures import FIGURES
from geo.importers.messages_file import FILE, ROW
from geo.importers.messages_places import GEOMETRY, OSM
from geo.importers.messages_values import VALUE


class Severity(StrEnum):
    """How bad an issue is for the row: lost, changed, doubtful, or good to know."""

    REJECTED = "rejected"
    REPAIRED = "repaired"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence in two halves, what is wrong and what to do."""

    severity: Severity
    reason: str
    remedy: str
    reason_zh: str
    remedy_zh: str


def reason_of(code: str, words: dict[str, Any], locale: str) -> str:
    """Return what is wrong, filled in."""
    message = MESSAGES[code]
    return (message.reason_zh if locale.startswith("zh") else message.reason).format(**words)


def remedy_of(code: str, words: dict[str, Any], locale: str) -> str:
    """Return what to do, filled in; empty when nothing is to do."""
    message = MESSAGES[code]
    return (message.remedy_zh if locale.startswith("zh") else message.remedy).format(**words)


MESSAGES: dict[str, Message] = {
    code: Message(Severity(severity), *sentences)
    for group in (FILE, ROW, VALUE, GEOMETRY, OSM, DATABASE, FIGURES)
    for code, (severity, *sentences) in group.items()
}
