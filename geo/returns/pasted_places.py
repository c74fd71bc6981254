"""The units of a building as a pasted report names them: by label, by two labels with a dash between, by floor.

Labels and floors are read once, since a report of a large building names hundreds of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from geo.errors import UnreadableQuantityError
from geo.floor_labels import parse_floor
from geo.returns.standing import UnitNow

MOST_ROOMS = 500
"""Of one statement; a report of more is none that somebody has typed."""


class Rooms:
    """Units by the names that a report may call them."""

    def __init__(self, units: Sequence[UnitNow]) -> None:
        self._by_key: dict[str, list[UnitNow]] = defaultdict(list)
        self._by_floor: dict[str, list[UnitNow]] = defaultdict(list)
        self._rows: dict[int | None, list[UnitNow]] = defaultdict(list)
        for unit in units:
            self._by_key[_key(unit.label)].append(unit)
            self._rows[unit.floor_id].append(unit)
            for name in {unit.floor, _plain_floor(unit.floor)}:
                self._by_floor[name].append(unit)
        for row in self._rows.values():
            row.sort(key=lambda unit: _key(unit.label))

    def on(self, floor: str) -> list[UnitNow]:
        """The units of a floor, however its label is written: 12, 12F, 12层."""
        return self._by_floor.get(floor, [])

    def called(self, names: str, floor: str | None) -> tuple[list[UnitNow], list[str]]:
        """The units of labels such as "1203-05、1207", and the labels that no unit has."""
        found: list[UnitNow] = []
        missing: list[str] = []
        for part in list(dict.fromkeys(re.split(r"[、/&和及\s]+", names)))[:MOST_ROOMS]:
            ends = re.split(r"[-~至到]", part)
            here = self._between(ends[0], ends[1], floor) if len(ends) == 2 else self._one(part, floor)
            found += here
            missing += [] if here else [part]
        return _once(found), missing

    def _one(self, label: str, floor: str | None) -> list[UnitNow]:
        """The unit of a label; "03" on floor 12 is 1203."""
        on_floor = {unit.id for unit in self.on(floor)} if floor else set()
        for key in (_key(label), _key(f"{floor}{label}") if floor else ""):
            named = self._by_key.get(key, []) if key else []
            there = [unit for unit in named if unit.id in on_floor] or named
            if len(there) == 1:
                return there
        return []

    def _between(self, low: str, high: str, floor: str | None) -> list[UnitNow]:
        """The units from one label to another on the same floor; the last may be short, as in 1203-05."""
        first = self._one(low, floor)
        last = self._one(high, floor) or self._one(low[: -len(high)] + high, floor)
        if not first or not last or first[0].floor_id != last[0].floor_id:
            return []
        row = self._rows[first[0].floor_id]
        return row[row.index(first[0]) : row.index(last[0]) + 1]


def _once(units: Iterable[UnitNow]) -> list[UnitNow]:
    return list({unit.id: unit for unit in units}.values())


def _plain_floor(label: str) -> str:
    try:
        return parse_floor(label).label
    except UnreadableQuantityError:
        return label


def _key(label: str) -> str:
    return "".join(sign for sign in label if sign.isalnum()).lower()
