"""Turns accepted lines of returns into dated facts, through the one writer of history (`geo/history`)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.history import Author, UnitChange, change_units, confirm_units, lock_units, overtaken
from geo.model import Enterprise, OfferUnit, Source, Unit
from geo.returns.standing import UnitNow, units_by_id
from webmap.vacancy.models import ReturnLine, ReturnSubmission
from webmap.vacancy.offering import write_offers

SOURCE_NAME = "空置周报"


def return_source(session: Session) -> Source:
    """The source that stands for what buildings report every week; made on first use."""
    chosen = select(Source).where(Source.name == SOURCE_NAME)
    if found := session.scalars(chosen).one_or_none():
        return found
    row = {"name": SOURCE_NAME, "name_en": "Weekly return", "secrecy": "public", "publishable": True}
    row |= {"attribution": "物业空置周报", "attribution_en": "Weekly returns of property managers"}
    session.execute(insert(Source).values(row).on_conflict_do_nothing(index_elements=["name"]))
    return session.scalars(chosen).one()


def write_lines(session: Session, lines: Sequence[ReturnLine], today: date) -> list[ReturnLine]:
    """Make lines facts: states from their days on, and the offers that go with them; gives those that could not be.

    Of units that somebody has changed since they were shown, what is held is kept beside the line, so that accepting it
    once more knows of it. A unit that was split, merged or withdrawn since leaves its line without that.
    """
    held = _locked(session, lines, today)
    standing = [line for line in lines if line.unit_id in held]
    left: list[ReturnLine] = []
    for sent, said in groupby(sorted(standing, key=_sending), key=lambda line: line.submission):
        left += _write(session, sent, list(said), held, today)
    for line in left:
        line.overtaken, line.seen_id = held[line.unit_id].said.as_json(), held[line.unit_id].seen
    gone = [line for line in lines if line.unit_id not in held]
    for line in gone:
        line.overtaken = None
    session.flush()
    return left + gone


def confirm(session: Session, unit_ids: Collection[int], sent: ReturnSubmission, today: date) -> int:
    """Note that units were reported as unchanged."""
    return confirm_units(session, unit_ids, on=sent.said_on, by=_author(session, sent), today=today) if unit_ids else 0


def _sending(line: ReturnLine) -> tuple[int, int]:
    return line.submission_id, line.id


def _locked(session: Session, lines: Sequence[ReturnLine], today: date) -> dict[int, UnitNow]:
    """What is held of those units of lines that stand, which nobody else writes from now on, nor their offers."""
    wanted = {line.unit_id for line in lines}
    beside = select(OfferUnit.unit_id).join(Unit, Unit.offer_id == OfferUnit.offer_id).where(Unit.id.in_(wanted))
    either = or_(Unit.id.in_(wanted), Unit.id.in_(beside.correlate(None)))
    lock_units(session, session.scalars(select(Unit.id).where(either, Unit.withdrawn_at.is_(None))).all())
    return units_by_id(session, wanted, today)


def _write(
    session: Session, sent: ReturnSubmission, lines: list[ReturnLine], held: dict[int, UnitNow], today: date
) -> list[ReturnLine]:
    """Write the lines of one sending; gives those whose units somebody else has changed since they were shown."""
    tenants = registered(session, {line.tenant for line in lines if line.tenant})
    changes = {line.unit_id: _change(line, held[line.unit_id], tenants) for line in lines}
    late = overtaken(session, list(changes.values()))
    written, by = [line for line in lines if line.unit_id not in late], _author(session, sent)
    states = change_units(session, [changes[line.unit_id] for line in written], by=by, today=today)
    for line, state in zip(written, states, strict=True):
        line.state_id, line.outcome = state.id, "accepted"
    same = [line.unit_id for line in written if line.state_id == held[line.unit_id].seen]
    confirm(session, same, sent, today)
    write_offers(session, written, held, by=by, today=today)
    return [line for line in lines if line.unit_id in late]


def _change(line: ReturnLine, now: UnitNow, tenants: Mapping[str, int]) -> UnitChange:
    said = line.said
    changed: dict[str, object] = {"occupancy": said.occupancy, "contract": said.contract}
    if said.tenant != now.said.tenant:
        changed["tenant_id"] = tenants.get(said.tenant) if said.tenant else None
    if said.area_m2 is not None and said.area_m2 != now.area_m2:
        changed |= {"area_m2": said.area_m2, "area_source": "自报"}
    since = max(line.since, now.since) if now.since else line.since
    return UnitChange(line.unit_id, changed, since, line.seen_id, reported_on=line.submission.said_on)


def _author(session: Session, sent: ReturnSubmission) -> Author:
    return Author(return_source(session).id, sent.user_id)


def registered(session: Session, names: Collection[str]) -> dict[str, int]:
    """Name → the enterprise that has it, where exactly one does; others stay names that staff look up."""
    chosen = select(Enterprise.name, func.min(Enterprise.id)).where(Enterprise.name.in_(names))
    alone = chosen.where(Enterprise.withdrawn_at.is_(None)).group_by(Enterprise.name).having(func.count() == 1)
    return {row[0]: row[1] for row in session.execute(alone)}
