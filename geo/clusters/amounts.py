"""What each enterprise uses of each building, or paid from there: residents weighed by area or by tax."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow
from sqlalchemy.orm import Session

from geo.clusters.residents import Floats, Industry, Integers, Residents, plane_round
from geo.crs import LocalMetric
from geo.db import query
from geo.figures import Asked, Counted, Period, read_sums
from geo.looking_back import Moment, driver_of

Measure = Literal["enterprises", "area", "tax"]

MEASURES: tuple[Measure, ...] = ("enterprises", "area", "tax")

TAX = "tax"


@dataclass(frozen=True)
class Amounts:
    """Square metres or yuan by building and enterprise: confidential one by one.

    Attributes
    ----------
    building_ids, lon, lat
        As in `Residents`.
    building, enterprise, industry
        The building of each row (its place in `building_ids`), the id of the enterprise, and which of `industries` it
        is of, each of shape (n,).
    amount
        How much, more than nothing, shape (n,).
    unknown
        How many pairs of enterprise and building were left out since nobody states how much it is.
    unplaced
        What was stated of buildings without saying by whom, and therefore of no industry.
    plane
        That of all buildings that were asked about.
    """

    building_ids: Integers
    lon: Integers
    lat: Integers
    building: Integers
    enterprise: Integers
    industry: Integers
    amount: Floats
    industries: Sequence[Industry]
    unknown: int = 0
    unplaced: float = 0.0
    plane: LocalMetric | None = None

    @cached_property
    def residents(self) -> Residents:
        """The same without names: sums by building and industry with the number and squared sizes of enterprises."""
        key = self.building.astype(np.int64) * max(1, len(self.industries)) + self.industry
        pairs, at = np.unique(key, return_inverse=True)
        building, industry = np.divmod(pairs, max(1, len(self.industries)))
        sums = [np.bincount(at, weights, len(pairs)) for weights in (self.amount, None, self.amount**2)]
        return Residents(
            *(self.building_ids, self.lon, self.lat, building, industry),
            *(sums[0].astype(float), self.industries, sums[1].astype(np.int64), sums[2].astype(float)),
            self.plane,
        )


def load_areas(connection: Connection[TupleRow], moment: Moment, building_ids: Iterable[int] | None = None) -> Amounts:
    """Read how much area each resident used on a day, as known at an instant; in some buildings, or in all.

    The login must be one that may read confidential columns; who is shown what is for the caller to decide.
    """
    only = None if building_ids is None else list(building_ids)
    values = {"as_of": moment.as_of, "known_at": moment.known_at, "only": only}
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(query("residents_areas"), values).fetchall()
    return _amounts(rows, 0.0)


def load_taxes(session: Session, year: int, building_ids: Iterable[int], moment: Moment | None) -> Amounts:
    """Read what each resident of some buildings paid in a calendar year: received, whole scope, as registered.

    Of a building of which only a sum is stated nobody knows the industries: it is told in `unplaced`. Refunds over what
    was paid are none: shares of sums below nothing have no meaning.
    """
    within = set(building_ids)
    sums = read_sums(session, Asked(TAX, Period.year(year), Counted()), moment=moment).buildings
    firms, homes, amounts, unplaced = list[int](), list[int](), list[float](), 0.0
    for building_id, place in sums.items():
        for (kind, ident, _), value in place.taken.given.items() if building_id in within else ():
            if kind != "enterprise":
                unplaced += float(value)
            elif value > 0:
                firms.append(ident)
                homes.append(building_id)
                amounts.append(float(value))
    asked = {"enterprises": firms, "buildings": homes, "amounts": amounts}
    with driver_of(session).cursor(binary=True) as cursor:
        rows = cursor.execute(query("residents_stated"), asked).fetchall()
    return _amounts([(*row[1:6], row[0], row[6]) for row in rows], unplaced)


def _amounts(rows: Sequence[tuple[Any, ...]], unplaced: float) -> Amounts:
    """Rows of building, lon, lat, group, code, enterprise and amount; those of no known amount are left out."""
    known = [row for row in rows if row[6] is not None and row[6] > 0]
    unknown = sum(row[6] is None for row in rows)
    ids, lon, lat, groups, codes, firms, amounts = zip(*known, strict=True) if known else ((),) * 7
    pairs: list[Industry] = list(zip(groups, codes, strict=True))
    industries = sorted(set(pairs), key=lambda pair: (pair[0], pair[1] or ""))
    place = {pair: number for number, pair in enumerate(industries)}
    buildings, first, building = np.unique(np.array(ids, np.int64), return_index=True, return_inverse=True)
    return Amounts(
        buildings,
        np.array(lon, np.int32)[first],
        np.array(lat, np.int32)[first],
        building,
        np.array(firms, np.int64),
        np.array([place[pair] for pair in pairs], np.int64),
        np.array(amounts, float),
        industries,
        unknown,
        unplaced,
        # Buildings of which nothing is known lie in the same cells as when enterprises are counted.
        plane_round(np.array([row[1] for row in rows]), np.array([row[2] for row in rows])) if rows else None,
    )
