"""Fills in the rows of the board's pages: buildings with their reasons, whom to call, where it is put right."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from geo.model import Building, BuildingFact, Source
from geo.quality.board import Age, Board, Mask, Told
from geo.quality.rules import Field
from geo.quality.work import Reason, Work, area_of
from geo.row_arrays import Array
from geo.taxonomy import Word
from webmap.permissions import REPORT, User, may
from webmap.quality.operations import days_or_none, ids_within, names_of, told_name
from webmap.quality.people import Person, people_of, whom_to_call
from webmap.quality.words import said

MENDS = {
    **dict.fromkeys(("late", "silent", "unknown"), "return"),
    "unpriced": "offers",
    "report": "report",
    "contradicted": "check",
    "doubt": "review",
    "disagree": "place",
    "impossible": "floors",
    "missing": "facts",
}
"""Reason → the page on which it is put right."""

PLACES = {
    "return": "/return/{}",
    "check": "/desk/checks/{}",
    "review": "/desk/returns",
    "report": "/admin/inquiries",
    "place": "/desk/places/{}",
    "facts": "/desk/places/{}/facts",
    "floors": "/desk/places/{}/floors",
    "units": "/desk/places/{}/units",
    "offers": "/desk/places/{}/offers",
    "parties": "/desk/places/{}/parties",
    "outline": "/desk/places/{}/outline",
    "pictures": "/admin/pictures",
}
_RIGHTS = {
    "return": REPORT,
    "check": "review_returns",
    "review": "review_returns",
    "report": "answer_inquiries",
    "pictures": "administer",
}
_USUAL_RIGHT = "edit_place"


@dataclass(frozen=True, slots=True)
class Mending:
    """What somebody may put right: for each right the buildings it holds for, out of those shown."""

    rights: dict[str, Collection[int]]

    def path(self, page: str, ident: int, code: str) -> str | None:
        """The path of a page that puts something right at a building; None where the reader may not."""
        right = _RIGHTS.get(page, _USUAL_RIGHT)
        return PLACES[page].format(code) if ident in self.rights[right] else None


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """A building of the board: why to look at it, how good its data are, whom to call, where it is put right."""

    code: str
    name: str
    area_m2: float
    told: Told
    median_days: int | None
    oldest_days: int | None
    disputes: int
    worth: float
    reasons: Sequence[Reason]
    why: Sequence[str]
    call: Sequence[Person]
    mend: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """A reason to look at a building in words, whom to call, and where it is put right."""

    reason: Reason
    why: str
    call: Sequence[Person]
    mend: str | None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field, or a whole group, of some buildings."""

    field: Field
    told: Told
    age: Age


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of fields with its fields."""

    group: Word
    told: Told
    age: Age
    fields: Sequence[FieldRow]

    @property
    def lacking(self) -> list[FieldRow]:
        """Its fields of which something is missing, most first."""
        return sorted(
            (row for row in self.fields if row.told.have < row.told.due), key=lambda row: row.told.have - row.told.due
        )


def building_rows(session: Session, user: User, work: Work, places: Array, today: date) -> list[BuildingRow]:
    """The rows of some buildings, in their order."""
    ids = work.board.ids[places]
    names = names_of(session, ids)
    staff = ids_within(session, user, "see_staff_values", ids.tolist()) or []
    editors = frozenset(ids_within(session, user, "edit_place", ids.tolist()) or ())
    people = people_of(session, [each for each in staff if each in editors], today, staff=True, accounts=True)
    people |= people_of(session, [each for each in staff if each not in editors], today, staff=True)
    people |= people_of(session, sorted(set(ids.tolist()) - set(staff)), today, staff=False)
    mending = mending_of(session, user, ids.tolist())
    areas = area_of(work.board)
    return [
        _row(work, place, names[ident], people.get(ident, []), mending, float(areas[place]))
        for place, ident in zip(places.tolist(), ids.tolist(), strict=True)
        if ident in names
    ]


def jobs_of(session: Session, user: User, work: Work, building: Building, today: date) -> list[Job]:
    """All reasons to look at the only building of a board."""
    staff = may(user, "see_staff_values", building)
    accounts = staff and may(user, "edit_place", building)
    people = people_of(session, [building.id], today, staff=staff, accounts=accounts).get(building.id, [])
    mending = mending_of(session, user, [building.id])
    return [
        Job(
            reason,
            said(reason),
            whom_to_call(people, reason.code),
            mending.path(MENDS[reason.code], building.id, building.code),
        )
        for reason in work.reasons(0)
    ]


def differing_facts(session: Session, building_id: int, *, staff: bool) -> list[list[Any]]:
    """Facts of which sources say different things: for each the newest word of every source that the reader may see."""
    columns = (BuildingFact.fact, BuildingFact.value, BuildingFact.unit, BuildingFact.dated_on)
    newest = select(*columns, Source.name, Source.name_en).ext(distinct_on(BuildingFact.fact, BuildingFact.source_id))
    latest = BuildingFact.dated_on.desc().nulls_last(), BuildingFact.id.desc()
    joined = newest.join(Source, Source.id == BuildingFact.source_id).where(BuildingFact.building_id == building_id)
    joined = joined if staff else joined.where(BuildingFact.publishable, Source.publishable)
    rows = session.execute(joined.order_by(BuildingFact.fact, BuildingFact.source_id, *latest)).all()
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.fact)]
    return [group for group in groups if len({row.value for row in group}) > 1]


def mending_of(session: Session, user: User, ids: list[int]) -> Mending:
    """What somebody may put right at some buildings."""
    rights = {*_RIGHTS.values(), _USUAL_RIGHT}
    return Mending({right: frozenset(ids_within(session, user, right, ids) or ()) for right in rights})


def group_rows(board: Board, among: Mask) -> list[GroupRow]:
    """Every group and field of which something is due at the marked buildings."""
    rows = []
    for group in board.rules.groups:
        fields = [field for field in board.rules.fields if field.group == group.code]
        told = [FieldRow(field, board.told([field], among), board.age([field], among)) for field in fields]
        due = [row for row in told if row.told.due]
        if due:
            rows.append(GroupRow(group, board.told(fields, among), board.age(fields, among), due))
    return rows


def _row(work: Work, place: int, names: Any, people: Sequence[Person], mending: Mending, area_m2: float) -> BuildingRow:
    board, reasons = work.board, work.reasons(place)
    first = reasons[0].code if reasons else "missing"
    return BuildingRow(
        names.code,
        told_name(names),
        area_m2,
        board.told_at(place),
        days_or_none(board.median_days[place]),
        days_or_none(board.oldest_days[place]),
        int(work.disputes[place]),
        float(work.worth[place].sum()),
        reasons,
        [said(reason) for reason in reasons],
        whom_to_call(people, first),
        mending.path(MENDS[first], int(board.ids[place]), names.code),
    )
