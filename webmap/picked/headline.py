"""What is said first of an item of a list: four figures, a line of words, and its cells in a table of all."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, ngettext

from webmap.numbers import area, number, quoted
from webmap.picked import wording
from webmap.picked.filling import Entry, Found, House
from webmap.words import word

Pairs = list[tuple[str, str]]


def keys(entry: Entry) -> Pairs:
    """The four figures with their names; none of what is no longer listed."""
    if entry.house:
        return [*_of_house(entry.house), *wording.ways(entry.house)[:1]]
    return [*_of_unit(entry.found), *wording.ways(entry.found)[:1]] if entry.found else []


def rest(entry: Entry) -> str:
    """The line under them: floor, fit-out, from when; of a building its grade and size."""
    said = _about_house(entry.house) if entry.house else _about_unit(entry.found) if entry.found else []
    return " · ".join(each for each in said if each)


def cells(entry: Entry) -> Sequence[str]:
    """Its area, floor, rent and average cost a month; nothing of what is no longer listed."""
    if entry.house:
        count = ngettext("%(num)s 个单元", "%(num)s 个单元", len(entry.house.free))
        size = area(entry.house.vacancy.vacant_m2) if entry.house.free else "—"
        return size, f"{gettext('整幢')} · {count}", wording.rents(entry.house) or "—", "—"
    if entry.found is None:
        return ()
    found = entry.found
    return _size(found), wording.floor(found) or "—", _rent(found), _average(found)


def of_free(unit: Any) -> Sequence[str]:
    """Area, rent as quoted and from when, of a unit that is to let."""
    rent = quoted(unit.rent_amount, unit.rent_unit) if unit.rent_amount is not None else gettext("面议")
    return area(unit.area_m2), rent, wording.free_from(unit)


def _of_unit(found: Found) -> Pairs:
    return [
        (gettext("面积"), _size(found)),
        (gettext("租金"), _rent(found)),
        (gettext("三年平均每月"), _average(found)),
    ]


def _size(found: Found) -> str:
    """What of it is looked at, and all of it."""
    whole = area(found.unit.area_m2)
    return gettext("%(part)s，共 %(whole)s", part=area(found.taken_m2), whole=whole) if found.taken_m2 else whole


def _of_house(house: House) -> Pairs:
    return [
        (gettext("可租"), area(house.vacancy.vacant_m2) if house.free else "—"),
        (gettext("挂牌租金"), wording.rents(house) or "—"),
        (gettext("可租单元"), number(len(house.free))),
    ]


def _about_unit(found: Found) -> list[str]:
    unit, building = found.unit, found.building
    least = unit.min_area_m2 if found.on_market else None
    return [
        gettext("%(area)s 起可分割", area=area(least)) if least else "",
        wording.floor(found),
        word(unit.fitout, "fitout") if found.on_market else "",
        wording.available(found),
        word(building.grade, "grade", building.grade_scheme),
    ]


def _about_house(house: House) -> list[str]:
    row = house.building
    return [
        word(row.grade, "grade", row.grade_scheme),
        ngettext("%(num)s 层", "%(num)s 层", row.floors_above) if row.floors_above else "",
        gettext("可租售面积 %(area)s", area=area(row.leasable_area_m2)) if row.leasable_area_m2 else "",
    ]


def _rent(found: Found) -> str:
    """The rent as it is quoted, without what it is beside that."""
    unit = found.unit
    if found.on_market and unit.rent_amount is not None:
        return quoted(unit.rent_amount, unit.rent_unit)
    return wording.rent(found) or "—"


def _average(found: Found) -> str:
    if found.cost is None or not found.on_market:
        return "—"
    return gettext("%(amount)s 元", amount=number(found.cost.average_month_cny))
