"""Enters and corrects figures and targets: what was said before is closed, never overwritten.

A figure is what one source says of one thing: whoever says it again corrects it, and whoever says the same changes
nothing. Writers hold the lock of those who write dated facts (`geo/history`), and one of their source's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from psycopg.types.range import Range
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from geo.errors import EditConflictError, FigureRefusedError
from geo.figures.kinds import AXES, PLACES, Counted, figure_kind
from geo.figures.periods import Period
from geo.history import Author, share_writing
from geo.looking_back import driver_of
from geo.model import Figure, Target

Kept = TypeVar("Kept", Figure, Target)

FIGURE_KEY = (
    *("indicator", "area_id", "building_id", "enterprise_id", "period"),
    *("scope", "basis", "one_off", "attribution", "source_id"),
)
TARGET_KEY = ("area_id", "indicator", "year", "scope", "source_id")
"""What tells one figure or target from another; the rest is what is said of it."""

_OF_A_SOURCE = 0x10F39
"""First key of the advisory lock that writers of one source hold."""

_BOUNDS = ("at_least", "at_most")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureEntry:
    """What is entered: a kind, `place` (``area``, ``building`` or ``enterprise``) with its id, period and value.

    `contributors` and `largest_share_pct` say of a sum without its parts how many made it up, and how much the largest.
    """

    indicator: str
    place: str
    place_id: int
    period: Period
    value: Decimal
    counted: Counted | None = None
    contributors: int | None = None
    largest_share_pct: Decimal | None = None
    note: str | None = None

    def check(self, today: date) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        FigureRefusedError
            The message says what, and what to do.
        """
        kind = figure_kind(self.indicator)
        if self.place not in kind.places:
            raise FigureRefusedError(f"{kind.name} is entered of {', '.join(kind.places)}, not of {self.place}.")
        if kind.is_tax != (self.counted is not None):
            raise FigureRefusedError(f"Say of tax, and of nothing else, how it was counted: {kind.name}.")
        if self.period.end > today:
            raise FigureRefusedError(f"{self.period.code} has not ended; enter the months that have, as 2025年1-9月.")
        if kind.unit == "share" and not 0 <= self.value <= 1:
            raise FigureRefusedError(f"{kind.name} is between 0 and 100 %.")
        if not kind.is_tax and self.value < 0:
            raise FigureRefusedError(f"{kind.name} is not negative.")

    def columns(self) -> dict[str, Any]:
        """What the row of the table says, but for its source."""
        counted = self.counted
        return {
            "indicator": self.indicator,
            **{f"{place}_id": self.place_id if place == self.place else None for place in PLACES},
            "period": self.period.range,
            **{name: counted and getattr(counted, name) for name in AXES},
            "value": self.value,
            "contributors": self.contributors,
            "largest_share_pct": self.largest_share_pct,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetEntry:
    """What a plan asks of an area; no year where it names none."""

    area_id: int
    indicator: str
    bound: str
    value: Decimal
    year: int | None = None
    scope: str | None = None
    publishable: bool = False
    note: str | None = None

    def check(self) -> None:
        """Refuse what makes no sense; raises `FigureRefusedError`."""
        if self.bound not in _BOUNDS:
            raise FigureRefusedError(f"{self.bound!r} is no bound; say one of {', '.join(_BOUNDS)}.")
        if self.year is not None and not 1990 <= self.year <= 2200:
            raise FigureRefusedError(f"{self.year} is no year of a plan; leave it empty where the plan names none.")

    def columns(self) -> dict[str, Any]:
        """What the row of the table says, but for its source."""
        return {name: getattr(self, name) for name in self.__slots__}


def enter_figure(
    session: Session,
    entry: FigureEntry,
    author: Author,
    today: date,
    *,
    seen: str | None = "",
    run_id: int | None = None,
) -> Figure:
    """Enter a figure, or correct what its source said before; flushed, not committed.

    Parameters
    ----------
    seen : str
        Code of the row that the writer saw, None if there was none; left out, whatever is there is corrected.
    run_id : int
        The import that brings it.

    Raises
    ------
    FigureRefusedError
        It makes no sense.
    EditConflictError
        Somebody has entered something else meanwhile.
    """
    entry.check(today)
    return _say(session, Figure, entry.columns(), FIGURE_KEY, author, seen, run_id)


def set_target(
    session: Session, entry: TargetEntry, author: Author, *, seen: str | None = "", run_id: int | None = None
) -> Target:
    """Enter or correct a target; as `enter_figure`."""
    entry.check()
    return _say(session, Target, entry.columns(), TARGET_KEY, author, seen, run_id)


def withdraw(session: Session, row: Figure | Target, user_id: int | None) -> None:
    """Take back what was entered by mistake, without anything in its place; what was said stays to be read.

    Raises
    ------
    EditConflictError
        It has been corrected or taken back already.
    """
    _lock(session, row.source_id)
    session.refresh(row)
    if row.known.upper is not None:
        raise EditConflictError
    end_known(session, row, user_id)
    session.flush()


def said_before(session: Session, row: Figure | Target) -> Sequence[Any]:
    """Everything that the source of a figure or target has ever said of it, the latest first."""
    model, key = (Figure, FIGURE_KEY) if isinstance(row, Figure) else (Target, TARGET_KEY)
    chosen = select(model).where(*_same(model, {name: getattr(row, name) for name in key}))
    return session.scalars(chosen.order_by(func.lower(model.known).desc(), model.id.desc())).all()


def _say(
    session: Session,
    model: type[Kept],
    columns: dict[str, Any],
    key: Sequence[str],
    author: Author,
    seen: str | None,
    run_id: int | None,
) -> Kept:
    _lock(session, author.source_id)
    columns |= {"source_id": author.source_id}
    same = _same(model, {name: columns[name] for name in key})
    before: Kept | None = session.scalar(select(model).where(*same, func.upper_inf(model.known)))
    if seen != "" and seen != (before.code if before else None):
        raise EditConflictError(seen=seen, held=before)
    if before is not None and all(getattr(before, name) == value for name, value in columns.items()):
        return before
    since = end_known(session, before, author.user_id) if before is not None else func.clock_timestamp()
    row: Kept = model(**columns, run_id=run_id, entered_by=author.user_id, known=func.tstzrange(since, None))
    session.add(row)
    session.flush()
    return row


def end_known(session: Session, row: Figure | Target, user_id: int | None) -> Any:
    """End what was known, now or a moment after it began; gives that instant."""
    above = func.lower(type(row).known) + text("interval '1 microsecond'")
    instant = session.scalars(select(func.greatest(func.clock_timestamp(), above)).where(type(row).id == row.id)).one()
    row.known, row.ended_by = Range(row.known.lower, instant), user_id
    session.flush()
    return instant


def _lock(session: Session, source_id: int) -> None:
    session.flush()
    share_writing(driver_of(session))
    session.execute(text("SELECT pg_advisory_xact_lock(:key, :source)"), {"key": _OF_A_SOURCE, "source": source_id})


def _same(model: type[Figure] | type[Target], key: dict[str, Any]) -> list[ColumnElement[bool]]:
    columns = model.__table__.c
    return [columns[name].is_not_distinct_from(value) for name, value in key.items()]
