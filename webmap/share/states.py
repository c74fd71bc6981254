"""What a short link opens, as it is kept: a versioned, canonical record of page, language and query.

Version 1 is `{"v": 1, "page": "building", "language": "en", "code": "x7k2m9qd", "query": "colour=age"}`. A state is
read by the code that reads the page's own address, and written as that code writes it; a value that it does not take is
refused, what chat programs hang onto an address is left out. Whoever changes the format adds a version with a reader of
its own; links of older versions stay as they are and are held by `tests/files/link_states`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from geo.errors import BadParameterError
from geo.looking_back import Moment
from geo.matching import to_query as write_requirement
from webmap import cluster_questions, map_address
from webmap.locale import LANGUAGES, Language, in_language, split_language
from webmap.looking_back import query_of
from webmap.matching import read_query

VERSION = 1
LONGEST = 8000
"""Characters of an address: what web servers and chat programs take."""

LINK = "s"
"""The parameter by which a page knows the link that led to it."""

SELECTION = "selection"
"""The page of a private selection, which stands under the address of its link itself."""

_NOT_KEPT = frozenset({LINK, "as_of", "known_at"})
"""What a link says of itself, not of the page."""

_LONGEST_VALUE = 1000
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page that can be linked to: its path, and how its query is read and written anew.

    `day` is the parameter by which it shows another day as it was known at an instant (`known_at`), if it does; `code`
    is how what stands in its path for `<code>` is written.
    """

    path: str
    tidy: Callable[[Pairs], str]
    day: str = ""
    code: str = "[0-9a-z]{1,12}"


@dataclass(frozen=True, slots=True)
class LinkState:
    """A page in a language; `code` is that of the building, unit or area it is about, `query` its canonical query."""

    page: str
    language: str
    code: str = ""
    query: str = ""

    @property
    def path(self) -> str:
        """The address of the page with its language and without its query."""
        language = _language(self.language)
        return in_language(language, PAGES[self.page].path.replace("<code>", self.code))

    @property
    def address(self) -> str:
        """The address of the page with its query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def can_freeze(self) -> bool:
        """Whether the page can show a day of the past as it was known at an instant."""
        return bool(PAGES[self.page].day)

    def address_through(self, token: str, moment: Moment | None = None) -> str:
        """The address to open by a link with this token, at the moment that it is frozen to, if it is."""
        found = self.address_at(moment)
        return f"{found}{'&' if '?' in found else '?'}{LINK}={token}"

    def address_at(self, moment: Moment | None) -> str:
        """The address of the page at a moment; as `address` without one."""
        name = PAGES[self.page].day
        if moment is None or not name:
            return self.address
        kept = (pair for pair in self.query.split("&") if pair and pair.partition("=")[0] not in (name, "known_at"))
        return f"{self.path}?{'&'.join([*kept, query_of(moment, name)])}"

    def as_json(self) -> dict[str, Any]:
        """The record that is kept."""
        return {"v": VERSION, **{name: getattr(self, name) for name in ("page", "language", "code", "query")}}


def of_address(address: str) -> LinkState:
    """The state of an address of this site (`/en/b/x7k2m9qd?colour=age`).

    Raises
    ------
    BadParameterError
        It is no page that can be linked to, it is too long, or something in it is not understood.
    """
    if len(address) > LONGEST or not address.startswith("/") or address.startswith("//"):
        raise BadParameterError("to", address[:60], f"the address of a page of this site, up to {LONGEST} characters")
    language, rest = split_language(address)
    path, _, query = rest.partition("?")
    for name, page in PAGES.items():
        if found := re.fullmatch(page.path.replace("<code>", f"({page.code})"), path):
            pairs = [pair for pair in _pairs(query) if pair[0] not in _NOT_KEPT]
            return LinkState(name, language.tag, "".join(found.groups()), page.tidy(pairs))
    named = "the map, a building, unit, area, comparison, shortlist, match, clusters, chains, indicators, the cockpit"
    raise BadParameterError("to", path[:60], named)


def read_state(kept: Mapping[str, Any]) -> LinkState:
    """The state of a record, of whatever version it is.

    Raises
    ------
    BadParameterError
        Nobody knows its version, or something in it is not understood.
    """
    reader = _READERS.get(kept.get("v", 0))
    if reader is None:
        raise BadParameterError("v", f"{kept.get('v')}", ", ".join(map(str, _READERS)))
    return reader(kept)


def _read_first(kept: Mapping[str, Any]) -> LinkState:
    page, code, query = (str(kept.get(name, "")) for name in ("page", "code", "query"))
    known = PAGES.get(page)
    if known is None or ("<code>" in known.path) != bool(re.fullmatch(known.code, code)):
        raise BadParameterError("page", f"{page} {code}"[:60], ", ".join(PAGES))
    return LinkState(page, _language(str(kept.get("language"))).tag, code, known.tidy(_pairs(query)))


def _language(tag: str) -> Language:
    found = next((each for each in LANGUAGES if each.tag == tag), None)
    if found is None:
        raise BadParameterError("language", tag[:20], ", ".join(each.tag for each in LANGUAGES))
    return found


def _pairs(query: str) -> Pairs:
    try:
        return parse_qsl(query, max_num_fields=200)
    except ValueError:
        raise BadParameterError("query", query[:40], "at most 200 parameters") from None


def _map(pairs: Pairs) -> str:
    """The map's own address; what chat programs hang onto a link is left out, as the page leaves it out."""
    return map_address.to_query(map_address.parse(urlencode([pair for pair in pairs if pair[0] in map_address.KEYS])))


