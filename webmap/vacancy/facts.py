"""Turns accepted lines of returns into dated facts, through the one writer of history (`geo/history`)."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from geo.history import (
    Author,
    UnitChange,
    change_offer,
    change_units,
    confirm_units,
    publish_offer,
    withdraw_offer,
)
from geo.model import Enterprise, OfferUnit, Source, UnitState
from geo.returns.said import Said, differences, from_texts
from geo.returns.standing import UnitNow, unit_now
from webmap.vacancy.models import ReturnLine, ReturnSubmission

SOURCE_NAME = "空置周报"
_TERMS = ("rent_amount", "rent_unit", "available_on")


def return_source(session: Session) -> Source:
    """The source that stands for what buildings report every week; made on first use."""
    row = {"name": SOURCE_NAME, "name_en": "Weekly return", "secrecy": "public", "publishable": True}
    row |= {"attribution": "物业空置周报", "attribution_en": "Weekly returns of property managers"}
    session.execute(insert(Source).values(row).on_conflict_do_nothing(index_elements=["name"]))
    return session.scalars(select(Source).where(Source.name == SOURCE_NAME)).one()


def write_line(session: Session, line: ReturnLine, today: date) -> None:
    """Make what a line says a fact: the state from its day on, and the offer that goes with it.

    Raises
    ------
    EditConflictError
        Somebody has changed the unit since it was shown.
    NotFoundError
        The unit was split, merged or withdrawn since.
    """
    by, said = _author(session, line.submission), line.said
    now = _now(session, line, today)
    changed: dict[str, object] = {"occupancy": said.occupancy, "contract": said.contract}
    if said.tenant != now.said.tenant:
        changed["tenant_id"] = _tenant(session, said.tenant)
    if said.area_m2 is not None and said.area_m2 != now.area_m2:
        changed |= {"area_m2": said.area_m2, "area_source": "自报"}
    begun = session.scalar(select(func.lower(UnitState.valid)).where(UnitState.id == now.seen))
    since = max(line.since, begun) if begun else line.since
    change = UnitChange(line.unit_id, changed, since, line.seen_id, reported_on=line.submission.said_on)
    (state,) = change_units(session, [change], by=by, today=today)
    line.state_id = state.id
    if state.id == now.seen:
        confirm(session, [line.unit_id], line.submission, today)
    _write_offer(session, line, now, by, today)


def confirm(session: Session, unit_ids: Collection[int], sent: ReturnSubmission, today: date) -> int:
    """Note that units were reported as unchanged."""
    return confirm_units(session, unit_ids, on=sent.said_on, by=_author(session, sent), today=today) if unit_ids else 0


def note_overtaking(session: Session, line: ReturnLine, today: date) -> None:
    """Keep beside a line what is held of its unit now; accepting it once more then knows of that."""
    now = _now(session, line, today)
    line.overtaken, line.seen_id = now.said.as_json(), now.seen
    session.flush()


def _now(session: Session, line: ReturnLine, today: date) -> UnitNow:
    found = unit_now(session, line.unit_id, today)
    if found is None:
        raise NotFoundError(f"The unit of line {line.id} stands no more; look at the return again.")
    return found


def _author(session: Session, sent: ReturnSubmission) -> Author:
    return Author(return_source(session).id, sent.user_id)


def registered(session: Session, names: Collection[str]) -> dict[str, int]:
    """Name → the enterprise that has it, where exactly one does; others stay names that staff look up."""
    chosen = select(Enterprise.name, func.min(Enterprise.id)).where(Enterprise.name.in_(names))
    alone = chosen.where(Enterprise.withdrawn_at.is_(None)).group_by(Enterprise.name).having(func.count() == 1)
    return {row[0]: row[1] for row in session.execute(alone)}


def _tenant(session: Session, name: str | None) -> int | None:
    return registered(session, [name]).get(name) if name else None


def _write_offer(session: Session, line: ReturnLine, now: UnitNow, by: Author, today: date) -> None:
    """Publish, change or withdraw the offer of a unit; other units of the same offer keep it."""
    said, on = line.said, line.submission.said_on
    if now.offer_id is None:
        if said.offered:
            publish_offer(session, [line.unit_id], _terms(said), on=on, by=by, today=today)
        return
    changed = set(differences(from_texts(line.before), said)) & set(_TERMS)
    others = _others(session, now.offer_id, line.unit_id)
    if said.offered and not changed:
        return
    if others:
        change_offer(session, now.offer_id, {}, on=on, by=by, today=today, unit_ids=others)
        if said.offered:
            publish_offer(session, [line.unit_id], _terms(said), on=on, by=by, today=today)
    elif said.offered:
        change_offer(session, now.offer_id, _terms(said), on=on, by=by, today=today)
    else:
        withdraw_offer(session, now.offer_id, on=on, by=by, today=today)


def _terms(said: Said) -> dict[str, object]:
    terms: dict[str, object] = {"available_on": said.available_on}
    if said.rent_amount is not None:
        terms |= {"rent_low": said.rent_amount, "rent_high": said.rent_amount, "rent_unit": said.rent_unit}
    else:
        terms |= {"rent_low": None, "rent_high": None}
    return terms


def _others(session: Session, offer_id: int, unit_id: int) -> list[int]:
    chosen = select(OfferUnit.unit_id).where(OfferUnit.offer_id == offer_id, OfferUnit.unit_id != unit_id)
    return list(session.scalars(chosen))
