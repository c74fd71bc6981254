"""The answer to a requirement as programs get it, and as the page about it is made from."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from geo.filters import MOST_AMOUNT, MOST_NEAR_M, choices
from geo.matching.requirement import BANDS, MOST_WEIGHT, MUSTS, PERMITS, TOLERANCE_PCT
from webmap.left_out import NotShown
from webmap.listed_units import Strict, UnitItem

Value = float | str | list[str] | None


class AskedCriterion(Strict):
    """A criterion as it is asked for."""

    name: str
    must: bool = Field(description="units that fail it are none")
    weight: float
    parameter: str = Field(description="what it is asked by")
    target: str
    unit: str = Field(description="of target and values; empty for words")


class MatchPart(Strict):
    """What a result says under a criterion, and the points it gets for that."""

    name: str
    must: bool
    weight: float
    outcome: Literal["met", "partly", "missed", "not_stated"]
    value: Value
    target: str
    unit: str
    points: float
    most: float = Field(description="points it could get; those of all criteria come to 100")
    missing: list[str] = Field(description="what is not stated and therefore not in the value, such as property_fee")
    nearest_m: int | None = Field(description="metres in a straight line to the nearest neighbour, 0 in the building")


class CostLine(Strict):
    """A part of the cost: a month while it is due, or once; both null where something is not stated."""

    name: str
    month_cny: float | None
    once_cny: float | None
    formula: str
    formula_zh: str
    inputs: dict[str, float]
    missing: list[str]


class CostYear(Strict):
    """What is paid in a year of the term."""

    year: int
    cny: float


class MatchCost(Strict):
    """What it costs by what is stated; `unknown` names what is not and is therefore in no sum."""

    months: int
    basis: str = Field(description="the area that rent and fee are counted by")
    month_cny: float = Field(description="a full month at the beginning")
    average_month_cny: float = Field(description="over the term, with months without rent and rises")
    total_cny: float
    lines: list[CostLine]
    years: list[CostYear] = Field(description="the deposit is in the first and the last")
    unknown: list[str]


class MatchUnit(Strict):
    """A unit of a result and how much of it would be taken."""

    take_m2: float
    unit: UnitItem


class MatchItem(Strict):
    """A result: one unit, adjoining units of a floor or adjoining floors; `score` is the sum of the points."""

    score: float
    kind: Literal["unit", "floor", "floors"]
    area_m2: float
    available_on: str | None = Field(description="the month from which all of it is free; null is now")
    criteria: list[MatchPart]
    units: list[MatchUnit]
    cost: MatchCost


class MatchFailure(Strict):
    """How many units fail a must."""

    name: str
    units: int
    alone: int = Field(description="of these, how many fail no other")
    not_stated: int = Field(description="of these, how many do not say")


class MatchChange(Strict):
    """A parameter changed."""

    name: str
    parameter: str
    before: str = Field(serialization_alias="from")
    after: str = Field(serialization_alias="to")
    relative: float


class BestMore(Strict):
    """The best unit that a change brings."""

    score: float
    unit: UnitItem


class MatchRelaxation(Strict):
    """One change or two, and how many more single units pass every must then."""

    changes: list[MatchChange]
    more: int
    query: str = Field(description="the requirement with the change")
    best: BestMore | None


class DeskArea(Strict):
    """m² per desk of units with a fit-out; an empty one is for units that do not state theirs."""

    fitout: str
    m2_per_desk: float
    note: str
    note_en: str


class UnderstoodPart(Strict):
    """A part of the sentence and the parameter it became."""

    start: int
    end: int
    text: str
    field: str
    value: str
    zh: str
    en: str


class LeftPart(Strict):
    """A part of the sentence that was not understood."""

    start: int
    end: int
    text: str


class UnderstoodSentence(Strict):
    """What was made of the sentence."""

    text: str
    query: dict[str, str]
    parts: list[UnderstoodPart]
    left: list[LeftPart]


class MatchAnswer(Strict):
    """Units and blocks that answer a requirement, the best first, and what would bring more."""

    version: int
    as_of: date
    query: str = Field(description="the requirement, defaults left out")
    criteria: list[AskedCriterion]
    units: int = Field(description="single units that pass every must")
    blocks: int = Field(description="buildings with adjoining units that pass every must together")
    not_shown: NotShown | None = Field(description="units left out because nobody has confirmed them for long")
    items: list[MatchItem]
    failures: list[MatchFailure]
    relaxations: list[MatchRelaxation]
    desks: list[DeskArea] = Field(
        description="how the area of a number of people is counted; empty where none is given"
    )
    understood: UnderstoodSentence | None


def _words(name: str) -> str:
    return f"comma-separated, any of: {', '.join(choices()[name])}"


class MatchQuery(BaseModel):
    """A requirement. Of every amenity category there is `…_minutes` and `…_m` as of `metro` and `lunch`."""

    q: str | None = Field(
        None, max_length=300, description="the requirement as a sentence; other parameters win over it"
    )
    area: float | None = Field(None, ge=1, le=10_000_000, description="m²; or area_min and area_max, or people")
    tolerance: float = Field(TOLERANCE_PCT, ge=0, le=100, description="per cent around area, or around people")
    area_min: float | None = Field(None, ge=0, le=MOST_AMOUNT, description="m²")
    area_max: float | None = Field(None, ge=0, le=MOST_AMOUNT, description="m²")
    people: int | None = Field(None, ge=1, le=100_000, description="desks; m² per desk by fit-out are in the answer")
    available_by: date | Literal[""] | None = None
    rent_max: float | None = Field(None, ge=0, le=MOST_AMOUNT, description="in rent_unit")
    rent_unit: Literal["cny_m2_day", "cny_m2_month"] = "cny_m2_day"
    budget_month: float | None = Field(None, ge=1, le=1_000_000_000, description="CNY a month of rent and property fee")
    floor_min: int | None = Field(None, ge=-20, le=300, description="physical position, 1 is the ground floor")
    floor_max: int | None = Field(None, ge=-20, le=300)
    band: str | None = Field(None, description="thirds of the building's floors: " + ", ".join(BANDS))
    grade: str | None = Field(None, description=_words("grade"))
    star: str | None = Field(None, description=_words("star"))
    theme: str | None = Field(None, description=_words("theme"))
    fitout: str | None = Field(None, description=_words("fitout"))
    industry: str | None = Field(None, description="of the asker, one of: " + ", ".join(choices()["industry"]))
    neighbours: int | None = Field(
        None, ge=1, le=10_000, description="firms of the asker's industry within 500 m, with industry"
    )
    registrable: Literal["0", "1"] = Field("0", description="1: a company can be registered at this address")
    permits: str | None = Field(None, description="all of those given: " + ", ".join(PERMITS))
    parking: int | None = Field(None, ge=1, le=100_000, description="places in the building")
    metro_minutes: int | None = Field(None, ge=1, le=37, description="on foot, 80 m a minute")
    metro_m: int | None = Field(None, ge=10, le=MOST_NEAR_M, description="metres on foot")
    lunch_minutes: int | None = Field(None, ge=1, le=37)
    lunch_m: int | None = Field(None, ge=10, le=MOST_NEAR_M)
    zone: str | None = Field(None, description="codes of areas, as a wish")
    within: str | None = Field(None, description="codes of areas, as a must")
    bbox: str | None = Field(None, description="west,south,east,north in degrees, as a must")
    must: str | None = Field(None, description="the criteria that are musts, or none; usually " + ", ".join(MUSTS))
    stale: Literal["0", "1"] = Field("0", description="1: also units that nobody has confirmed for long")
    weights: str | None = Field(None, description=f"criterion:weight from 0 to {MOST_WEIGHT}, such as metro:3,lunch:1")
    limit: int = Field(20, ge=1, le=50)
    term: int = Field(36, ge=1, le=240, description="months of the cost")
    overtime: int = Field(0, ge=0, le=400, description="hours of air conditioning after hours a month, for the cost")
