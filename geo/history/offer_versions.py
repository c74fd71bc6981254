"""Writes versions of offers as rows, one or many at once: what was held is closed, what comes is held from then on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from psycopg.types.range import Range
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geo.errors import BadParameterError
from geo.history.authors import Author
from geo.history.values import OFFER_COLUMNS
from geo.model import Offer, OfferUnit

_KEPT = ("code", "building_id", "published_at", "source_id", "user_id")
_INSERT = insert(Offer).returning(Offer).execution_options(render_nulls=True)
"""What is not known is said, so that rows of the same columns are one statement."""

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Version:
    """A row that comes, and the units that it covers; no two rows of a code begin on the same day."""

    row: Mapping[str, Any]
    unit_ids: Collection[int]


def close_versions(session: Session, offers: Collection[Offer]) -> datetime:
    """Hold versions no longer, and give the instant from which the next ones count: now, and above theirs."""
    instant: datetime = session.scalars(select(func.clock_timestamp())).one()
    begun = [offer.known.lower for offer in offers if offer.known.lower]
    known_from = max([instant, *(each + _INSTANT for each in begun)])
    if offers:
        since = func.coalesce(func.lower(Offer.known), datetime.min.replace(tzinfo=UTC))
        closing = update(Offer).where(Offer.id.in_([offer.id for offer in offers]))
        closing = closing.values(known=func.tstzrange(since, known_from))
        session.execute(closing, execution_options={"synchronize_session": False})
        for offer in offers:
            session.expire(offer, ["known"])
    return known_from


def add_versions(session: Session, versions: Sequence[Version], by: Author, known_from: datetime) -> list[Offer]:
    """Add versions that are held from an instant on; gives them in their order."""
    if not versions:
        return []
    said = {"known": Range(known_from, None, "[)"), "written_by": by.user_id}
    # Rows that name the same columns come in one statement where they stand together.
    rows = sorted(({**version.row, **said} for version in versions), key=sorted)
    made = {_key(row.code, row.valid): row for row in session.scalars(_INSERT, rows)}
    added = [made[_key(version.row["code"], version.row["valid"])] for version in versions]
    covered = [
        {"offer_id": offer.id, "unit_id": ident}
        for offer, version in zip(added, versions, strict=True)
        for ident in sorted(set(version.unit_ids))
    ]
    session.execute(insert(OfferUnit), covered)
    return added


def copied(offer: Offer) -> dict[str, Any]:
    """The terms of a version with whose it is and what it is called, for a row of its own."""
    return {name: getattr(offer, name) for name in (*OFFER_COLUMNS, *_KEPT)}


def next_versions(
    before: Offer, own: Collection[int], changed: Mapping[str, Any], units: Collection[int], on: date, end: date | None
) -> list[Version]:
    """What a change from a day on makes of a version: the stretch before as it was, if there is one, and the rest."""
    start = before.valid.lower
    row = copied(before)
    since = on if start is None or on > start else start
    coming = Version(row | dict(changed) | {"valid": span_to(since, end)}, units)
    if start is not None and since == start:
        return [coming]
    return [Version(row | {"valid": Range(start, since, "[)")}, own), coming]


def ended_version(before: Offer, own: Collection[int], on: date, instant: datetime) -> Version:
    """A version that ends on a day; one that ends on its first day never stood and is marked as withdrawn."""
    start, end = before.valid.lower, before.valid.upper
    last = min(on, end) if end else on
    stood = start is None or last > start
    end_of_it = {"valid": Range(start, last, "[)")} if stood else {"valid": before.valid, "withdrawn_at": instant}
    return Version(copied(before) | end_of_it, own)


def span(start: date, last: date | None) -> Range[date]:
    """From a day up to and with a last one, or for ever. Raises as `span_to`."""
    return span_to(start, after(last))


def span_to(start: date, end: date | None) -> Range[date]:
    """From a day until the one before another, or for ever.

    Raises
    ------
    BadParameterError
        It would end before it begins.
    """
    if end is not None and end <= start:
        raise BadParameterError("valid_until", str(end - timedelta(days=1)), f"{start} or later")
    return Range(start, end, "[)")


def after(last: date | None) -> date | None:
    """The day after a last one."""
    return last + timedelta(days=1) if last else None


def _key(code: str, valid: Range[date]) -> tuple[str, date | None]:
    return code, valid.lower
