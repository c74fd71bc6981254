"""The lines of a cost: what each part comes to a month or once, by which formula, or what is missing for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from geo.costs.terms import Terms, Usage
from geo.taxonomy import rent_units
from geo.taxonomy.rents import RentUnit

Money = Decimal
DAYS = Decimal(365)
MONTHS = Decimal(12)

RENT, FEE, PARKING, OVERTIME = "rent", "property_fee", "parking", "overtime_hvac"
DEPOSIT, RESTORATION, RENT_FREE, ESCALATION = "deposit", "restoration", "rent_free", "escalation"
RENT_FREE_FEE = "rent_free_fee"
"""Whether the property fee is due in months without rent."""


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the cost: CNY a month while it is due, or once.

    Amounts are None where something that goes into them is not stated; `missing` names it. `inputs` are the figures of
    the formula by their names.
    """

    name: str
    month_cny: Money | None = None
    once_cny: Money | None = None
    formula: str = ""
    formula_zh: str = ""
    inputs: Mapping[str, Decimal] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def lines_of(terms: Terms, usage: Usage) -> tuple[Line, ...]:
    """All lines for an offer and its use."""
    return _rent(terms), _fee(terms), *_parking(terms, usage), *_overtime(terms, usage), *_once(terms)


def rounded(amount: Decimal) -> Money:
    """An amount to the fen."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _rent(terms: Terms) -> Line:
    unit = _rent_units().get(terms.rent_unit or "")
    if terms.rent_amount is None or unit is None:
        return Line(RENT, missing=("rent",))
    inputs = {"rent": terms.rent_amount}
    price, price_zh = (f"{_said(terms.rent_amount)} {unit.label(locale)}" for locale in ("en", "zh"))
    if unit.per == "desk":
        return Line(RENT, None, None, price, price_zh, inputs, ("desks",))
    scale = {"day": DAYS / MONTHS, "month": Decimal(1), "year": 1 / MONTHS}[unit.period]
    times = {"day": " × 365/12", "month": "", "year": " / 12"}[unit.period]
    if unit.per == "unit":
        return Line(RENT, rounded(terms.rent_amount * scale), None, price + times, price_zh + times, inputs)
    if not terms.area_m2:
        return Line(RENT, None, None, price + times, price_zh + times, inputs, ("area_m2",))
    area = f"{_said(terms.area_m2)} m² × "
    month = rounded(terms.area_m2 * terms.rent_amount * scale)
    return Line(RENT, month, None, area + price + times, area + price_zh + times, inputs | {"area_m2": terms.area_m2})


def _fee(terms: Terms) -> Line:
    if terms.property_fee_included:
        return Line(FEE, Money(0), None, "included in the rent", "已含在租金内")
    fee, area = terms.property_fee_cny_m2_month, terms.area_m2
    if fee is None or not area:
        return Line(FEE, missing=("property_fee",) if fee is None else ("area_m2",))
    text = f"{_said(area)} m² × {_said(fee)} "
    inputs = {"area_m2": area, "property_fee": fee}
    return Line(FEE, rounded(area * fee), None, f"{text}CNY/m²/month", f"{text}元/m²·月", inputs)


def _parking(terms: Terms, usage: Usage) -> Iterable[Line]:
    if usage.parking_places:
        yield _times(PARKING, usage.parking_places, terms.parking_cny_month, ("places", "个车位"), ("month", "月"))


def _overtime(terms: Terms, usage: Usage) -> Iterable[Line]:
    """Air conditioning after hours is named wherever the tenant has not said that none is needed."""
    if usage.overtime_hours_month or terms.overtime_cny_hour is None:
        hours = usage.overtime_hours_month
        yield _times(OVERTIME, hours, terms.overtime_cny_hour, ("hours a month", "小时/月"), ("hour", "小时"))


def _times(
    name: str, number: Decimal | int, price: Decimal | None, counted: tuple[str, str], per: tuple[str, str]
) -> Line:
    if price is None:
        return Line(name, missing=(name,))
    inputs = {"number": Decimal(number), "price": price}
    formula = (
        f"{_said(Decimal(number))} {counted[0]} × {_said(price)} CNY/{per[0]}",
        f"{_said(Decimal(number))} {counted[1]} × {_said(price)} 元/{per[1]}",
    )
    return Line(name, rounded(number * price), None, *formula, inputs)


def _once(terms: Terms) -> Iterable[Line]:
    return _deposit(terms), _restoration(terms)


def _deposit(terms: Terms) -> Line:
    rent = _rent(terms).month_cny
    if terms.deposit_months is None or rent is None:
        return Line(DEPOSIT, missing=("deposit_months" if terms.deposit_months is None else "rent",))
    text = f"{terms.deposit_months} × {_said(rent)}"
    inputs = {"months": Decimal(terms.deposit_months), "rent_month": rent}
    return Line(DEPOSIT, None, terms.deposit_months * rent, f"{text} CNY, paid back", f"{text} 元，到期退还", inputs)


def _restoration(terms: Terms) -> Line:
    price, area = terms.restoration_cny_m2, terms.area_m2
    if price is None or not area:
        return Line(RESTORATION, missing=(RESTORATION,) if price is None else ("area_m2",))
    text = f"{_said(area)} m² × {_said(price)} "
    inputs = {"area_m2": area, "restoration": price}
    return Line(RESTORATION, None, rounded(area * price), f"{text}CNY/m²", f"{text}元/m²", inputs)


@cache
def _rent_units() -> Mapping[str, RentUnit]:
    return {unit.code: unit for unit in rent_units()}


def _said(number: Decimal) -> str:
    """A number without zeros behind the point that say nothing."""
    return format(number.normalize(), "f")
