"""What a tenant is told: which units fit, for which points, and why others do not."""

from typing import Any

import pytest

from geo.matching import Answer, Market, match, parse
from tests.geo.matching.states import AREAS, market, word

EPOCH_2027_03 = 20_878
"""1 March 2027 in days since 1970."""


def asked(found: Market, **query: str) -> Answer:
    return match(found, parse(query), limit=50)


def part(answer: Answer, name: str, at: int = 0) -> Any:
    (found,) = [part for part in answer.found[at].parts if part.name == name]
    return found


def one(building: dict[str, Any] | None = None, **unit: Any) -> Market:
    return market([building or {}], [unit])


@pytest.mark.parametrize(
    ("query", "building", "unit", "outcome", "value"),
    [
        ({"area": "500"}, {}, {"area": 545.0}, "met", 545.0),
        ({"area": "500"}, {}, {"area": 660.0}, "partly", 660.0),
        ({"area": "500"}, {}, {"area": 2000.0}, "missed", 2000.0),
        ({"area": "500"}, {}, {"area": 0.0}, "not_stated", None),
        ({"area": "500"}, {}, {"area": 2000.0, "min_area": 400.0}, "met", 500.0),
        ({"area": "500"}, {}, {"area": 2000.0, "min_area": 520.0}, "met", 520.0),
        ({"people": "50"}, {}, {"area": 450.0, "fitout": word("fitout", "full")}, "met", 50.0),
        ({"people": "50"}, {}, {"area": 400.0, "fitout": word("fitout", "furnished")}, "met", 50.0),
        ({"people": "50"}, {}, {"area": 400.0, "fitout": word("fitout", "shell")}, "partly", 40.0),
        ({"available_by": "2027-03-01"}, {}, {}, "met", "now"),
        ({"available_by": "2027-03-01"}, {}, {"available": EPOCH_2027_03, "occupancy": 2}, "met", "2027-03"),
        ({"available_by": "2027-02-01"}, {}, {"available": EPOCH_2027_03, "occupancy": 2}, "partly", "2027-03"),
        ({"available_by": "2027-03-01"}, {}, {"occupancy": 2}, "not_stated", None),
        ({"rent_max": "5"}, {}, {"rent": 5.0}, "met", 5.0),
        ({"rent_max": "5"}, {}, {"rent": 5.5}, "partly", 5.5),
        ({"rent_max": "5"}, {}, {"rent": 6.1}, "missed", 6.1),
        ({"rent_max": "5"}, {}, {"rent": float("nan")}, "not_stated", None),
        ({"rent_max": "153", "rent_unit": "cny_m2_month"}, {}, {"rent": 5.0}, "met", 152.08),
        ({"budget_month": "80000"}, {}, {}, "met", 76041.67),
        ({"budget_month": "70000"}, {}, {}, "partly", 76041.67),
        ({"budget_month": "70000"}, {}, {"rent": float("nan")}, "not_stated", None),
        ({"budget_month": "80000"}, {"fee": 30.0}, {}, "partly", 91041.67),
        ({"budget_month": "92000"}, {"fee": 30.0}, {}, "met", 91041.67),
        ({"budget_month": "80000"}, {"fee": 30.0}, {"fee_included": 1}, "met", 76041.67),
        ({"floor_min": "10"}, {}, {"floor": 5}, "partly", 5),
        ({"floor_max": "4"}, {}, {"floor": 5}, "partly", 5),
        ({"floor_min": "3", "floor_max": "9"}, {}, {"floor": 0}, "not_stated", None),
        ({"band": "low"}, {}, {"floor": 10}, "met", "low"),
        ({"band": "low"}, {}, {"floor": 11}, "missed", "middle"),
        ({"band": "high,middle"}, {}, {"floor": 21}, "met", "high"),
        ({"band": "high"}, {"floors": 0}, {}, "not_stated", None),
        ({"grade": "a"}, {"grade": word("grade", "a")}, {}, "met", "a"),
        ({"grade": "a"}, {"grade": word("grade", "b")}, {}, "missed", "b"),
        ({"grade": "a"}, {}, {}, "not_stated", None),
        ({"star": "4,5"}, {"star": 5}, {}, "met", "5"),
        ({"theme": "finance"}, {"themes": 1}, {}, "met", ["finance"]),
        ({"theme": "finance"}, {}, {}, "missed", []),
        ({"fitout": "full"}, {}, {"fitout": word("fitout", "full")}, "met", "full"),
        ({"industry": "finance"}, {"industries": 2, "leading": 2}, {}, "met", "leading"),
        ({"industry": "finance"}, {"industries": 6, "leading": 3}, {}, "partly", "present"),
        ({"industry": "finance"}, {"industries": 4, "leading": 3}, {}, "missed", "absent"),
        ({"industry": "finance"}, {}, {}, "not_stated", None),
        ({"industry": "finance", "neighbours": "4"}, {"firms": {"finance": 5, "it": 1}}, {}, "met", 5),
        ({"industry": "finance", "neighbours": "4"}, {"firms": {"finance": 3, "it": 9}}, {}, "partly", 3),
        ({"industry": "finance", "neighbours": "4"}, {"firms": {"it": 9}}, {}, "missed", 0),
        ({"industry": "finance", "neighbours": "4"}, {}, {}, "not_stated", None),
        ({"registrable": "1"}, {"registrable": 1}, {}, "met", "yes"),
        ({"registrable": "1"}, {"registrable": 2}, {}, "partly", "partly"),
        ({"registrable": "1"}, {"registrable": 3}, {}, "missed", "no"),
        ({"registrable": "1"}, {}, {}, "not_stated", None),
        ({"permits": "catering"}, {"permits": 1}, {}, "met", ["catering"]),
        ({"permits": "catering"}, {"permits": 8}, {}, "missed", []),
        ({"permits": "catering,medical"}, {"permits": 1 | 32}, {}, "partly", ["catering"]),
        ({"permits": "catering,medical"}, {"permits": 1}, {}, "not_stated", ["catering"]),
        ({"parking": "20"}, {"parking": 30}, {}, "met", 30),
        ({"parking": "20"}, {"parking": 5}, {}, "partly", 5),
        ({"parking": "20"}, {}, {}, "not_stated", None),
        ({"zone": "AR1"}, {"areas": [0]}, {}, "met", "inside"),
        ({"zone": "AR1"}, {"areas": [1]}, {}, "missed", "outside"),
        ({"metro_minutes": "8"}, {"near_metro": 640}, {}, "met", 640),
        ({"metro_minutes": "8"}, {"near_metro": 900}, {}, "partly", 900),
        ({"metro_minutes": "8"}, {"near_metro": 1280}, {}, "missed", 1280),
        ({"metro_minutes": "8"}, {"near_hotel": 100}, {}, "missed", None),
        ({"metro_minutes": "8"}, {}, {}, "not_stated", None),
        ({"services_m": "500"}, {"near_law": 100, "near_accounting": 800}, {}, "partly", 800),
        ({"lunch_m": "200"}, {"near_restaurant": 150}, {}, "met", 150),
    ],
)
def test_every_criterion_has_its_rule(
    query: dict[str, str], building: dict[str, Any], unit: dict[str, Any], outcome: str, value: object
) -> None:
    name = parse(query).asked[-1]  # neighbours are asked for with the industry
    query = {**query, "weights": "industry:0"} if name == "neighbours" else query
    wished = asked(one(building, **unit), must="none", **query)
    found = part(wished, name)
    assert (found.outcome, found.value, found.most) == (outcome, value, 100)
    assert {"met": found.points == 100, "partly": 0 < found.points < 100, "missed": found.points == 0}.get(
        outcome, found.points < 100
    )
    assert asked(one(building, **unit), must=name, **query).units == (outcome == "met")


