"""Finds for a report where the industries gather that most of its enterprises are of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.clusters.analysis import Findings, Question
from geo.looking_back import Moment
from geo.model import Building
from geo.reports.gatherings import Gathering
from webmap.cluster_findings import answered
from webmap.cluster_questions import USUAL

LOOKED_AT = 6
"""Industries, those with most enterprises."""

REST = "other"
"""The map group of what is in no other: it gathers nowhere as such."""

_DECIMALS = 1e-6


@dataclass(frozen=True, slots=True)
class AskedIndustry:
    """An industry that was looked at: enterprises and their share in the city, clusters in the area, and indices, which
    are None where too little is there to say."""

    industry: str
    n: int
    share: float
    clusters: int
    gini: float | None
    ellison_glaeser: float | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was looked at and found, the strongest first; `n` is how many enterprises it rests on."""

    question: Question = USUAL
    n: int = 0
    asked: tuple[AskedIndustry, ...] = ()
    gatherings: tuple[Gathering, ...] = ()


def gather(session: Session, moment: Moment, industries: Sequence[tuple[str, int]], edge: Any) -> Gathered:
    """The clusters of the leading industries that reach into an area (`edge`; all of them without one).

    They are those of the whole city, of what is public: an industry gathers beside all others that are known.
    """
    codes = [code for code, _ in industries if code != REST][:LOOKED_AT]
    found = [(code, told) for code in codes if (told := answered(replace(USUAL, industry=code), moment))]
    asked, clusters = [], []
    for code, told in found:
        here = [each for each in told.clusters if edge is None or shapely.intersects(each.shape, edge)]
        asked.append(_asked(code, told, len(here)))
        clusters += [(code, each) for each in here]
    clusters.sort(key=lambda each: -each[1].z)
    names = _names(session, [each.chief for _, each in clusters])
    n = found[0][1].everything if found else 0
    return Gathered(USUAL, n, tuple(asked), tuple(_kept(code, each, names) for code, each in clusters))


def _asked(code: str, told: Findings, clusters: int) -> AskedIndustry:
    return AskedIndustry(code, told.total, told.share, clusters, _known(told.gini), _known(told.ellison_glaeser))


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _kept(code: str, each: Any, names: dict[int, Any]) -> Gathering:
    chief = names[each.chief]
    return Gathering(
        industry=code,
        place=chief.name or chief.address or chief.code,
        place_en=chief.name_en or "",
        building=chief.code,
        buildings=int(each.having),
        enterprises=int(each.enterprises),
        everything=int(each.everything),
        expected=float(each.expected),
        quotient=float(each.quotient),
        z=float(each.z),
        q=float(each.q),
        outline=shapely.to_wkt(shapely.set_precision(each.shape, _DECIMALS), rounding_precision=6),
    )


def _names(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address)
    chosen = select(*columns).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    return {row.id: row for row in session.execute(chosen, {"ids": list(ids)})}
