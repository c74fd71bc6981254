"""What the API takes and gives, as the types that its OpenAPI document is made of."""

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from geo.filters import MOST_AMOUNT, choices
from geo.search import MAX_LIMIT
from geo.shapes import ALLOWED
from webmap.left_out import NotShown
from webmap.listed_units import FloorRef, Lonlat, Occupancy, PlaceRef, Rent, Strict

Item = TypeVar("Item")


class Problem(BaseModel):
    """An error (RFC 9457): what is wrong and what would be right."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    parameter: str | None = None
    allowed: str | None = None


class PastMoment(Strict):
    """The past day that an answer tells of, and the instant whose knowledge of it; null is what is known now."""

    as_of: date
    known_at: datetime | None


class PageOf(Strict, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    total: int = Field(description="rows that match in all")
    next: str | None = Field(description="send as `after` for the next page; null on the last")
    not_shown: NotShown | None = Field(None, description="units left out because nobody has confirmed them for long")
    moment: PastMoment | None = Field(None, description="null for the present")


class Vacancy(Strict):
    """Areas of a building's units by public state, in m²; the basis is the sum of its known unit areas."""

    units: int
    total_m2: float
    vacant_m2: float
    soon_m2: float
    unknown_m2: float
    oldest_report_on: date | None


class BuildingItem(Strict):
    """A building in a list."""

    code: str
    name: str | None
    name_en: str | None
    address: str | None
    status: Literal["operating", "under_construction", "planned"]
    managed: bool = Field(description="followed floor by floor")
    location: Lonlat
    height_m: float | None
    floors_above: int | None
    floors_below: int | None
    gross_area_m2: float | None
    leasable_area_m2: float | None
    completed_year: int | None
    grade: str | None
    grade_scheme: str | None
    star: int | None
    themes: list[str]
    vacancy: Vacancy | None
    source: str | None


class FloorUnit(Strict):
    """A unit on a floor of a building."""

    code: str
    label: str
    area_m2: float | None
    min_area_m2: float | None
    occupancy: Occupancy
    rent: Rent | None
    fitout: str | None
    available_on: str | None
    reported_on: date | None
    verified_on: date | None
    stale: bool = Field(description="found only with stale=1: nobody has confirmed it for too long")


class FloorDetail(FloorRef):
    """A floor with its units and where it lies in space; its outline is null where it is the building's."""

    use: str
    area_m2: float | None
    section: str | None
    base_m: float
    top_m: float
    outline: list[Any] | None = Field(description="coordinates of a GeoJSON MultiPolygon")
    units: list[FloorUnit]


class AmenityNear(Strict):
    """The nearest amenity of a category; `minutes` are those of the metres, and null in a straight line."""

    category: str
    name: str | None
    name_en: str | None
    metres: int
    minutes: float | None
    method: Literal["walking", "straight_line"]
    computed_at: datetime


class BuildingDetail(BuildingItem):
    """A building with outline, floors, units and the nearest amenities."""

    outline: dict[str, object]
    floors: list[FloorDetail]
    amenities: list[AmenityNear] = Field(description="within 3 km, the nearest first")
    moment: PastMoment | None = Field(None, description="of the units and their sums; null for the present")


class AmenityItem(Strict):
    """An amenity in a list."""

    code: str
    category: str
    name: str | None
    name_en: str | None
    address: str | None
    location: Lonlat
    source: str | None


class AreaItem(Strict):
    """A named area in a list."""

    code: str
    official_code: str | None
    level: str
    name: str
    name_en: str | None
    bbox: list[float] = Field(min_length=4, max_length=4)
    source: str | None


class EnterpriseItem(Strict):
    """What the public register says of an enterprise; rooms and individual traders are never in here."""

    code: str
    name: str
    name_en: str | None
    industry_code: str | None
    industry_group: str
    building: PlaceRef | None


class FacetValue(Strict):
    """How many would match with this value chosen and all other filters as they are."""

    value: str
    buildings: int
    units: int


class Facets(Strict):
    """How many listed buildings and units match now, and would match with each value of each filter."""

    version: int
    buildings: int
    units: int
    area_m2: float
    not_shown: NotShown | None = None
    moment: PastMoment | None = Field(None, description="null for the present")
    facets: dict[str, list[FacetValue]]


class Versions(Strict):
    """The current version of every layer; part of the addresses of tiles and state files."""

    layers: dict[str, int]


