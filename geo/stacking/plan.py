"""What a stacking plan is made of: the storeys, rooms and parts that go in, the tables of cells that come out."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

STATUSES = ("vacant", "soon", "in_use", "own_use", "unknown")

CellKind = Literal["unit", "rest", "service", "gap"]


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor: `position` is its physical order (1 = ground, -1 = first basement), `label` what the lift says."""

    key: int
    position: int
    label: str
    part: int | None = None
    use: str = "office"
    area_m2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A unit on its storey; `top_storey` when it reaches over several floors of one part. Nothing known is None."""

    key: int
    storey: int | None
    label: str
    area_m2: Decimal | None
    status: str
    top_storey: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the building: 'tower', 'podium', 'basement' or 'part'."""

    key: int
    kind: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table: a unit, the rest of the floor that no unit covers, a service floor, or nothing built.

    `columns` and `rows` are its spans; `area_m2` is the area of the unit or of the rest, None when unknown.
    """

    kind: CellKind
    columns: int
    rows: int = 1
    room: Room | None = None
    area_m2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A storey with its cells. A unit over several floors stands (and counts) on the topmost of them only.

    `skipped` are the numbers left out between this label and the one below (13, 14); `missing` counts storeys below
    this one of which nothing is recorded.
    """

    storey: Storey
    cells: tuple[Cell, ...]
    area_m2: Decimal
    on_market_m2: Decimal
    area_unknown: int
    skipped: tuple[str, ...] = ()
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the building; every row's cells (with those reaching down from above) add up to `columns`."""

    part: Part | None
    columns: int
    rows: tuple[Row, ...]

    @property
    def most_cells(self) -> int:
        """The number of cells of its fullest row: how wide it must be drawn to stay legible."""
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Total:
    """Units of one status: their number, known area (m²), and how many have no known area."""

    units: int
    area_m2: Decimal
    area_unknown: int


@dataclass(frozen=True, slots=True)
class StackingPlan:
    """Tables in tiers from the top down: those of one tier stand side by side, since they have floors at one height.

    A tower stands on its podium, the podium on the basement; twin towers are one tier. `loose` units have no known
    floor; `totals` are of all units, by status in the order of the legend.
    """

    tiers: tuple[tuple[Table, ...], ...]
    loose: tuple[Room, ...]
    totals: dict[str, Total]

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables from the top down."""
        return tuple(table for tier in self.tiers for table in tier)
