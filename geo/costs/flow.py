"""What is paid over the term: months without rent, rises, the deposit and its return; of one unit or of several."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from geo.costs.lines import (
    DEPOSIT,
    ESCALATION,
    FEE,
    RENT,
    RENT_FREE,
    RENT_FREE_FEE,
    RESTORATION,
    Line,
    Money,
    lines_of,
    rounded,
)
from geo.costs.terms import Terms, Usage


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
class Period:
    """Months of one year of the term, one after the other, in each of which the same is paid."""

    first: int
    months: int
    paid: Mapping[str, Money]

    @property
    def total_cny(self) -> Money:
        """All of them together."""
        return self.months * sum(self.paid.values(), Money(0))


@dataclass(frozen=True, slots=True)
class Cost:
    """The lines, what is paid over the term period by period, and what is not stated."""

    lines: tuple[Line, ...]
    periods: tuple[Period, ...]
    unknown: tuple[str, ...]

    @property
    def months(self) -> list[Month]:
        """The months of the term."""
        return [Month(each.first + number, each.paid) for each in self.periods for number in range(each.months)]

    @property
    def term_months(self) -> int:
        """How many they are."""
        return sum(each.months for each in self.periods)

    @property
    def month_cny(self) -> Money:
        """A full month at the beginning, without reductions: the known monthly lines together."""
        return sum((line.month_cny for line in self.lines if line.month_cny is not None), Money(0))

    @property
    def total_cny(self) -> Money:
        """All that is known over the term; the deposit, which comes back, is not in it."""
        return sum((each.total_cny for each in self.periods), Money(0))

    @property
    def average_month_cny(self) -> Money:
        """The same per month of the term, with months without rent and rises in it."""
        return rounded(self.total_cny / self.term_months)

    def years(self) -> list[Money]:
        """What is paid in each year of the term, deposit included."""
        paid = [Money(0)] * -(-self.term_months // 12)
        for each in self.periods:
            paid[(each.first - 1) // 12] += each.total_cny
        return paid


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
    lines = lines_of(terms, usage)
    unknown = [line.name for line in lines if line.missing] + _unknown_terms(terms)
    return Cost(lines, tuple(_periods(terms, usage, lines)), tuple(dict.fromkeys(unknown)))


def together(costs: Sequence[Cost]) -> Cost:
    """What several units cost as one."""
    if len(costs) == 1:
        return costs[0]
    names = dict.fromkeys(line.name for each in costs for line in each.lines)
    lines = tuple(_sum_of([line for each in costs for line in each.lines if line.name == name]) for name in names)
    known = [line.name for line in lines if not line.missing]
    firsts = sorted({each.first for one in costs for each in one.periods})
    periods = []
    for first, months in _stretches(firsts, costs[0].term_months):
        same = [_at(each.periods, first).paid for each in costs]
        periods.append(Period(first, months, {name: _sum(paid.get(name) for paid in same) for name in known}))
    return Cost(lines, tuple(periods), tuple(dict.fromkeys(name for each in costs for name in each.unknown)))


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


def _periods(terms: Terms, usage: Usage, lines: Sequence[Line]) -> Iterable[Period]:
    monthly = {line.name: line.month_cny for line in lines if line.month_cny is not None}
    once = {line.name: line.once_cny for line in lines if line.once_cny is not None}
    term, free = usage.term_months, terms.rent_free_months or 0
    changes = {1, 2, free + 1, term, *range(1, term + 1, 12)}
    for first, months in _stretches(sorted(each for each in changes if each <= term), term):
        paid = _due(terms, monthly, (first - 1) // 12, first <= free)
        yield Period(first, months, paid | _due_once(once, first == 1, first == term))


def _stretches(firsts: Sequence[int], term: int) -> Iterable[tuple[int, int]]:
    """From each of some months to the next, or to the end: where it begins and how many months it has."""
    return ((first, after - first) for first, after in zip(firsts, [*firsts[1:], term + 1], strict=True))


def _at(periods: Sequence[Period], month: int) -> Period:
    return next(each for each in reversed(periods) if each.first <= month)


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


def _sum(amounts: Iterable[Money | None]) -> Money:
    return sum((amount for amount in amounts if amount is not None), Money(0))
