"""Reads from an address what is supposed of buildings, and tells what a few indicators would then be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from geo.errors import BadParameterError
from geo.indicators import Indicator, Part, Reckoned, work_out
from geo.indicators.what_if import Supposition, supposing

ACTS = ("let", "lost")
TOLD = ("occupancy_rate", "vacancy_rate", "vacant_area", "net_absorption", "months_to_absorb")
"""What changes when floors are let or lost; of the age of vacancy, and of tenants, nothing is supposed."""

MOST = 20
Tried = tuple[str, str, Decimal]
"""Act, code of a building, m²."""

_TRIED = re.compile(r"(let|lost)\.([0-9a-z]{1,12})\.(\d{1,7}(?:\.\d{1,2})?)")


@dataclass(frozen=True, slots=True)
class Supposed:
    """A supposition as it was written, with its building and how much of it could be so."""

    written: str
    act: str
    place: Any
    area_m2: Decimal
    able_m2: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """What is supposed, and indicators before and after."""

    supposed: Sequence[Supposed]
    pairs: Sequence[tuple[Reckoned, Reckoned]]


def read_tried(said: Sequence[str]) -> list[Tried]:
    """Every supposition (``let.x7k2m9qd.1200``).

    Raises
    ------
    BadParameterError
        One is not written so, or there are too many.
    """
    found = []
    for each in said:
        match = _TRIED.fullmatch(each.strip())
        if match is None or len(said) > MOST:
            raise BadParameterError("try", each[:40], f"let.<code>.<m²> or lost.<code>.<m²>, up to {MOST} times")
        found.append((match[1], match[2], Decimal(match[3])))
    return found


def suppose(
    part: Part, day: date, tried: Sequence[Tried], places: Mapping[str, Any], known: Sequence[Indicator]
) -> Answer:
    """What would be; `places` are the buildings of the part by their codes.

    Raises
    ------
    BadParameterError
        A building is not there.
    """
    for _, code, _ in tried:
        if code not in places:
            raise BadParameterError("try", code, "the code of a building of the area")
    said = [Supposition(act, places[code].id, area) for act, code, area in tried]
    changed, able = supposing(part, day, said)
    chosen = [each for each in known if each.code in TOLD]
    pairs = list(zip(work_out(part, day, chosen), work_out(changed, day, chosen), strict=True))
    supposed = [
        Supposed(f"{act}.{code}.{area}", act, places[code], area, could)
        for (act, code, area), could in zip(tried, able, strict=True)
    ]
    return Answer(supposed, pairs)
