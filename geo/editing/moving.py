"""Takes offers and tenancies along when units are split or merged, and notes what is needed to bring them back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from psycopg.types.range import Range
from sqlalchemy import Date, cast, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from geo.editing.standing import offers_ahead
from geo.history import Author, change_offer, withdraw_offer
from geo.model import Offer, OfferUnit, Tenancy, Unit, UnitState
from geo.model.states import UnitState as State


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one offer or tenancy: the row before, its units before, and the rows that came."""

    kind: str
    how: str
    before: int
    units: tuple[int, ...]
    after: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


def move_offers(
    session: Session, old: Sequence[Unit], new: Sequence[Unit], on: date, *, move: bool, by: Author, today: date
) -> list[Moved]:
    """Let offers of old units promise the new ones from a day on, or leave the old ones out; without any they end.

    Of several offers for one and the same space the newest moves, since one space is promised once in one's own name.
    """
    gone, came = {unit.id for unit in old}, [unit.id for unit in new]
    taken: set[tuple[int, int | None, str]] = set()
    moved = []
    for offer in offers_ahead(session, gone, on):
        own = session.scalars(select(OfferUnit.unit_id).where(OfferUnit.offer_id == offer.id)).all()
        left = [ident for ident in own if ident not in gone]
        whose = (offer.source_id, offer.user_id, offer.kind)
        if move and whose not in taken:
            taken.add(whose)
            left = sorted({*left, *came})
        since = max(on, offer.valid.lower) if offer.valid.lower else on
        if left:
            changed = change_offer(session, offer.id, {}, on=since, by=by, today=today, unit_ids=left)
            after, how = changed.offer, "moved"
        else:
            after, how = withdraw_offer(session, offer.id, on=since, by=by, today=today), "ended"
        moved.append(Moved("offer", how, offer.id, tuple(sorted(own)), (after.id,)))
    return moved


def move_tenancies(session: Session, old: Sequence[Unit], begun: Sequence[UnitState], on: date) -> list[Moved]:
    """Let tenancies of old units go on in those new ones that their tenant uses; others end on the day."""
    ids = [unit.id for unit in old]
    ahead = or_(func.upper_inf(Tenancy.valid), func.upper(Tenancy.valid) > cast(literal(on), Date))
    chosen = select(Tenancy).where(Tenancy.unit_id.in_(ids), func.upper_inf(Tenancy.known), ahead)
    moved = []
    for tenancy in session.scalars(chosen.order_by(Tenancy.id)).all():
        users = [state.unit_id for state in begun if state.tenant_id == tenancy.enterprise_id]
        moved.append(_moved_tenancy(session, tenancy, users, on))
    return moved


def reopen_tenancy(session: Session, before: int, after: Sequence[int]) -> None:
    """Hold a tenancy again as it was before it was moved."""
    now = session.scalars(select(func.clock_timestamp())).one()
    for tenancy in session.scalars(select(Tenancy).where(Tenancy.id.in_(after))).all():
        tenancy.known = Range(tenancy.known.lower, max(now, tenancy.known.lower), "[)")
    row = _copied(session.get_one(Tenancy, before)) | {"known": Range(now, None, "[)")}
    session.flush()
    session.execute(insert(Tenancy), [row])


def _moved_tenancy(session: Session, tenancy: Tenancy, users: Sequence[int], on: date) -> Moved:
    now = session.scalars(select(func.clock_timestamp())).one()
    before, valid = _copied(tenancy), tenancy.valid
    tenancy.known = Range(tenancy.known.lower, now, "[)")
    session.flush()
    known = {"known": Range(now, None, "[)")}
    rows = []
    if valid.lower is None or valid.lower < on:
        rows.append(before | known | {"valid": Range(valid.lower, on, "[)")})
    since = max(on, valid.lower) if valid.lower else on
    for unit_id in users:
        rows.append(before | known | {"valid": Range(since, valid.upper, "[)"), "unit_id": unit_id, "area_m2": None})
    added = session.scalars(insert(Tenancy).returning(Tenancy.id), rows).all() if rows else ()
    how = "moved" if users else "ended"
    unit_id = before["unit_id"]
    return Moved("tenancy", how, tenancy.id, (unit_id,), tuple(added))


def _copied(row: Tenancy | Offer | State) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.c if column.name != "id"}
