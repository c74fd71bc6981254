"""Small states made in memory: buildings and units by keyword, everything else as in a state file."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from geo import taxonomy
from geo.columns import pack, unpack
from geo.filters import OCCUPANCIES
from geo.matching import Market
from geo.snapshot import NO_AMENITY, NO_PARKING
from geo.state_search import Table

AS_OF = "2026-11-22"
AREAS = ("AR1", "AR2")
AMENITIES = [category.code for category in taxonomy.amenity_categories()]
WORDS = {
    "grade": list(dict.fromkeys(grade.code for grade in taxonomy.grades())),
    "status": [status.code for status in taxonomy.building_statuses()],
    "theme": [theme.code for theme in taxonomy.themes()],
    "industry": [group.code for group in taxonomy.map_groups()],
    "fitout": [kind.code for kind in taxonomy.fitouts()],
    "occupancy": list(OCCUPANCIES),
    "amenity": AMENITIES,
    "areas": list(AREAS),
    "clusters": [],
}
_BUILDING: dict[str, tuple[str, Any]] = {
    "lon": ("i4", 121_470_000),
    "lat": ("i4", 31_230_000),
    "floors": ("i2", 30),
    "grade": ("u1", 0),
    "star": ("u1", 0),
    "status": ("u1", 1),
    "themes": ("u4", 0),
    "industries": ("u4", 0),
    "leading": ("u1", 0),
    "registrable": ("u1", 0),
    "permits": ("u1", 0),
    "parking": ("u2", NO_PARKING),
    "fee": ("f4", float("nan")),
    **{f"near_{category}": ("u2", NO_AMENITY) for category in AMENITIES},
}
_UNIT: dict[str, tuple[str, Any]] = {
    "b": ("u4", 0),
    "floor": ("i2", 5),
    "area": ("f4", 500.0),
    "occupancy": ("u1", 1),
    "rent": ("f4", 5.0),
    "fitout": ("u1", 0),
    "available": ("i4", 0),
    "min_area": ("f4", 0.0),
    "reported": ("i4", 20_000),
    "fee_included": ("u1", 0),
}

Rows = Sequence[Mapping[str, Any]]


def market(buildings: Rows, units: Rows) -> Market:
    """A market; units name their building by its place in `b`, in ascending order. Unit ids are 100, 101 and so on."""
    tables: dict[str, dict[str, Any]] = {
        "buildings": {
            "id": ("u4", np.arange(1, len(buildings) + 1)),
            **_columns(_BUILDING, buildings),
            "areas": ("u4[]", [row.get("areas", []) for row in buildings]),
            "clusters": ("u4[]", [[] for _ in buildings]),
            "firms": ("u4[]", [_firms(row.get("firms", {})) for row in buildings]),
        },
        "units": _columns(_UNIT, units),
    }
    data = pack({"version": 1, "as_of": AS_OF, "known_at": None, "words": WORDS}, tables)
    return Market(Table(unpack(data), np.arange(100, 100 + len(units))))


def word(vocabulary: str, code: str) -> int:
    """What a column holds for a word."""
    return WORDS[vocabulary].index(code) + 1


def _firms(counts: Mapping[str, int]) -> list[int]:
    return [(word("industry", group) << 16) + count for group, count in counts.items()]


def _columns(kinds: Mapping[str, tuple[str, Any]], rows: Rows) -> dict[str, tuple[str, Any]]:
    return {
        name: (kind, np.array([row.get(name, usual) for row in rows]).astype(f"<{kind}"))
        for name, (kind, usual) in kinds.items()
    }
