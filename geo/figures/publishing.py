"""Publishes the sums of a calendar year: those that may be shown together, for all buildings and areas at once.

Publishing is an act of somebody, not of the clock: between two publications nothing changes, so that nobody learns from
a sum that moved by one firm's correction. What is published is kept as everything dated is, and read by visitors from a
table that holds nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from geo.db import query
from geo.figures.kinds import AXES, SCOPE_ORDER, Counted
from geo.figures.periods import Period
from geo.figures.sums import Asked, Sums, parameters, read_sums, standing_in
from geo.history import share_writing
from geo.looking_back import Moment, driver_of
from geo.model import PublishedFigure
from geo.suppression import Atom, Rule, Sum, protect

WORTH = {"building": 1.0, "area": 4.0, "district": 40.0, "city": 40.0}
"""What hiding a unit of a sum costs: rather a building than an area, an area rather than the whole."""

Place = tuple[str, int]
"""``building`` or ``area``, and its id."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the sum of one place in one way of counting: ``shown``, ``primary`` or ``secondary`` (hidden by
    the rule itself, or for the sake of others), or ``incomplete``."""

    place: Place
    counted: Counted | None
    value: Decimal
    outcome: str


@dataclass(frozen=True, slots=True)
class Published:
    """What everybody may know, by id; None where a sum is hidden. A place that is not there has none."""

    buildings: Mapping[int, Decimal | None]
    areas: Mapping[int, Decimal | None]


def decide_year(session: Session, indicator: str, year: int, rule: Rule | None = None) -> list[Decision]:
    """Decide what may be shown of a kind of figure for a calendar year, without publishing it.

    All ways of counting that were entered are decided together. A sum that lacks something is not shown.
    """
    places = _places(session)
    members = standing_in(session, [ident for kind, ident in places if kind == "area"])
    period, contributions = Period.year(year), dict[Atom, Mapping[Any, float]]()
    sums: dict[tuple[Place, Counted | None], Sum] = {}
    decisions = []
    for counted in _counted(session, indicator, period):
        read = read_sums(session, Asked(indicator, period, counted), members)
        for place, atoms, value in _whole(read, members, places):
            if value is None:
                decisions.append(Decision(place, counted, Decimal(0), "incomplete"))
                continue
            measured = frozenset(Atom(of, year, counted) for of in atoms)
            sums[place, counted] = Sum((place, counted), measured, WORTH.get(places[place], WORTH["area"]))
            contributions |= {Atom(of, year, counted): given for of, given in atoms.items()}
    protection = protect(list(sums.values()), contributions, rule, _order(sums))
    for (place, counted), each in sums.items():
        value = sum((Decimal(str(gift)) for atom in each.atoms for gift in contributions[atom].values()), Decimal(0))
        hidden = "primary" if each.key in protection.primary else "secondary"
        outcome = "shown" if each.key in protection.shown else hidden
        decisions.append(Decision(place, counted, value.quantize(Decimal("0.01")), outcome))
    return sorted(decisions, key=lambda each: (each.place, each.counted is None or each.counted.label()))


def publish_year(
    session: Session, indicator: str, year: int, rule: Rule | None = None, user_id: int | None = None
) -> list[Decision]:
    """Decide as `decide_year` and publish it in place of what was published of that year; not committed."""
    share_writing(driver_of(session))
    decisions, period = decide_year(session, indicator, year, rule), Period.year(year).range
    now = session.scalars(select(func.clock_timestamp())).one()
    standing = (PublishedFigure.indicator == indicator, PublishedFigure.period == period)
    closing = update(PublishedFigure).where(*standing, func.upper_inf(PublishedFigure.known))
    session.execute(closing.values(known=func.tstzrange(func.lower(PublishedFigure.known), now)))
    for each in decisions:
        if each.outcome != "incomplete":
            kind, ident = each.place
            row = PublishedFigure(indicator=indicator, period=period, published_by=user_id)
            setattr(row, f"{kind}_id", ident)
            for name in AXES:
                setattr(row, name, each.counted and getattr(each.counted, name))
            row.value = each.value if each.outcome == "shown" else None
            row.known = func.tstzrange(now, None)
            session.add(row)
    session.flush()
    return decisions


def read_published(session: Session, asked: Asked, moment: Moment | None = None) -> Published:
    """What was published of a calendar year; the login of visitors may ask.

    Of a past moment it is what was public then, but for what is hidden today.
    """
    buildings, areas = dict[int, Decimal | None](), dict[int, Decimal | None]()
    rows = driver_of(session).execute(query("figures_published"), parameters(asked, moment))
    for area_id, building_id, value in rows:
        if area_id is None:
            buildings[building_id] = value
        else:
            areas[area_id] = value
    return Published(buildings, areas)


def _whole(
    read: Sums, members: Mapping[int, list[int]], places: Mapping[Place, str]
) -> Iterator[tuple[Place, dict[Place, dict[Any, float]], Decimal | None]]:
    """Every place with its buildings' contributions (its own, where an area has no buildings) and its sum."""
    given: dict[Place, dict[Any, float]] = {
        ("building", ident): {who: float(value) for who, value in each.taken.given.items()}
        for ident, each in read.buildings.items()
        if each.value is not None
    }
    for ident, each in read.buildings.items():
        if ("building", ident) in places:
            yield ("building", ident), {("building", ident): given.get(("building", ident), {})}, each.value
    for ident, area in read.areas.items():
        inside = [("building", other) for other in members.get(ident, ()) if other in read.buildings]
        if ("area", ident) not in places:
            continue
        if inside:
            whole = all(place in given for place in inside)
            yield ("area", ident), {place: given[place] for place in inside if whole}, Decimal(0) if whole else None
        else:
            own = {who: float(value) for who, value in area.taken.given.items()}
            yield ("area", ident), {("area", ident): own}, area.value


def _order(sums: Mapping[tuple[Place, Counted | None], Sum]) -> list[tuple[Counted, Counted]]:
    """Ways of counting of which one never comes to more than another."""
    there = {counted for _, counted in sums if counted is not None}
    pairs = [(less, more) for less in there for more in there]
    return [(less, more) for less, more in pairs if less != more and _never_more(less, more)]


def _never_more(less: Counted, more: Counted) -> bool:
    if (less.basis, less.attribution) != (more.basis, more.attribution):
        return False
    scopes = less.scope == more.scope or (less.scope, more.scope) in (*SCOPE_ORDER, ("retained", "full"))
    return scopes and less.one_off <= more.one_off


def _counted(session: Session, indicator: str, period: Period) -> list[Counted | None]:
    asked = parameters(Asked(indicator, period), None)
    rows = driver_of(session).execute(query("figures_counted"), asked).fetchall()
    return [Counted(*row) if row[0] is not None else None for row in rows]


def _places(session: Session) -> dict[Place, str]:
    """The public places with what they are worth as."""
    rows = driver_of(session).execute(query("places_to_publish")).fetchall()
    return {(kind, ident): level or kind for kind, ident, level in rows}
