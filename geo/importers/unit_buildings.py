"""Settles in which building each unit is; premises of which only points are known get a building of their own.

Several addresses at exactly one point mean that the point is that of a street or a postcode: such premises are kept
together at the point, and no outline that happens to lie there is taken for theirs.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import shapely

from geo.importers.address_match import NEAR_M, Known, KnownBuildings, Match, metres_between
from geo.importers.building_facts import BuildingFacts
from geo.importers.building_fields import search_text
from geo.importers.geometry import Geometries
from geo.importers.load import Stage, withdraw
from geo.importers.loading import DERIVED_KEY, Loading, wkb_of
from geo.importers.points import drawn_squares, holding_buildings, squares_around
from geo.text import fold_building_name

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Premises:
    """What a row says of where its unit is; `address` is without the unit."""

    row: int
    code: str | None
    name: str | None
    address: str | None
    position: Position | None


@dataclass(slots=True)
class _Group:
    """Premises that share a building which is not known yet."""

    name: str | None
    position: Position
    addresses: list[str] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    first_row: int = 0

    @property
    def key(self) -> str:
        """The key of the building in this source."""
        told = f"{fold_building_name(self.name or '')}|{self.position[0]:.5f},{self.position[1]:.5f}"
        return f"{DERIVED_KEY}premises-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


class UnitBuildings:
    """Finds or makes the building of each unit of a file."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._connection = loading.run.connection
        self._known = KnownBuildings(self._connection, without=drawn_squares(loading.run))
        self._found: dict[tuple[str | None, str | None, Position | None], Match] = {}

    def of(self, premises: Sequence[Premises], points: Geometries | None) -> list[int | None]:
        """Return the building of each row, None where none can be told; those rows are refused in the report."""
        by_code = self._known.by_codes({each.code for each in premises if each.code})
        inside = self._inside(premises, points)
        ids: list[int | None] = []
        unplaced: list[tuple[int, Premises]] = []
        for index, each in enumerate(premises):
            match = by_code.get(each.code or "") or self._find(each, inside.get(index))
            known = match.building.id if match.building else inside.get(index)
            ids.append(known)
            if known is None and each.position and not match.tie:
                unplaced.append((index, each))
            elif known is None:
                self._refuse(each, match)
        for index, ident in self._made(unplaced).items():
            ids[index] = ident
        return ids

    def leave_squares(self) -> None:
        """Withdraw squares that this source drew and whose units have moved into known buildings."""
        empty = self._connection.execute(
            "SELECT id FROM buildings b WHERE id = ANY (%s) AND NOT EXISTS"
            " (SELECT FROM units u WHERE u.building_id = b.id AND u.withdrawn_at IS NULL) AND b.source_key LIKE %s",
            [list(drawn_squares(self._loading.run)), f"{DERIVED_KEY}premises-%"],
        )
        withdraw(self._loading.run, "buildings", [row[0] for row in empty.fetchall()])

    def _inside(self, premises: Sequence[Premises], points: Geometries | None) -> dict[int, int]:
        """Rows whose point lies in an outline, where the point stands for one address only."""
        addresses: defaultdict[Position, set[str]] = defaultdict(set)
        for each in premises:
            if each.position:
                addresses[each.position].add(fold_building_name(each.address or each.name or ""))
        holding = holding_buildings(self._connection, points)
        return {
            index: ident
            for index, ident in holding.items()
            if (position := premises[index].position) and len(addresses[position]) == 1
        }

    def _find(self, each: Premises, inside: int | None) -> Match:
        asked = (each.name, each.address, each.position)
        if not (each.name or each.address):
            return Match(None)
        if asked not in self._found:
            match = self._known.find(*asked, inside=inside)
            if match.building and each.position and _far(match.building, each.position):
                match = Match(None)
            self._found[asked] = match
        return self._found[asked]

    def _refuse(self, each: Premises, match: Match) -> None:
        told = each.name or each.address or each.code
        code = "building_not_named" if not told else "building_tie" if match.tie else "building_unknown"
        self._loading.log.add(code, row=each.row, value=told, closest="、".join(match.candidates) or "–")

    def _made(self, unplaced: Sequence[tuple[int, Premises]]) -> dict[int, int]:
        """Draw a square for every place that is not known and return the building of each row there."""
        groups = _grouped(unplaced)
        if not groups:
            return {}
        self._draw(groups)
        found = self._connection.execute(
            "SELECT source_key, id FROM buildings WHERE source_id = %s AND source_key = ANY (%s)",
            [self._loading.run.source_id, [group.key for group in groups]],
        )
        ids: dict[str, int] = dict(found.fetchall())
        return {index: ids[group.key] for group in groups for index in group.members}

    def _draw(self, groups: Sequence[_Group]) -> None:
        addresses = [_shared_address(group.addresses) for group in groups]
        names = [group.name for group in groups]
        points = shapely.points([group.position for group in groups])
        columns = {
            "name": pa.array(names, pa.string()),
            "address": pa.array(addresses, pa.string()),
            "search_text": pa.array(
                [search_text(name, None, None, where) for name, where in zip(names, addresses, strict=True)],
                pa.string(),
            ),
            "managed": pa.array([True] * len(groups)),
            "geom": wkb_of(squares_around(points)),
        }
        keys = pa.array([group.key for group in groups], pa.string())
        stage = Stage(self._loading.run, "buildings", list(columns))
        stage.add(np.array([group.first_row for group in groups]), columns, keys=keys)
        self._loading.count("buildings", stage.merge(), derived=True)
        facts = BuildingFacts(self._loading)
        facts.take_values(keys, "outline", "derived from a point")
        facts.finish()
        self._loading.log.add("building_from_point", count=len(groups))


def _far(known: Known, position: Position) -> bool:
    return metres_between(position, (known.lon, known.lat)) > NEAR_M


def _grouped(unplaced: Sequence[tuple[int, Premises]]) -> list[_Group]:
    """Premises of one building name near each other belong together, others by their exact point."""
    named: defaultdict[str, list[_Group]] = defaultdict(list)
    placed: dict[Position, _Group] = {}
    for index, each in unplaced:
        assert each.position is not None
        if each.name:
            near = named[fold_building_name(each.name)]
            group = next((one for one in near if metres_between(one.position, each.position) <= NEAR_M), None)
            if group is None:
                group = _Group(each.name, each.position, first_row=each.row)
                near.append(group)
        else:
            group = placed.setdefault(each.position, _Group(None, each.position, first_row=each.row))
        group.members.append(index)
        if each.address:
            group.addresses.append(each.address)
    return [*(group for groups in named.values() for group in groups), *placed.values()]


def _shared_address(addresses: Sequence[str]) -> str | None:
    """The end that all addresses of a place have in common: the street, or at least the postcode."""
    if not addresses:
        return None
    parts = [address.split(", ")[::-1] for address in dict.fromkeys(addresses)]
    shared: list[str] = []
    for pieces in zip(*parts, strict=False):
        if len(set(pieces)) > 1:
            break
        shared.insert(0, pieces[0])
    return ", ".join(shared) or None
