"""Offers whom it concerns, on pages of indicators, a report of the month, the quarter and the year that last."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.indicators import AreaOutline
from geo.model import Area
from geo.reports import KINDS, spans_before
from webmap import permissions
from webmap.config import current_settings
from webmap.permissions import MAKE_REPORTS, current_user


@dataclass(frozen=True, slots=True)
class ReportOffer:
    """The area's code ('' for all buildings), and the code of the span that lasts, by its kind."""

    area: str
    spans: Mapping[str, str]


def offer_of(session: Session, area: AreaOutline | None) -> ReportOffer | None:
    """What the reader may have made of an area; None where that is not his to do."""
    place = session.get(Area, area.id) if area else None
    if not permissions.may(current_user(), MAKE_REPORTS, place):
        return None
    today = current_settings().today()
    return ReportOffer(area.code if area else "", {kind: spans_before(kind, today, 1)[0].code for kind in KINDS})
