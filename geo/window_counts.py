"""What the map page says of a city too large to be sent: sums, counts beside filters, bars of sliders, the legend.

Everything is counted as the page itself counts it over a state that it holds whole (`static/src/map/facets.js`,
`answer.js`): units that match, or buildings in a city where nothing is followed floor by floor.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import facets
from geo.filters import MARKET, RENT_UNITS, UNIT_FIELDS, Filters
from geo.state_search.classes import FILTER_OF, classes, codes, of_classes
from geo.state_search.search import Search
from geo.state_search.table import Table
from geo.state_search.units import Hits, Mask

AREA_EDGES_M2 = (50, 100, 150, 200, 300, 400, 500, 700, 1000, 1500, 2000, 3000, 5000)
RENT_EDGES = {
    "cny_m2_day": (1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 10),
    "cny_m2_month": (30, 45, 60, 75, 90, 105, 120, 135, 150, 180, 210, 240, 300),
}
"""Where the bars of the sliders end, as in `static/src/map/filter-controls.js`."""

BUILDING_RULES = (
    *("q", "grade", "star", "status", "theme", "industry", "within", "cluster"),
    *("bbox", "shape", "near", "walk_from", "only"),
)
UNIT_RULES = {
    "area": {"area_min", "area_max"},
    "rent": {"rent_min", "rent_max"},
    "floor": {"floor_min", "floor_max"},
    "fitout": {"fitout"},
    "available_by": {"available_by"},
}
"""Rule of `static/src/map/filters.js` → the fields that it is made of; beside them are `occupancy` and `stale`."""


_EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Question:
    """What the page asks of the whole city: filters, and what its legend shows."""

    filters: Filters = _EVERYTHING
    legend: str = "vacancy"
    only: tuple[str, ...] = ()


class CityAnswer:
    """The answer of the whole city to a question; a window of it is `geo/window.py`."""

    def __init__(self, table: Table, question: Question) -> None:
        self.table = table
        self.question = question
        self.bare = table.columns.header["tables"]["units"]["rows"] == 0
        also = {"only": of_classes(table, question.legend, question.only)} if question.only else {}
        self.search = Search(table, self._asked(), also)

    def totals(self, buildings: Mask | None = None) -> dict[str, float]:
        """How many buildings and units match, their m², and how many units are stale; in all buildings or some."""
        matching = self.search.buildings if buildings is None else self.search.buildings & buildings
        rows = np.flatnonzero(matching)
        inside = self.search.passing if buildings is None else self.search.passing & buildings
        return {
            "stale": sum(int(self.search.per_building(name)[inside].sum()) for name in self.search.left_out),
            "buildings": len(rows),
            "units": 0 if self.bare else int(self.search.units_per_building[rows].sum()),
            "area_m2": round(float(self.search.area_per_building[rows].sum()), 2),
        }

    @cached_property
    def header(self) -> dict[str, Any]:
        """What a window's header says of the whole city, beside the totals."""
        return {
            "facets": self._facets(),
            "spreads": self._spreads(),
            "classes": self._classes(),
            "relaxations": [] if self.search.buildings.any() else list(self._relaxations()),
        }

    def _asked(self) -> Filters:
        if self.bare:
            unset = {field.name: field.default for field in fields(Filters) if field.name in UNIT_FIELDS}
            return replace(self.question.filters, **unset)  # type: ignore[arg-type]  # these are the fields' defaults
        if self.question.filters.occupancy:
            return self.question.filters
        return replace(self.question.filters, occupancy=MARKET)

    def _facets(self) -> dict[str, dict[str, int]]:
        near = facets.near(self.search)
        sums = {**facets.sums(self.search), "near": near}
        return {
            field: {
                value: int(count)
                for value, count in zip(
                    facets.values(self.search, field), sums[field][0 if self.bare else 1].tolist(), strict=True
                )
                if count
            }
            for field in facets.VOCABULARIES
        }

    def _spreads(self) -> dict[str, dict[str, Any]]:
        unit = self.question.filters.rent_unit
        edges = {"area": (AREA_EDGES_M2, 1.0), "rent": (RENT_EDGES[unit], RENT_UNITS[unit])}
        return {
            name: {"edges": list(shown), "counts": self._spread(name, tuple(edge * factor for edge in shown))}
            for name, (shown, factor) in edges.items()
        }

    def _spread(self, name: str, edges: tuple[float, ...]) -> list[int]:
        counts = np.zeros(len(edges) + 2, np.intp)
        for group in self.search.asked:
            hits = self.search.hits_without(group, UNIT_RULES[name])
            chosen = Hits(hits.group, hits.inside(self.search.passing_or_all)).chosen
            counts += np.bincount(hits.group.binned(name, edges)[chosen], minlength=len(counts))
        return [int(count) for count in counts[:-1]]

    def _classes(self) -> dict[str, Any]:
        legend = self.question.legend
        shown = codes(self.table, legend)
        matching = self.search.matching_but(FILTER_OF.get(legend, "only"))
        counts = np.bincount(classes(self.table, legend)[matching], minlength=len(shown))
        return {"by": legend, "counts": dict(zip(shown, counts.tolist(), strict=True))}

    def _relaxations(self) -> Iterator[dict[str, Any]]:
        """The fewest rules to leave out for something to match, and how many each such choice lets in."""
        names, gains = self._gains()
        choices = {bits: gain for bits, gain in gains.items() if bits}
        fewest = min(map(int.bit_count, choices), default=0)
        for bits, gain in sorted(choices.items(), key=lambda choice: -choice[1]):
            if bits.bit_count() == fewest:
                yield {"names": [name for bit, name in enumerate(names) if bits >> bit & 1], "gain": gain}

    def _gains(self) -> tuple[list[str], Counter[int]]:
        """Rules in force, and how many rows fail which of them: bits of the rules → rows."""
        of_buildings = [name for name in BUILDING_RULES if name in self.search.masks]
        of_units = ["occupancy"] if self.question.filters.occupancy else []
        of_units += [name for name, parts in UNIT_RULES.items() if any(map(self.search.checks.get, parts))]
        of_units += ["stale"] if self.search.left_out else []
        failed = _packed([self.search.masks[name] for name in of_buildings], 0, self.table.building_count)
        if self.bare:
            return of_buildings, _counted(failed)
        gains: Counter[int] = Counter()
        looked_at = (*self.search.asked, *self.search.left_out)
        for group in self.table.groups if self.question.filters.occupancy else looked_at:
            hits = Hits(self.table.groups[group])
            masks = [self._passes(hits, name) for name in of_units]
            bits = _packed(masks, len(of_buildings), len(hits.group.rows))
            gains += _counted(bits | failed[hits.group.buildings])
        return of_buildings + of_units, gains

    def _passes(self, hits: Hits, rule: str) -> Mask:
        if rule == "occupancy":
            return np.full(len(hits.group.rows), hits.group.word in self.search.filters.occupancy)
        if rule == "stale":
            return np.full(len(hits.group.rows), not hits.group.stale)
        passed = np.ones(len(hits.group.rows), bool)
        for field in UNIT_RULES[rule] & self.search.checks.keys():
            passed &= self.search.checks[field](hits.group, None)
        return passed


def _packed(masks: list[Mask], first: int, rows: int) -> NDArray[np.uint32]:
    bits = np.zeros(rows, np.uint32)
    for place, mask in enumerate(masks, first):
        bits |= (~mask).astype(np.uint32) << np.uint32(place)
    return bits


def _counted(bits: NDArray[np.uint32]) -> Counter[int]:
    distinct, counts = np.unique(bits, return_counts=True)
    return Counter(dict(zip(distinct.tolist(), counts.tolist(), strict=True)))
