"""The 20 amenity categories, and which of them an OpenStreetMap object or a row of an AMap extract belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from geo.taxonomy.tables import Word, find, read_table

Rule = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmenityCategory(Word):
    """A kind of place near a building.

    Attributes
    ----------
    icon, colour
        How it is drawn: the name of a Lucide icon, and a colour.
    osm
        Tag rules, each ``key=value`` or several joined by ``&``; the value ``*`` stands for any.
    amap
        Beginnings of AMap type texts ("大类;中类").
    """

    icon: str
    colour: str
    osm: tuple[str, ...]
    amap: tuple[str, ...]


@cache
def amenity_categories() -> tuple[AmenityCategory, ...]:
    """Return the categories in their order on the page."""
    return read_table(AmenityCategory, "amenities.csv")


def amenity_of_osm(tags: Mapping[str, str]) -> str | None:
    """Return the category of an OpenStreetMap object by its tags, None when it is no amenity; the first rule wins."""
    hits = [
        hit
        for key, values in tags.items()
        for value in values.split(";")
        for hit in _osm_rules().get((key, value.strip()), ())
        if _obeys(tags, hit[1])
    ]
    return min(hits)[2] if hits else None


@lru_cache(4096)
def amenity_of_amap(type_text: str) -> str | None:
    """Return the category of an AMap type text, None when it is no amenity.

    "餐饮服务;咖啡厅;星巴克咖啡" is a café: the longest known beginning wins. Of several types joined by ``|`` the first
    known one counts.
    """
    for written in type_text.split("|"):
        hits = [(len(start), code) for start, code in _amap_starts() if f"{written.strip()};".startswith(f"{start};")]
        if hits:
            return max(hits)[1]
    return None


@lru_cache(4096)
def amenity_from_text(text: str) -> AmenityCategory:
    """Return the category a text names ("地铁站", "银行", "hotel").

    Raises
    ------
    geo.errors.UnknownValueError
        When it is none.
    """
    return find(amenity_categories(), text, "amenity")


@cache
def _osm_rules() -> dict[tuple[str, str], list[tuple[int, Rule, str]]]:
    """The tag rules under their first tag, each with its place in the file, so that the earlier one can win."""
    rules: dict[tuple[str, str], list[tuple[int, Rule, str]]] = {}
    written = [(text, category.code) for category in amenity_categories() for text in category.osm]
    for place, (text, code) in enumerate(written):
        first, *others = (condition.partition("=")[::2] for condition in text.split("&"))
        rules.setdefault(first, []).append((place, tuple(others), code))
    return rules


@cache
def _amap_starts() -> tuple[tuple[str, str], ...]:
    return tuple((start, category.code) for category in amenity_categories() for start in category.amap)


def _obeys(tags: Mapping[str, str], rule: Rule) -> bool:
    return all(key in tags and value in ("*", tags[key]) for key, value in rule)
