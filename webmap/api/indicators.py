"""Indicators for programs: their definitions, and their values with everything that these rest on."""

import math
from collections.abc import Sequence

from flask import Blueprint, Response, request
from pydantic import BaseModel
from spectree import Response as Answers

from geo.indicators import AreaOutline, Indicator
from geo.indicators.comparing import Compared
from geo.indicators.measures import measure_names
from geo.parameters import whole
from webmap import indicator_records
from webmap.api.indicator_schemas import (
    BUILDINGS,
    MOST_BUILDINGS,
    AreaPart,
    AreaRef,
    BuildingPart,
    IndicatorAnswer,
    IndicatorFigure,
    IndicatorQuery,
    IndicatorsAnswer,
    IndicatorsQuery,
    Point,
    SourceNamed,
    TargetAsked,
    Term,
)
from webmap.api.interface import as_json, spec
from webmap.api.schemas import Problem
from webmap.db import public_session
from webmap.indicator_asking import Asked, read_asked, read_indicator
from webmap.indicator_ranks import count_ranked, rank_areas, rank_buildings
from webmap.indicator_records import VISITORS
from webmap.listed_units import PlaceRef
from webmap.permissions import needs

blueprint = Blueprint("indicators", __name__)

_MEANING = (
    *("code", "name", "name_en", "group", "definition", "definition_en"),
    *("unit", "period", "scope", "direction", "confidentiality"),
)
_FIGURES = ("value", "numerator", "denominator", "unknown", "unknown_share")
_BEFORE = ("month_end", "year_end", "year_ago")
_PLACES_OF_TERMS = ("numerator", "denominator", "unknown", "unknown_in")


@blueprint.get("/indicators")
@spec.validate(
    query=IndicatorsQuery,
    resp=Answers(HTTP_200=IndicatorsAnswer, HTTP_422=Problem),
    tags=["indicators"],
    skip_validation=True,
    operation_id="list_indicators",
)
@needs("public")
def indicators() -> Response:
    """All indicators of an area with their definitions, values and the parts of these."""
    asked = read_asked(request.args)
    told = indicator_records.compared(asked.known, asked.area, asked.chosen)
    answer = IndicatorsAnswer(
        area=_area(asked.area),
        as_of=asked.known.record.moment.as_of,
        known_at=asked.known.record.moment.known_at,
        buildings=told[0].now.n if told else 0,
        items=[_figure(each) for each in told],
    )
    return _answered(answer, asked)


@blueprint.get("/indicators/<code>")
@spec.validate(
    query=IndicatorQuery,
    resp=Answers(HTTP_200=IndicatorAnswer, HTTP_404=Problem, HTTP_422=Problem),
    tags=["indicators"],
    skip_validation=True,
    operation_id="get_indicator",
)
@needs("public")
def indicator(code: str) -> Response:
    """One indicator: its course, its target, and what areas and buildings give to it."""
    limit = whole("limit", request.args.get("limit") or str(BUILDINGS), 1, MOST_BUILDINGS)
    asked = read_asked(request.args)
    chosen = read_indicator(code, asked.chosen)
    [told] = indicator_records.compared(asked.known, asked.area, [chosen])
    sources = indicator_records.sources_of(public_session(), asked.part)
    answer = IndicatorAnswer(
        area=_area(asked.area),
        as_of=told.now.day,
        known_at=asked.known.record.moment.known_at,
        buildings_in_operation=told.now.n,
        figure=_figure(told),
        trend=[Point(day=day, value=value) for day, value in told.trend],
        target=_target(asked, told),
        areas=_areas(asked, told),
        buildings_ranked=count_ranked(asked.part, told.now),
        buildings=_buildings(asked, told, limit),
        sources=[SourceNamed(name=each.name, licence=each.licence, attribution=each.attribution) for each in sources],
    )
    return _answered(answer, asked)


def _answered(answer: BaseModel, asked: Asked) -> Response:
    """With a tag by which the asker need not be sent the same again; what staff see is kept by nobody between."""
    response = as_json(answer, "no-cache" if asked.audiences == VISITORS else "private, no-cache")
    response.add_etag()
    return response.make_conditional(request)


def _figure(told: Compared) -> IndicatorFigure:
    now = told.now
    return IndicatorFigure(
        **{name: getattr(now.indicator, name) for name in _MEANING},
        **{name: getattr(now, name) for name in _FIGURES},
        **{name: getattr(told, name) for name in _BEFORE},
        terms=[_term(now.indicator, name, value) for name, value in now.terms],
    )


def _term(indicator: Indicator, measure: str, value: float) -> Term:
    name = measure_names()[measure]
    where = [place for place in _PLACES_OF_TERMS if measure in getattr(indicator, place)]
    known = None if math.isnan(value) else value
    return Term(measure=measure, name=name.name, name_en=name.name_en, unit=name.unit, value=known, of=where)


def _target(asked: Asked, told: Compared) -> TargetAsked | None:
    target, value = asked.target(told.now.indicator), told.now.value
    if target is None:
        return None
    return TargetAsked(
        year=target.year,
        bound=target.bound,
        value=target.value,
        gap=target.gap(value),
        light=target.light(value),
        source=target.source,
    )


def _areas(asked: Asked, told: Compared) -> Sequence[AreaPart]:
    parts = ("value", "numerator", "denominator")
    return [
        AreaPart(
            area=AreaRef.model_validate(each.area, from_attributes=True),
            buildings=each.buildings,
            whole=each.whole,
            **{name: getattr(each.told, name) for name in parts},
        )
        for each in rank_areas(asked.known, asked.area, told.now)
    ]


def _buildings(asked: Asked, told: Compared, limit: int) -> Sequence[BuildingPart]:
    parts = ("value", "numerator", "denominator", "unknown", "operating")
    return [
        BuildingPart(
            building=PlaceRef(code=each.place.code, name=each.place.name, name_en=each.place.name_en),
            **{name: getattr(each, name) for name in parts},
        )
        for each in rank_buildings(public_session(), asked.part, told.now, limit)
    ]


def _area(area: AreaOutline | None) -> AreaRef | None:
    return None if area is None else AreaRef.model_validate(area, from_attributes=True)
