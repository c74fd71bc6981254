"""Reads figures and targets for their pages, and finds or makes the source that what is entered stands under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from geo.errors import NotFoundError, UnknownValueError
from geo.figures import Counted, FigureKind, Period, figure_kind, period_from_text, said_before
from geo.figures.places import Place
from geo.model import Area, Building, Enterprise, Figure, Source, Target
from webmap.auth.models import User
from webmap.figures.rights import visible_to
from webmap.people import names_of
from webmap.permissions import Who

SHOWN = 100


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with what it is of, and its source."""

    figure: Figure
    place: Place
    building: Building | None
    source: Source

    @property
    def kind(self) -> FigureKind:
        """What kind of figure it is."""
        return figure_kind(self.figure.indicator)

    @property
    def period(self) -> Period:
        """What it is about."""
        return Period.of(self.figure.period)

    @property
    def counted(self) -> Counted | None:
        """Of tax, how it was counted."""
        return counted_of(self.figure)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of something once: the row, who entered it, and who ended it."""

    row: Any
    by: str | None
    ended_by: str | None


def counted_of(figure: Figure) -> Counted | None:
    """How a figure of tax was counted."""
    if figure.scope is None:
        return None
    assert figure.basis is not None
    assert figure.attribution is not None
    return Counted(figure.scope, figure.basis, bool(figure.one_off), figure.attribution)


def list_figures(session: Session, who: Who, asked: Mapping[str, str]) -> list[FigureRow]:
    """The figures now known that somebody may see, the latest first, at most one more than `SHOWN`.

    `asked` may hold ``q`` (part of a name), ``kind`` and ``period``; a period that is not understood finds nothing.
    """
    chosen = _joined(who).where(func.upper_inf(Figure.known))
    if words := asked.get("q", "").strip()[:100]:
        pattern = f"%{words}%"
        chosen = chosen.where(
            or_(Area.name.ilike(pattern), Building.name.ilike(pattern), Enterprise.name.ilike(pattern))
        )
    if kind := asked.get("kind"):
        chosen = chosen.where(Figure.indicator == kind)
    if period := asked.get("period", "").strip():
        try:
            chosen = chosen.where(Figure.period.contained_by(period_from_text(period).range))
        except UnknownValueError:
            return []
    latest = chosen.order_by(func.lower(Figure.known).desc(), Figure.id.desc()).limit(SHOWN + 1)
    return [_row(*found) for found in session.execute(latest)]


def find_figure(session: Session, who: Who, code: str) -> FigureRow:
    """The figure with a code, if somebody may see it; of one that was corrected, as it was.

    Raises
    ------
    NotFoundError
        There is none, or it is not for this account.
    """
    found = session.execute(_joined(who).where(Figure.code == code)).first()
    if found is None:
        raise NotFoundError(f"There is no figure {code[:20]!r} that your account may see.")
    return _row(*found)


def find_target(session: Session, code: str) -> Target:
    """The target with a code; raises `NotFoundError`."""
    found = session.scalar(select(Target).where(Target.code == code))
    if found is None:
        raise NotFoundError(f"There is no target {code[:20]!r}.")
    return found


def list_targets(session: Session, allowed: Any) -> Sequence[tuple[Target, Area, Source]]:
    """The targets now known of areas that a condition allows, area by area."""
    chosen = select(Target, Area, Source).join(Area, Area.id == Target.area_id).join(Source)
    rows = session.execute(
        chosen.where(func.upper_inf(Target.known), allowed).order_by(
            Area.level, Area.name, Target.indicator, Target.year.nulls_last(), Target.id
        )
    )
    return [tuple(row) for row in rows]


def told_of(session: Session, row: Figure | Target) -> list[Said]:
    """Everything that was said of a figure or target, the latest first, with who said and ended it."""
    told = said_before(session, row)
    names = names_of(session, [ident for each in told for ident in (each.entered_by, each.ended_by)])
    return [Said(each, names.get(each.entered_by), names.get(each.ended_by)) for each in told]


def entering_source(session: Session, name: str) -> Source:
    """The source of this name; made anew, for staff alone, where there is none."""
    found = session.scalar(select(Source).where(Source.name == name))
    if found is None:
        found = Source(name=name, secrecy="internal", publishable=False)
        session.add(found)
        session.flush()
    return found


def source_names(session: Session, who: User | None) -> Sequence[str]:
    """The names of the sources that somebody has entered figures and targets under, those used last first."""
    if who is None:
        return []
    own = select(Figure.source_id).where(Figure.entered_by == who.id)
    also = select(Target.source_id).where(Target.entered_by == who.id)
    used = own.union(also).subquery()
    return session.scalars(select(Source.name).where(Source.id.in_(select(used))).order_by(Source.id.desc())).all()


def _joined(who: Who) -> Select[Any]:
    building = func.coalesce(Figure.building_id, Enterprise.building_id)
    return (
        select(Figure, Area, Building, Enterprise, Source)
        .outerjoin(Area, Area.id == Figure.area_id)
        .outerjoin(Enterprise, Enterprise.id == Figure.enterprise_id)
        .outerjoin(Building, Building.id == building)
        .join(Source, Source.id == Figure.source_id)
        .where(visible_to(who))
    )


def _row(
    figure: Figure, area: Area | None, building: Building | None, enterprise: Enterprise | None, source: Source
) -> FigureRow:
    place = enterprise or area or building
    assert place is not None
    return FigureRow(figure, place, building, source)
