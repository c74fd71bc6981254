"""Writes the answer as CSV and GeoJSON, with what it means in front."""

import csv
import io
import json
import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely

from geo.clusters.analysis import Question
from geo.clusters.permutation import Draws
from webmap.cluster_findings import CellFound, ClusterFound
from webmap.cluster_questions import to_query

CELLS = (
    *("lon", "lat", "building_code", "place", "finding", "small", "here", "all_here", "near", "all_near"),
    *("expected", "quotient", "z", "p", "q", "leading"),
)
CLUSTERS = (
    *("place", "building_code", "buildings", "enterprises", "everything", "expected", "quotient", "z", "q"),
    "without_largest",
)
CHECKED = (*CELLS, "permuted", "permuted_q")
"""Of cells that were checked by permutation."""

DECIMALS = 6
"""Of degrees: a tenth of a metre."""


def write_cells(cells: Sequence[CellFound], question: Question, day: date, draws: Draws | None = None) -> bytes:
    """The cells as CSV, UTF-8 with a mark at the beginning by which spreadsheets know it."""
    columns = CHECKED if draws else CELLS
    rows = ([getattr(cell, name) for name in columns] for cell in cells)
    return _written(columns, rows, question, day, draws)


def cells_as_geojson(cells: Sequence[CellFound], question: Question, day: date, draws: Draws | None = None) -> bytes:
    """The cells as GeoJSON."""
    columns = CHECKED if draws else CELLS
    found = [(cell.outline, {name: _finite(getattr(cell, name)) for name in columns}) for cell in cells]
    return _collection(found, question, day, f"{question.statistic}-cells-1", draws)


def write_clusters(clusters: Sequence[ClusterFound], question: Question, day: date) -> bytes:
    """The outlines in the same way, each as WKT."""
    rows = ([*(getattr(each, name) for name in CLUSTERS), _wkt(each.shape)] for each in clusters)
    return _written((*CLUSTERS, "outline_wkt"), rows, question, day)


def clusters_as_geojson(clusters: Sequence[ClusterFound], question: Question, day: date) -> bytes:
    """The outlines as GeoJSON."""
    found = [(each.shape, {name: getattr(each, name) for name in CLUSTERS}) for each in clusters]
    return _collection(found, question, day, "density-outlines-1")


def _collection(
    found: Sequence[tuple[Any, dict[str, Any]]], question: Question, day: date, method: str, draws: Draws | None = None
) -> bytes:
    features = [feature(shape, values) for shape, values in found]
    about = {"question": to_query(question), "day": day.isoformat(), "method": method}
    about |= {"permutations": draws.permutations, "seed": draws.seed} if draws else {}
    return json.dumps({"type": "FeatureCollection", **about, "features": features}, ensure_ascii=False).encode()


def _finite(value: object) -> object:
    """JSON knows no infinity, and nothing that is not a number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def feature(shape: Any, values: dict[str, Any]) -> dict[str, Any]:
    """One feature of GeoJSON, to a tenth of a metre."""
    geometry = json.loads(shapely.to_geojson(shapely.set_precision(shape, 10.0**-DECIMALS)))
    return {"type": "Feature", "geometry": geometry, "properties": values}


def _written(columns: Sequence[str], rows: Any, question: Question, day: date, draws: Draws | None = None) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    check = ["permutations", draws.permutations, "seed", draws.seed] if draws else []
    lines.writerow(["# question", to_query(question) or "as usual", "day", day.isoformat(), *check])
    lines.writerow(columns)
    lines.writerows([told(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _wkt(shape: Any) -> str:
    return str(shapely.to_wkt(shape, rounding_precision=DECIMALS))


def told(value: object) -> object:
    """A value as it stands in a table that a spreadsheet opens."""
    if isinstance(value, float):
        return f"{value:.6g}"
    # A name that begins like a formula is not to be reckoned by a spreadsheet.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and value else value
