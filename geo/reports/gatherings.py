"""Where an industry gathers, as a report keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A cluster of an industry (the code of a map group); see `geo.clusters.outlines` for its measures.

    `building` and `place` are code and name of the building in it with most of the industry, `outline` is WKT in
    degrees of WGS 84.
    """

    industry: str
    place: str
    place_en: str
    building: str
    buildings: int
    enterprises: int
    everything: int
    expected: float
    quotient: float
    z: float
    q: float
    outline: str


HATCHES = 6
"""How many looks `geo/exports/hatches.py` has, the plain one among them."""


def hatches_of(gatherings: Sequence[Gathering]) -> dict[str, int]:
    """The hatch of each industry, by which outlines are told apart in grey."""
    found = dict.fromkeys(each.industry for each in gatherings)
    return {code: at % HATCHES for at, code in enumerate(found)}
