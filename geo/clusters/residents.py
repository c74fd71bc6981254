"""Which enterprises of which industries sit in which buildings on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.db import query
from geo.snapshot import Moment
from geo.taxonomy import groups_of, map_groups, section_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_COLUMNS = ("building_id", "lon", "lat", "industry_group", "industry_code", "enterprises")


@dataclass(frozen=True)
class Residents:
    """Numbers of resident enterprises by building and industry: one row for each pair that occurs.

    Attributes
    ----------
    building_ids, lon, lat
        The building of each row and a point on it in degrees of WGS 84, shape (n,).
    industry
        Which of `industries` each row is of, shape (n,).
    industries
        The map group and the GB/T 4754 code (None where no one has stated it).
    enterprises
        How many, shape (n,).
    """

    building_ids: Integers
    lon: Floats
    lat: Floats
    industry: Integers
    industries: Sequence[tuple[str, str | None]]
    enterprises: Integers

    def of(self, asked: str) -> NDArray[np.bool_]:
        """Which rows are of a group, section, division or finer code of industries, shape (n,)."""
        wanted = np.array([asked in names for names in self._names], dtype=bool)
        chosen: NDArray[np.bool_] = wanted[self.industry] if len(self.industries) else np.zeros(0, bool)
        return chosen

    @cached_property
    def map_group(self) -> Integers:
        """The place of each row's map group in `taxonomy.map_groups()`, shape (n,)."""
        place = {group.code: number for number, group in enumerate(map_groups())}
        groups = np.array([place.get(group, place["other"]) for group, _ in self.industries], dtype=np.int64)
        return groups[self.industry] if len(groups) else np.zeros(0, np.int64)

    @cached_property
    def _names(self) -> list[frozenset[str]]:
        return [_names_of(group, code) for group, code in self.industries]


def load_residents(session: Session, moment: Moment) -> Residents:
    """Read who sat where on a day, of what was known at an instant and is public today."""
    driver = session.connection().connection.driver_connection
    assert driver is not None
    values = {"as_of": moment.as_of, "known_at": moment.known_at}
    with driver.cursor(binary=True) as cursor:
        rows = cursor.execute(query("residents"), values).fetchall()
    ids, lon, lat, group, code, enterprises = zip(*rows, strict=True) if rows else ((),) * len(_COLUMNS)
    pairs = list(zip(group, code, strict=True))
    industries = sorted(set(pairs), key=lambda pair: (pair[0], pair[1] or ""))
    place = {pair: number for number, pair in enumerate(industries)}
    return Residents(
        np.array(ids, np.int64),
        np.array(lon, float),
        np.array(lat, float),
        np.array([place[pair] for pair in pairs], np.int64),
        industries,
        np.array(enterprises, np.int64),
    )


def _names_of(group: str, code: str | None) -> frozenset[str]:
    """Every name under which an industry may be asked for: groups, section, division and finer codes."""
    if not code:
        return frozenset({group})
    finer = {code[:length] for length in range(2, len(code) + 1)}
    return frozenset({group, section_of(code), *finer, *(groups_of(code) - {each.code for each in map_groups()})})
