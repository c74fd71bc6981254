"""The page of a requirement: a sentence or a form, its chips, the ranked answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from geo import taxonomy
from geo.errors import BadParameterError
from geo.matching import Requirement, to_query
from geo.matching.requirement import MOST_WEIGHT, parse
from webmap.cards import CardLink, card_link
from webmap.locale import address, canonical_url
from webmap.looking_back import PARAMETERS, dated, look_back
from webmap.match import card_routes
from webmap.match.chips import Chip, chips_of
from webmap.match_schemas import MatchAnswer
from webmap.match_wording import beside_value, change_text, cost_name, criterion_name, target_text, value_text
from webmap.matching import found_matches, read_query
from webmap.permissions import needs

blueprint = Blueprint("match", __name__)
blueprint.register_blueprint(card_routes.blueprint)

FORM = "form"
"""A parameter that says the query comes from the form, where every criterion has fields of its own."""

BESIDE = ("s", *PARAMETERS)
"""What the page carries beside the requirement: the short link that led to it, and the moment that it looks back to."""

_NOT_ASKED = frozenset({FORM, "must", *BESIDE})
"""Fields of the form that are no criterion, or are read apart."""

AMENITIES = ("metro", "lunch", "hotel", "services", "bank", "gym", "school", "park")
"""Those that the form asks for; a link may name any other."""


@blueprint.get("/match")
@needs("public")
def match() -> AnyResponse | str | tuple[str, int]:
    """The form, and the answer once something is asked for."""
    try:
        look_back(request.args)
        if request.args.get(FORM):
            return redirect(dated(f"{address('/match')}?{_of_form(request.args)}"), 303)
        requirement, understood = read_query(request.args, also=BESIDE)
    except BadParameterError as error:
        return _page(Requirement(), problem=error), 422
    if not requirement.asked:
        return _page(requirement, understood=understood)
    answer = found_matches(requirement, understood)
    return _page(requirement, understood=understood, answer=answer, chips=chips_of(requirement))


def _page(requirement: Requirement, chips: list[Chip] | None = None, **values: Any) -> str:
    """The page; `understood`, `answer` and `problem` may be missing."""
    told = {"understood": None, "answer": None, "problem": None, **values}
    return render_template(
        "match/match.html",
        here="match",
        requirement=requirement,
        query=to_query(requirement),
        unstale=to_query(replace(requirement, stale=not requirement.stale)),
        walks={walk.name: walk.metres for walk in requirement.walks},
        chips=chips or [],
        sentence=request.args.get("q", ""),
        examples=_examples(),
        amenities=AMENITIES,
        choices=_choices(),
        most_weight=MOST_WEIGHT,
        weights=dict(requirement.weights),
        typed=lambda name, value: request.args.get(name, "") if told["problem"] else "" if value is None else value,
        picked=lambda name, values: request.args.getlist(name) if told["problem"] else values,
        criterion_name=criterion_name,
        target_text=target_text,
        value_text=value_text,
        beside_value=beside_value,
        change_text=change_text,
        cost_name=cost_name,
        canonical=canonical_url(),
        card=_card(requirement, told["answer"]),
        **told,
    )


def _card(requirement: Requirement, answer: MatchAnswer | None) -> CardLink | None:
    """The picture of the answer, where there is one to be drawn."""
    if answer is None or not answer.items:
        return None
    return card_link("/card/match.png", gettext("符合要求的房源"), to_query(requirement))


def _examples() -> tuple[str, ...]:
    """Sentences that are understood."""
    return (
        gettext("800–1000 平，地铁 8 分钟内，金融，月租 12 万以内"),
        gettext("50 人，甲级，精装，可注册"),
        gettext("300 平左右，高区，租金 5 元以内，午餐方便"),
    )


def _choices() -> Mapping[str, tuple[str, ...]]:
    """The words that the form offers."""
    return {
        "grade": tuple(dict.fromkeys(grade.code for grade in taxonomy.grades())),
        "fitout": tuple(kind.code for kind in taxonomy.fitouts()),
        "industry": tuple(group.code for group in taxonomy.map_groups()),
        "theme": tuple(theme.code for theme in taxonomy.themes()),
    }


def _of_form(sent: MultiDict[str, str]) -> str:
    """The query of a requirement out of the form's fields: lists are sent piece by piece, weights one by one."""
    pairs = {
        name: ",".join(value for value in values if value.strip())
        for name, values in sent.lists()
        if name not in _NOT_ASKED and not name.startswith("weight_") and any(value.strip() for value in values)
    }
    musts = sent.getlist("must")
    if "musts" in pairs:  # the form says which criteria it showed with a box for it
        shown = pairs.pop("musts").split(",")
        pairs["must"] = ",".join(name for name in shown if name in musts) or "none"
    weights = [
        f"{name.removeprefix('weight_')}:{value}"
        for name, value in sent.items()
        if name.startswith("weight_") and value.strip()
    ]
    if weights:
        pairs["weights"] = ",".join(weights)
    return to_query(parse(pairs))
