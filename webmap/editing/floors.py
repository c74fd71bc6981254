"""Reads the forms about floors and lists what of them staff have corrected."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from geo.editing.fields import set_fields
from geo.errors import BadParameterError
from geo.field_edits import standing_edits
from geo.history import UNIT_USES
from geo.model import Building, Floor, Section
from webmap.editing.operations import sections_of
from webmap.editing.unit_forms import Sent

USES = UNIT_USES
_AT_ONCE = ("use", "area_m2", "storey_height_m", "clear_height_m", "load_kn_m2")


def set_several(session: Session, building: Building, sent: Sent, *, by: int) -> int:
    """Set what a form says of the ticked floors; gives how many fields changed. Raises BadParameterError."""
    said = {name: sent.get(name, "") for name in _AT_ONCE if sent.get(name, "").strip()}
    ticked = [floor_of(session, building, text) for text in sent.getlist("f")]
    return sum(len(set_fields(session, floor, said, by=by)) for floor in ticked if floor)


def floor_of(session: Session, building: Building, text: str) -> Floor | None:
    """The floor of the building that a form means, none where it says none; raises BadParameterError."""
    if not text:
        return None
    found = session.get(Floor, int(text)) if _whole(text) else None
    if found is None or found.building_id != building.id:
        raise BadParameterError("floor", text[:20], "a floor of the building")
    return found


def section_of(session: Session, building: Building, text: str) -> int | None:
    """The section of the building that a form means, none where it says none; raises BadParameterError."""
    if not text:
        return None
    found = session.get(Section, int(text)) if _whole(text) else None
    if found is None or found.building_id != building.id:
        raise BadParameterError("section", text[:20], "a section of the building")
    return found.id


def sections(session: Session, building: Building) -> Sequence[Section]:
    """The sections from the ground up."""
    return sections_of(session, building)


def held(session: Session, floors: Sequence[Floor]) -> Mapping[int, int]:
    """Floor → how many of its fields staff have corrected."""
    return Counter(row for row, _ in standing_edits(session, "floors", [floor.id for floor in floors]))


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
