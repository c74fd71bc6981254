"""Units of one public state that pass what is asked of units, as rows or, where they are many, as flags."""

from functools import cached_property

import numpy as np

from geo.state_search.table import Counts, Mask, Rows, UnitGroup, counted

MANY = 2
"""Units per building from which on their flags are counted run by run and not one by one."""

FEW = 1 / 8
"""Share of the buildings below which their units are gathered one by one."""


class Hits:
    """Units of `group` that pass; their buildings may still not match. Without rows and flags it is all of them."""

    def __init__(self, group: UnitGroup, rows: Rows | None = None, mask: Mask | None = None) -> None:
        self.group = group
        self.everything = rows is None and mask is None
        self._rows = rows
        self.mask = mask
        """For each unit of the group whether it passes, where whole columns were compared."""

    @cached_property
    def rows(self) -> Rows | None:
        """Within the group; None is all of them."""
        return self._rows if self.mask is None else np.flatnonzero(self.mask)

    @cached_property
    def share(self) -> float:
        """How large a part of the group passes, where whole columns were compared."""
        return 1.0 if self.mask is None else np.count_nonzero(self.mask) / max(1, len(self.mask))

    @property
    def chosen(self) -> Rows | slice:
        """The rows as numpy takes them, to read columns of the group without copying all of them."""
        return slice(None) if self.rows is None else self.rows

    def per_building(self) -> Counts:
        """How many there are in each building."""
        if self.mask is not None and len(self.mask) > MANY * len(self.group.per_building):
            return self.group.runs.sums(self.mask)
        if self.rows is None:
            return self.group.per_building
        return counted(self.group.buildings[self.rows], len(self.group.per_building))

    def inside(self, buildings: Mask | None) -> Rows | None:
        """The rows, within the group, of those in the given buildings (None is all of them)."""
        if buildings is None:
            return self.rows
        if self.rows is not None:
            return self.rows[buildings[self.group.buildings[self.rows]]]
        chosen = np.flatnonzero(buildings)
        if len(chosen) < FEW * len(buildings):
            return self.group.of_buildings(chosen)
        return np.flatnonzero(buildings[self.group.buildings])