def test_a_budget_says_when_the_property_fee_is_not_in_it() -> None:
    assert part(asked(one(), budget_month="80000"), "budget").missing == ("property_fee",)
    assert part(asked(one({"fee": 20.0}), budget_month="90000"), "budget").missing == ()
    assert part(asked(one(fee_included=1), budget_month="80000"), "budget").missing == ()


def test_neighbours_are_firms_of_all_buildings_within_five_hundred_metres() -> None:
    around = [
        {"firms": {"it": 1}},
        {"lon": 121_474_000, "firms": {"finance": 2}},  # 381 m to the east
        {"lat": 31_234_000, "firms": {"finance": 1}},  # 444 m to the north
        {"lat": 31_235_000, "firms": {"finance": 9}},  # 554 m
    ]
    found = part(asked(market(around, [{}]), industry="finance", neighbours="2"), "neighbours")
    assert (found.value, found.nearest_m) == (3, 381)
    own = market([{"firms": {"finance": 4}}], [{}])
    assert part(asked(own, industry="finance", neighbours="2"), "neighbours").nearest_m == 0


def test_neighbours_may_be_fewer_if_that_brings_more() -> None:
    few = one({"firms": {"finance": 3}})
    helps = asked(few, industry="finance", neighbours="5", must="neighbours").helps
    assert [(each.changes[0].parameter, each.changes[0].after) for each in helps] == [("neighbours", "3")]


