"""What offices say themselves of an area, beside which what we reckon can be put."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.figures.periods import Period
from geo.looking_back import Moment
from geo.model import Figure, Source

LATEST = 4
"""Figures that are told, those of the latest periods first."""


@dataclass(frozen=True, slots=True)
class OfficeFigure:
    """A figure of an area as one source says it."""

    source_id: int
    source: str
    period: Period
    value: Decimal


def office_figures(session: Session, indicator: str, area_id: int, moment: Moment) -> list[OfficeFigure]:
    """What was said by an instant of periods that had ended on a day; `session` may read what offices enter.

    Figures of tax are told by `read_sums`, since they say how they were counted.
    """
    chosen = (
        select(Figure.source_id, Source.name, Figure.period, Figure.value)
        .join(Source, Source.id == Figure.source_id)
        .where(Figure.indicator == indicator, Figure.area_id == area_id, Figure.scope.is_(None))
        .where(Figure.known.contains(moment.known_at), func.upper(Figure.period) <= moment.as_of + timedelta(days=1))
        .order_by(func.upper(Figure.period).desc(), Figure.source_id)
        .limit(LATEST)
    )
    return [
        OfficeFigure(source_id, name, Period.of(period), value)
        for source_id, name, period, value in session.execute(chosen)
    ]
