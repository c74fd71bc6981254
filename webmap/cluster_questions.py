"""Reads from an address which industry a planner asks about, how to look and of which day."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlencode

from geo import taxonomy
from geo.clusters.amounts import MEASURES
from geo.clusters.analysis import STATISTICS, Question
from geo.clusters.cells import KINDS
from geo.clusters.outlines import LEAST, QUOTIENTS, REACHES_M
from geo.errors import BadParameterError, UnknownValueError

USUAL = Question("finance")

CELLS_M = (100, 150, 200, 250, 300, 400, 500, 750, 1000, 2000)
RINGS = (0, 1, 2, 3)
LEVELS = (0.01, 0.05, 0.1)

CHOICES: dict[str, tuple[Any, ...]] = {
    "by": MEASURES,
    "statistic": STATISTICS,
    "kind": KINDS,
    "cell_m": CELLS_M,
    "rings": RINGS,
    "q": LEVELS,
    "reach_m": REACHES_M,
    "least": LEAST,
    "least_quotient": QUOTIENTS,
}
"""What each parameter may be."""

_CODE = re.compile(r"[A-T]|\d{2,4}")


def read_question(query: Mapping[str, str]) -> Question:
    """The question of an address; what is not said is as usual.

    Raises
    ------
    BadParameterError
        A value that is not on the list of its parameter, or an industry that nobody knows.
    """
    asked = USUAL
    if industry := query.get("industry", "").strip():
        asked = replace(asked, industry=_industry(industry))
    for name, allowed in CHOICES.items():
        if said := query.get(name, "").strip():
            asked = replace(asked, **{name: _one_of(name, said, allowed)})
    # Square metres and yuan are no counts: no law says how far chance alone takes them.
    return asked if asked.by == "enterprises" else replace(asked, statistic="gi")


def of_outlines(question: Question) -> tuple[float, int, float]:
    """How outlines are looked for."""
    return question.reach_m, question.least, question.least_quotient


def to_query(question: Question, **more: str) -> str:
    """The address of a question without what is as usual; `more` are other parameters, left out where empty."""
    told = {field.name: getattr(question, field.name) for field in fields(question)}
    changed = {name: _said(value) for name, value in told.items() if value != getattr(USUAL, name)}
    return urlencode({**changed, **{name: value for name, value in more.items() if value}})


def whole_query(question: Question) -> str:
    """The address of a question with all that it says, the usual too."""
    return urlencode({field.name: _said(getattr(question, field.name)) for field in fields(question)})


def _one_of(name: str, said: str, allowed: tuple[Any, ...]) -> Any:
    for value in allowed:
        if said == _said(value):
            return value
    raise BadParameterError(name, said[:40], ", ".join(map(_said, allowed)))


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def _industry(said: str) -> str:
    """The code of a group, section, division or finer industry."""
    if said in {group.code for group in (*taxonomy.map_groups(), *taxonomy.filter_groups())}:
        return said
    try:
        if _CODE.fullmatch(said):
            return taxonomy.industry_code(said)
    except UnknownValueError:
        pass
    raise BadParameterError("industry", said[:40], "finance, legal, J, 67 …")