def _words(name: str) -> str:
    return f"comma-separated, any of: {', '.join(choices()[name])}"


class Outline(Strict):
    """Areas as GeoJSON writes them."""

    type: Literal["MultiPolygon"]
    coordinates: list[list[list[Lonlat]]]


class IsochroneFacts(Strict):
    """How far an isochrone reaches: along ways on foot, or in a straight line where no road is near."""

    building: str | None = Field(description="code of the building from which one walks; null from a place")
    minutes: int
    metres: int
    method: Literal["walking", "straight_line"]


class IsochroneFeature(Strict):
    """The land within some minutes on foot."""

    type: Literal["Feature"] = "Feature"
    geometry: Outline
    properties: IsochroneFacts


class Isochrones(Strict):
    """A GeoJSON collection, the shortest walk first."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[IsochroneFeature]


class IsochroneQuery(BaseModel):
    """Which walks."""

    minutes: Literal["", "5", "10", "15"] | None = Field(None, description="one walk alone; all of them when left out")


class WalkQuery(IsochroneQuery):
    """Where one walks from, and which walks."""

    walk_from: str = Field(description="code of a building, or longitude,latitude in degrees")


class FilterQuery(BaseModel):
    """The filters, the same on the map page and in the API."""

    q: str | None = Field(None, max_length=100, description="name, alias, pinyin or initials, in 简 or 繁")
    area_min: float | None = Field(None, ge=0, le=MOST_AMOUNT, description="m²")
    area_max: float | None = Field(
        None, ge=0, le=MOST_AMOUNT, description="m²; a divisible unit counts from its least area"
    )
    rent_min: float | None = Field(
        None, ge=0, le=MOST_AMOUNT, description="in rent_unit; units without a known rent do not match"
    )
    rent_max: float | None = Field(None, ge=0, le=MOST_AMOUNT, description="in rent_unit")
    rent_unit: Literal["cny_m2_day", "cny_m2_month"] = "cny_m2_day"
    grade: str | None = Field(None, description=_words("grade"))
    star: str | None = Field(None, description=_words("star"))
    theme: str | None = Field(None, description=_words("theme"))
    industry: str | None = Field(None, description=_words("industry"))
    floor_min: int | None = Field(None, ge=-20, le=300, description="physical position, 1 is the ground floor")
    floor_max: int | None = Field(None, ge=-20, le=300)
    fitout: str | None = Field(None, description=_words("fitout"))
    available_by: date | Literal[""] | None = None
    occupancy: str | None = Field(None, description=_words("occupancy"))
    status: str | None = Field(None, description=_words("status"))
    within: str | None = Field(None, description="codes of areas, comma-separated")
    bbox: str | None = Field(None, description="west,south,east,north in degrees")
    shape: str | None = Field(None, description="a shape on the map: " + ALLOWED)
    near: str | None = Field(None, description="amenity categories, all of them within near_m: " + _words("near"))
    near_m: int = Field(500, ge=50, le=3000, description="metres on foot, in a straight line where no road leads")
    near_minutes: int | None = Field(None, ge=1, le=37, description="instead of near_m: minutes of 80 metres each")
    walk_from: str | None = Field(
        None, description="code of a building or longitude,latitude: what lies within walk_min minutes on foot"
    )
    walk_min: Literal["5", "10", "15"] = "10"
    cluster: str | None = Field(None, description="codes of industry clusters, comma-separated")
    stale: Literal["1"] | None = Field(
        None, description="also units on the market that nobody has confirmed for long (see not_shown)"
    )


class ListQuery(FilterQuery):
    """Filters, order and page."""

    sort: str | None = Field(None, description="a sortable field, with - in front for the largest first")
    after: str | None = Field(None, description="the `next` of the page before")
    limit: int = Field(50, ge=1, le=MAX_LIMIT)


class PastQuery(BaseModel):
    """A past day, and the instant whose knowledge of it is asked for."""

    as_of: date | None = Field(None, description="units as they were on that day, up to today")
    known_at: str | None = Field(
        None, description="as known at that instant (ISO 8601 with a zone), or at the end of a date; now when left out"
    )


class PastFilterQuery(FilterQuery, PastQuery):
    """Filters, and a past day to ask them of."""


class PastListQuery(ListQuery, PastQuery):
    """Filters, order and page, and a past day to ask them of."""
