"""Reads from an address which chains of industries a planner asks about: where, how far, which pair."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from geo.parameters import one_of, whole
from geo.taxonomy import Supply, SupplyLevel, supplies

USUAL_M, LEAST_M, MOST_M = 500, 50, 3000
DISTANCES_M = (200, 300, 500, 800, 1000, 1500)
"""Offered to choose from; an address may name others."""

LEVELS: tuple[SupplyLevel, ...] = ("group", "division")


@dataclass(frozen=True, slots=True)
class ChainQuestion:
    """The pairs of a level within a distance, in an area (its code) or the whole district; `pair` is the one drawn."""

    level: SupplyLevel = "group"
    metres: int = USUAL_M
    area: str = ""
    pair: Supply | None = None


def read_chains(query: Mapping[str, str]) -> ChainQuestion:
    """The question of an address; what is not said is as usual.

    Raises
    ------
    BadParameterError
        A value that its parameter does not take.
    """
    said = {name: query.get(name, "").strip() for name in ("level", "metres", "area", "pair")}
    level = _level(said["level"])
    metres = whole("metres", said["metres"], LEAST_M, MOST_M) if said["metres"] else USUAL_M
    return ChainQuestion(level, metres, said["area"][:40], _pair(said["pair"], level))


def chains_query(question: ChainQuestion, **more: str) -> str:
    """The address of a question without what is as usual; `more` are other parameters, left out where empty."""
    told = {
        "level": question.level if question.level != "group" else "",
        "metres": str(question.metres) if question.metres != USUAL_M else "",
        "area": question.area,
        "pair": pair_code(question.pair) if question.pair else "",
        **more,
    }
    return urlencode({name: value for name, value in told.items() if value})


def pair_code(pair: Supply) -> str:
    """How an address names a pair."""
    return f"{pair.upstream}-{pair.downstream}"


def _level(said: str) -> SupplyLevel:
    return "division" if one_of("level", said or "group", LEVELS) == "division" else "group"


def _pair(said: str, level: SupplyLevel) -> Supply | None:
    if not said:
        return None
    known = {pair_code(pair): pair for pair in supplies(level)}
    return known[one_of("pair", said[:40], tuple(known))]
