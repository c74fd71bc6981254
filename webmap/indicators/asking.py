"""Reads from an address which area indicators are asked of, and which indicator."""

from collections.abc import Sequence

from geo.errors import BadParameterError, NotFoundError
from geo.indicators import AreaOutline, Indicator

_MOST_NAMED = 12


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
