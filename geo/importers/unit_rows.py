"""Turns a file of units into rows of plain values: where each is, what it is, in which state, on which terms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import shapely

from geo.disclosure import month_of, public_occupancy
from geo.importers.loading import texts_of
from geo.importers.tables import CleanBatch
from geo.importers.unit_buildings import Premises
from geo.importers.unit_words import split_address, use_of
from geo.taxonomy import occupancies, rent_cny_m2_day

_STATES = {status.code: (status.occupancy, status.contract) for status in occupancies()}
_ON_MARKET = frozenset({"vacant", "soon", "negotiating"})
_NAMES = (
    *("source_id", "building_id", "building", "building_address", "address", "floor", "floor_number", "floor_top"),
    *("label", "area_m2", "usable_area_m2", "min_area_m2", "occupancy", "use", "rent_low", "rent_high", "rent_unit"),
    *("fitout", "available_on", "reported_on", "tenant", "rent_free_fee_waived"),
    *("tax_included", "property_fee_included", "rent_free_months", "rent_free_with_fee", "deposit_months"),
    *("escalation_pct", "restoration_cny_m2"),
)

NO_LABEL = "—"
"""The label of a unit that has none."""


class OfferTerms(NamedTuple):
    """What a row says of the terms of an offer, as `offers` has them."""

    tax_included: bool | None
    property_fee_included: bool | None
    rent_free_months: int | None
    rent_free_with_fee: bool | None
    escalation_pct: float | None
    deposit_months: int | None
    restoration_cny_m2: float | None


@dataclass(slots=True)
class UnitRow:
    """One row of a file of units.

    `room` is a room number that a floor may be read off; house numbers are none. `word` is the state as a code of
    `occupancy.csv`, None where the file has none.
    """

    row: int
    premises: Premises
    key: str | None
    label: str
    room: str | None
    floor: str | None
    top_floor: str | None
    area_m2: float | None
    area_basis: str
    min_area_m2: float | None
    use: str
    word: str | None
    rent_low: float | None
    rent_high: float | None
    rent_unit: str | None
    fitout: str | None
    available_on: date | None
    reported_on: date | None
    tenant: str | None
    terms: OfferTerms

    @property
    def state(self) -> tuple[str | None, str | None]:
        """Occupancy and contract as `unit_states` has them, None where the file says nothing."""
        return _STATES.get(self.word or "", (None, None))

    @property
    def offered(self) -> bool:
        """Whether the row says that the unit is on the market. The end of a lease says no such thing."""
        if self.word in (None, "unknown"):
            return self.rent_low is not None or self.available_on is not None
        return self.word in _ON_MARKET

    @property
    def public_status(self) -> str:
        """What the public is told."""
        occupancy, contract = self.state
        return public_occupancy(occupancy or "unknown", contract or "none", self.offered, self.offer_month)

    @property
    def offer_month(self) -> date | None:
        """The month from which it is offered."""
        return month_of(self.available_on) if self.offered and self.available_on else None

    @property
    def rent_cny_m2_day(self) -> float | None:
        """The asking rent, comparable."""
        if not self.offered or self.rent_low is None or self.rent_unit is None:
            return None
        return rent_cny_m2_day(self.rent_low, self.rent_unit, self.area_m2)


def rows_of(batch: CleanBatch) -> Iterator[UnitRow]:
    """Give the rows of a batch."""
    columns = {name: texts_of(batch.columns, name, len(batch)) for name in _NAMES}
    positions = _positions(batch)
    for index, number in enumerate(batch.row_numbers.tolist()):
        yield _row(number, {name: values[index] for name, values in columns.items()}, positions[index])


def _row(number: int, said: dict[str, Any], position: tuple[float, float] | None) -> UnitRow:
    whole = said["building_address"] or said["address"]
    split = split_address(whole) if whole else None
    premises = Premises(number, said["building_id"], said["building"], split.building if split else None, position)
    gross, usable = said["area_m2"], said["usable_area_m2"]
    return UnitRow(
        row=number,
        premises=premises,
        key=said["source_id"],
        label=said["label"] or (split.unit if split else "") or (_first(split.building) if split else NO_LABEL),
        room=said["label"] or (split.unit if split and split.chinese else None),
        floor=said["floor"],
        top_floor=said["floor_top"],
        area_m2=gross or usable or None,
        area_basis="gross" if gross or not usable else "net",
        min_area_m2=said["min_area_m2"] or None,
        use=use_of(said["use"]),
        word=said["occupancy"],
        rent_low=said["rent_low"],
        rent_high=said["rent_high"],
        rent_unit=said["rent_unit"],
        fitout=said["fitout"],
        available_on=said["available_on"],
        reported_on=said["reported_on"],
        tenant=said["tenant"],
        terms=_terms(said),
    )


def _terms(said: dict[str, Any]) -> OfferTerms:
    """A column of its own tells whether the fee is waived, or a remark beside the months."""
    own = said["rent_free_with_fee"]
    waived = said["rent_free_fee_waived"] if own is None else own
    return OfferTerms(**{name: waived if name == "rent_free_with_fee" else said[name] for name in OfferTerms._fields})


def _first(address: str) -> str:
    """The beginning of an address up to the street: the label of premises that are a whole house."""
    pieces = address.split(", ")
    return ", ".join(pieces[:2]) if pieces[0].isdecimal() and len(pieces) > 1 else pieces[0]


def _positions(batch: CleanBatch) -> list[tuple[float, float] | None]:
    if batch.geometry is None:
        return [None] * len(batch)
    lon, lat = shapely.get_x(batch.geometry).tolist(), shapely.get_y(batch.geometry).tolist()
    return [None if x != x else (round(x, 7), round(y, 7)) for x, y in zip(lon, lat, strict=True)]
