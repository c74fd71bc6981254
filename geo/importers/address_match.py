"""Finds the building that a name, an address or a code means, and never guesses: ties come back with their candidates.

Names and addresses meet under `geo.text.fold_building_name` (简/繁, full-width, 座/栋/号楼). A name inside an address
counts when it stands there as whole words and no other block of the same name is meant ("云澜大厦" is not in
"云澜大厦B座1203室").
"""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow

from geo.db import query
from geo.text import fold_building_name

NEAR_M = 300.0
"""Of several buildings of one name, the only one this near to the row's coordinates is meant."""

_METRES_PER_DEGREE = 111_195.0
_SEPARATORS = re.compile(r"[\s,，;；、()（）/]+")
_WORDS = re.compile(r"[a-z0-9]+|[^a-z0-9]")
_BLOCK = re.compile(r"[a-z0-9东南西北中主副]+座|[a-z0-9]+期")
_LONGEST_WORDS = 40
_SHORTEST_CHINESE, _SHORTEST_LATIN = 3, 6
_SHOWN = 3
_MISSES_EXPLAINED = 200


class Known(NamedTuple):
    """A building as far as matching needs it; position in WGS-84 degrees."""

    id: int
    code: str
    name: str | None
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Match:
    """The building that is meant (None when unclear), and the ones that come near: several when there is a tie."""

    building: Known | None
    candidates: tuple[str, ...] = ()
    tie: bool = False


Position = tuple[float, float]


class KnownBuildings:
    """Every building with a name or an address, in memory; read once for a run."""

    def __init__(self, connection: Connection[TupleRow], without: Container[int] = ()) -> None:
        """Read all buildings but those in `without`."""
        self._connection = connection
        self._names: defaultdict[str, dict[int, Known]] = defaultdict(dict)
        self._addresses: defaultdict[str, dict[int, Known]] = defaultdict(dict)
        self._spelled: dict[str, str] = {}
        self._pairs: defaultdict[str, list[str]] = defaultdict(list)
        self._asked = 0
        for row in connection.execute(query("known_buildings")):
            ident, code, name, name_en, aliases, address, address_en, lon, lat = row
            if ident in without:
                continue
            known = Known(ident, code, name or address, lon, lat)
            self._put(self._names, known, [name, name_en, *aliases])
            self._put(self._addresses, known, [address, address_en])

    def by_codes(self, codes: Iterable[str]) -> dict[str, Match]:
        """The buildings with these codes of ours, or these ids in their own source."""
        found: defaultdict[str, list[Known]] = defaultdict(list)
        for asked, *about in self._connection.execute(query("buildings_by_code"), {"codes": list(codes)}):
            found[asked].append(Known(*about))
        return {code: _of(known) for code, known in found.items()}

    def find(
        self, name: str | None, address: str | None, position: Position | None = None, inside: int | None = None
    ) -> Match:
        """The building that a name and an address mean together.

        Among equals the position decides, or the building that the row's point is `inside` of.
        """
        found = self._named(name, address)
        found = [known for known in found if known.id == inside] or found
        if len(found) > 1 and position is not None:
            found = [known for known in found if metres_between(position, (known.lon, known.lat)) <= NEAR_M] or found
        match = _of(found)
        if match.building or match.tie:
            return match
        return Match(None, tuple(self._closest(name or address)))

    def _named(self, name: str | None, address: str | None) -> list[Known]:
        by_name = self._names.get(fold_building_name(name), {}) if name else {}
        by_address = self._addresses.get(fold_building_name(address), {}) if address else {}
        if by_name and by_address and (both := by_name.keys() & by_address.keys()):
            return [by_name[ident] for ident in both]
        if by_name or (by_address and not name):
            return list((by_name or by_address).values())
        text = name or address
        if text and (inside := self._inside(text)):
            return inside
        # Beside a name that is not known an address must be the building's whole address, or be its name.
        named = self._names.get(fold_building_name(address), {}) if address else {}
        return list((by_address or named).values())

    def _inside(self, text: str) -> list[Known]:
        """The buildings whose name stands in a text, the longest name; else whose address does."""
        words = [word for piece in _SEPARATORS.split(text) for word in _WORDS.findall(fold_building_name(piece))]
        for known in (self._names, self._addresses):
            for part, rest in _parts(words):
                if part in known:
                    return [] if _BLOCK.match(rest) else list(known[part].values())
        return []

    def _closest(self, text: str | None) -> Iterator[str]:
        """The names that share most pairs of signs; only for the first misses, after which a person sees the habit."""
        self._asked += 1
        if self._asked > _MISSES_EXPLAINED:
            return
        key = fold_building_name(text or "")
        shared = Counter(known for pair in _pairs_of(key) for known in self._pairs.get(pair, ()))
        alike = [known for known, _ in shared.most_common(50)]
        for match in difflib.get_close_matches(key, alike, n=_SHOWN, cutoff=0.5):
            yield self._spelled[match]

    def _put(self, index: defaultdict[str, dict[int, Known]], known: Known, texts: Iterable[str | None]) -> None:
        for text in texts:
            if text and (key := fold_building_name(text)):
                index[key][known.id] = known
                if key not in self._spelled:
                    self._spelled[key] = text
                    for pair in _pairs_of(key):
                        self._pairs[pair].append(key)


def metres_between(one: Position, other: Position) -> float:
    """Metres between two WGS-84 positions (lon, lat) near each other."""
    east = (one[0] - other[0]) * cos(radians((one[1] + other[1]) / 2))
    return hypot(east, one[1] - other[1]) * _METRES_PER_DEGREE


def _pairs_of(key: str) -> set[str]:
    return {key[place : place + 2] for place in range(len(key) - 1)}


def _of(found: Sequence[Known]) -> Match:
    if len(found) == 1:
        return Match(found[0])
    shown = sorted(f"{known.name or '–'} ({known.code})" for known in found)
    return Match(None, tuple(shown[:_SHOWN] + (["…"] if len(shown) > _SHOWN else [])), tie=bool(found))


def _parts(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Runs of whole words, the longest first, each with the text behind it."""
    for length in range(min(len(words), _LONGEST_WORDS), 0, -1):
        for start in range(len(words) - length + 1):
            part = "".join(words[start : start + length])
            if len(part) >= (_SHORTEST_LATIN if part.isascii() else _SHORTEST_CHINESE):
                yield part, "".join(words[start + length : start + length + 3])
