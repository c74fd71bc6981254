"""Where a unit came from and what became of one that was split or merged, so that old links still lead somewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from geo.conditions import shown, standing
from geo.model import Building, Unit, UnitLineage
from webmap.buildings.operations import Asker

_MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Origin:
    """The units that one came out of, how, and when."""

    kind: str
    happened_on: date
    labels: list[str]


def origin_of(session: Session, unit_id: int) -> Origin | None:
    """What a unit was split from or merged of, none where it always was."""
    parent = aliased(Unit)
    rows = session.execute(
        select(UnitLineage.kind, UnitLineage.happened_on, parent.label)
        .join(parent, parent.id == UnitLineage.parent_id)
        .where(UnitLineage.child_id == unit_id)
        .order_by(parent.label)
    ).all()
    return Origin(rows[0].kind, rows[0].happened_on, [row.label for row in rows]) if rows else None


def successors_of(session: Session, code: str, asker: Asker) -> Sequence[Any]:
    """The units that stand today in the place of one that was split or merged, by label."""
    before = list(session.scalars(select(Unit.id).where(Unit.code == code, *shown(Unit, asker.staff))))
    found: list[Any] = []
    for _ in range(_MOST_STEPS):
        if not before:
            break
        after = session.scalars(select(UnitLineage.child_id).where(UnitLineage.parent_id.in_(before))).all()
        found += _standing(session, after, asker)
        before = [ident for ident in after if ident not in {row.id for row in found}]
    return sorted(found, key=lambda row: row.label)


def _standing(session: Session, unit_ids: Sequence[int], asker: Asker) -> Sequence[Any]:
    return session.execute(
        select(Unit.id, Unit.code, Unit.label, Unit.area_m2, Building.code.label("building"))
        .add_columns(Building.name, Building.name_en, Building.address)
        .join(Building, Building.id == Unit.building_id)
        .where(Unit.id.in_(unit_ids), *standing(asker.today, asker.staff), *shown(Building, asker.staff))
    ).all()
