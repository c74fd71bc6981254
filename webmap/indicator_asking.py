"""Reads from an address which area indicators are asked of, and which of them the asker may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app

from geo.disclosure import Audience
from geo.errors import BadParameterError, NotFoundError
from geo.indicators import AreaOutline, Indicator, Part, indicators
from webmap import db
from webmap.config import current_settings
from webmap.indicator_records import Known, Worked, known_at, known_to_staff
from webmap.indicator_rights import audiences_of
from webmap.looking_back import look_back
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


def read_asked(told: Mapping[str, str]) -> Asked:
    """What a request asks about; the database is looked at as of its moment from here on.

    Raises
    ------
    BadParameterError
        There is no such area, or no such day.
    """
    moment = look_back(told)
    worked: Worked = current_app.extensions["loumap_indicators"]
    settings = current_settings()
    version, today = tuple(sorted(published().versions().items())), settings.today()
    known = known_at(db.public_session(), moment, worked, version, today)
    area = read_area(told.get("area", "").strip(), known.areas)
    user = None if is_instant(told.get("known_at", "")) else current_user()
    audiences = frozenset({Audience.PUBLIC})
    if user is not None:
        audiences = audiences_of(db.session(), user, area, known.part(area))
    if Audience.STAFF in audiences:
        known = known_to_staff(db.session(), moment, worked, version, today)
    chosen = [each for each in indicators(settings.indicators) if each.audience in audiences]
    return Asked(known, area, known.part(area), audiences, chosen)


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
