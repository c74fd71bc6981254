"""Up to four units or buildings beside each other: the same questions to each, the answers in rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.costs import Terms, Usage, cost
from geo.errors import BadParameterError
from geo.exports.svg_stack import draw_stack
from geo.model import Building
from webmap.buildings import conditions
from webmap.buildings.operations import Asker, BuildingPage, load_building
from webmap.buildings.units import load_unit
from webmap.names import hant, label
from webmap.numbers import area, day, metres, month, number, percent, quoted
from webmap.offer_terms import terms_of
from webmap.words import word

MOST = 4
TERM_MONTHS = 36

Answer = str | Markup | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One column: a building, or a unit in it with what is stated for its cost."""

    page: BuildingPage
    unit: Any = None
    terms: Terms | None = None

    @property
    def building(self) -> Building:
        """The building, or that of the unit."""
        return self.page.building

    @property
    def code(self) -> str:
        """The code of what is compared."""
        return str(self.unit.code if self.unit else self.building.code)

    @property
    def name(self) -> str:
        """What stands above the column."""
        name = label(self.building) or hant(self.building.address) or gettext("未命名楼宇")
        return f"{name} {self.unit.label}" if self.unit else name

    @property
    def path(self) -> str:
        """Where its own page is."""
        return f"/u/{self.unit.code}" if self.unit else f"/b/{self.building.code}"

    @property
    def stack(self) -> Markup:
        """The stacking plan, small, with the unit marked."""
        marked = (self.unit.id,) if self.unit else ()
        title = gettext("%(name)s 的楼层剖面", name=self.name)
        return Markup(draw_stack(self.page.plan, title=title, mark=marked))  # escaped where it is drawn


@dataclass(frozen=True, slots=True)
class Line:
    """One question with an answer for each column; `differs` where not all are the same."""

    name: str
    answers: tuple[Answer, ...]

    @property
    def differs(self) -> bool:
        """Whether the columns differ here."""
        return len(set(self.answers)) > 1


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together."""

    name: str
    lines: list[Line]


def load(session: Session, units: Sequence[str], buildings: Sequence[str], asker: Asker) -> list[Compared]:
    """What is to be compared, units first.

    Raises
    ------
    BadParameterError
        More than four things.
    NotFoundError
        One of them is not there.
    """
    if len(units) + len(buildings) > MOST:
        raise BadParameterError("u", ",".join([*units, *buildings]), f"at most {MOST} units and buildings together")
    compared = []
    for code in units:
        found = load_unit(session, code, asker)
        terms = terms_of(session, [found.unit.id], asker.today)
        compared.append(Compared(found.page, found.unit, terms.get(found.unit.id)))
    return compared + [Compared(load_building(session, code, asker)) for code in buildings]


def sorted_out(session: Session, units: Sequence[str], buildings: Sequence[str]) -> tuple[list[str], list[str]]:
    """Units and buildings, with codes that were sent as units but are buildings' where they belong."""
    meant = set(session.scalars(select(Building.code).where(Building.code.in_(units)))) if units else set()
    here = dict.fromkeys([*(code for code in units if code in meant), *buildings])
    return [code for code in units if code not in meant], list(here)


def query_of(compared: Sequence[Compared], gone: Compared | None = None) -> str:
    """The query of a comparison, without one of its columns."""
    kept = [each for each in compared if each is not gone]
    units, buildings = ([e.code for e in kept if bool(e.unit) is is_unit] for is_unit in (True, False))
    pairs = {"u": ",".join(units), "b": ",".join(buildings)}
    return urlencode({name: value for name, value in pairs.items() if value}, safe=",")


def groups(compared: Sequence[Compared]) -> list[Group]:
    """The comparison; questions that nobody answers are left out."""
    asked = [(gettext("房源"), _of_units), (gettext("费用"), _of_costs), (gettext("楼宇"), _of_buildings)]
    made = [Group(name, [_line(question, ask, compared) for question, ask in questions()]) for name, questions in asked]
    made.append(Group(gettext("到达"), _ways(compared)))
    made.append(Group(gettext("楼宇条件"), _conditions(compared)))
    kept = [Group(group.name, [line for line in group.lines if any(line.answers)]) for group in made]
    return [group for group in kept if group.lines]


def _line(name: str, ask: Callable[[Compared], Answer], compared: Sequence[Compared]) -> Line:
    return Line(name, tuple(ask(each) for each in compared))