def _match(pairs: Pairs) -> str:
    """What was asked, or the sentence that was typed with what was set beside it."""
    kept = dict(pairs)
    requirement, understood = read_query(kept)
    return urlencode(pairs, safe=",", quote_via=quote) if understood else write_requirement(requirement)


def _only(*names: str) -> Callable[[Pairs], str]:
    """Pages that read their few parameters themselves: these, in this order."""

    def tidy(pairs: Pairs) -> str:
        kept = sorted((pair for pair in pairs if _is_one_of(pair[0], names)), key=lambda pair: _place(pair[0], names))
        for name, value in kept:
            if len(value) > _LONGEST_VALUE:
                raise BadParameterError(name, f"{value[:20]}…", f"at most {_LONGEST_VALUE} characters")
        return urlencode(kept, safe=",", quote_via=quote)

    return tidy


def _is_one_of(name: str, names: tuple[str, ...]) -> bool:
    return _place(name, names) < len(names)


def _place(name: str, names: tuple[str, ...]) -> int:
    """Where a parameter stands; `n.` stands for all that begin so."""
    return next((i for i, each in enumerate(names) if name == each or (each[-1] == "." and name.startswith(each))), 99)


def _clusters(*names: str) -> Callable[[Pairs], str]:
    """Pages of clusters: what was left as usual is said too, so that a link outlives a change of what is usual."""
    usual = dict(parse_qsl(cluster_questions.whole_query(cluster_questions.USUAL)))

    def tidy(pairs: Pairs) -> str:
        given = {name for name, _ in pairs}
        left_out = [(name, value) for name, value in usual.items() if name in names and name not in given]
        return _only(*names)([*pairs, *left_out])

    return tidy


_WAY = ("by", "statistic", "kind", "cell_m", "rings", "q")
_OF_CLUSTERS = ("industry", *_WAY, "reach_m", "least", "least_quotient")
PAGES = {
    "map": Page("/", _map, "date"),
    "building": Page("/b/<code>", _only("sort", "colour", "find", "floor", "trade", "walk"), "as_of"),
    "unit": Page("/u/<code>", _only("colour", "find"), "as_of"),
    "area": Page("/a/<code>", _only("sort"), "as_of"),
    "compare": Page("/compare", _only("u", "b", "only"), "as_of"),
    "shortlist": Page("/shortlist", _only("u", "n."), "as_of"),
    "match": Page("/match", _match, "as_of"),
    "clusters": Page("/clusters", _clusters(*_OF_CLUSTERS, "permutations", "seed"), "as_of"),
    "chains": Page("/clusters/chains", _only("level", "metres", "area", "pair"), "as_of"),
    "together": Page("/clusters/together", _clusters("area", "level", "sort", *_WAY), "as_of"),
    "leading": Page("/clusters/leading", _clusters("unit", "level", "by", "kind", "cell_m"), "as_of"),
    "side_by_side": Page("/clusters/side-by-side", _clusters("industry", "other", "since", *_OF_CLUSTERS[1:]), "as_of"),
    "months": Page("/clusters/months", _clusters("months", *_OF_CLUSTERS), "as_of"),
    "indicators": Page("/indicators", _only("area"), "as_of"),
    "cockpit": Page("/cockpit", _only("area"), "as_of"),
    "indicator": Page("/indicators/<code>", _only("area", "building", "since", "try"), "as_of", "[a-z][a-z0-9_]{1,39}"),
}
_READERS: dict[object, Callable[[Mapping[str, Any]], LinkState]] = {VERSION: _read_first}
