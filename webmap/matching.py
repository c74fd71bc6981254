"""Answers requirements out of the present state in memory; only the rows of the results are read from the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from flask import current_app
from sqlalchemy import select

from geo.conditions import shown
from geo.costs import Cost, Terms, Usage, cost, together
from geo.errors import BadParameterError
from geo.matching import Answer, Market, Requirement, judge, match, parse, to_query
from geo.matching.asking import Asked, asked_of
from geo.matching.describing import Part
from geo.matching.finding import Found, Help
from geo.matching.requirement import rivals
from geo.matching.scoring import Scored
from geo.matching.sentence import Understood, understood
from geo.model import Area
from geo.search import Asked as AskedPage
from geo.search import units_of_page
from geo.taxonomy import desk_areas
from webmap.db import public_session
from webmap.left_out import not_shown
from webmap.listed_units import UnitItem, unit_items
from webmap.looking_back import day_shown, moment_shown
from webmap.match_schemas import (
    AskedCriterion,
    BestMore,
    CostLine,
    CostYear,
    DeskArea,
    LeftPart,
    MatchAnswer,
    MatchChange,
    MatchCost,
    MatchFailure,
    MatchItem,
    MatchPart,
    MatchRelaxation,
    MatchUnit,
    UnderstoodPart,
    UnderstoodSentence,
)
from webmap.offer_terms import terms_of
from webmap.past_searching import shown_table

LIMIT, MOST = 20, 50
LONGEST_SENTENCE = 300
TERM_MONTHS, LONGEST_TERM, MOST_HOURS = 36, 240, 400


FRESH, STALE, BOTH = (False,), (True,), (False, True)
"""Units on the market whose last word is not old, those whose is, and all."""


def shown_market(stale: tuple[bool, ...] = FRESH) -> Market:
    """What is on the market in the public state that is shown; kept until another one is asked for."""
    table, past = shown_table(), moment_shown() is not None
    kept: dict[tuple[object, ...], Market] = current_app.extensions.setdefault("loumap_markets", {})
    found = kept.get((past, stale))
    if found is None or found.table is not table:
        found = kept[past, stale] = Market(table, stale)
    return found


def read_query(query: Mapping[str, str], *, also: Iterable[str] = ()) -> tuple[Requirement, Understood | None]:
    """The requirement of a query string and what was made of its sentence `q`, which all other parameters win over.

    Raises
    ------
    BadParameterError
        As `geo.matching.parse`.
    """
    sentence = query.get("q", "").strip()
    if not sentence:
        return parse(query, also=(*also, "q")), None
    if len(sentence) > LONGEST_SENTENCE:
        raise BadParameterError("q", sentence[:20] + "…", f"at most {LONGEST_SENTENCE} characters")
    found = understood(sentence, day_shown(), _area_names())
    given = {name: value for name, value in query.items() if name != "q" and name not in also and value.strip()}
    kept = {name: value for name, value in found.query.items() if not rivals(name) & given.keys()}
    return parse({**kept, **given}), found


def found_matches(
    requirement: Requirement,
    sentence: Understood | None = None,
    *,
    limit: int = LIMIT,
    term_months: int = TERM_MONTHS,
    overtime_hours: int = 0,
) -> MatchAnswer:
    """The best results for a requirement, each with its parts and its cost; parking places are those asked for."""
    market = shown_market(BOTH if requirement.stale else FRESH)
    left_out = 0 if requirement.stale else len(Scored(shown_market(STALE), requirement).fitting)
    answer = match(market, requirement, limit)
    units = _Units(answer)
    asked = {each.name: each for each in asked_of(requirement)}
    usage = Usage(
        term_months=term_months, parking_places=requirement.parking or 0, overtime_hours_month=Decimal(overtime_hours)
    )
    return MatchAnswer(
        version=market.table.version,
        as_of=market.as_of,
        query=to_query(requirement),
        criteria=[AskedCriterion(**asdict(each)) for each in asked.values()],
        units=answer.units,
        blocks=answer.blocks,
        not_shown=not_shown(left_out),
        items=[_item(found, asked, units, usage) for found in answer.found if units.has(found.unit_ids)],
        failures=[MatchFailure(**asdict(each)) for each in answer.failures],
        relaxations=[_relaxation(each, units) for each in answer.helps],
        desks=[DeskArea(**asdict(each)) for each in desk_areas()] if requirement.people else [],
        understood=_sentence(sentence) if sentence else None,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A chosen unit under a requirement: points, those under each criterion, musts that it fails, m² that are taken."""

    score: float
    criteria: Sequence[MatchPart]
    failed: Sequence[MatchPart]
    take_m2: float


