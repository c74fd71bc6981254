"""The page of all industries: what each has here and in the city, how it is spread, and which are found together."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import shapely
from flask import Blueprint, Response, render_template, request

from geo import taxonomy
from geo.clusters.overview import How, Line, Overview, overview
from geo.clusters.residents import MICRODEGREES
from geo.errors import BadParameterError
from geo.indicators import AreaOutline, read_areas
from geo.looking_back import Moment, driver_of
from webmap.cluster_ground import Ground, blocks_shown, ground_of
from webmap.cluster_questions import CHOICES, USUAL, read_question, to_query
from webmap.clusters import amounts
from webmap.clusters.table import told
from webmap.db import public_session
from webmap.indicator_asking import read_area
from webmap.looking_back import PARAMETERS, look_back
from webmap.permissions import needs
from webmap.words import industry_name

blueprint = Blueprint("together", __name__)

PAIRS = 10
"""On each side: those most together, and those most apart."""

LEVELS = ("group", "section", "division")
SORTS: dict[str, Callable[[Line], float]] = {
    "total": lambda line: -line.total,
    "quotient": lambda line: -line.quotient,
    "gini": lambda line: -line.gini,
    "gathered": lambda line: -line.ellison_glaeser if line.firms > 1 else 1.0,
    "hot": lambda line: -line.hot,
}


@dataclass(frozen=True)
class _Answer:
    ground: Ground
    area: AreaOutline | None
    areas: Sequence[AreaOutline]
    level: str
    sort: str
    found: Overview | None

    @property
    def lines(self) -> list[Line]:
        return sorted(self.found.lines, key=SORTS[self.sort]) if self.found else []

    def query(self, **more: str) -> str:
        """The address of the page with something else said."""
        level, sort = ("" if said == usual else said for said, usual in ((self.level, "group"), (self.sort, "total")))
        asked = {"area": self.area.code if self.area else "", "level": level, "sort": sort, **_moment()}
        return to_query(self.ground.question, **{**asked, **more})


@blueprint.get("/clusters/together")
@needs("public")
def together() -> str:
    """All industries over the same cells, with quotients, indices, and pairs that share cells."""
    answer = _answered()
    pairs = answer.found.pairs if answer.found else []
    return render_template(
        "clusters/together.html",
        here="clusters",
        answer=answer,
        question=answer.ground.question,
        ground=answer.ground,
        usual=USUAL,
        choices=CHOICES,
        found=answer.found,
        lines=answer.lines,
        near=[pair for pair in pairs[:PAIRS] if pair.together > 0],
        far=[pair for pair in pairs[::-1][:PAIRS] if pair.together < 0],
        name=industry_name,
        amounts=amounts,
        day=answer.ground.day,
        moment=_moment(),
    )


@blueprint.get("/clusters/together.csv")
@needs("public")
def together_csv() -> Response:
    """The table of all industries."""
    answer = _answered()
    out = io.StringIO()
    lines = csv.writer(out)
    area = answer.area.code if answer.area else ""
    lines.writerow(["# question", answer.query() or "as usual", "day", answer.ground.day.isoformat(), "area", area])
    columns = [field.name for field in fields(Line)]
    lines.writerow(["name", *columns])
    lines.writerows([told(industry_name(line.code)), *_values(line, columns)] for line in answer.lines)
    response = Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    name = f"industries-{area or 'all'}-{answer.ground.question.by}-{answer.ground.day}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _values(line: Line, columns: Sequence[str]) -> list[object]:
    values = (getattr(line, name) for name in columns)
    return ["" if isinstance(value, float) and np.isnan(value) else told(value) for value in values]


def _answered() -> _Answer:
    question, moment = read_question(request.args), look_back(request.args)
    level, sort = _one_of("level", LEVELS), _one_of("sort", tuple(SORTS))
    areas = read_areas(driver_of(public_session()))
    area = read_area(request.args.get("area", "").strip(), areas)
    ground = ground_of(question, moment, whole=True)
    asked = ground.question
    how = How(asked.cell_m, asked.kind, asked.rings, asked.q, asked.by)
    if asked.by == "area" and not ground.exact:
        return _Answer(ground, None, areas, level, sort, _of_blocks(moment, how, level, area))
    inside = None
    if area is not None:
        lon, lat = ground.residents.lon / MICRODEGREES, ground.residents.lat / MICRODEGREES
        inside = shapely.intersects_xy(area.geom, lon, lat)
    return _Answer(ground, area, areas, level, sort, overview(ground.residents, _codes(level), how, inside))


def _of_blocks(moment: Moment | None, how: How, level: str, area: AreaOutline | None) -> Overview | None:
    """What everybody may know of areas: each group over the cells in which it is told, and no part of the city."""
    if level != LEVELS[0]:
        raise BadParameterError("level", level, LEVELS[0])
    if area is not None:
        # Sums of areas would lie across those of cells.
        raise BadParameterError("area", area.code, "nothing")
    _, blocks = blocks_shown(moment)
    found = [overview(blocks.about(code), [code], how) for code in _codes(level)]
    lines = [line for each in found if each for line in each.lines]
    whole = overview(blocks.residents, [], how)
    return Overview(lines, [], whole.cells, whole.everything) if whole else None


def _codes(level: str) -> list[str]:
    if level == "group":
        return [group.code for group in taxonomy.map_groups()]
    return [each.code for each in taxonomy.industries() if each.level == LEVELS.index(level)]


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    said = request.args.get(name, "").strip() or allowed[0]
    if said not in allowed:
        raise BadParameterError(name, said[:40], ", ".join(allowed))
    return said


def _moment() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in PARAMETERS}
