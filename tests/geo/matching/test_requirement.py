"""A requirement as a query string: read, refused with a remedy, and written back."""

from decimal import Decimal

import pytest

from geo.errors import BadParameterError
from geo.matching import parse, to_query
from geo.matching.requirement import Walk


@pytest.mark.parametrize(
    "query",
    [
        {"area": "1000", "tolerance": "5", "rent_max": "4.5"},
        {"area_min": "800", "area_max": "1000", "budget_month": "120000"},
        {"people": "50", "fitout": "full,furnished", "available_by": "2027-03-01"},
        {"metro_minutes": "8", "lunch_m": "250", "car_park_m": "120", "parking": "20"},
        {"industry": "finance", "registrable": "1", "permits": "catering,medical", "zone": "AR1"},
        {"band": "high", "grade": "a", "star": "4,5", "theme": "finance", "bbox": "121.4,31.2,121.5,31.3"},
        {"area": "300", "must": "none", "weights": "area:5,metro:0"},
        {"industry": "it", "neighbours": "5"},
        {"rent_max": "150", "rent_unit": "cny_m2_month", "floor_min": "3", "floor_max": "9", "within": "AR1,AR2"},
    ],
)
def test_what_is_written_is_what_was_read(query: dict[str, str]) -> None:
    once = parse(query)
    pairs = dict(pair.split("=") for pair in to_query(once).split("&"))
    assert parse(pairs) == once
    assert pairs.keys() == query.keys()


def test_what_is_usual_is_left_out() -> None:
    assert to_query(parse({"area": "1000", "tolerance": "10", "rent_unit": "cny_m2_day", "q": ""}, also=("q",))) == (
        "area=1000"
    )


def test_minutes_on_foot_are_eighty_metres_each() -> None:
    assert parse({"metro_minutes": "8"}).walks == (Walk("metro", 640),)
    assert to_query(parse({"metro_m": "640"})) == "metro_minutes=8"
    assert to_query(parse({"metro_m": "650"})) == "metro_m=650"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"area": "large"}, "area"),
        ({"area": "0"}, "area"),
        ({"area": "1e9999"}, "area"),
        ({"tolerance": "101"}, "tolerance"),
        ({"people": "2.5"}, "people"),
        ({"people": "٣"}, "people"),
        ({"available_by": "soon"}, "available_by"),
        ({"rent_max": "-1"}, "rent_max"),
        ({"band": "upper"}, "band"),
        ({"industry": "finance,it"}, "industry"),
        ({"registrable": "yes"}, "registrable"),
        ({"permits": "disco"}, "permits"),
        ({"neighbours": "5"}, "industry"),
        ({"industry": "it", "neighbours": "0"}, "neighbours"),
        ({"metro_minutes": "38"}, "metro_minutes"),
        ({"metro_m": "5"}, "metro_m"),
        ({"metro_minutes": "5", "metro_m": "400"}, "metro_m"),
        ({"moon_minutes": "5"}, "moon_minutes"),
        ({"must": "area,beauty"}, "must"),
        ({"weights": "area"}, "weights"),
        ({"weights": "area:6"}, "weights"),
        ({"area": "500", "people": "50"}, "people"),
        ({"area": "500", "area_max": "600"}, "area_min"),
        ({"area_min": "500", "area_max": "400"}, "area_min"),
        ({"q": "x"}, "q"),
    ],
)
def test_what_is_not_understood_is_named_with_the_remedy(query: dict[str, str], parameter: str) -> None:
    with pytest.raises(BadParameterError) as refused:
        parse(query)
    assert refused.value.parameter == parameter
    assert refused.value.allowed


def test_musts_and_weights_are_as_told_or_as_usual() -> None:
    usual = parse({"area": "500", "metro_minutes": "8", "within": "AR1"})
    assert [name for name in usual.asked if usual.is_must(name)] == ["area", "within"]
    told = parse({"area": "500", "metro_minutes": "8", "within": "AR1", "must": "metro", "weights": "metro:5"})
    assert [name for name in told.asked if told.is_must(name)] == ["within", "metro"]
    assert (told.weight("metro"), told.weight("area")) == (Decimal(5), Decimal(3))
