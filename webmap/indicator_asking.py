"""Reads from an address which area indicators are asked of, and which of them the asker may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import func, select

from geo.disclosure import Audience
from geo.errors import BadParameterError, NotFoundError
from geo.indicators import AreaOutline, Indicator, Part, indicators
from geo.indicators.targets import Asked as Target
from geo.indicators.targets import asked_of, read_targets
from geo.looking_back import Moment
from geo.model import PublishedFigure
from webmap import db
from webmap.config import current_settings
from webmap.indicator_records import VISITORS, Known, Version, Worked, known_at, known_to_staff
from webmap.indicator_rights import audiences_of
from webmap.looking_back import look_back, moment_shown
from webmap.moments import is_instant
from webmap.permissions import current_user
from webmap.published import published

_MOST_NAMED = 12


@dataclass(frozen=True)
class Asked:
    """What a request asks about: what is known, the area, its part, as whom, and the indicators that may be seen."""

    known: Known
    area: AreaOutline | None
    part: Part
    audiences: frozenset[Audience]
    chosen: list[Indicator]
    targets: Mapping[tuple[str, str], Sequence[Target]]

    def target(self, indicator: Indicator) -> Target | None:
        """What is asked of an indicator; where several plans do, what was said last."""
        return asked_of(self.targets, indicator.code, indicator.scope, indicator.period, _moment().as_of)


def read_asked(told: Mapping[str, str]) -> Asked:
    """What a request asks about; the database is looked at as of its moment from here on.

    Raises
    ------
    BadParameterError
        There is no such area, or no such day.
    PreparingError
        In a large city: it is being read.
    """
    moment = look_back(told)
    worked, settings = worked_out(), current_settings()
    today = settings.today()
    known = known_at(db.public_session(), moment, worked, version_of(), today)
    area = read_area(told.get("area", "").strip(), known.areas)
    user = None if is_instant(told.get("known_at", "")) else current_user()
    audiences = VISITORS
    if user is not None:
        audiences = audiences_of(db.session(), user, area, known.part(area))
    if audiences != VISITORS:
        theirs = known_to_staff(db.session(), moment, worked, today, audiences)
        # What visitors do not know of stands in the area too, and must be within their reach as well.
        if audiences_of(db.session(), user, area, theirs.part(area)) == audiences:
            known = theirs
        else:
            audiences = VISITORS
    chosen = [each for each in indicators(settings.indicators) if each.audience in audiences]
    return Asked(known, area, known.part(area), audiences, chosen, _targets(area, audiences))


def worked_out() -> Worked:
    """What the app keeps of what it worked out."""
    found: Worked = current_app.extensions["loumap_indicators"]
    return found


def version_of() -> Version:
    """What changes when anything does that indicators rest on."""
    # What is published of tax is no layer of the map.
    taxes = db.public_session().scalar(select(func.max(PublishedFigure.id)))
    return Version(taxes, tuple(sorted(published().versions().items())))


def _targets(area: AreaOutline | None, audiences: frozenset[Audience]) -> Mapping[tuple[str, str], Sequence[Target]]:
    if area is None:
        return {}
    staff = audiences != VISITORS
    session = db.session() if staff else db.public_session()
    # A target that was entered since the record was read counts.
    return read_targets(session, area.id, _moment(), staff=staff)


def _moment() -> Moment:
    return moment_shown() or Moment(current_settings().today(), datetime.now(UTC))


def read_area(said: str, areas: Sequence[AreaOutline]) -> AreaOutline | None:
    """The area with this code; None, all followed buildings, where nothing is said.

    Raises
    ------
    BadParameterError
        There is no such area.
    """
    if not said:
        return None
    found = next((each for each in areas if each.code == said), None)
    if found is None:
        codes = ", ".join(f"{each.code} ({each.name})" for each in areas[:_MOST_NAMED])
        raise BadParameterError("area", said[:40], codes or "nothing: there are no areas")
    return found


def read_indicator(code: str, known: Sequence[Indicator]) -> Indicator:
    """The indicator with this code.

    Raises
    ------
    NotFoundError
        There is none that the asker may see.
    """
    found = next((each for each in known if each.code == code), None)
    if found is None:
        raise NotFoundError(f"There is no indicator {code[:40]!r} here.")
    return found
