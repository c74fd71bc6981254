"""The columns of a list in its workbook: what stands in them for a unit, and for a whole building."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from geo.costs import DEPOSIT
from webmap.names import attribution
from webmap.numbers import day_of
from webmap.picked import wording
from webmap.picked.filling import Entry, Found, House, Shortlist
from webmap.words import word

METRES, AREA, MONEY, RENT, DAY = "#,##0", "#,##0.00", "#,##0", "0.00", "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what stands in it for a unit, how numbers are written, how many characters wide.

    `house` is what stands in it for a building.
    """

    heading: str
    value: Callable[[Found], Any]
    width: int
    form: str | None = None
    house: Callable[[House], Any] = lambda _: None

    def of(self, entry: Entry) -> Any:
        """What stands in it for a line."""
        if entry.house:
            return self.house(entry.house)
        return self.value(entry.found) if entry.found else None


def columns_of(made: Shortlist) -> list[Column]:
    """The columns of a list, in their order; those of ways on foot are what is near any of its items."""
    return [*_of_units(), *_of_costs(), *_of_ways(made), *_of_truth()]


def _of_units() -> list[Column]:
    return [
        Column(gettext("状态"), wording.status, 20, None, wording.free_now),
        Column(gettext("面积 (m²)"), lambda each: each.unit.area_m2, 11, AREA, _free_m2),
        Column(gettext("面积口径"), lambda each: word(each.unit.area_basis, "area_basis"), 12),
        Column(gettext("可分割自 (m²)"), lambda each: each.unit.min_area_m2, 12, AREA),
        Column(gettext("楼层"), lambda each: each.floor.label if each.floor else None, 8, None, _whole),
        _of_building(gettext("总层数"), lambda row: row.floors_above, 8, METRES),
        Column(gettext("租金（报价）"), wording.rent, 26, None, wording.rents),
        Column(gettext("租金 (元/m²·天)"), _daily, 13, RENT),
        Column(gettext("装修"), lambda each: word(each.unit.fitout, "fitout"), 12),
        Column(gettext("可租时间"), wording.available, 13),
        _of_building(gettext("等级"), lambda row: word(row.grade, "grade", row.grade_scheme), 9),
        _of_building(gettext("建成"), lambda row: row.completed_year, 8, "0"),
        _of_building(gettext("地址"), wording.address_of, 28),
    ]


def _of_building(heading: str, ask: Callable[[Any], Any], width: int, form: str | None = None) -> Column:
    """What a unit and a building say alike: a fact of the building."""
    return Column(heading, lambda each: ask(each.building), width, form, lambda each: ask(each.building))


def _whole(_: House) -> str:
    return gettext("整幢")


def _free_m2(house: House) -> Decimal | None:
    return house.vacancy.vacant_m2 if house.free else None


def _of_costs() -> list[Column]:
    return [
        Column(gettext("费用所按面积 (m²)"), _cost_m2, 13, AREA),
        Column(gettext("每月（写明的部分，元）"), _cost(lambda cost: cost.month_cny), 15, MONEY),
        Column(gettext("三年平均每月（元）"), _cost(lambda cost: cost.average_month_cny), 15, MONEY),
        Column(gettext("三年合计（元）"), _cost(lambda cost: cost.total_cny), 15, MONEY),
        Column(gettext("押金（元）"), _cost(_deposit), 13, MONEY),
        Column(gettext("免租（月）"), lambda each: each.rent_free_months, 9, "0"),
        _of_building(gettext("物业费 (元/m²·月)"), lambda row: row.property_fee_cny_m2_month, 13, RENT),
        Column(gettext("未注明、没有计入"), _cost(lambda cost: gettext("、").join(wording.unknown(cost))), 28),
    ]


def _of_ways(made: Shortlist) -> list[Column]:
    """Two columns for each amenity that is near any of the units: its metres, and how they were measured."""
    there = {category for entry in made.found if entry.thing for category in entry.thing.nearest}
    columns = []
    for category in (each for each in wording.WAYS if each in there):
        name = word(category, "amenity")
        metres, method = _metres(category), _method(category)
        columns.append(Column(gettext("%(what)s (m)", what=name), metres, 11, METRES, metres))
        columns.append(Column(gettext("%(what)s，量法", what=name), method, 16, None, method))
    return columns


def _of_truth() -> list[Column]:
    return [
        Column(gettext("来源"), _source, 26, None, _source),
        Column(gettext("报送日期"), lambda each: each.unit.reported_on, 12, DAY, _last_reported),
        Column(gettext("录入日期"), lambda each: day_of(each.unit.recorded_at), 13),
        Column(gettext("核实日期"), lambda each: each.unit.verified_on, 12, DAY),
    ]


def _source(thing: Found | House) -> str | None:
    return str(attribution(thing.source)) if thing.source else None


def _last_reported(house: House) -> Any:
    return max((unit.reported_on for unit in house.free if unit.reported_on), default=None)


def _daily(found: Found) -> float | None:
    if not found.on_market or found.unit.rent_cny_m2_day is None:
        return None
    return round(float(found.unit.rent_cny_m2_day), 2)


def _cost(ask: Callable[[Any], Any]) -> Callable[[Found], Any]:
    return lambda found: ask(found.cost) if found.cost else None


def _cost_m2(found: Found) -> Decimal | None:
    return (found.taken_m2 or found.unit.area_m2) if found.cost else None


def _deposit(cost: Any) -> Decimal | None:
    return next((line.once_cny for line in cost.lines if line.name == DEPOSIT), None)


def _metres(category: str) -> Callable[[Found | House], Any]:
    return lambda found: round(found.nearest[category].metres) if category in found.nearest else None


def _method(category: str) -> Callable[[Found | House], Any]:
    return lambda found: word(found.nearest[category].method, "method") if category in found.nearest else None
