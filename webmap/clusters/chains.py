"""Finds how close the industries of a chain sit, and which partners clusters lack, in an area or the whole district."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.clusters.chains import Closeness, Links, Seats, closeness, links_of, seats_of
from geo.clusters.gaps import Gap, gaps, gatherings
from geo.clusters.residents import MICRODEGREES, Residents
from geo.conditions import shown
from geo.crs import LocalMetric
from geo.errors import BadParameterError
from geo.kept import Kept
from geo.model import Area, Building
from geo.snapshot import Moment
from geo.taxonomy import Supply, area_levels, supplies
from webmap.clusters.chain_asking import ChainQuestion
from webmap.names import label
from webmap.plans import Box, outline
from webmap.resident_files import OpenResidents

MOST_LINKS = 300
"""Lines on the map: those between which most enterprises meet."""

MOST_AREAS = 300


@dataclass(frozen=True, slots=True)
class ChainsFound:
    """The answer to a question.

    `seats` are those of the whole district, `inside` says which stand in the area. `links` (of `all_links`) are those
    of `pair`, which is None where no pair is there, `gaps` those of clusters whose chief building is in the area; of
    these there are `clusters`, and `everybody` counts the enterprises in the area.
    """

    seats: Seats
    inside: NDArray[np.bool_]
    plane: LocalMetric | None
    pairs: list[Closeness]
    pair: Closeness | None
    links: Links | None
    all_links: int
    gaps: list[Gap]
    clusters: int
    everybody: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap as told: `place` is the building of the cluster with most of its industry."""

    industry: str
    place: str
    building_code: str
    lon: float
    lat: float
    members: int
    partner: str
    side: str
    found: int
    expected: float
    missing: float
    p: float
    q: float
    small: bool


Worked = Kept[object, ChainsFound]
"""Answers that were worked out lately."""


def find(
    session: Session, opened: OpenResidents, asked: ChainQuestion, moment: Moment | None, worked: Worked
) -> ChainsFound:
    """The answer about residents of a moment, or of the present.

    Raises
    ------
    BadParameterError
        There is no such area.
    """
    inside = _outline(session, asked.area)
    key = (moment, opened.today, opened.version, asked, inside.wkb if inside else b"")
    return worked.get(key) or worked.keep(key, _work(opened, asked, inside))


def areas(session: Session) -> list[tuple[str, str, str]]:
    """Areas to choose from: level, code and name, the large ones first."""
    columns = (Area.code, Area.name, Area.name_en, Area.level)
    rows = session.execute(select(*columns).where(*shown(Area, False), Area.level != "city").order_by(Area.name))
    rank = {level.code: level.order for level in area_levels()}
    ordered = sorted(rows, key=lambda row: rank.get(row.level, len(rank)))[:MOST_AREAS]
    return [(row.level, row.code, label(row)) for row in ordered]


def box_of(session: Session, code: str) -> Box | None:
    """West, south, east and north of an area; None without one."""
    inside = _outline(session, code)
    return None if inside is None else tuple(map(float, inside.bounds))


def names_of(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Names and codes of buildings by their ids."""
    columns = (Building.id, Building.code, Building.name, Building.name_en)
    chosen = select(*columns).where(Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    rows = session.execute(chosen, {"ids": [int(ident) for ident in ids]})
    return {row.id: (label(row), row.code) for row in rows}


def places_of(found: ChainsFound, at: Sequence[int] | np.ndarray[Any, Any]) -> list[tuple[float, float]]:
    """Longitude and latitude of buildings by their places in `found.seats`."""
    if found.plane is None or not len(at):
        return []
    lon, lat = found.plane.to_degrees(found.seats.x[at], found.seats.y[at])
    return [*zip(lon.tolist(), lat.tolist(), strict=True)]


def gap_rows(found: ChainsFound, names: Mapping[int, tuple[str, str]], most: int | None = None) -> list[GapRow]:
    """The gaps with where they are, the largest first; `most` of them, or all."""
    chosen = found.gaps[:most]
    chief = [int(gap.gathering.buildings[0]) for gap in chosen]
    return [
        GapRow(
            gap.gathering.industry,
            *names.get(int(found.seats.building_ids[at]), ("", "")),
            *(*place, gap.gathering.members, gap.partner, gap.side),
            *(gap.found, gap.expected, gap.missing, gap.p, gap.q, gap.small),
        )
        for gap, at, place in zip(chosen, chief, places_of(found, chief), strict=True)
    ]


def _work(opened: OpenResidents, asked: ChainQuestion, inside: Any) -> ChainsFound:
    table = supplies(asked.level)
    codes = tuple(dict.fromkeys(code for pair in table for code in (pair.upstream, pair.downstream)))
    seats = seats_of(opened.residents, codes)
    if not len(seats.x):
        return ChainsFound(seats, np.zeros(0, bool), None, [], None, None, 0, [], 0, 0)
    chosen = _chosen(opened.residents, inside)
    here, at = seats.within(chosen), np.flatnonzero(chosen)
    pairs = sorted(closeness(here, table, asked.metres), key=lambda pair: -pair.z)
    pair = _drawn(asked.pair, pairs)
    links, all_links = links_of(here, pair, asked.metres, MOST_LINKS) if pair else (None, 0)
    clusters = [cluster for cluster in gatherings(seats, codes) if chosen[cluster.buildings[0]]]
    return ChainsFound(
        *(seats, chosen, opened.residents.plane, pairs, pair),
        links and Links(at[links.sellers], at[links.buyers], links.strength),
        *(all_links, gaps(seats, clusters, table, asked.metres), len(clusters), int(here.everybody.sum())),
    )


def _drawn(asked: Supply | None, pairs: Sequence[Closeness]) -> Closeness | None:
    if asked is None:
        return next(iter(pairs), None)
    wanted = asked.upstream, asked.downstream
    return next((pair for pair in pairs if (pair.upstream, pair.downstream) == wanted), None)


def _chosen(residents: Residents, inside: Any) -> NDArray[np.bool_]:
    """Which buildings stand in an outline of the area; all without one."""
    if inside is None:
        return np.ones(len(residents.building_ids), bool)
    shapely.prepare(inside)
    found: NDArray[np.bool_] = shapely.contains_xy(inside, residents.lon / MICRODEGREES, residents.lat / MICRODEGREES)
    return found


def _outline(session: Session, code: str) -> Any:
    if not code:
        return None
    geom = session.scalar(select(Area.geom).where(Area.code == code, *shown(Area, False)))
    if geom is None:
        raise BadParameterError("area", code[:40], "the code of an area, or nothing for all of it")
    return outline(geom)
