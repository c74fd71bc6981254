"""How many m² of gross area a desk takes, by the fit-out of a unit."""

from dataclasses import dataclass
from functools import cache

from geo.taxonomy.tables import read_table


@dataclass(frozen=True, slots=True)
class DeskArea:
    """m² per desk with a share of meeting rooms and passages; without `fitout` of units that do not state theirs."""

    fitout: str
    m2_per_desk: int
    note: str
    note_en: str


@cache
def desk_areas() -> tuple[DeskArea, ...]:
    """Return the table, in the order of fit-outs."""
    return read_table(DeskArea, "desk_areas.csv")