def test_half_the_way_to_the_limit_gives_half_the_points() -> None:
    assert part(asked(one(rent=5.5), rent_max="5", must="none"), "rent").points == 50
    assert part(asked(one({"near_metro": 960}), metro_minutes="8"), "metro").points == 50


def test_weights_share_out_a_hundred_points() -> None:
    answer = asked(one({"near_metro": 100, "star": 5}), rent_max="5", metro_minutes="8", star="5", weights="star:0")
    assert [part.most for part in answer.found[0].parts] == [50, 0, 50]
    assert answer.found[0].score == 100


def test_nothing_asked_for_is_answered_with_everything_the_cheapest_first() -> None:
    answer = asked(market([{}], [{"rent": 6.0}, {"rent": 4.0}, {"rent": float("nan")}]))
    assert [found.unit_ids for found in answer.found] == [(101,), (100,), (102,)]
    assert (answer.units, answer.failures, answer.helps) == (3, (), ())


def test_let_units_are_not_offered() -> None:
    assert asked(market([{}], [{"occupancy": 3}, {"occupancy": 2, "available": EPOCH_2027_03}])).units == 1


def test_why_units_are_out_is_counted() -> None:
    found = market([{}], [{"rent": 9.0}, {"rent": float("nan"), "area": 5.0}, {"area": 5.0}, {}])
    failures = {failure.name: failure for failure in asked(found, area="500", rent_max="5").failures}
    assert (failures["rent"].units, failures["rent"].alone, failures["rent"].not_stated) == (2, 1, 1)
    assert (failures["area"].units, failures["area"].alone, failures["area"].not_stated) == (2, 1, 0)


def test_where_to_look_is_always_a_must() -> None:
    found = market([{"areas": [0]}, {"lon": 122_000_000}], [{"b": 0}, {"b": 1}])
    assert asked(found, within=AREAS[0], must="none").units == 1
    assert asked(found, bbox="121.9,31,122.1,32", must="none").found[0].unit_ids == (101,)


def test_a_state_of_before_says_nothing_of_what_came_later() -> None:
    found = one()
    for column in ("registrable", "permits", "parking", "fee", "firms"):
        del found.table.columns.tables["buildings"][column]
    del found.table.columns.tables["units"]["fee_included"]
    query = {"registrable": "1", "permits": "catering", "parking": "3", "industry": "it", "neighbours": "3"}
    answer = asked(found, must="none", **query)
    assert {part.outcome for part in answer.found[0].parts} == {"not_stated"}
    assert part(asked(found, budget_month="90000"), "budget").missing == ("property_fee",)
