"""What a space truly costs: rent, property fee, parking, cooling after hours, deposit, restoration, month by month.

Every line says its formula and what went into it; what an offer does not state is named and left out, never guessed.
A month of rent by the day is 365/12 days (`geo/taxonomy/rents.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from geo.taxonomy import rent_units

Money = Decimal
DAYS = Decimal(365)
MONTHS = Decimal(12)

RENT, FEE, PARKING, OVERTIME = "rent", "property_fee", "parking", "overtime_hvac"
DEPOSIT, RESTORATION, RENT_FREE, ESCALATION = "deposit", "restoration", "rent_free", "escalation"
RENT_FREE_FEE = "rent_free_fee"
"""Whether the property fee is due in months without rent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is stated of an offer and its building; None is not stated.

    Money in CNY; areas in m²; `overtime_cny_hour` for the air conditioning of a floor; `rent_free_with_fee` says that
    no property fee is due in the months without rent; rent rises by `escalation_pct` every year.
    """

    area_m2: Decimal | None = None
    area_basis: str = "gross"
    rent_amount: Decimal | None = None
    rent_unit: str | None = None
    tax_included: bool | None = None
    property_fee_cny_m2_month: Decimal | None = None
    property_fee_included: bool | None = None
    deposit_months: int | None = None
    rent_free_months: int | None = None
    rent_free_with_fee: bool | None = None
    escalation_pct: Decimal | None = None
    parking_cny_month: Decimal | None = None
    overtime_cny_hour: Decimal | None = None
    restoration_cny_m2: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How the tenant will use it: months, parking places, hours of air conditioning after hours."""

    term_months: int = 36
    parking_places: int = 0
    overtime_hours_month: Decimal = Decimal(0)


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


@dataclass(frozen=True, slots=True)
class Month:
    """What is paid in a month of the term, line by line; the deposit comes back in the last one."""

    number: int
    paid: Mapping[str, Money]

    @property
    def total_cny(self) -> Money:
        """All lines together."""
        return sum(self.paid.values(), Money(0))


@dataclass(frozen=True, slots=True)
class Cost:
    """The lines, the months of the term, and what is not stated."""

    lines: tuple[Line, ...]
    months: tuple[Month, ...]
    unknown: tuple[str, ...]

    @property
    def month_cny(self) -> Money:
        """A full month at the beginning, without reductions: the known monthly lines together."""
        return sum((line.month_cny for line in self.lines if line.month_cny is not None), Money(0))

    @property
    def total_cny(self) -> Money:
        """All that is known over the term; the deposit, which comes back, is not in it."""
        return sum((month.total_cny for month in self.months), Money(0))

    @property
    def average_month_cny(self) -> Money:
        """The same per month of the term, with months without rent and rises in it."""
        return rounded(self.total_cny / len(self.months))

    def years(self) -> list[Money]:
        """What is paid in each year of the term, deposit included."""
        return [
            sum((month.total_cny for month in self.months[start : start + 12]), Money(0))
            for start in range(0, len(self.months), 12)
        ]


def cost(terms: Terms, usage: Usage | None = None) -> Cost:
    """What an offer costs.

    Parameters
    ----------
    terms
        What is stated.
    usage
        Term, parking and hours; 36 months without parking and hours when left out.
    """
    usage = usage or Usage()
    lines = (_rent(terms), _fee(terms), *_parking(terms, usage), *_overtime(terms, usage), *_once(terms))
    unknown = [line.name for line in lines if line.missing] + _unknown_terms(terms)
    return Cost(lines, tuple(_months(terms, usage, lines)), tuple(dict.fromkeys(unknown)))


def together(costs: Sequence[Cost]) -> Cost:
    """What several units cost as one."""
    if len(costs) == 1:
        return costs[0]
    names = dict.fromkeys(line.name for each in costs for line in each.lines)
    lines = tuple(_sum_of([line for each in costs for line in each.lines if line.name == name]) for name in names)
    known = [line.name for line in lines if not line.missing]
    shared: dict[tuple[int, ...], Mapping[str, Money]] = {}
    months = []
    for same in zip(*(each.months for each in costs), strict=True):
        like = tuple(id(month.paid) for month in same)
        if like not in shared:
            shared[like] = {name: _sum(month.paid.get(name) for month in same) for name in known}
        months.append(Month(same[0].number, shared[like]))
    return Cost(lines, tuple(months), tuple(dict.fromkeys(name for each in costs for name in each.unknown)))


def rounded(amount: Decimal) -> Money:
    """An amount to the fen."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _rent(terms: Terms) -> Line:
    unit = next((each for each in rent_units() if each.code == terms.rent_unit), None)
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


def _unknown_terms(terms: Terms) -> list[str]:
    """Terms that change what is paid when, and are not stated."""
    unknown = []
    if terms.rent_free_months is None:
        unknown.append(RENT_FREE)
    elif terms.rent_free_months and terms.rent_free_with_fee is None and not terms.property_fee_included:
        unknown.append(RENT_FREE_FEE)
    if terms.escalation_pct is None:
        unknown.append(ESCALATION)
    return unknown


def _months(terms: Terms, usage: Usage, lines: Sequence[Line]) -> Iterable[Month]:
    """Month by month; months in which the same is due share what is paid."""
    monthly = {line.name: line.month_cny for line in lines if line.month_cny is not None}
    once = {line.name: line.once_cny for line in lines if line.once_cny is not None}
    shared: dict[tuple[object, ...], Mapping[str, Money]] = {}
    for number in range(1, usage.term_months + 1):
        like = (number - 1) // 12, number <= (terms.rent_free_months or 0), number == 1, number == usage.term_months
        if like not in shared:
            shared[like] = _due(terms, monthly, like[0], like[1]) | _due_once(once, like[2], like[3])
        yield Month(number, shared[like])


def _due(terms: Terms, monthly: Mapping[str, Money], year: int, free: bool) -> dict[str, Money]:
    """What is due in a month; in those without rent the fee is, unless it is said not to be."""
    paid = dict(monthly)
    if RENT in paid:
        rise = 1 + (terms.escalation_pct or Decimal(0)) / 100
        paid[RENT] = Money(0) if free else rounded(monthly[RENT] * rise**year)
    if FEE in paid and free and terms.rent_free_with_fee:
        paid[FEE] = Money(0)
    return paid


def _due_once(once: Mapping[str, Money], first: bool, last: bool) -> dict[str, Money]:
    """The deposit goes in the first month and comes back in the last, in which the space is restored."""
    times = {DEPOSIT: first - last, RESTORATION: int(last)}
    return {name: amount * times[name] for name, amount in once.items()}


def _sum_of(lines: Sequence[Line]) -> Line:
    """The same line of several units: unknown where one of them is."""
    missing = tuple(dict.fromkeys(name for line in lines for name in line.missing))
    formula, formula_zh = (
        " + ".join(getattr(line, each) or "?" for line in lines) for each in ("formula", "formula_zh")
    )
    months, onces = ([getattr(line, each) for line in lines] for each in ("month_cny", "once_cny"))
    return Line(
        lines[0].name,
        None if None in months else _sum(months),
        None if None in onces else _sum(onces),
        formula,
        formula_zh,
        {f"{name}_{number}": value for number, line in enumerate(lines, 1) for name, value in line.inputs.items()},
        missing,
    )


def _said(number: Decimal) -> str:
    """A number without zeros behind the point that say nothing."""
    return format(number.normalize(), "f")


def _sum(amounts: Iterable[Money | None]) -> Money:
    return sum((amount for amount in amounts if amount is not None), Money(0))
