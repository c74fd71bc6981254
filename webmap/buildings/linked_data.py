"""What search engines are told of a building or unit, as JSON-LD (schema.org)."""

from collections.abc import Sequence
from typing import Any

from geo.filters import MARKET
from webmap.buildings.operations import BuildingPage
from webmap.locale import language
from webmap.names import label
from webmap.numbers import quoted

_OFFICE_BUILDING = "https://www.wikidata.org/wiki/Q1021645"
_LEASE_OUT = "http://purl.org/goodrelations/v1#LeaseOut"
_SQUARE_METRE = "MTK"
_PERIODS = {"cny_m2_day": "DAY", "cny_m2_month": "MON", "cny_m2_year": "ANN"}
"""Rent units per m² → UN/CEFACT code of their period."""

_AVAILABILITY = {"vacant": "https://schema.org/InStock", "soon": "https://schema.org/PreOrder"}


def building_data(page: BuildingPage, url: str, unit_url: str) -> dict[str, Any]:
    """The building as a place, and the addresses of its units on the market, whose own pages say what is offered.

    `unit_url` is a template with one %s.
    """
    graph = [_place(page, url)]
    if page.market:
        graph.append(_list(url, [unit_url % unit.code for unit in page.market]))
    return {"@context": "https://schema.org", "@graph": graph}


def unit_data(page: BuildingPage, unit: Any, url: str, unit_url: str) -> dict[str, Any]:
    """One unit: its building, where that stands and, when it is on the market, the listing with its offer."""
    graph = [_place(page, url), _crumbs(page, unit, url, unit_url)]
    if unit.status in MARKET:
        graph += [_offer(unit, url, unit_url), _listing(page, unit, unit_url)]
    return {"@context": "https://schema.org", "@graph": graph}


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


def _list(url: str, unit_urls: Sequence[str]) -> dict[str, Any]:
    steps = [{"@type": "ListItem", "position": place, "url": where} for place, where in enumerate(unit_urls, 1)]
    return {"@type": "ItemList", "@id": f"{url}#vacancies", "numberOfItems": len(steps), "itemListElement": steps}


def _crumbs(page: BuildingPage, unit: Any, url: str, unit_url: str) -> dict[str, Any]:
    """The areas that a unit is in, from the largest, its building, and itself."""
    root = url[: -len(f"/b/{page.building.code}")]
    steps: list[tuple[str | None, str]] = [(label(area), f"{root}/a/{area.code}") for area in page.areas]
    steps += [(label(page.building) or page.building.address, url), (unit.label, unit_url)]
    named = [(name, where) for name, where in steps if name]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": where}
            for place, (name, where) in enumerate(named, 1)
        ],
    }


def _listing(page: BuildingPage, unit: Any, unit_url: str) -> dict[str, Any]:
    return _said(
        {
            "@type": "RealEstateListing",
            "@id": f"{unit_url}#listing",
            "url": unit_url,
            "name": " ".join(filter(None, (label(page.building), unit.label))),
            "inLanguage": language().tag,
            "datePosted": unit.reported_on.isoformat() if unit.reported_on else None,
            "mainEntity": {"@id": f"{unit_url}#unit"},
            "offers": {"@id": f"{unit_url}#offer"},
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
            "availability": _AVAILABILITY.get(unit.status),
            "availabilityStarts": unit.available_on.isoformat() if unit.available_on else None,
            "priceSpecification": _price(unit),
            "itemOffered": _said(
                {
                    "@type": ["Accommodation", "Product"],
                    "@id": f"{unit_url}#unit",
                    "url": unit_url,
                    "name": unit.label,
                    "accommodationCategory": "office",
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
            "billingDuration": f"P1{period[0]}" if period in ("DAY", "MON") else "P1Y" if period else None,
        }
    )


def _plain(value: Any) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else number


def _said(thing: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    empty: Sequence[Any] = (None, [], "")
    return {key: value for key, value in thing.items() if value not in empty}
