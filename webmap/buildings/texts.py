"""Sentences and lists that the pages are made of, in the reader's language."""

from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from webmap.buildings.operations import BuildingPage
from webmap.names import hant, label
from webmap.numbers import area, beside_range, day, distance, metres, number, percent, quoted_range
from webmap.words import word

STOPS = ("metro", "rail")


def headline(page: BuildingPage) -> list[str]:
    """What is said in one line under the name: floors, height, year, distance to the metro, age of the data."""
    building, said = page.building, []
    if building.floors_above:
        above = ngettext("%(num)s 层", "%(num)s 层", building.floors_above)
        below = ngettext("地下 %(num)s 层", "地下 %(num)s 层", building.floors_below) if building.floors_below else ""
        said.append(gettext("%(above)s，%(below)s", above=above, below=below) if below else above)
    if building.height_m:
        said.append(gettext("高 %(metres)s", metres=metres(building.height_m)))
    if building.completed_year:
        said.append(gettext("%(year)s 年建成", year=building.completed_year))
    stop = next((place for place in page.amenities if place.category in STOPS and place.name), None)
    if stop:
        said.append(gettext("距%(name)s%(distance)s", name=label(stop), distance=distance(stop.metres, stop.method)))
    reports = [unit.reported_on for unit in page.units.values() if unit.reported_on]
    if reports:
        said.append(gettext("最近报送 %(day)s", day=day(max(reports))))
    return said


def building_summary(page: BuildingPage) -> str:
    """One sentence for search engines and shared links."""
    said = [label(page.building) or hant(page.building.address)]
    if page.building.grade:
        said.append(word(page.building.grade, "grade", page.building.grade_scheme))
    said += headline(page)[:1]
    if page.market:
        said.append(gettext("可租 %(area)s", area=area(page.vacancy.vacant_m2)))
    if page.vacancy.rate is not None:
        said.append(gettext("空置率 %(rate)s", rate=percent(page.vacancy.rate)))
    if page.rents:
        said.append(quoted_range(page.rents[0].low, page.rents[0].high, page.rents[0].unit))
    return gettext("，").join(said)


def rents_beside(page: BuildingPage) -> str:
    """The rents of the building per m² in the units they were not quoted in."""
    if page.rent_cny_m2_day is None:
        return ""
    return " · ".join(beside_range(page.rent_cny_m2_day, page.rents[0].unit if page.rents else None))


def offer_terms(offer: Any) -> list[tuple[str, str]]:
    """The terms of an offer as its owner published them."""
    if offer is None:
        return []
    kinds = {"rent": gettext("出租"), "sale": gettext("出售"), "sublease": gettext("转租")}
    terms = [
        (gettext("方式"), kinds[offer.kind]),
        (gettext("税"), _included(offer.tax_included)),
        (gettext("物业费"), _included(offer.property_fee_included)),
        (gettext("免租期"), _rent_free(offer.rent_free_months, offer.rent_free_with_fee)),
        (gettext("押金"), _months(offer.deposit_months)),
        (gettext("年递增"), percent(offer.escalation_pct / 100) if offer.escalation_pct is not None else None),
        (gettext("恢复原状"), _restoration(offer.restoration_cny_m2)),
    ]
    return [(name, value) for name, value in terms if value]


def months(first: date, last: date) -> str:
    """A span of months: "2025-03 – 2025-11"."""
    return f"{first:%Y-%m}" if first == last else f"{first:%Y-%m} – {last:%Y-%m}"


def _months(count: int | None) -> str | None:
    return None if count is None else ngettext("%(num)s 个月", "%(num)s 个月", count)


def _rent_free(count: int | None, with_fee: bool | None) -> str | None:
    """Months without rent, and whether the property fee is due in them."""
    told = _months(count)
    if not told or not count or with_fee is None:
        return told
    return gettext("%(months)s，免物业费", months=told) if with_fee else gettext("%(months)s，物业费照付", months=told)


def _restoration(cny_m2: Any) -> str | None:
    return None if cny_m2 is None else gettext("%(amount)s 元/m²，退租时", amount=number(cny_m2))


def _included(value: bool | None) -> str | None:
    return None if value is None else gettext("已含") if value else gettext("另付")
