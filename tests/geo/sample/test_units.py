"""Looks at the units of the 36 towers: areas, states, offers and what became of them over two years."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from geo.sample import SEED
from geo.sample.history import histories
from geo.sample.lives import first_day, lives
from geo.sample.towers import towers


@pytest.fixture(scope="module")
def units(district_rows):
    return district_rows["units"]


@pytest.fixture(scope="module")
def standing(units):
    return [unit for unit in units if unit["valid"].endswith(",)")]


def test_units_fill_their_storeys_to_the_square_metre(district_rows, standing):
    floors = {floor["id"]: floor for floor in district_rows["floors"]}
    filled, wanted = Counter(), Counter()
    for unit in standing:
        filled[unit["floor_id"]] += unit["area_m2"]
        for floor in {unit["floor_id"], unit["top_floor_id"]} - {None}:
            wanted[unit["floor_id"]] += floors[floor]["area_m2"] * (floor not in wanted or floor != unit["floor_id"])
    duplex = {unit["floor_id"]: unit["top_floor_id"] for unit in standing if unit["top_floor_id"]}
    for floor, area in filled.items():
        upper = floors[duplex[floor]]["area_m2"] if floor in duplex else 0
        assert area == floors[floor]["area_m2"] + upper
    assert len(duplex) >= 3


def test_a_storey_has_one_to_eight_units_and_no_label_twice(standing):
    by_floor = defaultdict(list)
    for unit in standing:
        by_floor[unit["floor_id"]].append(unit["label"])
    assert {len(labels) for labels in by_floor.values()} >= {1, 2, 3, 4, 5}
    assert all(len(labels) <= 8 and len(set(labels)) == len(labels) for labels in by_floor.values())


def test_refuge_and_plant_floors_and_car_parks_have_no_units(district_rows, standing):
    uses = {floor["id"]: floor["use"] for floor in district_rows["floors"]}
    assert {uses[unit["floor_id"]] for unit in standing} == {"office", "retail"}
    assert set(uses.values()) >= {"refuge", "plant", "parking", "lobby"}


def test_about_a_fifth_stands_empty_and_every_tower_differs(standing):
    areas, vacant = Counter(), Counter()
    for unit in standing:
        areas[unit["building_id"]] += unit["area_m2"]
        vacant[unit["building_id"]] += unit["area_m2"] * (unit["public_status"] == "vacant")
    assert 0.17 < vacant.total() / areas.total() < 0.25
    rates = [vacant[building] / area for building, area in areas.items()]
    bands = Counter("full" if r == 0 else "10" if r <= 0.1 else "25" if r <= 0.25 else "50" if r <= 0.5 else "more"
                    for r in rates)  # fmt: skip
    assert set(bands) == {"full", "10", "25", "50", "more"}


def test_all_public_states_occur_and_only_offers_make_a_let_unit_come_free(standing):
    assert {unit["public_status"] for unit in standing} == {"vacant", "soon", "in_use", "own_use", "unknown"}
    for unit in standing:
        if unit["public_status"] == "soon":
            assert unit["offer_id"] and unit["available_on"].day == 1


def test_rents_are_quoted_by_the_day_and_by_the_month(standing):
    asked = [unit for unit in standing if unit["rent_amount"]]
    assert {unit["rent_unit"] for unit in asked} == {"cny_m2_day", "cny_m2_month"}
    for unit in asked:
        factor = 1 if unit["rent_unit"] == "cny_m2_day" else 12 / 365
        assert unit["rent_cny_m2_day"] == pytest.approx(unit["rent_amount"] * factor)
        assert 2 < unit["rent_cny_m2_day"] < 18
    assert any(unit["public_status"] == "vacant" and not unit["rent_amount"] for unit in standing)


def test_most_reports_are_fresh_some_are_old_and_some_were_never_given(standing, today):
    ages = Counter(
        "never" if unit["reported_on"] is None else "fresh" if (today - unit["reported_on"]).days <= 14 else "old"
        for unit in standing
    )
    assert ages["fresh"] > 0.7 * len(standing)
    assert ages["old"] > 100 and ages["never"] > 20
    assert max((today - unit["reported_on"]).days for unit in standing if unit["reported_on"]) <= 200


def test_history_reaches_back_two_years_and_no_further_than_today(district_rows, today):
    starts = [row["valid"][1:11] for row in district_rows["unit_states"]]
    assert min(starts) == first_day(today).isoformat()
    assert max(starts) <= today.isoformat()
    assert all(row["known"][1:11] <= today.isoformat() for row in district_rows["unit_states"])


def test_at_any_instant_one_belief_holds_for_any_day_of_a_unit(today):
    """No two rows of a unit overlap in both times, and what is known now covers all days without a hole."""
    for life in histories(SEED, today).rows:
        for number, row in enumerate(life):
            assert row.valid[1] is None or row.valid[0] < row.valid[1]
            assert row.known[1] is None or row.known[0] < row.known[1]
            assert not any(_meet(row.valid, other.valid) and _meet(row.known, other.known) for other in life[:number])
        now = sorted((row.valid for row in life if row.known[1] is None), key=lambda valid: valid[0])
        assert all(before[1] == after[0] for before, after in pairwise(now))
        assert now[-1][1] is None


def test_some_reports_were_corrected_later(today):
    """A correction closes what was known and says another thing of the very same days."""
    corrected = [
        row for life in histories(SEED, today).rows for row, later in pairwise(life)
        if row.valid == later.valid and row.known[1] == later.known[0] and row.state != later.state
    ]  # fmt: skip
    assert len(corrected) >= 10


def test_units_that_were_split_or_merged_keep_their_area(district_rows, units):
    area = {unit["id"]: unit["area_m2"] for unit in units}
    families = defaultdict(lambda: (set(), set()))
    for line in district_rows["unit_lineage"]:
        key = line["parent_id"] if line["kind"] == "split" else line["child_id"]
        families[line["kind"], key][0].add(line["parent_id"])
        families[line["kind"], key][1].add(line["child_id"])
    assert {kind for kind, _ in families} == {"split", "merge"}
    for parents, children in families.values():
        assert sum(area[unit] for unit in parents) == sum(area[unit] for unit in children)


def test_a_unit_that_was_split_ends_on_the_day_its_parts_begin(district_rows, units):
    valid = {unit["id"]: unit["valid"] for unit in units}
    for line in district_rows["unit_lineage"]:
        assert valid[line["parent_id"]] == f"[,{line['happened_on']})"
        assert valid[line["child_id"]] == f"[{line['happened_on']},)"


def test_a_planned_tower_is_listed_without_units(standing, district_rows):
    planned = [row["id"] for row in district_rows["buildings"] if row["status"] == "planned"]
    assert len(planned) == 1
    assert not any(unit["building_id"] in planned for unit in standing)


def test_vacancy_moved_over_the_two_years(today):
    """In every quarter of the records some units fell empty and some were taken."""
    story = lives(SEED, today)
    moves = Counter(
        (stretch.start.year, (stretch.start.month - 1) // 3, stretch.state == "vacant")
        for room in story.rooms
        for stretch in room.stretches[1:]
    )
    assert len(moves) >= 14
    assert len(towers()) == len(story.reported_on)


def _meet(first, second):
    return (first[1] is None or second[0] < first[1]) and (second[1] is None or first[0] < second[1])
