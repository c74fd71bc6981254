"""What search engines are told of a building or unit, as JSON-LD (schema.org)."""

from collections.abc import Sequence
from typing import Any

from webmap.buildings.operations import BuildingPage
from webmap.names import label
from webmap.numbers import quoted

_OFFICE_BUILDING = "https://www.wikidata.org/wiki/Q1021645"
_LEASE_OUT = "http://purl.org/goodrelations/v1#LeaseOut"
_SQUARE_METRE = "MTK"
_PERIODS = {"cny_m2_day": "DAY", "cny_m2_month": "MON", "cny_m2_year": "ANN"}
"""Rent units per m² → UN/CEFACT code of their period."""


def building_data(page: BuildingPage, url: str, unit_url: str) -> dict[str, Any]:
    """The building as a place with an offer for every unit on the market; `unit_url` is a template with one %s."""
    return {
        "@context": "https://schema.org",
        "@graph": [_place(page, url), *(_offer(unit, url, unit_url % unit.code) for unit in page.market)],
    }


def unit_data(page: BuildingPage, unit: Any, url: str, unit_url: str) -> dict[str, Any]:
    """One unit: its building and, when it is on the market, its offer."""
    offers = [_offer(unit, url, unit_url)] if unit.status in ("vacant", "soon") else []
    return {"@context": "https://schema.org", "@graph": [_place(page, url), *offers]}


def _place(page: BuildingPage, url: str) -> dict[str, Any]:
    building = page.building
    return _said(
        {
            "@type": "Place",
            "additionalType": _OFFICE_BUILDING,
            "@id": f"{url}#place",
            "url": url,
            "name": building.name,
            "alternateName": building.name_en,
            "address": building.address,
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": round(page.lat, 6),
                "longitude": round(page.lon, 6),
            },
            "containedInPlace": [{"@type": "Place", "name": label(area)} for area in page.areas],
            "additionalProperty": _properties(
                ("numberOfFloors", building.floors_above, None),
                ("height", building.height_m, "MTR"),
                ("leasableArea", building.leasable_area_m2, _SQUARE_METRE),
                ("yearBuilt", building.completed_year, None),
            ),
        }
    )


def _properties(*triples: tuple[str, Any, str | None]) -> list[dict[str, Any]]:
    return [
        _said({"@type": "PropertyValue", "name": name, "value": _plain(value), "unitCode": code})
        for name, value, code in triples
        if value is not None
    ]


def _offer(unit: Any, building_url: str, unit_url: str) -> dict[str, Any]:
    return _said(
        {
            "@type": "Offer",
            "@id": f"{unit_url}#offer",
            "url": unit_url,
            "businessFunction": _LEASE_OUT,
            "availabilityStarts": unit.available_on.isoformat() if unit.available_on else None,
            "priceSpecification": _price(unit),
            "itemOffered": _said(
                {
                    "@type": "Accommodation",
                    "name": unit.label,
                    "floorSize": _size(unit),
                    "containedInPlace": {"@id": f"{building_url}#place"},
                }
            ),
        }
    )


def _size(unit: Any) -> dict[str, Any] | None:
    if unit.area_m2 is None:
        return None
    return {"@type": "QuantitativeValue", "value": _plain(unit.area_m2), "unitCode": _SQUARE_METRE}


def _price(unit: Any) -> dict[str, Any] | None:
    if unit.rent_amount is None:
        return None
    period = _PERIODS.get(unit.rent_unit)
    quantity = {"@type": "QuantitativeValue", "value": 1, "unitCode": _SQUARE_METRE} if period else None
    return _said(
        {
            "@type": "UnitPriceSpecification",
            "price": _plain(unit.rent_amount),
            "priceCurrency": "CNY",
            "unitText": quoted(unit.rent_amount, unit.rent_unit),
            "referenceQuantity": quantity,
            "billingDuration": f"P1{period[0]}" if period in ("DAY", "MON") else None,
        }
    )


def _plain(value: Any) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else number


def _said(thing: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    empty: Sequence[Any] = (None, [], "")
    return {key: value for key, value in thing.items() if value not in empty}
