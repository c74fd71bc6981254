"""Rows of the ground under the core district (streets, water, parks, squares) and of its metro lines."""

from collections.abc import Iterator

import numpy as np
import shapely

from geo.sample.batches import Batch
from geo.sample.core import Core
from geo.sample.district import GroundPiece, district, metro
from geo.sample.plane import Shapes, ewkb, meeting

SMOOTH_M = 0.6
LARGE_GREEN_M2 = 6000
_ROAD_RANK = {"primary": 1, "secondary": 2, "tertiary": 2, "residential": 3, "footway": 4}
_METRO = {
    "1": ("汐州地铁1号线", "Xizhou Metro Line 1", "#c23b3b"),
    "2": ("汐州地铁2号线", "Xizhou Metro Line 2", "#2b8a6e"),
}


def ground(core: Core) -> Iterator[Batch]:
    """The ground features of the core district."""
    pieces = [piece for piece in district(core.seed).ground if not piece.shape.is_empty]
    ids = core.keys.take("ground_features", len(pieces))
    yield Batch("ground_features", len(pieces), {
        "id": ids, "kind": [piece.kind for piece in pieces], "road_class": [p.road_class or None for p in pieces],
        "rank": [rank_of(piece) for piece in pieces], "name": [piece.name or None for piece in pieces],
        "name_en": [piece.name_en or None for piece in pieces], "bridge": [piece.bridge for piece in pieces],
        "foot": [piece.kind != "water" for piece in pieces],
        "geom": ewkb(_drawn(pieces)),
        "source_id": core.source, "source_key": [f"ground-{ident - ids.start}" for ident in ids], "publishable": True,
    })  # fmt: skip


def _drawn(pieces: list[GroundPiece]) -> Shapes:
    """Smoothed; the streets on the ground have vertices where they meet, which those under and on bridges do not."""
    shapes = np.asarray(shapely.simplify([piece.shape for piece in pieces], SMOOTH_M), dtype=object)
    level = np.array([piece.kind == "road" and not piece.bridge for piece in pieces])
    shapes[level] = meeting(shapes[level])
    return shapes


def transit(core: Core) -> Iterator[Batch]:
    """The metro lines."""
    lines = metro()
    ids = core.keys.take("transit_lines", len(lines))
    words = [_METRO[line.number] for line in lines]
    yield Batch("transit_lines", len(lines), {
        "id": ids, "code": core.keys.codes("transit_lines", ids), "mode": "subway", "name": [w[0] for w in words],
        "name_en": [w[1] for w in words], "colour": [w[2] for w in words],
        "geom": ewkb(shapely.simplify([line.line for line in lines], SMOOTH_M), multi=True),
        "source_id": core.source, "source_key": [f"metro-{line.number}" for line in lines], "publishable": True,
    })  # fmt: skip


def rank_of(piece: GroundPiece) -> int:
    """How early the map shows a piece: 1 from the lowest zoom, 4 only close up."""
    if piece.kind == "road":
        return _ROAD_RANK.get(piece.road_class, 3)
    if piece.kind == "water":
        return 1 if piece.name else 3
    return 4 if piece.kind == "plaza" and not piece.name else 2 if piece.shape.area > LARGE_GREEN_M2 else 3
