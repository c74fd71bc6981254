"""The page of all industries: how each is spread, and which are found together."""

from collections.abc import Callable

from flask import Blueprint, render_template, request

from geo import taxonomy
from geo.clusters.overview import Line, overview
from geo.errors import BadParameterError
from webmap.cluster_questions import CHOICES, USUAL, read_question
from webmap.db import public_session
from webmap.looking_back import PARAMETERS, day_shown, look_back
from webmap.permissions import needs
from webmap.resident_files import shown_residents
from webmap.words import industry_name

blueprint = Blueprint("together", __name__)

PAIRS = 10
"""On each side: those most together, and those most apart."""

LEVELS = ("group", "section")
SORTS: dict[str, Callable[[Line], float]] = {
    "total": lambda line: -line.total,
    "gini": lambda line: -line.gini,
    "gathered": lambda line: -line.ellison_glaeser if line.total > 1 else 1.0,
    "hot": lambda line: -line.hot,
}


@blueprint.get("/clusters/together")
@needs("public")
def together() -> str:
    """All industries over the same cells, with indices, and pairs that share cells."""
    question, moment = read_question(request.args), look_back(request.args)
    level, sort = _one_of("level", LEVELS), _one_of("sort", tuple(SORTS))
    codes = _codes(level)
    opened = shown_residents(public_session(), moment)
    found = overview(opened.residents, codes, question.cell_m, question.kind, question.rings, question.q)
    return render_template(
        "clusters/together.html",
        here="clusters",
        question=question,
        usual=USUAL,
        choices=CHOICES,
        level=level,
        sort=sort,
        found=found,
        lines=sorted(found.lines, key=SORTS[sort]) if found else [],
        near=[pair for pair in found.pairs[:PAIRS] if pair.together > 0] if found else [],
        far=[pair for pair in found.pairs[::-1][:PAIRS] if pair.together < 0] if found else [],
        name=industry_name,
        day=day_shown(),
        moment={name: request.args.get(name, "") for name in PARAMETERS},
    )


def _codes(level: str) -> list[str]:
    if level == "group":
        return [group.code for group in taxonomy.map_groups()]
    return [each.code for each in taxonomy.industries() if each.level == 1]


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    said = request.args.get(name, "").strip() or allowed[0]
    if said not in allowed:
        raise BadParameterError(name, said[:40], ", ".join(allowed))
    return said
