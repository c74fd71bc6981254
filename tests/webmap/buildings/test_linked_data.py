"""What search engines are told holds to the vocabulary of schema.org: no type or property that it does not know."""

import json
import re
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import create_area, create_building, create_floor, create_unit

_THING = {"@type", "@id", "url", "name"}
VOCABULARY: dict[str, set[str]] = {
    "Place": _THING | {"additionalType", "alternateName", "address", "geo", "containedInPlace", "additionalProperty"},
    "GeoCoordinates": {"@type", "latitude", "longitude"},
    "PropertyValue": {"@type", "name", "value", "unitCode"},
    "QuantitativeValue": {"@type", "value", "unitCode"},
    "BreadcrumbList": {"@type", "itemListElement"},
    "ListItem": {"@type", "position", "name", "item", "url"},
    "ItemList": {"@type", "@id", "numberOfItems", "itemListElement"},
    "Offer": _THING | {"businessFunction", "availability", "availabilityStarts", "priceSpecification", "itemOffered"},
    "UnitPriceSpecification": {
        *("@type", "price", "priceCurrency", "unitText", "referenceQuantity", "billingDuration"),
    },
    "Accommodation": _THING | {"accommodationCategory", "floorSize", "containedInPlace"},
    "Product": set(),
    "RealEstateListing": _THING | {"inLanguage", "datePosted", "mainEntity", "offers"},
}
"""Types → those of their properties, own or inherited, that are used here (schema.org 29)."""


def nodes(thing: Any) -> list[dict[str, Any]]:
    """Everything that has a type, at any depth."""
    if isinstance(thing, list):
        return [node for part in thing for node in nodes(part)]
    if not isinstance(thing, dict):
        return []
    return ([thing] if "@type" in thing else []) + nodes(list(thing.values()))


def test_every_word_is_one_of_schema_org(client: FlaskClient, session: Session) -> None:
    create_area(session)
    values = {"area_m2": 320, "rent_amount": 4.5, "rent_unit": "cny_m2_day", "reported_on": date(2026, 11, 1)}
    values |= {"public_status": "soon", "available_on": date(2027, 3, 1)}
    unit = create_unit(session, create_floor(session, create_building(session), 5), label="501", **values)
    graph = graph_of(client, f"/en/u/{unit.code}")
    building = graph_of(client, f"/en/b/{unit_building(graph)}")
    assert building[1]["itemListElement"][0]["url"].endswith(f"/en/u/{unit.code}")
    for node in nodes([graph, building]):
        types = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
        assert set(node) <= set.union(*(VOCABULARY[each] for each in types)), types
    _, crumbs, offer, listing = graph
    assert [step["name"] for step in crumbs["itemListElement"]] == ["Jiangwan", "Yunlan Tower", "501"]
    assert crumbs["itemListElement"][1]["item"].endswith(f"/en/b/{unit_building(graph)}")
    assert offer["availability"].endswith("PreOrder") and offer["availabilityStarts"] == "2027-03-01"
    assert listing["mainEntity"]["@id"] == offer["itemOffered"]["@id"]


def graph_of(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    """What a page tells search engines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text)
    assert found
    graph: list[dict[str, Any]] = json.loads(found[1])["@graph"]
    return graph


def unit_building(graph: list[dict[str, Any]]) -> str:
    """The code in the address of the building."""
    return str(graph[0]["url"]).rsplit("/", 1)[1]
