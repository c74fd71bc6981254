"""Meets the units of a file with those that are known: by the file's key, or by building, floor and room number."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from geo.db import query
from geo.importers.load import Stage
from geo.importers.loading import Loading
from geo.importers.unit_rows import NO_LABEL, UnitRow
from geo.text import fold

FloorIds: TypeAlias = tuple[Sequence[int | None], Sequence[int | None]] | None


class Known(NamedTuple):
    """A unit that is there already."""

    id: int
    source_id: int
    source_key: str | None
    building_id: int
    floor_id: int | None
    label: str
    reported_on: date | None
    by_person: bool
    ended: bool


@dataclass(slots=True)
class FileUnit:
    """A unit of the file: its row, building, floors and key, and the unit it is once that is settled.

    `older` says that more is known of it already than the file says; `outspoken` that this is because a person has
    spoken of it and the file does not say of when it is.
    """

    row: UnitRow
    building_id: int
    floor_id: int | None
    top_floor_id: int | None
    key: str
    id: int | None = None
    known: bool = False
    older: bool = False
    outspoken: bool = False


_PLACE: dict[str, tuple[tuple[str, ...], Callable[[FileUnit], Any]]] = {
    # field → (columns of which the file must have one, its value)
    "building_id": ((), lambda unit: unit.building_id),
    "floor_id": ((), lambda unit: unit.floor_id),
    "top_floor_id": ((), lambda unit: unit.top_floor_id),
    "label": ((), lambda unit: unit.row.label),
    "use": (("use",), lambda unit: unit.row.use),
    "area_m2": (("area_m2", "usable_area_m2"), lambda unit: unit.row.area_m2),
    "area_basis": (("area_m2", "usable_area_m2"), lambda unit: unit.row.area_basis),
}
_STATE: dict[str, tuple[tuple[str, ...], Callable[[FileUnit], Any]]] = {
    "occupancy": (("occupancy",), lambda unit: unit.row.state[0] or "unknown"),
    "public_status": (("occupancy", "rent_low", "available_on"), lambda unit: unit.row.public_status),
    "reported_on": (("reported_on",), lambda unit: unit.row.reported_on),
    "rent_amount": (("rent_low",), lambda unit: unit.row.rent_low if unit.row.offered else None),
    "rent_unit": (("rent_low",), lambda unit: unit.row.rent_unit if unit.row.offered else None),
    "rent_cny_m2_day": (("rent_low",), lambda unit: unit.row.rent_cny_m2_day),
    "fitout": (("fitout",), lambda unit: unit.row.fitout),
    "available_on": (("available_on",), lambda unit: unit.row.offer_month),
    "min_area_m2": (("min_area_m2",), lambda unit: unit.row.min_area_m2),
}


class UnitMerge:
    """Stages units and merges them into the table."""

    def __init__(self, loading: Loading, columns: set[str]) -> None:
        self._loading, self._columns = loading, columns
        self._units: list[FileUnit] = []
        self._has_floors = False

    def take(self, rows: Sequence[UnitRow], buildings: Sequence[int], floors: FloorIds) -> None:
        """Take rows with their buildings and floors; repeats are settled, known units found."""
        self._has_floors = floors is not None
        nowhere: list[int | None] = [None] * len(rows)
        low, high = floors or (nowhere, nowhere)
        units = [
            FileUnit(row, building, floor, top, row.key or _key(row))
            for row, building, floor, top in zip(rows, buildings, low, high, strict=True)
        ]
        self._units = self._without_repeats(units)
        self._meet()

    def finish(self) -> list[FileUnit]:
        """Merge everything and return the units with their ids."""
        state = {**_PLACE, **_STATE}
        for known in (False, True):
            for older, fields in ((False, state), (True, _PLACE)):
                chosen = [unit for unit in self._units if unit.known == known and unit.older == older]
                if chosen:
                    self._merge(chosen, fields, known)
        if count := sum(unit.older and not unit.outspoken for unit in self._units):
            self._loading.log.add("state_older", count=count)
        if count := sum(unit.outspoken for unit in self._units):
            self._loading.log.add("state_outspoken", count=count)
        self._find_ids()
        return self._units

    def _merge(self, units: Sequence[FileUnit], fields: dict[str, Any], known: bool) -> None:
        wanted = {name: value for name, (needs, value) in fields.items() if self._says(name, needs)}
        columns = {name: [value(unit) for unit in units] for name, value in wanted.items()}
        if "occupancy" in columns:
            columns["state_source_id"] = [self._loading.run.source_id] * len(units)
        stage = Stage(self._loading.run, "units", list(columns), known=known)
        numbers = np.array([unit.row.row for unit in units], np.int64)
        keys = None if known else pa.array([unit.key for unit in units], pa.string())
        ids = np.array([unit.id for unit in units], np.int64) if known else None
        stage.add(numbers, columns, keys=keys, ids=ids)
        self._loading.count("units", stage.merge())

    def _says(self, name: str, needs: Sequence[str]) -> bool:
        if name in ("floor_id", "top_floor_id"):
            return self._has_floors
        return not needs or bool(self._columns.intersection(needs))

    def _without_repeats(self, units: Sequence[FileUnit]) -> list[FileUnit]:
        """Leave rows out that say what a row before them has said; others under a key that is taken get their own."""
        kept: list[FileUnit] = []
        first: dict[str, FileUnit] = {}
        often: defaultdict[str, int] = defaultdict(lambda: 1)
        for unit in units:
            before = first.setdefault(unit.key, unit)
            if before is unit:
                kept.append(unit)
            elif _content(before) == _content(unit):
                self._loading.log.counts["skipped"] += 1
                self._loading.log.add("row_repeats", row=unit.row.row, first=before.row.row)
            else:
                often[unit.key] += 1
                told = unit.row.key or unit.row.label
                self._loading.log.add(
                    "key_repeated", row=unit.row.row, column="source_id", value=told, first=before.row.row
                )
                kept.append(replace(unit, key=f"{unit.key}#{often[unit.key]}"))
        return kept

    def _meet(self) -> None:
        """Find the units of other sources that rows mean, and those of which more is known than the file says."""
        source = self._loading.run.source_id
        own, others = self._existing(source)
        kept = []
        for unit in self._units:
            found = own.get(unit.key)
            if found is None and unit.row.label != NO_LABEL:
                found = _same_room(unit, others.get((unit.building_id, fold(unit.row.label)), []))
                unit.id, unit.known = (found.id, True) if found else (None, False)
            if found is None or not found.ended:
                kept.append(unit)
            said, held = unit.row.reported_on or self._loading.dated_on, found.reported_on if found else None
            unit.outspoken = said is None and found is not None and found.by_person
            unit.older = unit.outspoken or (said is not None and held is not None and said < held)
        if count := len(self._units) - len(kept):
            self._loading.log.counts["skipped"] += count
            self._loading.log.add("unit_ended", count=count)
        self._units = kept

    def _existing(self, source: int) -> tuple[dict[str, Known], dict[tuple[int, str], list[Known]]]:
        """Units of this source by key, and those of other sources by building and room number."""
        found = self._loading.run.connection.execute(
            query("units_known"),
            {
                "today": self._loading.today,
                "buildings": list({unit.building_id for unit in self._units}),
                "source": source,
                "keys": [unit.key for unit in self._units],
            },
        )
        own: dict[str, Known] = {}
        others: defaultdict[tuple[int, str], list[Known]] = defaultdict(list)
        for known in map(Known._make, found):
            if known.source_id == source and known.source_key:
                own[known.source_key] = known
            else:
                others[known.building_id, fold(known.label)].append(known)
        return own, others

    def _find_ids(self) -> None:
        keys = [unit.key for unit in self._units if not unit.known]
        found = self._loading.run.connection.execute(
            "SELECT source_key, id FROM units WHERE source_id = %s AND source_key = ANY (%s)",
            [self._loading.run.source_id, keys],
        )
        ids: dict[str, int] = dict(found.fetchall())
        for unit in self._units:
            if not unit.known:
                unit.id = ids[unit.key]


def _same_room(unit: FileUnit, rooms: Sequence[Known]) -> Known | None:
    """The one room of another source that a row means; one that has been split or merged only where no other is."""
    same = [room for room in rooms if unit.floor_id in (None, room.floor_id) or room.floor_id is None]
    same = [room for room in same if not room.ended] or same[:1]
    return same[0] if len(same) == 1 else None


def _key(row: UnitRow) -> str:
    """A key for a unit to which the file gives none: where the file says it is, its floor and its number."""
    place = row.premises
    where = (place.code, place.name, place.address, None if place.name or place.address else place.position)
    told = "|".join(fold(str(part)) for part in (*where, row.floor, row.label) if part)
    return f"={hashlib.sha256(told.encode()).hexdigest()[:20]}"


def _content(unit: FileUnit) -> tuple[Any, ...]:
    row = unit.row
    return (
        *(unit.building_id, unit.floor_id, unit.top_floor_id, row.label, row.area_m2, row.area_basis, row.min_area_m2),
        *(row.use, row.word, row.rent_low, row.rent_high, row.rent_unit, row.fitout, row.available_on),
        *(row.reported_on, row.tenant),
    )
