"""Adds floors from a list of labels, between others too, and takes floors away on which nothing stands.

`position` is the physical order (ground floor 1, first basement -1, never 0); labels may skip numbers and say 12A.
"""

import re
from collections.abc import Sequence

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.field_edits import Correction, note_corrections
from geo.model import Building, Floor, Unit

MOST_FLOORS = 300
_STRETCH = re.compile(r"(B?)(\d{1,3})\s*[-–~～至]\s*(B?)(\d{1,3})")
_BETWEEN = re.compile(r"[,，、;；\s]+")
_BASEMENT = re.compile(r"B\d")
_FAR = 10_000
"""Positions are moved out of the way by so much, since no two floors may share one even for a moment."""


def read_labels(said: str) -> list[str]:
    """The labels of a list such as "B2-B1, 1-12, 12A, 15-20", from the lowest floor to the highest.

    Raises
    ------
    BadParameterError
        A part is no label or stretch, one comes twice, or there are none or too many.
    """
    labels: list[str] = []
    for part in filter(None, _BETWEEN.split(re.sub(r"\s*([-–~～至])\s*", r"\1", said.strip().upper()))):
        labels += _stretch(part)
        if len(labels) > MOST_FLOORS:
            raise BadParameterError("labels", part, f"up to {MOST_FLOORS} floors")
    for place, label in enumerate(labels):
        if len(label) > 20 or label in labels[:place]:
            raise BadParameterError("labels", label[:20], "each label once, of up to 20 characters")
    if not labels:
        raise BadParameterError("labels", said[:40], "labels such as B2-B1, 1-12, 12A, 15-20")
    return labels


def add_floors(
    session: Session,
    building: Building,
    labels: Sequence[str],
    *,
    by: int | None,
    section_id: int | None = None,
    above: Floor | None = None,
) -> list[Floor]:
    """Add floors from the lowest to the highest; those above `above` move up to make room.

    Without `above`, basements go below what is there and the others on top.

    Raises
    ------
    BadParameterError
        A label is there already.
    """
    there = {floor.label for floor in floors_of(session, building, section_id)}
    if taken := next((label for label in labels if label in there), None):
        raise BadParameterError("labels", taken, "labels that the building does not have yet")
    if above is not None:
        positions = _made_room(session, above, labels)
    else:
        positions = _at_the_ends(session, building, section_id, labels)
    pairs = list(zip(labels, positions, strict=True))
    floors = [Floor(building_id=building.id, section_id=section_id, label=each, position=at) for each, at in pairs]
    session.add_all(floors)
    building.managed = True
    session.flush()
    note_corrections(session, [Correction("floors", floor.id, "label", None, floor.label) for floor in floors], by)
    return floors


def remove_floor(session: Session, floor: Floor, *, by: int | None) -> None:
    """Take a floor away; the note of it stays with the building.

    Raises
    ------
    BadParameterError
        Units stand on it, or have stood.
    """
    on_it = select(Unit.label).where(or_(Unit.floor_id == floor.id, Unit.top_floor_id == floor.id))
    if (label := session.scalars(on_it.limit(1)).first()) is not None:
        raise BadParameterError("floor", floor.label, f"a floor on which nothing stands; unit {label} is there")
    note_corrections(session, [Correction("buildings", floor.building_id, "floors", floor.label, None)], by)
    session.delete(floor)
    session.flush()


def floors_of(session: Session, building: Building, section_id: int | None) -> Sequence[Floor]:
    """The floors of a building, or of one section of it, from the ground up."""
    same = Floor.section_id.is_not_distinct_from(section_id)
    chosen = select(Floor).where(Floor.building_id == building.id, same)
    return session.scalars(chosen.order_by(Floor.position)).all()


def check_labels_once(session: Session, building: Building) -> None:
    """Refuse floors of one section that bear the same label; raises BadParameterError."""
    session.flush()
    counted = select(Floor.label).where(Floor.building_id == building.id)
    twice = counted.group_by(Floor.section_id, Floor.label).having(func.count() > 1)
    if (label := session.scalars(twice.limit(1)).first()) is not None:
        raise BadParameterError("label", label, "each label once in a building or section")


def _stretch(part: str) -> list[str]:
    found = _STRETCH.fullmatch(part)
    if not found:
        return [part]
    low, high = int(found[2]), int(found[4])
    if found[1] and found[3]:
        return [f"B{number}" for number in range(max(low, high), min(low, high) - 1, -1)]
    if found[1] or found[3] or low > high:
        raise BadParameterError("labels", part, "stretches from below to above, such as B3-B1 or 1-12")
    return [str(number) for number in range(low, high + 1)]


def _at_the_ends(session: Session, building: Building, section_id: int | None, labels: Sequence[str]) -> list[int]:
    there = [floor.position for floor in floors_of(session, building, section_id)]
    below = [label for label in labels if _BASEMENT.match(label)]
    lowest, highest = min([0, *there]), max([0, *there])
    downwards = {label: lowest - 1 - place for place, label in enumerate(reversed(below))}
    upwards = {
        label: highest + 1 + place for place, label in enumerate(each for each in labels if each not in downwards)
    }
    return [{**downwards, **upwards}[label] for label in labels]


def _made_room(session: Session, above: Floor, labels: Sequence[str]) -> list[int]:
    """Move floors away from above one; gives the free positions. Over basements room is made downwards."""
    start, count = above.position, len(labels)
    if start < -1 or (start == -1 and all(map(_BASEMENT.match, labels))):
        _move(session, above, "position <= :from", start, -count)
        return list(range(start - count + 1, start + 1))
    first = max(start, 0) + 1
    _move(session, above, "position >= :from", first, count)
    return list(range(first, first + count))


def _move(session: Session, above: Floor, which: str, start: int, by: int) -> None:
    here = "building_id = :building AND section_id IS NOT DISTINCT FROM :section"
    values = {"building": above.building_id, "section": above.section_id}
    session.flush()
    away = text(f"UPDATE floors SET position = position + :far WHERE {here} AND {which}")
    session.execute(away, {**values, "far": _FAR, "from": start})
    back = text(f"UPDATE floors SET position = position + :back WHERE {here} AND position > :half")
    session.execute(back, {**values, "back": by - _FAR, "half": _FAR // 2})
    session.expire_all()
