"""Grades, themes, delivery states, occupancy, building status, area levels and the terms of the project."""

from dataclasses import dataclass
from functools import cache, lru_cache

from geo.taxonomy.tables import Word, find, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade(Word):
    """A grade under one scheme; `order` 1 is the best of its scheme."""

    scheme: str
    scheme_name: str
    scheme_name_en: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStatus(Word):
    """A word for the state of a unit.

    Attributes
    ----------
    audience
        ``public`` or ``staff``: who may see this word on a page.
    colour, pattern
        How it is drawn; `pattern` is ``hatched`` or empty.
    occupancy, contract
        What is stored in `unit_states` for a unit described with this word.
    """

    audience: str
    colour: str
    pattern: str
    occupancy: str
    contract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLevel(Word):
    """A level of areas; `order` 1 is the widest."""

    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the project with its meaning."""

    code: str
    term_en: str
    name_zh: str
    definition_en: str
    definition_zh: str


@cache
def grades(scheme: str | None = None) -> tuple[Grade, ...]:
    """Return the grades of a scheme (``gbt39069``, ``market``, ``5a``), or of all of them."""
    return tuple(grade for grade in read_table(Grade, "grades.csv") if scheme in (None, grade.scheme))


@cache
def themes() -> tuple[Word, ...]:
    """Return the themes of buildings (特色楼宇)."""
    return read_table(Word, "themes.csv")


@cache
def fitouts() -> tuple[Word, ...]:
    """Return the delivery states, from 毛坯 to 带家具."""
    return read_table(Word, "fitout.csv")


@cache
def occupancies(audience: str = "staff") -> tuple[UnitStatus, ...]:
    """Return the words for the state of a unit that an audience (``public``, ``staff``) sees."""
    every = read_table(UnitStatus, "occupancy.csv")
    return tuple(status for status in every if audience == "staff" or status.audience == "public")


@cache
def building_statuses() -> tuple[Word, ...]:
    """Return the states of a building: operating, under construction, planned."""
    return read_table(Word, "building_status.csv")


@cache
def area_levels() -> tuple[AreaLevel, ...]:
    """Return the levels of areas, the widest first."""
    return read_table(AreaLevel, "area_levels.csv")


@cache
def terms() -> tuple[Term, ...]:
    """Return the words of the project with their definitions."""
    return read_table(Term, "terms.csv")


@lru_cache(4096)
def grade_from_text(text: str, scheme: str | None = None) -> Grade:
    """Return the grade a text names: "甲级" the one of GB/T 39069, "A" or "Grade A" the market's, "超甲", "5A"."""
    return find(grades(scheme), text, "grade")


@lru_cache(4096)
def theme_from_text(text: str) -> Word:
    """Return the theme a text names."""
    return find(themes(), text, "theme")


@lru_cache(4096)
def fitout_from_text(text: str) -> Word:
    """Return the delivery state a text names."""
    return find(fitouts(), text, "delivery state")


@lru_cache(4096)
def occupancy_from_text(text: str) -> UnitStatus:
    """Return the state a text names ("空置", "已租", "自用", "洽谈中"), with the occupancy and contract it means."""
    return find(occupancies(), text, "occupancy")


@lru_cache(4096)
def building_status_from_text(text: str) -> Word:
    """Return the state of a building that a text names."""
    return find(building_statuses(), text, "status of a building")


@lru_cache(4096)
def area_level_from_text(text: str) -> AreaLevel:
    """Return the level of an area that a text names ("街道", "district")."""
    return find(area_levels(), text, "level of an area")
