"""A requirement as chips: each says one criterion and leads to the same requirement without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from geo.matching import Requirement, to_query
from geo.matching.asking import asked_of
from geo.matching.requirement import FIELDS_OF
from webmap.match_wording import criterion_name, target_text


@dataclass(frozen=True, slots=True)
class Chip:
    """One criterion in words; `without` and `toggled` are the queries without it, and with must and wish exchanged."""

    name: str
    text: str
    must: bool
    without: str
    toggled: str | None


def chips_of(requirement: Requirement) -> list[Chip]:
    """The chips of a requirement, in its order."""
    pairs = dict(parse_qsl(to_query(requirement)))
    musts = [each.name for each in asked_of(requirement) if each.must]
    chips = []
    for each in asked_of(requirement):
        text = f"{criterion_name(each.name)} {target_text(each)}".strip()
        turned = [name for name in musts if name != each.name] if each.must else [*musts, each.name]
        fixed = each.name in ("within", "bbox")
        toggled = None if fixed else _written({**pairs, "must": ",".join(turned) or "none"})
        chips.append(Chip(each.name, text, each.must, _written(_without(pairs, each.name)), toggled))
    return chips


def _without(pairs: Mapping[str, str], name: str) -> dict[str, str]:
    """The parameters without those of a criterion, and without what `must` and `weights` say of it."""
    own = {*FIELDS_OF.get(name, ()), f"{name}_minutes", f"{name}_m"}
    if name == "industry":
        own.add("neighbours")  # of which industry?
    left = {parameter: value for parameter, value in pairs.items() if parameter not in own}
    for parameter in ("must", "weights"):
        kept = [word for word in left.pop(parameter, "").split(",") if word and word.partition(":")[0] != name]
        if kept:
            left[parameter] = ",".join(kept)
        elif parameter == "must" and pairs.get("must"):
            left[parameter] = "none"
    return left


def _written(pairs: Mapping[str, str]) -> str:
    return urlencode(pairs, safe=",:")
