"""What indicators would be if floors were let or tenants were lost: a record as if it were so, and nothing written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from geo.indicators.days import Day, number_of
from geo.indicators.record import FOREVER, OCCUPIED, UNKNOWN, VACANT, Part
from geo.indicators.rows import Rows, joined


@dataclass(frozen=True, slots=True)
class Supposition:
    """So many m² of a building that are let (``let``) or given up (``lost``)."""

    act: str
    building_id: int
    area_m2: Decimal


def supposing(part: Part, day: date, suppositions: Iterable[Supposition]) -> tuple[Part, list[Decimal]]:
    """The part as if it were so from a day on, and how much of each supposition could be so.

    What is let is taken from what is vacant, what is lost from what is occupied: never more than there is of it.
    """
    able = []
    for each in suppositions:
        part, area = _suppose(part, day, each)
        able.append(area)
    return part, able


def _suppose(part: Part, day: date, said: Supposition) -> tuple[Part, Decimal]:
    on = Day(part, day)
    at = np.flatnonzero(part.buildings["id"] == said.building_id)
    if not len(at):
        return part, Decimal(0)
    row, wanted = int(at[0]), int(said.area_m2 * 100)
    frm, to = (VACANT, OCCUPIED) if said.act == "let" else (OCCUPIED, VACANT)
    there = on.vacant if frm == VACANT else on.occupied
    area = min(wanted, int(there[row]))
    if area <= 0:
        return part, Decimal(0)
    # The area of one state becomes so much smaller, that of the other larger: two stretches of no unit, before others.
    names = ("building", "unit", "start", "stop", "state", "area", "source", "since", "before", "area_before")
    start = number_of(day)
    more = Rows(
        {
            "building": np.array([row, row]),
            "unit": np.array([-2, -1]),
            "start": np.array([start, start]),
            "stop": np.array([FOREVER, FOREVER]),
            "state": np.array([frm, to]),
            "area": np.array([-area, area]),
            "source": np.zeros(2, np.int64),
            "since": np.array([start, start]),
            "before": np.array([UNKNOWN, UNKNOWN]),
            "area_before": np.zeros(2, np.int64),
        }
    )
    return part.with_spaces(joined([more, part.spaces], names)), Decimal(area) / 100
