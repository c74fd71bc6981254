"""What the API says of indicators, as types for its document."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from webmap.listed_units import PlaceRef, Strict

MOST_BUILDINGS, BUILDINGS = 5000, 200
"""Buildings in one answer, at most and usually: those with the largest values."""


class IndicatorsQuery(BaseModel):
    """Of which area, and when."""

    area: str | None = Field(None, description="code of an area; all followed buildings when left out")
    as_of: date | None = Field(None, description="a past day")
    known_at: str | None = Field(None, description="as known at that instant (ISO 8601 with a zone) or day")


class IndicatorQuery(IndicatorsQuery):
    """Of which area, when, and how many buildings."""

    limit: int = Field(BUILDINGS, ge=1, le=MOST_BUILDINGS, description="buildings, those with the largest values first")


class AreaRef(Strict):
    """An area."""

    code: str
    level: str
    name: str
    name_en: str | None


class Term(Strict):
    """A measure of the formula with its figure."""

    measure: str
    name: str
    name_en: str
    unit: str
    value: float | None
    of: list[Literal["numerator", "denominator", "unknown", "unknown_in"]] = Field(description="where it stands")


class IndicatorFigure(Strict):
    """An indicator: what it means, and its value with everything it rests on."""

    code: str
    name: str
    name_en: str
    group: str
    definition: str
    definition_en: str
    unit: str = Field(description="of the value; a share is a part of one")
    period: str
    scope: str = Field(description="of tax: full, local or retained; else empty")
    direction: Literal["up", "down", "none"] = Field(description="whether more is better, less, or neither")
    confidentiality: Literal["public", "staff", "tax"]
    value: float | None = Field(description="null where there is nothing to reckon with")
    numerator: float | None
    denominator: float | None
    unknown: float | None
    unknown_share: float | None
    terms: Sequence[Term]
    month_end: float | None = Field(description="the value at the end of the month before")
    year_end: float | None
    year_ago: float | None


class IndicatorsAnswer(Strict):
    """All indicators that the asker may see, of an area on a day."""

    area: AreaRef | None = Field(description="null for all followed buildings")
    as_of: date
    known_at: datetime = Field(description="the instant whose knowledge it is")
    buildings: int = Field(description="in operation")
    items: Sequence[IndicatorFigure]


class AreaPart(Strict):
    """An area within, of which only the buildings that stand in the area asked about count."""

    area: AreaRef
    buildings: int
    whole: bool = Field(description="whether all of its buildings stand in the area asked about")
    value: float | None
    numerator: float | None
    denominator: float | None


class BuildingPart(Strict):
    """What a building gives to numerator and denominator."""

    building: PlaceRef
    value: float | None
    numerator: float
    denominator: float
    unknown: float
    operating: bool


class SourceNamed(Strict):
    """Where facts come from."""

    name: str
    licence: str | None
    attribution: str | None


class TargetAsked(Strict):
    """What a plan asks of it."""

    year: int | None = Field(description="null where the plan names none")
    bound: Literal["at_least", "at_most"]
    value: float
    gap: float | None = Field(description="what is missing; below zero by how much it is passed")
    light: Literal["met", "near", "missed", ""]
    source: str


class Point(Strict):
    """A value of a day of the past."""

    day: date
    value: float | None


class IndicatorAnswer(Strict):
    """One indicator of an area on a day: its course, target, areas and buildings."""

    area: AreaRef | None = Field(description="null for all followed buildings")
    as_of: date
    known_at: datetime = Field(description="the instant whose knowledge it is")
    buildings_in_operation: int
    figure: IndicatorFigure
    trend: Sequence[Point] = Field(description="at the ends of the last twelve months and on the day")
    target: TargetAsked | None
    areas: Sequence[AreaPart] = Field(description="they may overlap, so that they do not add up to the whole")
    buildings_ranked: int = Field(description="how many there are in all")
    buildings: Sequence[BuildingPart]
    sources: Sequence[SourceNamed]
