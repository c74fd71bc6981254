"""What is asked of the board: an area, a measure for the map, an order and a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from geo.errors import BadParameterError
from geo.parameters import whole
from webmap.quality.drawing import MEASURES

SORTS = ("worth", *MEASURES)


@dataclass(frozen=True, slots=True)
class Question:
    """The state of the page; what is usual is left out of addresses."""

    area: str = ""
    measure: str = "completeness"
    sort: str = "worth"
    page: int = 1

    def query(self, **changed: object) -> str:
        """The query string of the same page with something changed; another order or area begins at its first page."""
        values = {name: changed.get(name, getattr(self, name)) for name in self.__slots__}
        if changed.keys() & {"area", "sort"}:
            values["page"] = 1
        usual = Question()
        return urlencode({name: value for name, value in values.items() if value != getattr(usual, name)})


def read_question(query: Mapping[str, str]) -> Question:
    """What the query string asks.

    Raises
    ------
    BadParameterError
        A measure, an order or a page that there is not.
    """
    usual = Question()
    page = whole("page", query.get("page") or "1", 1, 100_000)
    chosen = _one_of(query, "measure", MEASURES, usual.measure), _one_of(query, "sort", SORTS, usual.sort)
    return Question(query.get("area", "").strip(), *chosen, page)


def _one_of(query: Mapping[str, str], name: str, allowed: tuple[str, ...], usual: str) -> str:
    value = query.get(name) or usual
    if value not in allowed:
        raise BadParameterError(name, value[:20], ", ".join(allowed))
    return value
