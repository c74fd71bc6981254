"""Which sources say what of an indicator, and where two of them differ, with names that the reader may know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from geo.disclosure import Audience, public_fields
from geo.figures import OfficeFigure, figure_kinds, office_figures
from geo.indicators import Part, Reckoned, work_out
from geo.indicators.by_source import AreaDisputes, SourceShare, area_disputes, by_source
from geo.indicators.days import Day
from geo.looking_back import Moment
from geo.model import Source
from webmap.indicator_ranks import places_of


@dataclass(frozen=True, slots=True)
class OfficeBeside:
    """What an office says of a place at the end of a period, and what we reckon of that day."""

    said: OfficeFigure
    ours: float | None

    @property
    def more(self) -> float | None:
        """By how much the office's figure is more than ours."""
        return None if self.ours is None else float(self.said.value) - self.ours


@dataclass(frozen=True, slots=True)
class Sourcing:
    """Shares of sources, buildings whose sources differ in area, and offices' own figures."""

    shares: Sequence[SourceShare]
    disputes: AreaDisputes | None
    offices: Sequence[OfficeBeside]
    names: Mapping[int, Source]
    places: Mapping[int, Any]


def sourcing_of(session: Session, part: Part, told: Reckoned, offices: Sequence[OfficeBeside] = ()) -> Sourcing:
    """What the sources of a part's indicator say; `session` reads as a visitor does."""
    on, indicator = Day(part, told.day), told.indicator
    shares = by_source(on, indicator)
    disputes = area_disputes(on) if "base_m2" in indicator.measures else None
    listed = disputes.listed if disputes else ()
    ids = {each.source_id for each in shares} | {each.building_source_id for each in listed}
    ids |= {ident for each in listed for ident in each.unit_sources} | {each.said.source_id for each in offices}
    places = places_of(session, [each.building_id for each in listed])
    return Sourcing(shares, disputes, offices, _names(session, ids), places)


def beside_offices(
    session: Session, part: Part, told: Reckoned, area_id: int | None, moment: Moment, audiences: frozenset[Audience]
) -> Sequence[OfficeBeside]:
    """What offices say of an area themselves, for those who may see it; `session` is that of the app."""
    kind = next((each for each in figure_kinds() if each.code == told.indicator.code), None)
    if kind is None or area_id is None or kind.audience not in audiences:
        return ()
    found = []
    for said in office_figures(session, kind.code, area_id, moment):
        [ours] = work_out(part, said.period.last_day, [told.indicator])
        found.append(OfficeBeside(said, ours.value))
    return found


def _names(session: Session, ids: Iterable[int]) -> Mapping[int, Source]:
    public = load_only(*(getattr(Source, name) for name in sorted(public_fields("sources"))), raiseload=True)
    chosen = select(Source).where(Source.id.in_(sorted(ids)), Source.publishable).options(public)
    return {each.id: each for each in session.scalars(chosen)}
