"""The page on which an answer is checked by permutation: what it does, how often to draw, and the order."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from geo.clusters.permutation import PERMUTATIONS, SEED_MOST
from geo.errors import BadParameterError, NotFoundError
from webmap import cluster_permutations
from webmap.cluster_findings import answered
from webmap.cluster_permutations import USUAL, draws_query, read_draws
from webmap.cluster_questions import read_question, to_query
from webmap.locale import address
from webmap.looking_back import PARAMETERS, day_shown, look_back
from webmap.permissions import needs
from webmap.words import industry_name

blueprint = Blueprint("permutation", __name__)


@blueprint.get("/clusters/permutation")
@needs("public")
def form() -> str | tuple[str, int]:
    """Say what is done, and offer to do it."""
    return _form()


@blueprint.post("/clusters/permutation")
@needs("public")
def order() -> AnyResponse | tuple[str, int]:
    """Have the answer of the address checked, and lead to where it will stand."""
    question, moment = read_question(request.args), look_back(request.args)
    found = answered(question, moment)
    if found is None:
        raise NotFoundError("Nobody of this industry is there; choose another one, or another day.")
    try:
        draws = read_draws(request.form) or USUAL
        cluster_permutations.order(found, draws, request.remote_addr)
    except BadParameterError as error:
        return _form(problem=error), 422
    # Without a fragment: browsers that wait would only jump to it instead of asking again.
    return redirect(address(f"/clusters?{to_query(question, **_moment(), **draws_query(draws))}"), 303)


def _form(problem: BadParameterError | None = None) -> str:
    question, moment = read_question(request.args), look_back(request.args)
    found = answered(question, moment)
    return render_template(
        "clusters/permutation.html",
        here="clusters",
        question=question,
        query=to_query(question, **_moment()),
        found=found,
        draws=read_draws(request.args) or USUAL,
        offered=PERMUTATIONS,
        seed_most=SEED_MOST,
        day=day_shown(),
        name=industry_name(question.industry),
        problem=problem,
    )


def _moment() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in PARAMETERS}