def _of_units() -> list[tuple[str, Callable[[Compared], Answer]]]:
    return [
        (gettext("状态"), _of_unit(lambda unit: word(unit.status, "occupancy"))),
        (gettext("面积"), _of_unit(lambda unit: area(unit.area_m2) if unit.area_m2 else None)),
        (gettext("楼层"), _floor),
        (gettext("租金"), _of_unit(_rent)),
        (gettext("装修"), _of_unit(lambda unit: word(unit.fitout, "fitout") or None)),
        (gettext("可租时间"), _of_unit(_available)),
        (gettext("报送日期"), _of_unit(lambda unit: day(unit.reported_on) if unit.reported_on else None)),
    ]


def _of_costs() -> list[tuple[str, Callable[[Compared], Answer]]]:
    return [
        (gettext("每月（写明的部分）"), lambda each: _money(each, lambda found: found.month_cny)),
        (gettext("三年平均每月"), lambda each: _money(each, lambda found: found.average_month_cny)),
        (gettext("三年合计"), lambda each: _money(each, lambda found: found.total_cny)),
        (gettext("免租期"), lambda each: _months(each.terms and each.terms.rent_free_months)),
        (gettext("押金"), lambda each: _months(each.terms and each.terms.deposit_months)),
    ]


def _of_buildings() -> list[tuple[str, Callable[[Compared], Answer]]]:
    return [
        (gettext("等级"), lambda each: word(each.building.grade, "grade", each.building.grade_scheme) or None),
        (gettext("星级"), lambda each: "★" * each.building.star if each.building.star else None),
        (gettext("建成"), lambda each: str(each.building.completed_year) if each.building.completed_year else None),
        (gettext("层数"), lambda each: str(each.building.floors_above) if each.building.floors_above else None),
        (gettext("高度"), lambda each: metres(each.building.height_m) if each.building.height_m else None),
        (gettext("可租"), lambda each: area(each.page.vacancy.vacant_m2)),
        (gettext("空置率"), _rate),
        (gettext("入驻企业"), lambda each: number(each.page.enterprises) if each.page.enterprises else None),
        (gettext("主要行业"), _leading),
    ]


def _of_unit(ask: Callable[[Any], Answer]) -> Callable[[Compared], Answer]:
    return lambda each: ask(each.unit) if each.unit else None


def _floor(each: Compared) -> Answer:
    floor = each.page.floors.get(each.unit.floor_id) if each.unit else None
    return f"{floor.label} / {each.building.floors_above or '—'}" if floor else None


def _rent(unit: Any) -> Answer:
    return quoted(unit.rent_amount, unit.rent_unit) if unit.rent_amount else None


def _rate(each: Compared) -> Answer:
    return percent(each.page.vacancy.rate) if each.page.vacancy.rate is not None else None


def _leading(each: Compared) -> Answer:
    return word(each.page.industries[0].group, "industry") if each.page.industries else None


def _available(unit: Any) -> Answer:
    if unit.status not in ("vacant", "soon"):
        return None
    return month(unit.available_on) if unit.available_on else gettext("即时")


def _money(each: Compared, which: Callable[[Any], Any]) -> Answer:
    if each.terms is None or not each.terms.rent_amount:
        return None
    return gettext("%(amount)s 元", amount=number(which(cost(each.terms, Usage(term_months=TERM_MONTHS)))))


def _months(count: int | None) -> Answer:
    return None if count is None else ngettext("%(num)s 个月", "%(num)s 个月", count)


def _ways(compared: Sequence[Compared]) -> list[Line]:
    """Metres to the nearest amenity of each category that any has near."""
    near = [{place.category: place for place in each.page.amenities} for each in compared]
    categories = dict.fromkeys(category for places in near for category in places)
    return [
        Line(word(category, "amenity"), tuple(_way(places.get(category)) for places in near)) for category in categories
    ]


def _way(place: Any) -> Answer:
    if place is None:
        return None
    return f"{metres(place.metres)}（{word(place.method, 'method')}）" if place.metres else gettext("楼内")


def _conditions(compared: Sequence[Compared]) -> list[Line]:
    stated = [dict(conditions.stated(each.page)) for each in compared]
    names = dict.fromkeys(name for each in stated for name in each)
    return [Line(name, tuple(each.get(name) for each in stated)) for name in names]
