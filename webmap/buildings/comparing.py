"""Up to four units or buildings beside each other: the same questions to each, the answers in rows."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.conditions import shown, standing
from geo.costs import Terms, Usage, cost
from geo.errors import BadParameterError, NotFoundError
from geo.exports.svg_stack import draw_stack
from geo.model import Building, Unit
from webmap.buildings import conditions, rows
from webmap.buildings.operations import Asker, BuildingPage, load_building
from webmap.buildings.units import load_unit
from webmap.names import hant, label
from webmap.numbers import area, day, distance, metres, month, number, percent, quoted
from webmap.offer_terms import terms_of
from webmap.words import word

MOST = 4
TERM_MONTHS = 36

Answer = str | Markup | None

APART = "—"
"""Where a question is asked of units and the column is a building."""


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
    """One question with an answer for each column, None where none is stated."""

    name: str
    answers: tuple[Answer, ...]

    @property
    def differs(self) -> bool:
        """Whether two of the stated answers differ."""
        return len(self._stated) > 1

    @property
    def cells(self) -> list[tuple[Answer, bool]]:
        """The answers, and which stand out: those unlike most, or all that are stated where there is no most."""
        (common, times), *_ = self._stated.most_common(1) or [(None, 0)]
        usual = common if times * 2 > self._stated.total() else None
        return [(each, self.differs and each in self._stated and each != usual) for each in self.answers]

    @property
    def _stated(self) -> Counter[Answer]:
        return Counter(each for each in self.answers if each is not None and each != APART)


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
        None of them is there.
    """
    if len(units) + len(buildings) > MOST:
        raise BadParameterError("u", ",".join([*units, *buildings]), f"at most {MOST} units and buildings together")
    compared = []
    for code in units:
        found = load_unit(session, code, asker)
        terms = terms_of(session, [found.unit.id], asker.today)
        compared.append(Compared(found.page, found.unit, terms.get(found.unit.id)))
    return compared + [Compared(load_building(session, code, asker)) for code in buildings]


@dataclass(frozen=True, slots=True)
class Asked:
    """Codes of units and of buildings that are there, and those of which nothing is (or may be) known."""

    units: list[str]
    buildings: list[str]
    gone: list[str]


def sorted_out(session: Session, units: Sequence[str], buildings: Sequence[str], today: date) -> Asked:
    """What was sent: codes of buildings among those of units where they belong, what is not there apart.

    Raises
    ------
    NotFoundError
        Nothing of it is there.
    """
    sent = list(dict.fromkeys([*units, *buildings]))
    known = set(session.scalars(select(Building.code).where(Building.code.in_(sent), *shown(Building, False))))
    standing_units = select(Unit.code).join(Building, Building.id == Unit.building_id)
    known_units = standing_units.where(Unit.code.in_(sent), *standing(today), *shown(Building, False))
    there = set(session.scalars(known_units))
    asked = Asked(
        [code for code in sent if code in there],
        [code for code in sent if code in known],
        [code for code in sent if code not in there | known],
    )
    if sent and len(asked.gone) == len(sent):
        raise NotFoundError(f"There is neither a unit nor a building {' or '.join(sent[:MOST])} here.")
    return asked


def alike(session: Session, compared: Sequence[Compared], asker: Asker) -> Sequence[Any]:
    """Units like the first one that could stand beside it; none where no more columns fit."""
    first = next((each.unit for each in compared if each.unit and each.unit.area_m2), None)
    if first is None or len(compared) >= MOST:
        return []
    there = {each.code for each in compared}
    return [row for row in rows.similar_units(session, first, asker.today) if row.code not in there]


def query_of(compared: Sequence[Compared], gone: Compared | None = None, more: str = "") -> str:
    """The query of a comparison, without one of its columns, or with one more unit."""
    kept = [each for each in compared if each is not gone]
    units, buildings = ([e.code for e in kept if bool(e.unit) is is_unit] for is_unit in (True, False))
    pairs = {"u": ",".join([*units, *filter(None, [more])]), "b": ",".join(buildings)}
    return urlencode({name: value for name, value in pairs.items() if value}, safe=",")


def groups(compared: Sequence[Compared], *, differing: bool = False) -> list[Group]:
    """The comparison, or only where the columns differ; questions that nobody answers are left out."""
    asked = [(gettext("房源"), _of_units), (gettext("费用"), _of_costs), (gettext("楼宇"), _of_buildings)]
    made = [Group(name, [_line(question, ask, compared) for question, ask in questions()]) for name, questions in asked]
    made.append(Group(gettext("到达"), _ways(compared)))
    made.append(Group(gettext("楼宇条件"), _conditions(compared)))
    kept = [Group(group.name, [line for line in group.lines if _tells(line, differing)]) for group in made]
    return [group for group in kept if group.lines]


def _tells(line: Line, differing: bool) -> bool:
    return line.differs if differing else any(answer not in (None, APART) for answer in line.answers)


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
        (gettext("免租期"), lambda each: _months(each, each.terms and each.terms.rent_free_months)),
        (gettext("押金"), lambda each: _months(each, each.terms and each.terms.deposit_months)),
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
    return lambda each: ask(each.unit) if each.unit else APART


def _floor(each: Compared) -> Answer:
    if each.unit is None:
        return APART
    floor = each.page.floors.get(each.unit.floor_id)
    return f"{floor.label} / {each.building.floors_above or '—'}" if floor else None


def _rent(unit: Any) -> Answer:
    return quoted(unit.rent_amount, unit.rent_unit) if unit.rent_amount else None


def _rate(each: Compared) -> Answer:
    return percent(each.page.vacancy.rate) if each.page.vacancy.rate is not None else None


def _leading(each: Compared) -> Answer:
    return word(each.page.industries[0].group, "industry") if each.page.industries else None


def _available(unit: Any) -> Answer:
    if unit.status not in ("vacant", "soon"):
        return APART
    return month(unit.available_on) if unit.available_on else gettext("即时")


def _money(each: Compared, which: Callable[[Any], Any]) -> Answer:
    if each.unit is None:
        return APART
    if each.terms is None or not each.terms.rent_amount:
        return None
    return gettext("%(amount)s 元", amount=number(which(cost(each.terms, Usage(term_months=TERM_MONTHS)))))


def _months(each: Compared, count: int | None) -> Answer:
    if each.unit is None:
        return APART
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
    return distance(place.metres, place.method) if place.metres else gettext("楼内")


def _conditions(compared: Sequence[Compared]) -> list[Line]:
    stated = [dict(conditions.stated(each.page)) for each in compared]
    names = dict.fromkeys(name for each in stated for name in each)
    return [Line(name, tuple(each.get(name) for each in stated)) for name in names]
