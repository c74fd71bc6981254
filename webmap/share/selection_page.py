"""The page of a private selection, gathered: items as they stand, what changed since it was sent, photos, scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webmap import files
from webmap.config import current_settings
from webmap.db import public_session
from webmap.matching import Judged, judged_units
from webmap.picked.filling import Entry, Shortlist, load
from webmap.picture_rows import pictures_of
from webmap.share.changes import Change, changes_of, left_market
from webmap.share.requirements import read, wanted
from webmap.share.selection_models import Selection, SelectionItem
from webmap.share.selections import picked_of

PHOTOS = 3
"""Of one item; what shows the unit itself comes first."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the selection: as it stands, what the client marked, what changed, photos, how it does what is asked.

    `match` is of the unit, or of the unit of the building that does it best (`best`).
    """

    entry: Entry
    item: SelectionItem
    changes: Sequence[Change]
    pictures: Sequence[Any]
    match: Judged | None
    best: Any = None


@dataclass(frozen=True, slots=True)
class SelectionPage:
    """All that the page shows; `wanted` is the requirement that scores are given for, in words."""

    made: Selection
    filled: Shortlist
    lines: Sequence[Line]
    wanted: str

    @property
    def asked(self) -> bool:
        """Whether there is a requirement."""
        return bool(self.wanted)

    @property
    def changed(self) -> int:
        """How many items are not what they were when they were sent."""
        return sum(bool(line.changes) for line in self.lines)


def load_page(made: Selection) -> SelectionPage:
    """The selection as it stands today, of what everybody may see."""
    settings = current_settings()
    today, public = settings.today(), public_session()
    filled = load(public, picked_of(made), today)
    left = left_market(public, [item.code for item in made.items], made.sent_at, settings.timezone)
    judged = _judged(made.requirement, filled)
    filled = replace(filled, entries=[_as_taken(entry, judged) for entry in filled.entries])
    lines = [
        Line(entry, item, changes_of(item, entry, left.get(entry.code), today), _pictures(entry), *_best(entry, judged))
        for entry, item in zip(filled.entries, made.items, strict=True)
    ]
    return SelectionPage(made, filled, lines, wanted(made.requirement))


def photo_of(line: Line) -> bytes:
    """The first photo of an item as JPEG; nothing where there is none."""
    if not line.pictures:
        return b""
    return files.path_with(current_settings().data / "files", line.pictures[0].large_sha256).read_bytes()


def _judged(requirement: str, filled: Shortlist) -> Mapping[int, Judged]:
    """Unit id → how it does; nothing where nothing is asked, or nobody understands it any more."""
    asked = read(requirement)
    if asked is None:
        return {}
    return judged_units(asked, [unit.id for entry in filled.entries for unit in _units(entry)])


def _as_taken(entry: Entry, judged: Mapping[int, Judged]) -> Entry:
    """The entry with the cost of what the requirement would take of a divisible unit."""
    verdict = judged.get(entry.found.unit.id) if entry.found else None
    return replace(entry, found=entry.found.taking(verdict.take_m2)) if entry.found and verdict else entry


def _units(entry: Entry) -> Sequence[Any]:
    if entry.house:
        return entry.house.free
    return [entry.found.unit] if entry.found else []


def _best(entry: Entry, judged: Mapping[int, Judged]) -> tuple[Judged | None, Any]:
    """How an item does what is asked, and by which unit: of a building the one that fails least and scores most."""
    found = [unit for unit in _units(entry) if unit.id in judged]
    if not found:
        return None, None
    best = max(found, key=lambda unit: (-len(judged[unit.id].failed), judged[unit.id].score))
    return judged[best.id], best


def _pictures(entry: Entry) -> list[Any]:
    if entry.thing is None:
        return []
    there = pictures_of(public_session(), entry.thing.building.id, current_settings().today())
    seen = [each for each in there if each.kind != "tour" and _shows(each, entry)]
    return sorted(seen, key=lambda each: (each.unit_id is None, each.floor_id is None))[:PHOTOS]


def _shows(picture: Any, entry: Entry) -> bool:
    """Whether a picture is of the unit, of its floor, or of the building as a whole."""
    if entry.found is None:
        return picture.unit_id is None and picture.floor_id is None
    unit = entry.found.unit
    return picture.unit_id in (None, unit.id) and picture.floor_id in (None, unit.floor_id)
