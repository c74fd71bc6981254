"""The page of a private selection, gathered: units as they stand, what changed since it was sent, photos, scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from geo.errors import BadParameterError
from webmap.config import current_settings
from webmap.db import public_session
from webmap.match_schemas import MatchItem
from webmap.matching import MOST, found_matches, read_query
from webmap.picked.filling import Entry, Shortlist, load
from webmap.picture_rows import pictures_of
from webmap.share.changes import Change, changes_of, left_market
from webmap.share.selection_models import Selection, SelectionItem
from webmap.share.selections import picked_of

PHOTOS = 3
"""Of one unit; what shows the unit itself comes first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A unit of the selection: as the shortlist has it, what the client marked, what changed, photos, its score."""

    entry: Entry
    item: SelectionItem
    changes: Sequence[Change]
    pictures: Sequence[Any]
    match: MatchItem | None


@dataclass(frozen=True, slots=True)
class SelectionPage:
    """All that the page shows; `asked` is whether there is a requirement that scores are given for."""

    made: Selection
    filled: Shortlist
    lines: Sequence[Line]
    asked: bool

    @property
    def changed(self) -> int:
        """How many units are not what they were when they were sent."""
        return sum(bool(line.changes) for line in self.lines)


def load_page(made: Selection) -> SelectionPage:
    """The selection as it stands today, of what everybody may see."""
    settings = current_settings()
    today, public = settings.today(), public_session()
    filled = load(public, picked_of(made), today)
    left = left_market(public, [item.unit_code for item in made.items], made.sent_at, settings.timezone)
    scores = _scores(made.requirement)
    lines = [
        Line(
            entry,
            item,
            changes_of(item, entry.found, left.get(entry.code), today),
            _pictures(entry),
            scores.get(entry.code),
        )
        for entry, item in zip(filled.entries, made.items, strict=True)
    ]
    return SelectionPage(made, filled, lines, bool(made.requirement))


def _scores(requirement: str) -> Mapping[str, MatchItem]:
    """Code → the match of a single unit; nothing where nothing is asked, or nobody understands it any more."""
    if not requirement:
        return {}
    try:
        asked, _ = read_query(dict(parse_qsl(requirement)))
    except BadParameterError:
        return {}
    return {item.units[0].unit.code: item for item in found_matches(asked, limit=MOST).items if item.kind == "unit"}


def _pictures(entry: Entry) -> list[Any]:
    if entry.found is None:
        return []
    unit = entry.found.unit
    there = pictures_of(public_session(), unit.building_id, current_settings().today())
    seen = [each for each in there if each.kind != "tour" and _shows(each, unit)]
    return sorted(seen, key=lambda each: (each.unit_id is None, each.floor_id is None))[:PHOTOS]


def _shows(picture: Any, unit: Any) -> bool:
    """Whether a picture is of the unit, of its floor, or of the building as a whole."""
    return (picture.unit_id in (None, unit.id)) and (picture.floor_id in (None, unit.floor_id))
