"""Finds the answer to a question about clusters, and says of each cell where it is and what it rests on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo import taxonomy
from geo.clusters.analysis import Findings, Question, analyse
from geo.clusters.permutation import Agreement
from geo.kept import Kept
from geo.looking_back import Moment
from geo.model import Building
from webmap.cluster_ground import ground_of
from webmap.names import label

Worked = Kept[object, Findings]
KEPT = 32
"""Answers that a process remembers."""


@dataclass(frozen=True, slots=True)
class CellFound:
    """A cell as told: `place` is the building with most of the industry, `finding` 'hot', 'cold' or ''.

    `here`, `near` and what they are compared with are enterprises, whole square metres or yuan, as was asked.
    `permuted` is the finding of a check by permutation and `permuted_q` its adjusted chance, where there was one.
    """

    outline: Any
    lon: float
    lat: float
    place: str
    building_code: str
    finding: str
    small: bool
    here: int
    all_here: int
    near: int
    all_near: int
    expected: float
    quotient: float
    z: float
    p: float
    q: float
    leading: str
    permuted: str = ""
    permuted_q: float | None = None


@dataclass(frozen=True, slots=True)
class ClusterFound:
    """An outline as told: `place` is the building in it with most of the industry, `buildings` how many have it."""

    shape: Any
    place: str
    building_code: str
    buildings: int
    enterprises: int
    everything: int
    expected: float
    quotient: float
    z: float
    q: float
    without_largest: float


def answered(question: Question, moment: Moment | None) -> Findings | None:
    """The answer about who sits where now, or did at a moment; None where nobody of the industry does.

    What may be disclosed is decided today: what was worked out holds for a version of the state on a day.
    """
    worked: Worked = current_app.extensions.setdefault("loumap_clusters", Kept(KEPT))
    ground = ground_of(question, moment)
    key = (ground.key, ground.question)
    found = worked.get(key) or analyse(ground.residents, ground.question)
    return worked.keep(key, found) if found else None


def cell_at(found: Findings, lon: float, lat: float) -> int | None:
    """The number of the cell in which a place lies; None where nobody sits."""
    hit = np.flatnonzero(shapely.intersects_xy(found.outlines, lon, lat))
    return int(hit[0]) if len(hit) else None


def cells_of(
    session: Session, found: Findings, most: int | None = None, check: Agreement | None = None
) -> list[CellFound]:
    """The cells, those that stand out first: the hottest, then the coldest; `most` of them, or all."""
    return told(session, found, np.lexsort((-abs(found.z), ~found.cold, ~found.hot))[:most], check)


def told(
    session: Session, found: Findings, order: NDArray[np.int64], check: Agreement | None = None
) -> list[CellFound]:
    """The cells of these numbers, with what a check says of them."""
    names = _buildings(session, found.chief[order])
    centres = shapely.get_coordinates(shapely.centroid(found.outlines))
    # One further than the groups is what is told of several together, which says of none that it leads.
    groups = [*(group.code for group in taxonomy.map_groups()), ""]
    return [
        CellFound(
            found.outlines[at],
            *map(float, centres[at]),
            *names.get(int(found.chief[at]), ("", "")),
            "hot" if found.hot[at] else "cold" if found.cold[at] else "",
            bool(found.small[at]),
            *(round(each[at]) for each in (found.here, found.all_here, found.near, found.all_near)),
            *(float(each[at]) for each in (found.expected, found.quotient, found.z, found.p, found.q)),
            groups[found.leading[at]],
            *(("hot" if check.hot[at] else "cold" if check.cold[at] else "", float(check.q[at])) if check else ()),
        )
        for at in order.tolist()
    ]


def clusters_of(session: Session, found: Findings) -> list[ClusterFound]:
    """The outlines, the strongest first."""
    names = _buildings(session, np.array([each.chief for each in found.clusters], np.int64))
    return [
        ClusterFound(
            each.shape,
            *names.get(each.chief, ("", "")),
            *(each.having, each.enterprises, each.everything),
            *(each.expected, each.quotient, each.z, each.q, each.without_largest),
        )
        for each in found.clusters
    ]


def _buildings(session: Session, ids: np.ndarray[Any, Any]) -> dict[int, tuple[str, str]]:
    columns = (Building.id, Building.code, Building.name, Building.name_en)
    # One parameter however many they are: a statement takes 65,535.
    chosen = select(*columns).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    rows = session.execute(chosen, {"ids": ids.tolist()})
    return {row.id: (label(row), row.code) for row in rows}
