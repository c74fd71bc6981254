"""What staff see of returns: which wait, and one of them beside what is held of its units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from geo.errors import NotFoundError
from geo.model import Building, Unit, UnitLineage
from geo.returns.said import Said, differences, from_texts
from geo.returns.standing import UnitNow, units_now
from webmap.vacancy.colliding import Collision, collisions
from webmap.vacancy.facts import registered
from webmap.vacancy.models import ReturnLine, ReturnSubmission, VacancyReturn
from webmap.vacancy.owing import Clock, standing_of

SHOWN = 200


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a return with its unit now: what it was shown as, what is said, and what somebody wrote in between."""

    line: ReturnLine
    unit: UnitNow | None
    before: Said
    said: Said
    overtaken: Said | None

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields that differ from what was shown."""
        return differences(self.before, self.said)


@dataclass(frozen=True, slots=True)
class Review:
    """A return with its lines from the top floor down; `unregistered` are tenants that no enterprise is called.

    `collisions` are others' offers by line; `became` the labels of what units that are gone were split or merged into.
    """

    vacancy_return: VacancyReturn
    building: Building
    standing: str
    rows: Sequence[LineRow]
    silent: int
    unregistered: frozenset[str]
    collisions: Mapping[int, Sequence[Collision]]
    became: Mapping[int, Sequence[str]]

    @property
    def waiting(self) -> list[LineRow]:
        """Lines that nobody has decided on."""
        return [row for row in self.rows if row.line.outcome == "waiting"]


def find(session: Session, number: int) -> VacancyReturn:
    """The return of a number.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.get(VacancyReturn, number) if number < 2**63 else None
    if found is None:
        raise NotFoundError(f"There is no return {number}.")
    return found


def waiting(session: Session, mine: ColumnElement[bool]) -> Sequence[VacancyReturn]:
    """Returns that are received and not decided, the oldest first."""
    return _listed(session, mine, VacancyReturn.state == "received", VacancyReturn.received_at.asc())


def decided(session: Session, mine: ColumnElement[bool]) -> Sequence[VacancyReturn]:
    """Returns decided lately, the last first."""
    return _listed(session, mine, VacancyReturn.decided_at.is_not(None), VacancyReturn.decided_at.desc())[:20]


def review(session: Session, owed: VacancyReturn, clock: Clock) -> Review:
    """A return beside what is held of its units."""
    units = {unit.id: unit for unit in units_now(session, owed.building_id, clock.today)}
    lines = [line for sent in owed.submissions for line in sent.lines if line.outcome != "replaced"]
    places = {ident: place for place, ident in enumerate(units)}
    rows = sorted((_row(line, units) for line in lines), key=lambda row: places.get(row.line.unit_id, len(places)))
    silent = len(units.keys() - {row.line.unit_id for row in rows})
    names = {row.said.tenant for row in rows if row.said.tenant}
    unregistered = frozenset(names - registered(session, names).keys())
    promised = collisions(session, lines, units, clock.today)
    became = _became(session, [row.line.unit_id for row in rows if row.unit is None])
    return Review(owed, owed.building, standing_of(owed, clock.now), rows, silent, unregistered, promised, became)


def _row(line: ReturnLine, units: dict[int, UnitNow]) -> LineRow:
    overtaken = from_texts(line.overtaken) if line.overtaken else None
    return LineRow(line, units.get(line.unit_id), from_texts(line.before), line.said, overtaken)


def _became(session: Session, unit_ids: Sequence[int]) -> dict[int, list[str]]:
    """Units that stand no more → the labels of those that came out of them."""
    chosen = select(UnitLineage.parent_id, Unit.label).join(Unit, Unit.id == UnitLineage.child_id)
    found: dict[int, list[str]] = {}
    for unit_id, label in session.execute(chosen.where(UnitLineage.parent_id.in_(unit_ids)).order_by(Unit.label)):
        found.setdefault(unit_id, []).append(label)
    return found


def _listed(
    session: Session, mine: ColumnElement[bool], wanted: ColumnElement[bool], order: ColumnElement[object]
) -> Sequence[VacancyReturn]:
    sent = selectinload(VacancyReturn.submissions).selectinload(ReturnSubmission.lines)
    chosen = select(VacancyReturn).join(Building, Building.id == VacancyReturn.building_id).where(mine, wanted)
    chosen = chosen.options(joinedload(VacancyReturn.building), sent, selectinload(VacancyReturn.doubts))
    return session.scalars(chosen.order_by(order).limit(SHOWN)).unique().all()
