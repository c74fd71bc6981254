"""The dictionary of indicators: `data/taxonomies/indicators.toml`, and a file of an installation's own beside it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from geo.disclosure import Audience
from geo.errors import LouMapError
from geo.indicators.measures import MEASURES
from geo.taxonomy.tables import FOLDER, Word

GROUPS = ("space", "buildings", "enterprises", "tax", "data", "own")
UNITS = (
    *("m2", "share", "buildings", "enterprises", "people", "units", "cny", "cny_m2", "cny_m2_day", "months", "days"),
    "number",
)
PERIODS = ("day", "last_12_months", "last_13_weeks", "calendar_year")
DIRECTIONS = ("up", "down", "none")
_AUDIENCES = tuple(each.value for each in (Audience.PUBLIC, Audience.STAFF, Audience.TAX))
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


class BadIndicatorError(LouMapError):
    """An indicator of the dictionary cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Word):
    """An indicator: the sum of measures, or that over the sum of others.

    Attributes
    ----------
    group
        What it is listed under, one of `GROUPS`.
    definition, definition_en
        What it means, in words.
    numerator, denominator
        Names of measures that are added up; without a denominator the value is the numerator.
    unknown, unknown_in
        Measures of what is not known, and of what they are a share.
    unit, period, direction
        Of the value; the time it is about; whether more is better (``up``), less (``down``) or neither.
    confidentiality
        The audience that may see it (`geo.disclosure.Audience`).
    scope
        Of tax figures: ``full``, ``local`` or ``retained``; empty for others.
    variant_of
        The code of the indicator that this is another reckoning of; lists have that one alone.
    """

    group: str
    definition: str
    definition_en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unknown_in: tuple[str, ...] = ()
    unit: str
    period: str = "day"
    direction: str = "none"
    confidentiality: str = "public"
    scope: str = ""
    variant_of: str = ""

    @property
    def audience(self) -> Audience:
        """Who may see it."""
        return Audience(self.confidentiality)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that it needs."""
        return (*self.numerator, *self.denominator, *self.unknown, *self.unknown_in)


@cache
def indicators(own: Path | None = None) -> tuple[Indicator, ...]:
    """The dictionary in its order, those of the installation's own file at the end.

    Raises
    ------
    BadIndicatorError
        As `read_own`.
    """
    given = _read(FOLDER / "indicators.toml")
    return (*given, *read_own(own, given)) if own else given


def read_own(path: Path, given: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """The indicators of an installation's own file.

    Raises
    ------
    BadIndicatorError
        The file cannot be read, an entry is not understood, or a code is taken; the message says which and why.
    """
    found = _read(path, group="own")
    codes = [each.code for each in (*given, *found)]
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        raise BadIndicatorError(f"{path}: the code {twice!r} is taken; choose another.")
    return found


def _read(path: Path, **usual: str) -> tuple[Indicator, ...]:
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("indicator", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadIndicatorError(f"{path} cannot be read as TOML: {error}") from None
    return tuple(_indicator(path, {**usual, **entry}) for entry in entries)


def _indicator(path: Path, entry: Mapping[str, Any]) -> Indicator:
    where = f"{path}: {entry.get('code', '?')}"
    known = {each.name: each for each in fields(Indicator)}
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    told.setdefault("name_en", told.get("name", ""))
    told.setdefault("definition_en", told.get("definition", ""))
    for name in told:
        if name not in known:
            raise BadIndicatorError(f"{where}: {name!r} is not a field; allowed: {', '.join(known)}.")
    for name, each in known.items():
        if each.default is MISSING and not told.get(name):
            raise BadIndicatorError(f"{where}: {name!r} is missing.")
    found = Indicator(**told)
    _check(where, found)
    return found


def _check(where: str, found: Indicator) -> None:
    if not _CODE.fullmatch(found.code):
        raise BadIndicatorError(f"{where}: the code is 2 to 40 letters a–z, digits and _.")
    choices = {"group": GROUPS, "unit": UNITS, "period": PERIODS, "direction": DIRECTIONS}
    for name, allowed in {**choices, "confidentiality": _AUDIENCES}.items():
        if getattr(found, name) not in allowed:
            raise BadIndicatorError(f"{where}: {name} is one of {', '.join(allowed)}.")
    for name in found.measures:
        if name not in MEASURES:
            raise BadIndicatorError(f"{where}: there is no measure {name!r}; there are {', '.join(sorted(MEASURES))}.")
    if found.confidentiality != "tax" and any(MEASURES[name].tax for name in found.measures):
        raise BadIndicatorError(f'{where}: it rests on tax of buildings; say confidentiality = "tax".')
    if found.confidentiality == "public" and any(MEASURES[name].staff for name in found.measures):
        raise BadIndicatorError(f'{where}: it rests on what staff alone may see; say confidentiality = "staff".')
