"""What the search box takes and gives, as types for the API's document."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from webmap.listed_units import Lonlat, PlaceRef, Strict


class SuggestQuery(BaseModel):
    """What is typed."""

    q: str = Field(
        "", max_length=100, description="name, address or company in 简 or 繁, pinyin, initials; building and unit"
    )
    limit: int = Field(12, ge=1, le=50)
    at: str | None = Field(None, description="longitude,latitude: the nearer first among what matches as well")
    as_of: date | None = Field(None, description="what there was to let on that day, up to today")
    known_at: str | None = Field(None, description="as known at that instant (ISO 8601), or at the end of a date")


class Suggestion(Strict):
    """Something found."""

    kind: Literal["building", "unit", "area", "metro", "address", "amenity", "enterprise"]
    code: str = Field(description="of an address, that of a building there")
    name: str | None
    name_en: str | None
    where: str | None = Field(description="what tells it from others of its name: address, building")
    where_en: str | None
    word: str | None = Field(
        description="level of an area, category of an amenity, industry group of an enterprise, public state of a unit"
    )
    building: PlaceRef | None = Field(description="where a unit, an enterprise or an address belongs to")
    location: Lonlat | None
    bbox: list[float] | None = Field(description="of an area")
    units_to_let: int | None = Field(description="of a building: its units that are vacant or soon will be")
    score: float
    matched: Literal["name", "alias", "name_en", "pinyin", "initials", "address", "label"]
    typo: bool = Field(description="whether it is spelled or written otherwise than asked")


class Suggestions(Strict):
    """What is found, kind by kind, the kind of the best first."""

    ready: bool = Field(description="false while the index is being made for the first time")
    items: list[Suggestion]
