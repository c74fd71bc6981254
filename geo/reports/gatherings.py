"""Where an industry gathers, as a report keeps it."""

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