def judged_units(requirement: Requirement, unit_ids: Iterable[int]) -> dict[int, Judged]:
    """Unit id → how it answers a requirement, for those on the market, however many there are that do better."""
    asked = {each.name: each for each in asked_of(requirement)}
    return {
        ident: Judged(
            verdict.score,
            told := [_part(each, asked[each.name]) for each in verdict.parts],
            [each for each in told if each.name in verdict.failed],
            verdict.take_m2,
        )
        for ident, verdict in judge(shown_market(BOTH), requirement, unit_ids).items()
    }


def _sentence(found: Understood) -> UnderstoodSentence:
    return UnderstoodSentence(
        text=found.text,
        query=dict(found.query),
        parts=[UnderstoodPart(**asdict(each)) for each in found.parts],
        left=[LeftPart(**asdict(each)) for each in found.left],
    )


def _area_names() -> dict[str, str]:
    """The names of public areas → their codes."""
    table = select(Area.name, Area.name_en, Area.code).where(*shown(Area, False), Area.level != "city")
    rows = public_session().execute(table).all()
    return {name: row.code for row in rows for name in (row.name, row.name_en) if name}


class _Units:
    """The rows of all units that an answer names, read at once; those that are gone since are left out."""

    def __init__(self, answer: Answer) -> None:
        shown = [ident for found in answer.found for ident in found.unit_ids]
        ids = list(dict.fromkeys([*shown, *(each.best_id for each in answer.helps)]))
        today, session = day_shown(), public_session()
        rows = units_of_page(session, ids, AskedPage(today)) if ids else []
        items = unit_items(rows, today)
        self.items: Mapping[int, UnitItem] = dict(zip((row.id for row in rows), items, strict=True))
        self.terms: Mapping[int, Terms] = terms_of(session, shown, today) if shown else {}

    def has(self, ids: Sequence[int]) -> bool:
        """Whether all of some units are there still."""
        return all(ident in self.items and ident in self.terms for ident in ids)


def _item(found: Found, asked: Mapping[str, Asked], units: _Units, usage: Usage) -> MatchItem:
    return MatchItem(
        score=found.score,
        kind=found.kind,
        area_m2=found.area_m2,
        available_on=f"{found.available_on:%Y-%m}" if found.available_on else None,
        criteria=[_part(each, asked[each.name]) for each in found.parts],
        units=[
            MatchUnit(take_m2=take, unit=units.items[ident])
            for ident, take in zip(found.unit_ids, found.take_m2, strict=True)
        ],
        cost=_cost(together(list(_costs(found, units, usage))), usage, units.terms[found.unit_ids[0]].area_basis),
    )


def _part(each: Part, asked: Asked) -> MatchPart:
    return MatchPart(
        name=each.name,
        must=asked.must,
        weight=asked.weight,
        outcome=each.outcome,
        value=each.value,
        target=asked.target,
        unit=asked.unit,
        points=each.points,
        most=each.most,
        missing=list(each.missing),
        nearest_m=each.nearest_m,
    )


def _costs(found: Found, units: _Units, usage: Usage) -> Iterator[Cost]:
    """What each unit costs; parking is counted once for all of them, air conditioning once for a floor."""
    floors: set[int | None] = set()
    for ident, take in zip(found.unit_ids, found.take_m2, strict=True):
        floor = units.items[ident].floor
        position = floor.position if floor else None
        hours = Decimal(0) if position in floors else usage.overtime_hours_month
        mine = replace(usage, parking_places=0 if floors else usage.parking_places, overtime_hours_month=hours)
        floors.add(position)
        yield cost(replace(units.terms[ident], area_m2=Decimal(str(take)) or None), mine)


def _cost(found: Cost, usage: Usage, basis: str) -> MatchCost:
    return MatchCost(
        months=usage.term_months,
        basis=basis,
        month_cny=float(found.month_cny),
        average_month_cny=float(found.average_month_cny),
        total_cny=float(found.total_cny),
        lines=[
            CostLine(
                name=line.name,
                month_cny=None if line.month_cny is None else float(line.month_cny),
                once_cny=None if line.once_cny is None else float(line.once_cny),
                formula=line.formula,
                formula_zh=line.formula_zh,
                inputs={name: float(value) for name, value in line.inputs.items()},
                missing=list(line.missing),
            )
            for line in found.lines
        ],
        years=[CostYear(year=year, cny=float(paid)) for year, paid in enumerate(found.years(), 1)],
        unknown=list(found.unknown),
    )


def _relaxation(each: Help, units: _Units) -> MatchRelaxation:
    best = units.items.get(each.best_id)
    return MatchRelaxation(
        changes=[MatchChange(**asdict(change)) for change in each.changes],
        more=each.more,
        query=to_query(each.requirement),
        best=BestMore(score=each.best_score, unit=best) if best else None,
    )
