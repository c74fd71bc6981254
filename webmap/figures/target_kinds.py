"""What targets can be set for: every indicator of the dictionary, and the figures that an office enters beside them."""

from dataclasses import dataclass

from geo.disclosure import Audience
from geo.errors import UnknownValueError
from geo.figures import figure_kinds
from geo.indicators.dictionary import indicators
from geo.taxonomy import Word
from webmap.config import current_settings


@dataclass(frozen=True, slots=True)
class TargetKind(Word):
    """An indicator as targets need it: its names, its unit, and whether it is of tax."""

    unit: str = "number"
    is_tax: bool = False


def target_kinds() -> list[TargetKind]:
    """All of them, those of the dictionary first."""
    known = [
        TargetKind(each.code, each.name, each.name_en, each.aliases, each.unit, each.audience is Audience.TAX)
        for each in indicators(current_settings().indicators)
    ]
    codes = {each.code for each in known}
    more = (each for each in figure_kinds() if each.code not in codes and "area" in each.places)
    return known + [TargetKind(e.code, e.name, e.name_en, e.aliases, e.unit, e.is_tax) for e in more]


def target_kind(code: str) -> TargetKind:
    """The one with a code.

    Raises
    ------
    UnknownValueError
        There is none.
    """
    found = next((each for each in target_kinds() if each.code == code), None)
    if found is None:
        raise UnknownValueError(f"There is no indicator {code[:40]!r}; choose one of the list.")
    return found
