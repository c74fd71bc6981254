"""What is shown of things found: read anew from the database, so that what was hidden since is not there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow, class_row, dict_row

from geo.db import query
from geo.onebox.finding import EXACT, WORD, Found
from geo.text import clean, fold

KINDS = ("building", "unit", "area", "metro", "address", "amenity", "enterprise")
"""In the order in which groups of equal scores are shown."""

TO_LET = 0.06
"""On top of the score of a building that has something to let."""

BUILDINGS_WITH_UNITS = 6
"""Of so many buildings found are units looked for."""

CALLED, CALLED_LIKE = EXACT - 0.1, WORD
"""Scores of a unit whose number alone was typed, and of one whose number begins so."""

_LABEL = (
    r"(?P<label>(?:(?:[a-z]{1,2}-?)?\d{2,5}[a-z]?|\d{1,2}[a-z]\d{2,3})(?:-\d{1,4})?)"
    r"\s*(?:室|单元|單元|房|号室|號室)?$"
)
_UNIT = re.compile(rf"^(?P<where>.*?\D|.*?\s)[\s,，、·]*{_LABEL}", re.IGNORECASE)
_BARE = re.compile(rf"^(?=.*\d.*\d){_LABEL}", re.IGNORECASE)
_LEAST_BARE = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing found as it is shown; `word` is an area's level, an amenity's category, a firm's industry group."""

    kind: str
    id: int
    code: str
    name: str | None
    name_en: str | None
    address: str | None = None
    address_en: str | None = None
    word: str | None = None
    building: str | None = None
    building_name: str | None = None
    building_name_en: str | None = None
    lon: float | None = None
    lat: float | None = None
    box: list[float] | None = None
    to_let: int | None = None
    score: float = 0
    matched: str = "name"
    typo: bool = False


def show(
    connection: Connection[TupleRow],
    found: Mapping[str, Sequence[Found]],
    today: date,
    stale_before: date | None = None,
) -> list[Shown]:
    """The things that are still there and public, the best first, kind by kind.

    Units whose last word is of before `stale_before` do not count among those that a building has to let.
    """
    ids: dict[str, Any] = {kind: [each.id for each in found.get(kind, ())] for kind in KINDS if kind != "unit"}
    with connection.cursor(row_factory=class_row(Shown)) as cursor:
        rows = cursor.execute(query("onebox_found"), {**ids, "today": today, "stale_before": stale_before}).fetchall()
    by_thing = {(each.kind, each.id): each for listed in found.values() for each in listed}
    return _ordered([_scored(row, by_thing[row.kind, row.id]) for row in rows])


def units_like(
    connection: Connection[TupleRow], label: str, buildings: Sequence[Found], today: date, most: int
) -> list[Shown]:
    """Units of some buildings whose label begins so; one with just this label scores as its building does."""
    scores = {each.id: each for each in buildings[:BUILDINGS_WITH_UNITS]}
    found = []
    for row in _labelled(connection, list(scores), label, today, most, market=False):
        same, building = row.pop("same"), scores[row.pop("building_id")]
        score = round(building.score + (EXACT - WORD if same else 0), 4)
        found.append(Shown("unit", score=score, typo=building.typo, **row))
    return found


def units_called(
    connection: Connection[TupleRow], label: str, buildings: Sequence[int], today: date, most: int
) -> list[Shown]:
    """Units on the market of some buildings (ids, the first ones first) whose number was typed without a building."""
    found = []
    for row in _labelled(connection, buildings, label, today, most, market=True):
        same, _ = row.pop("same"), row.pop("building_id")
        found.append(Shown("unit", score=CALLED if same else CALLED_LIKE, **row))
    return found


def _labelled(
    connection: Connection[TupleRow], buildings: Sequence[int], label: str, today: date, most: int, *, market: bool
) -> list[dict[str, Any]]:
    asked = {"buildings": buildings, "label": label, "today": today, "limit": most, "market": market}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query("onebox_units"), asked).fetchall()
    for row in rows:
        row |= {"name": row.pop("label"), "name_en": None, "word": row.pop("public_status"), "matched": "label"}
    return rows


def unit_asked(typed: str) -> tuple[str, str] | None:
    """The building and the label of a unit that a query may mean: "云澜 1203室" gives 云澜 and 1203."""
    match = _UNIT.match(clean(typed))
    if not match or not fold(match["where"]):
        return None
    return match["where"], fold(match["label"])


def unit_alone(typed: str) -> str | None:
    """The label of a unit, if nothing else was typed: "1203室" gives 1203."""
    match = _BARE.match(clean(typed))
    label = fold(match["label"]) if match else ""
    return label if len(label) >= _LEAST_BARE else None


def grouped(things: Sequence[Shown], limit: int, each: int) -> list[Shown]:
    """The best of each kind, together; kinds by their best, at most `each` of one and `limit` in all."""
    kinds: dict[str, list[Shown]] = {}
    for thing in sorted(things, key=lambda thing: (-thing.score, KINDS.index(thing.kind))):
        kinds.setdefault(thing.kind, []).append(thing)
    return [thing for listed in kinds.values() for thing in listed[:each]][:limit]


def _scored(row: Shown, found: Found) -> Shown:
    score = found.score + (TO_LET if row.to_let else 0)
    return replace(row, score=round(score, 4), matched=found.part.name.lower(), typo=found.typo)


def _ordered(things: Sequence[Shown]) -> list[Shown]:
    return sorted(things, key=lambda thing: (KINDS.index(thing.kind), -thing.score, thing.id))
