"""What the API takes and says of clusters, as types for its document."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from webmap.cluster_questions import CHOICES, USUAL
from webmap.listed_units import Lonlat, Strict

MOST_CELLS, CELLS = 50_000, 2000
"""Cells in one answer, at most and usually: those that stand out most."""


def _one_of(name: str, description: str) -> Any:
    return Field(getattr(USUAL, name), description=description, json_schema_extra={"enum": list(CHOICES[name])})


class ClusterQuery(BaseModel):
    """An industry and how to look."""

    industry: str = Field(USUAL.industry, description="map group, theme, section or code of GB/T 4754: finance, J, 67")
    by: str = _one_of("by", "what is counted: enterprises, m² they use, or (tax officers alone) CNY of tax they paid")
    statistic: str = _one_of("statistic", "excess over what is expected, shrunken rate, or Gi*")
    kind: str = _one_of("kind", "form of the cells")
    cell_m: int = _one_of("cell_m", "width of a cell, m")
    rings: int = _one_of("rings", "rings of neighbours that count as well")
    q: float = _one_of("q", "share of false findings that is put up with")
    reach_m: float = _one_of("reach_m", "outlines: how far one looks round a building at most, m")
    least: int = _one_of("least", "outlines: enterprises of the industry at least")
    least_quotient: float = _one_of("least_quotient", "outlines: location quotient at least")
    limit: int = Field(CELLS, ge=1, le=MOST_CELLS, description="cells, those that stand out most first")
    as_of: date | None = Field(None, description="a past day")
    known_at: str | None = Field(None, description="as known at that instant (ISO 8601 with a zone) or day")


class ClusterCell(Strict):
    """A cell; `near`, `expected` and what follows are of the cell with its rings of neighbours.

    Numbers are enterprises, m² or CNY, as was asked with `by`.
    """

    location: Lonlat = Field(description="its middle")
    building_code: str = Field(description="the building with most of the industry")
    place: str
    finding: Literal["hot", "cold", ""]
    small: bool = Field(description="fewer than five enterprises were to be expected, or make up `near`")
    here: int
    all_here: int
    near: int
    all_near: int
    expected: float
    quotient: float | None
    z: float
    p: float
    q: float
    leading: str = Field(description="the map group with most in the cell; empty where that is not told")


class ClusterOutline(Strict):
    """A cluster drawn round buildings."""

    building_code: str = Field(description="the building with most of the industry")
    place: str
    buildings: int = Field(description="that have the industry")
    enterprises: int
    everything: int
    expected: float
    quotient: float
    z: float
    q: float
    without_largest: float = Field(description="the quotient without the largest building")


class ClusterAnswer(Strict):
    """Where an industry gathers; its enterprises and all, indices over cells, cells and outlines."""

    industry: str
    day: date
    question: str = Field(description="the parameters that are not as usual")
    total: int
    everything: int
    firms: int = Field(description="enterprises of the industry that make up the total")
    exact: bool = Field(description="of m² and CNY: whether it is what the asker alone may know, not what all may")
    gini: float | None
    ellison_glaeser: float | None
    cells_in_all: int
    hot: int
    cold: int
    cells: Sequence[ClusterCell]
    outlines: Sequence[ClusterOutline]
