"""Filters: what people type comes back as it was, and what is not understood is named."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadParameterError
from geo.filters import WALKS_MIN, Filters, Origin, choices, land_of, parse, to_query
from geo.shapes import Circle, Polygon, Shape

LAND = shapely.to_wkb(shapely.Polygon([(121.44, 31.21), (121.49, 31.22), (121.47, 31.26), (121.45, 31.23)]))
"""What somebody may reach on foot, in the middle of where tests make buildings."""


def words(field: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(choices()[field]), unique=True, max_size=4).map(tuple)


def amounts(top: int) -> st.SearchStrategy[Decimal | None]:
    return st.none() | st.decimals(0, top, places=2, allow_nan=False, allow_infinity=False)


@st.composite
def any_shape(draw: st.DrawFn) -> Shape | None:
    """A circle or polygon as a hand draws it, over where tests make buildings."""
    lon, lat = draw(st.integers(12141000, 12153000)), draw(st.integers(3120000, 3126000))
    circle = Circle(lon / 1e5, lat / 1e5, draw(st.integers(200, 6000)))
    corners = draw(st.lists(st.tuples(st.integers(-9000, 9000), st.integers(-6000, 6000)), min_size=3, max_size=9))
    polygon = Polygon(tuple((lon + x, lat + y) for x, y in corners)) if len(set(corners)) > 2 else circle
    return draw(st.sampled_from([None, None, circle, polygon]))


@st.composite
def any_filters(draw: st.DrawFn) -> Filters:
    """Filters as a person might set them, every field now and then."""
    area, rent = sorted(draw(st.tuples(amounts(5000), amounts(5000))), key=lambda a: a or 0), draw(amounts(20))
    floors = sorted(draw(st.tuples(st.integers(-4, 90), st.integers(-4, 90))))
    west, south = draw(st.floats(121.40, 121.48)), draw(st.floats(31.20, 31.235))
    return Filters(
        q=draw(st.sampled_from(["", "云澜", "yunlan", "YL", "雲瀾", "中心 ａ座", "x<y&z=1"])),
        area_min=area[0],
        area_max=area[1] if area[1] is not None and (area[0] is None or area[0] <= area[1]) else None,
        rent_max=rent,
        rent_unit=draw(st.sampled_from(choices()["rent_unit"])),
        grade=draw(words("grade")),
        star=draw(words("star")),
        theme=draw(words("theme")),
        industry=draw(words("industry")),
        floor_min=draw(st.none() | st.just(floors[0])),
        floor_max=draw(st.none() | st.just(floors[1])),
        fitout=draw(words("fitout")),
        available_by=draw(st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1))),
        occupancy=draw(words("occupancy")),
        status=draw(words("status")),
        within=draw(st.sampled_from([(), ("area0001",), ("area0001", "area0002")])),
        bbox=draw(st.none() | st.just((west, south, west + 0.07, south + 0.05))),
        shape=draw(any_shape()),
        near=draw(st.lists(st.sampled_from(["metro", "hotel"]), unique=True).map(tuple)),
        near_m=draw(st.integers(50, 3000)),
        walk_from=draw(st.sampled_from([None, Origin("bldg0001", LAND)])),
        walk_min=draw(st.sampled_from(WALKS_MIN)),
        cluster=draw(st.sampled_from([(), ("clus0001",)])),
        stale=draw(st.booleans()),
    )


@given(any_filters())
def test_a_search_survives_its_own_address(filters: Filters) -> None:
    assert parse(dict(parse_qsl(to_query(filters)))) == filters


def test_defaults_are_left_out_of_the_address() -> None:
    assert to_query(Filters()) == ""
    assert to_query(Filters(area_min=Decimal("800.00"), grade=("a", "b"))) == "area_min=800&grade=a,b"


def test_an_empty_value_means_not_set() -> None:
    assert parse({"area_min": "", "q": "  "}) == Filters()


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("area_mim", "800", "area_min"),
        ("area_min", "many", "a number"),
        ("area_min", "-1", "from 0"),
        ("area_min", "NaN", "a number"),
        ("grade", "a,zz", "super_a"),
        ("occupancy", "empty", "vacant"),
        ("rent_unit", "usd", "cny_m2_day"),
        ("available_by", "31.12.2026", "2027-03-01"),
        ("bbox", "1,2,3", "west"),
        ("bbox", "122,31,121,32", "west < east"),
        ("shape", "circle:121.47,31.23", "circle:lon,lat,metres"),
        ("shape", "circle:121.47,31.23,9", "10 to"),
        ("shape", "circle:nan,31.23,500", "circle"),
        ("shape", "circle:121.47,95,500", "circle"),
        ("shape", "polygon:AAAA", "3 to 100"),
        ("shape", "polygon:" + "AC" * 101, "3 to 100"),
        ("shape", "polygon:AAA!AC", "polygon"),
        ("shape", "polygon:AAACAg", "polygon"),
        ("shape", "square:1", "polygon"),
        ("floor_min", "5F", "whole number"),
        ("near_m", "5", "50"),
        ("q", "长" * 101, "100"),
    ],
)
def test_what_is_not_understood_is_named_with_what_is_allowed(name: str, value: str, hint: str) -> None:
    with pytest.raises(BadParameterError, match=name) as raised:
        parse({name: value})
    assert raised.value.parameter == name
    assert hint in raised.value.allowed


def test_limits_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(BadParameterError, match="area_min"):
        parse({"area_min": "900", "area_max": "800"})


def test_other_parameters_of_a_page_are_left_alone() -> None:
    assert parse({"sort": "area", "q": "云"}, also=("sort",)) == Filters(q="云")


def test_minutes_on_foot_are_metres_at_the_pace_of_station_signs() -> None:
    assert parse({"near": "metro", "near_minutes": "8"}) == Filters(near=("metro",), near_m=640)


@pytest.mark.parametrize(
    "query", [{"near_minutes": "8", "near_m": "500"}, {"near_minutes": "0"}, {"near_minutes": "38"}, {"walk_min": "7"}]
)
def test_walks_that_cannot_be_meant_are_refused(query: dict[str, str]) -> None:
    with pytest.raises(BadParameterError):
        parse(query)


def test_a_walk_whose_land_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(BadParameterError, match="walk_from"):
        land_of(Origin("bldg0001"))
