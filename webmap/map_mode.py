"""How the map page gets its city: whole, as one file that the browser searches, or window by window."""

from geo.columns import Columns

MOST_UNITS = 120_000
MOST_BUILDINGS = 30_000
"""What a browser is given whole: about 2 MB compressed either way (14 bytes a unit, 60 a building)."""


def mode(state: Columns) -> str:
    """'whole', or 'window' where that would be too much."""
    rows = {name: table["rows"] for name, table in state.header["tables"].items()}
    return "whole" if rows["units"] <= MOST_UNITS and rows["buildings"] <= MOST_BUILDINGS else "window"
