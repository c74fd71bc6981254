"""One question to one state: what matches, worked out piece by piece and each piece once.

Units are looked at by public state, so that a search of the market never touches the let ones. Where the conditions
on buildings leave few of them, only their units are looked at; otherwise whole columns are compared.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.filters import Filters
from geo.state_search.conditions import Check, building_masks, unit_checks
from geo.state_search.table import Table
from geo.state_search.units import FEW, Counts, Hits, Mask, Rows

NOT_COUNTED = ("q", "bbox", "shape")
"""Fields of buildings without counts beside their values: who fails one of them is in no answer at all."""


class Search:
    """What of `table` matches `filters`.

    Parameters
    ----------
    also
        Further masks of buildings, by names that are no fields of filters.
    """

    def __init__(self, table: Table, filters: Filters, also: Mapping[str, Mask] | None = None) -> None:
        self.table = table
        self.filters = filters
        self.masks = {**building_masks(table, filters), **(also or {})}
        self.checks = unit_checks(filters)
        self._hits: dict[tuple[str, bool], Hits] = {}
        self._inside: dict[Hits, Hits] = {}

    @cached_property
    def buildings(self) -> Mask:
        """Which buildings match: by themselves and, when the filters speak of units, through one of these."""
        return self._through_units(self.passing)

    @cached_property
    def passing(self) -> Mask:
        """Which buildings pass what is asked of buildings."""
        passed: Mask = self._failed == 0
        return passed

    @property
    def passing_or_all(self) -> Mask | None:
        """The same, or None where nothing is asked of buildings."""
        return self.passing if self.masks else None

    def passing_but(self, field: str) -> Mask:
        """Which buildings would pass without one field that has counts."""
        return self.passing | self._failing(field) if field in self.masks else self.passing

    def kept_out_by(self, field: str) -> Rows:
        """The buildings that would match without one field that has counts, and do not."""
        if field not in self.masks:
            return np.zeros(0, np.intp)
        return np.flatnonzero(self._through_units(self._failing(field)))

    def matching_but(self, field: str) -> Mask:
        """Which buildings would match without one field that speaks of buildings and has counts."""
        return self._through_units(self.passing_but(field))

    @cached_property
    def units_per_building(self) -> Counts:
        """How many units of each building pass what is asked of units; of no meaning where two fields are failed."""
        return self.counted(self.asked)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The groups of units asked for: of all public states when the filters do not say."""
        return tuple(name for word in self._states for name in self.names_of(word))

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """The groups that are not asked for only because they are stale."""
        told = (name for name, group in self.table.groups.items() if group.word in self._states)
        return tuple(name for name in told if name not in self.asked)

    @cached_property
    def stale_count(self) -> int:
        """How many units are left out for nothing but the age of their last word."""
        return sum(self.sums_of(self.per_building(name))[1] for name in self.left_out)

    def names_of(self, word: str) -> tuple[str, ...]:
        """The groups that are looked through for units of one public state."""
        groups = self.table.groups.values()
        return tuple(group.name for group in groups if group.word == word and (self.filters.stale or not group.stale))

    @cached_property
    def _states(self) -> tuple[str, ...]:
        words = self.table.words["occupancy"]
        return tuple(word for word in words if word in self.filters.occupancy or not self.filters.occupancy)

    def counted(self, names: Iterable[str]) -> Counts:
        """How many units of some groups (one at least) pass what is asked of units, building by building."""
        first, *others = (self.per_building(name) for name in names)
        return sum(others, first)

    @cached_property
    def units(self) -> list[Hits]:
        """Matching units."""
        return [self.inside(self.hits(name)) for name in self.asked]

    @cached_property
    def unit_count(self) -> int:
        """Number of matching units."""
        return self.sums_of(self.units_per_building)[1]

    def sums_of(self, counts: Counts) -> tuple[int, int]:
        """Of units counted per building: how many buildings that pass have any, and how many these are together."""
        if not self.masks:
            return int(np.count_nonzero(counts)), int(counts.sum(dtype=np.int64))
        if self._few_passing is not None:
            chosen = counts[self._few_passing]
            return int(np.count_nonzero(chosen)), int(chosen.sum(dtype=np.int64))
        units = np.einsum("i,i", counts, self._passing_ones)  # without BLAS and its threads
        return int(np.count_nonzero((counts > 0) & self.passing)), int(units)

    @cached_property
    def _passing_ones(self) -> Counts:
        return self.passing.astype(np.int32)

    @cached_property
    def building_count(self) -> int:
        """Number of matching buildings."""
        return int(np.count_nonzero(self.buildings))

    @cached_property
    def area_per_building(self) -> NDArray[np.float64]:
        """Matching m² of each building."""
        sums = np.zeros(self.table.building_count)
        for hits in self.units:
            if hits.rows is None:
                sums += hits.group.area_per_building
            else:
                areas = hits.group.column("area")[hits.rows]
                sums += np.bincount(hits.group.buildings[hits.rows], areas, len(sums))
        return sums

    @cached_property
    def area_m2(self) -> float:
        """Sum of the areas of the matching units."""
        return sum(self._area_of(self.hits(name)) for name in self.asked)

    def per_building(self, name: str) -> Counts:
        """How many units of one group pass what is asked of units, building by building."""
        return self.hits(name).per_building

    def inside(self, hits: Hits) -> Hits:
        """Those of `hits` that are in buildings that pass."""
        if not self.masks:
            return hits
        found = self._inside.get(hits)
        if found is None:
            found = self._inside[hits] = hits.within(self.passing)
        return found

    def hits(self, name: str, *, any_fitout: bool = False) -> Hits:
        """Units of one group that pass what is asked of units, without the condition on their state.

        Some of those in buildings that no count is about may be missing: of a group that is not asked for, in all
        that do not pass.
        """
        found = self._hits.get((name, any_fitout))
        if found is None:
            found = self._hits[name, any_fitout] = self._looked_up(name, any_fitout)
        return found

    def hits_without(self, name: str, fields: set[str]) -> Hits:
        """The same without the conditions of some fields."""
        if not fields & self.checks.keys():
            return self.hits(name)
        checks = [check for field, check in self.checks.items() if field not in fields]
        return self._narrowed(Hits(self.table.groups[name]), checks)

    def _narrowed(self, hits: Hits, checks: list[Check]) -> Hits:
        """Those of `hits` that pass further checks."""
        if not checks:
            return hits
        group, rows = hits.group, None if hits.everything or hits.mask is not None else hits.rows
        few = self._few_near if group.name in self.asked else self._few_passing
        if hits.everything and few is not None:
            rows = group.of_buildings(few)
        if rows is None:
            passed = checks[0](group, None)
            for check in checks[1:]:
                passed &= check(group, None)
            return Hits(group, mask=passed if hits.mask is None else passed & hits.mask)
        for check in checks:
            rows = rows[check(group, rows)]
        return Hits(group, rows)

    def _area_of(self, hits: Hits) -> float:
        if hits.everything:
            return float(np.einsum("i,i", hits.group.area_per_building, self.passing, dtype=float))
        return self.inside(hits).area_m2

    def _looked_up(self, name: str, any_fitout: bool) -> Hits:
        if "fitout" not in self.checks and any_fitout:
            return self.hits(name)
        if "fitout" in self.checks and not any_fitout:
            return self._narrowed(self.hits(name, any_fitout=True), [self.checks["fitout"]])
        group = self.table.groups[name]
        if any(not group.may_have(field) for field in self.checks):
            return Hits(group, np.zeros(0, np.intp))
        checks = [check for field, check in self.checks.items() if field != "fitout"]
        return self._narrowed(Hits(group), checks)

    def _through_units(self, buildings: Mask) -> Mask:
        return buildings & self._housing if self.filters.asks_of_units else buildings

    @cached_property
    def _housing(self) -> Mask:
        """Which buildings have a unit that passes what is asked of units."""
        has: Mask = self.units_per_building > 0
        return has

    @cached_property
    def _failed(self) -> NDArray[np.uint8]:
        """How many fields each building fails; those that have no counts are as good as two."""
        failed = np.zeros(self.table.building_count, np.uint8)
        for field, mask in self.masks.items():
            failed += ~mask
            if field in NOT_COUNTED:
                failed += ~mask
        return failed

    def _failing(self, field: str) -> Mask:
        """Which buildings fail this field alone."""
        failing: Mask = (self._failed == 1) & ~self.masks[field]
        return failing

    @cached_property
    def _few_near(self) -> Rows | None:
        """The buildings that fail one field at most, where they are few: all that any count can be about."""
        return self._if_few(self._failed <= 1) if self.masks else None

    @cached_property
    def _few_passing(self) -> Rows | None:
        """The buildings that pass, where they are few."""
        return self._if_few(self.passing) if self.masks else None

    def _if_few(self, buildings: Mask) -> Rows | None:
        few = np.count_nonzero(buildings) < FEW * self.table.building_count
        return np.flatnonzero(buildings) if few else None
