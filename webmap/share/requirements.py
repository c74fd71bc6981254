"""What the client of a selection looks for: read from what its maker pasted, kept as a query, said in words."""

from urllib.parse import parse_qsl

from geo.errors import BadParameterError
from geo.matching import Requirement, to_query
from geo.matching.asking import asked_of
from webmap.match_wording import criterion_name, target_text
from webmap.matching import read_query
from webmap.share.states import LINK


def requirement_of(text_or_address: str) -> str:
    """The query of a match out of what was pasted: its address, its query, or a sentence.

    Raises
    ------
    BadParameterError
        As `webmap.matching.read_query`.
    """
    said = text_or_address.strip()
    if not said:
        return ""
    query = said.partition("?")[2] if "?" in said else said
    pairs = dict(parse_qsl(query)) or {"q": said}
    return to_query(read_query({name: value for name, value in pairs.items() if name != LINK})[0])


def read(requirement: str) -> Requirement | None:
    """The requirement of a kept query; nothing where nothing is asked, or nobody understands it any more."""
    if not requirement:
        return None
    try:
        return read_query(dict(parse_qsl(requirement)))[0]
    except BadParameterError:
        return None


def wanted(requirement: str) -> str:
    """The same in words, such as "面积 800–1,000 m² · 租金 ≤ 6 元/m²·天"."""
    asked = read(requirement)
    criteria = asked_of(asked) if asked else ()
    return " · ".join(f"{criterion_name(each.name)} {target_text(each)}".strip() for each in criteria)
