"""What tenants ask of a building, answered or "not stated", by topic, each with its date and source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from geo.taxonomy import building_facts
from webmap.buildings.operations import BuildingPage
from webmap.names import hant
from webmap.numbers import area, number, quoted
from webmap.words import word


@dataclass(frozen=True, slots=True)
class Condition:
    """A question and its answer; nothing where nobody has stated one. `note` says what the answer was read from."""

    topic: str
    name: str
    value: str | None
    dated_on: date | None = None
    source_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that belong together."""

    name: str
    conditions: list[Condition]


def topics(page: BuildingPage) -> list[Topic]:
    """All questions that tenants ask, and whatever else is known, by topic; those without an answer stand last."""
    asked = list(_conditions(page))
    found = []
    for code, name in _names().items():
        mine = [each for each in asked if each.topic == code]
        found.append(Topic(name, sorted(mine, key=lambda each: each.value is None)))
    return [topic for topic in found if topic.conditions]


def stated(page: BuildingPage) -> list[tuple[str, str]]:
    """Name and value of what is known, in the order of the topics."""
    return [(each.name, each.value) for topic in topics(page) for each in topic.conditions if each.value]


def missing(found: Sequence[Topic]) -> int:
    """How many questions have no answer."""
    return sum(each.value is None for topic in found for each in topic.conditions)


def _names() -> dict[str, str]:
    return {
        "space": gettext("空间"),
        "lifts": gettext("电梯"),
        "air": gettext("空调"),
        "power": gettext("电力与网络"),
        "parking": gettext("停车"),
        "papers": gettext("证照与许可"),
        "more": gettext("其他条件"),
    }


def _conditions(page: BuildingPage) -> Iterator[Condition]:
    facts = {fact.fact: fact for fact in reversed(page.facts)}
    yield from _of_the_building(page, set(facts))
    for kind in building_facts():
        fact = facts.pop(kind.code, None)
        if fact is not None:
            yield _answered(kind.topic, fact)
        elif kind.code == "passenger_lifts" and page.building.lifts:
            continue
        elif kind.asked:
            yield _of_floors(page, kind.code) or Condition(kind.topic, word(kind.code, "fact"), None)
    yield from (_answered("more", fact) for fact in facts.values())


def _of_the_building(page: BuildingPage, told: set[str]) -> Iterator[Condition]:
    """What the building's own columns say."""
    building = page.building
    fee, spaces = building.property_fee_cny_m2_month, building.parking_spaces
    lifts = building.lifts if "passenger_lifts" not in told else None
    said: list[tuple[str, str, str | None]] = [
        ("space", gettext("标准层面积"), _area(building.typical_floor_area_m2)),
        ("space", gettext("物业费"), None if fee is None else quoted(fee, "cny_m2_month")),
        ("parking", gettext("停车位"), number(spaces) if spaces else None),
    ]
    if lifts:
        said.append(("lifts", gettext("客梯"), ngettext("%(num)s 部", "%(num)s 部", lifts)))
    for topic, name, value in said:
        yield Condition(topic, name, value, None, building.source_id if value else None)


def _of_floors(page: BuildingPage, code: str) -> Condition | None:
    """What the floors say where nothing is said of the building: the least and the most of those that are known."""
    column, unit = {"clear_height": ("clear_height_m", "m"), "floor_load": ("load_kn_m2", "kN/m²")}.get(code, ("", ""))
    known = sorted(float(value) for floor in page.floors.values() if (value := getattr(floor, column, None)))
    if not known:
        return None
    low, high = number(known[0], 2), number(known[-1], 2)
    value = f"{low} {unit}" if low == high else f"{low}–{high} {unit}"
    return Condition("space", word(code, "fact"), value, None, page.building.source_id, gettext("按各楼层登记"))


def _answered(topic: str, fact: Any) -> Condition:
    value, unit = (hant(word(said, "said")) for said in (fact.value, fact.unit))
    said = f"{value} {unit}" if unit else value
    return Condition(topic, word(fact.fact, "fact"), said, fact.dated_on, fact.source_id)


def _area(value: Any) -> str | None:
    return None if value is None else area(value)
