"""How high each floor of a building lies."""

from collections.abc import Mapping

STOREY_M = 3.6
"""Height of a storey where neither the storey nor the building says."""


def floor_heights(
    height_m: float | None, base_height_m: float | None, storeys_m: Mapping[int, float | None]
) -> dict[int, tuple[float, float]]:
    """Position of a floor → its bottom and top above ground in metres.

    Parameters
    ----------
    height_m, base_height_m
        Of the building; storeys are stretched so that the roof meets it.
    storeys_m
        Position → height of the storey where it is known; 1 is the ground floor, those below are negative.
    """
    stacked = sorted(position for position in storeys_m if position > 0)
    own = [storeys_m[position] or STOREY_M for position in stacked]
    scale = (height_m or 0) / sum(own) if own and height_m else 1.0
    found, bottom = {}, base_height_m or 0.0
    for position, storey in zip(stacked, own, strict=True):
        found[position] = (round(bottom, 2), round(bottom + storey * scale, 2))
        bottom += storey * scale
    below = {position: (position * STOREY_M, (position + 1) * STOREY_M) for position in storeys_m if position < 1}
    return found | below
