"""Units that are too small alone: neighbours and floors that together give the area, as one result."""

from typing import Any

import pytest

from geo.matching import Answer, match, parse
from tests.geo.matching.states import market


def asked(units: list[dict[str, Any]], **query: str) -> Answer:
    return match(market([{}, {}], units), parse(query))


def blocks(answer: Answer) -> list[tuple[str, tuple[int, ...]]]:
    return [(found.kind, found.unit_ids) for found in answer.found if found.kind != "unit"]


def test_two_neighbours_give_what_neither_has() -> None:
    answer = asked([{"area": 400.0}, {"area": 600.0}], area="1000")
    assert blocks(answer) == [("floor", (100, 101))]
    assert answer.found[0].area_m2 == 1000
    assert (answer.units, answer.blocks) == (0, 1)


def test_a_let_unit_between_them_parts_them() -> None:
    assert blocks(asked([{"area": 400.0}, {"occupancy": 3}, {"area": 600.0}], area="1000")) == []


def test_a_wall_between_houses_parts_them() -> None:
    assert blocks(asked([{"area": 400.0}, {"area": 600.0, "b": 1}], area="1000")) == []


def test_a_unit_that_fails_a_must_is_no_part_of_a_block() -> None:
    assert blocks(asked([{"area": 400.0}, {"area": 600.0, "rent": 9.0}], area="1000", rent_max="5")) == []


def test_no_more_units_are_taken_than_are_needed() -> None:
    answer = asked([{"area": area} for area in (100.0, 500.0, 500.0, 100.0)], area="1000")
    assert blocks(answer) == [("floor", (101, 102))]


def test_a_unit_that_is_enough_alone_takes_no_neighbour() -> None:
    answer = asked([{"area": 1000.0}, {"area": 300.0}], area="1000")
    assert [(found.kind, found.unit_ids) for found in answer.found] == [("unit", (100,))]


def test_of_a_divisible_unit_only_what_is_needed_is_taken() -> None:
    answer = asked([{"area": 600.0}, {"area": 800.0, "min_area": 200.0}], area="1000", tolerance="0")
    assert blocks(answer) == [("floor", (100, 101))]
    assert answer.found[0].take_m2 == (600, 400)


def test_floors_one_above_the_other_are_a_block() -> None:
    answer = asked([{"area": 900.0, "floor": 7}, {"area": 900.0, "floor": 8}], area="1800")
    assert blocks(answer) == [("floors", (100, 101))]


def test_a_floor_left_out_parts_a_block() -> None:
    assert blocks(asked([{"area": 900.0, "floor": 7}, {"area": 900.0, "floor": 9}], area="1800")) == []


def test_there_is_no_floor_between_the_ground_floor_and_the_first_basement() -> None:
    answer = asked([{"area": 900.0, "floor": -1}, {"area": 900.0, "floor": 1}], area="1800")
    assert blocks(answer) == [("floors", (100, 101))]


def test_of_the_last_floor_only_what_is_needed_is_taken() -> None:
    units = [{"area": 900.0, "floor": 7}, {"area": 300.0, "floor": 8}, {"area": 300.0, "floor": 8}]
    assert blocks(asked(units, area="1200")) == [("floors", (100, 101))]


def test_a_block_is_as_good_as_its_weakest_part() -> None:
    answer = asked([{"area": 400.0, "rent": 4.0}, {"area": 600.0, "rent": 6.0}], area="1000", rent_max="5", must="area")
    (rent,) = [part for part in answer.found[0].parts if part.name == "rent"]
    assert (rent.outcome, rent.value, rent.points) == ("missed", 5.2, 0)


def test_a_block_is_free_when_its_last_part_is() -> None:
    units = [{"area": 400.0}, {"area": 600.0, "occupancy": 2, "available": 20_878}]
    answer = asked(units, area="1000", available_by="2027-03-31")
    assert str(answer.found[0].available_on) == "2027-03-01"
    assert blocks(asked(units, area="1000", available_by="2027-01-31")) == []


@pytest.mark.parametrize(("budget", "fits"), [("153000", True), ("150000", False)])
def test_the_budget_is_for_the_whole_block(budget: str, fits: bool) -> None:
    answer = asked([{"area": 400.0}, {"area": 600.0}], area="1000", budget_month=budget)
    assert bool(blocks(answer)) is fits


def test_people_find_room_over_several_units_of_unlike_fitout() -> None:
    answer = asked([{"area": 300.0, "fitout": 1}, {"area": 160.0, "fitout": 4}], people="50", tolerance="0")
    assert blocks(answer) == [("floor", (100, 101))]


def test_of_every_house_the_best_block_is_told() -> None:
    units = [{"area": 500.0, "floor": floor, "b": house} for house in (0, 1) for floor in (3, 3, 9, 9)]
    answer = asked(units, area="1000")
    assert answer.blocks == 2
    assert {ids[0] // 104 for _, ids in blocks(answer)} == {0, 1}
