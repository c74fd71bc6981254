"""What is there, what is due and how old it is, counted by hand on a few buildings."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy.orm import Session

from geo.model import Building, BuildingFact, FieldEdit, Party, PartyRole, Tenancy
from geo.quality.board import NO_DAY, Board, make_board
from geo.quality.impossible import contradictions_at
from geo.quality.reading import COLUMNS, read_held
from geo.quality.rules import read_rules
from geo.quality.work import Work, make_work
from tests.factories import create_building, create_enterprise, create_floor, create_offer, create_source, create_unit

TODAY = date(2026, 11, 22)
RULES = read_rules()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def board_of(session: Session, *buildings: Building, staff: bool = True) -> Board:
    session.flush()
    rules = RULES if staff else RULES.for_visitors()
    ids = [building.id for building in buildings]
    return make_board(read_held(session, TODAY, rules, ids, staff=staff), rules)


def work_of(session: Session, *buildings: Building) -> Work:
    return make_work(board_of(session, *buildings))


def cell(board: Board, code: str, place: int = 0) -> tuple[int, int, int]:
    at = board.rules.place_of(code)
    return int(board.have[place, at]), int(board.due[place, at]), int(board.days[place, at])


@pytest.fixture
def tower(session: Session) -> Building:
    source = create_source(session, dated_on=ago(40))
    return create_building(session, source_id=source.id, address=None, floors_above=3, height_m=12.0)


def test_a_field_of_the_building_is_as_old_as_its_source(session: Session, tower: Building) -> None:
    board = board_of(session, tower)
    assert cell(board, "height_m") == (1, 1, 40)
    assert cell(board, "address") == (0, 1, NO_DAY)


def test_a_corrected_field_is_as_old_as_the_correction(session: Session, tower: Building) -> None:
    session.add(FieldEdit(table_name="buildings", row_id=tower.id, field="height_m", after=12, edited_at=f"{ago(3)}Z"))
    board = board_of(session, tower)
    assert cell(board, "height_m") == (1, 1, 3)
    assert cell(board, "grade") == (1, 1, 40)


@pytest.mark.parametrize(("zone", "days"), [("UTC", 1), ("Asia/Shanghai", 0), ("America/New_York", 1)])
def test_a_day_is_one_of_the_city(session: Session, tower: Building, zone: str, days: int) -> None:
    late = f"{ago(1)}T17:00:00Z"
    session.add(FieldEdit(table_name="buildings", row_id=tower.id, field="height_m", after=12, edited_at=late))
    session.flush()
    rules = replace(RULES, zone=zone)
    board = make_board(read_held(session, TODAY, rules, [tower.id], staff=True), rules)
    assert cell(board, "height_m") == (1, 1, days)


@pytest.mark.parametrize("code", COLUMNS)
def test_every_column_counts_for_itself(session: Session, code: str) -> None:
    """With nothing filled in, only what no building is without is there; with it filled in, that is there as well."""
    empty = dict.fromkeys(("name_en", "grade", "leasable_area_m2", "height_m", "floors_above", "floors_below"))
    values = {
        "height_m": 9,
        "floors_above": 2,
        "floors_below": 1,
        "name_en": "X",
        "address": "一路 1 号",
        "grade": "a",
        "gross_area_m2": 9,
        "leasable_area_m2": 8,
        "typical_floor_area_m2": 4,
        "completed_year": 2001,
        "star": 4,
        "property_fee_cny_m2_month": 9,
        "parking_spaces": 3,
        "entrance": "SRID=4326;POINT(121 31)",
    }
    column = {"star_theme": "star"}.get(code, code)
    told = {column: values[column]} if column in values else {}
    board = board_of(session, create_building(session, **{**empty, **told}))
    assert [each for each in COLUMNS if cell(board, each)[0]] == [
        each for each in COLUMNS if each in ("outline", "name", code)
    ]


def test_of_a_building_that_is_only_named_little_is_due(session: Session) -> None:
    named = create_building(session, managed=False)
    board = board_of(session, named)
    assert {field.code for field in RULES.fields if cell(board, field.code)[1]} == {
        *("outline", "height_m", "floors_above", "name", "address"),
    }


def test_facts_are_there_by_the_fact_the_column_or_the_floors(session: Session, tower: Building) -> None:
    tower.lifts = 6
    create_floor(session, tower, 1, clear_height_m=2.7)
    fact = {"building_id": tower.id, "source_id": tower.source_id}
    session.add(BuildingFact(**fact, fact="fire_acceptance", value="已通过", dated_on=ago(300)))
    session.add(BuildingFact(**fact, fact="fire_acceptance", value="已通过", dated_on=ago(30)))
    board = board_of(session, tower)
    assert cell(board, "passenger_lifts")[:2] == (1, 1)
    assert cell(board, "clear_height")[:2] == (1, 1)
    assert cell(board, "floor_load")[:2] == (0, 1)
    assert cell(board, "fire_acceptance") == (1, 1, 30)


def test_floors_to_let_should_have_an_area_and_plant_floors_need_none(session: Session, tower: Building) -> None:
    create_floor(session, tower, 1)
    create_floor(session, tower, 2, area_m2=None)
    create_floor(session, tower, 3, area_m2=None, use="plant")
    create_floor(session, tower, -1, area_m2=None, use="parking")
    board = board_of(session, tower)
    assert cell(board, "described")[:2] == (3, 3)
    assert cell(board, "floor_area")[:2] == (1, 2)
    assert cell(board, "floor_height")[:2] == (0, 2)


def test_units_count_by_what_is_told_of_them_and_how_lately(session: Session, tower: Building) -> None:
    floor = create_floor(session, tower, 1)
    create_unit(session, floor, reported_on=ago(28), rent_cny_m2_day=None)
    offered = create_unit(session, floor, reported_on=ago(90), verified_on=ago(2))
    offered.offer_id = create_offer(session, offered, published_at=f"{ago(2)}Z").id
    create_unit(session, floor, reported_on=ago(29), occupancy="tenant", public_status="in_use")
    create_unit(session, floor, reported_on=None, area_m2=None, occupancy="unknown", public_status="unknown")
    board = board_of(session, tower)
    assert cell(board, "unit_area")[:2] == (3, 4)
    assert cell(board, "vacancy_state")[:2] == (3, 4)
    assert cell(board, "vacancy_fresh") == (2, 4, 28)
    assert cell(board, "offer")[:2] == (1, 2)
    assert cell(board, "offer_rent")[:2] == (1, 2)
    assert (board.median_days[0], board.oldest_days[0]) == (28, 29)


def test_a_unit_that_was_split_and_one_that_was_withdrawn_are_not_due(session: Session, tower: Building) -> None:
    floor = create_floor(session, tower, 1)
    create_unit(session, floor, valid=f"[2020-01-01,{TODAY})")
    create_unit(session, floor, withdrawn_at="2026-01-01T00:00:00Z")
    assert cell(board_of(session, tower), "unit_area")[:2] == (0, 0)


def test_a_let_unit_should_have_its_tenant_and_a_building_somebody_to_ask(session: Session, tower: Building) -> None:
    floor = create_floor(session, tower, 1)
    let = [create_unit(session, floor, occupancy="tenant", public_status="in_use") for _ in range(2)]
    firm = create_enterprise(session, tower)
    session.execute(Tenancy.__table__.update().where(Tenancy.enterprise_id == firm.id).values(unit_id=let[0].id))
    party = Party(name="某物业", source_id=tower.source_id, business_phone="0000-1")
    session.add(party)
    session.flush()
    session.add(PartyRole(party_id=party.id, role="manager", building_id=tower.id))
    assert cell(board_of(session, tower), "tenant")[:2] == (1, 2)
    assert cell(board_of(session, tower), "contact")[:2] == (0, 1)
    party.contact_consent = True
    assert cell(board_of(session, tower), "contact")[:2] == (1, 1)


def test_completeness_is_the_weighed_shares_over_the_weights(session: Session, tower: Building) -> None:
    board = board_of(session, tower)
    due = [field for field in RULES.fields if cell(board, field.code)[1]]
    there = sum(field.weight * cell(board, field.code)[0] / cell(board, field.code)[1] for field in due)
    told = board.told(RULES.fields, np.ones(1, bool))
    assert told.points == pytest.approx(there)
    assert told.most == pytest.approx(sum(field.weight for field in due))
    assert board.completeness[0] == pytest.approx(told.share)


def test_of_several_buildings_sums_stand_over_sums(session: Session, tower: Building) -> None:
    other = create_building(session, address="一路 1 号")
    board = board_of(session, tower, other)
    told = board.told([RULES.fields[RULES.place_of("address")]], np.ones(2, bool))
    assert (told.have, told.due, told.share) == (1, 2, 0.5)
    only = board.told([RULES.fields[RULES.place_of("address")]], board.ids == other.id)
    assert (only.have, only.due) == (1, 1)


def test_a_fact_or_source_without_a_date_has_no_age(session: Session) -> None:
    undated = create_building(session)
    session.add(BuildingFact(building_id=undated.id, source_id=undated.source_id, fact="power", value="80"))
    board = board_of(session, undated)
    assert cell(board, "power") == (1, 1, NO_DAY)
    assert cell(board, "grade") == (1, 1, NO_DAY)


def test_a_city_without_buildings_has_nothing_to_do(session: Session) -> None:
    work = work_of(session)
    assert len(work.order) == 0
    assert work.board.told(RULES.fields, np.ones(0, bool)).share is None


def reasons(work: Work, place: int = 0) -> dict[str, tuple[int, int, int]]:
    """Reason → how many, m², days; without what is merely missing."""
    found = {each.code: (each.count, round(each.area_m2), each.days) for each in work.reasons(place)}
    found.pop("missing", None)
    return found


def test_a_silent_unit_is_worth_its_area_times_its_days(session: Session, tower: Building) -> None:
    floor = create_floor(session, tower, 1)
    create_unit(session, floor, area_m2=100, reported_on=ago(60))
    create_unit(session, floor, area_m2=300, reported_on=ago(40))
    create_unit(session, floor, area_m2=500, reported_on=ago(28))
    work = work_of(session, tower)
    assert reasons(work) == {"silent": (2, 400, 45)}
    silent = next(each for each in work.reasons(0) if each.code == "silent")
    assert silent.worth == 100 * 60 + 300 * 40


def test_a_unit_counts_once_whatever_is_wrong_with_it(session: Session, tower: Building) -> None:
    floor = create_floor(session, tower, 1)
    create_unit(session, floor, area_m2=50, reported_on=None, occupancy="unknown", public_status="unknown")
    create_unit(session, floor, area_m2=70, reported_on=ago(5), rent_cny_m2_day=None)
    create_unit(session, floor, area_m2=90, reported_on=ago(99), rent_cny_m2_day=None)
    assert reasons(work_of(session, tower)) == {
        "unknown": (1, 50, RULES.unsaid),
        "unpriced": (1, 70, 5),
        "silent": (1, 90, 99),
    }


def test_what_needs_most_stands_first(session: Session, tower: Building) -> None:
    other = create_building(session)
    create_unit(session, create_floor(session, tower, 1), area_m2=100, reported_on=ago(50))
    create_unit(session, create_floor(session, other, 1), area_m2=100000, reported_on=ago(500))
    work = work_of(session, tower, other)
    assert work.board.ids[work.order].tolist() == [other.id, tower.id]


def test_sources_that_say_different_things_today_disagree(session: Session, tower: Building) -> None:
    another = create_source(session)
    said = {"building_id": tower.id, "fact": "ev_chargers"}
    session.add(BuildingFact(**said, value="有", source_id=tower.source_id, dated_on=ago(90)))
    session.add(BuildingFact(**said, value="无", source_id=tower.source_id, dated_on=ago(9)))
    session.add(BuildingFact(**said, value="无", source_id=another.id, dated_on=ago(3)))
    assert "disagree" not in reasons(work_of(session, tower))
    session.add(BuildingFact(**said, value="有", source_id=another.id, dated_on=ago(1)))
    count, _, days = reasons(work_of(session, tower))["disagree"]
    assert (count, days) == (1, 1)


def test_a_correction_that_a_file_contradicts_is_a_disagreement(session: Session, tower: Building) -> None:
    edit = FieldEdit(table_name="buildings", row_id=tower.id, field="height_m", after=12, edited_at=f"{ago(3)}Z")
    session.add(edit)
    assert "disagree" not in reasons(work_of(session, tower))
    edit.file_value = 12
    assert "disagree" not in reasons(work_of(session, tower))
    edit.file_value = 15
    assert reasons(work_of(session, tower))["disagree"][0] == 1


def test_numbers_that_cannot_be_are_found(session: Session) -> None:
    tower = create_building(session, floors_above=2, height_m=60.0, gross_area_m2=500, leasable_area_m2=600)
    low, high = create_floor(session, tower, 1, area_m2=100), create_floor(session, tower, 2, label="1F", area_m2=900)
    create_floor(session, tower, 5)
    create_unit(session, low, area_m2=110, reported_on=TODAY)
    create_unit(session, high, area_m2=700, reported_on=TODAY)
    assert contradictions_at(board_of(session, tower), 0) == {
        "units_over_floor": 1,
        "units_over_leasable_m2": 210,
        "leasable_over_gross_m2": 100,
        "floors_out_of_order": 1,
        "odd_height": 1,
        "storeys_over": 1,
    }


def test_skipped_numbers_and_a_unit_over_two_floors_are_no_contradiction(session: Session) -> None:
    tower = create_building(session, floors_above=5, height_m=20.0)
    low, high = create_floor(session, tower, 3, area_m2=100), create_floor(session, tower, 4, label="5", area_m2=100)
    create_floor(session, tower, 5, label="12A")
    create_floor(session, tower, -1, label="B1")
    create_unit(session, low, area_m2=180, top_floor_id=high.id, reported_on=TODAY)
    create_unit(session, high, area_m2=101, reported_on=TODAY)
    assert contradictions_at(board_of(session, tower), 0) == {}


def test_visitors_are_told_of_what_is_public_alone(session: Session, tower: Building) -> None:
    hidden = create_source(session, publishable=False)
    floor = create_floor(session, tower, 1)
    create_unit(session, floor, publishable=False)
    said = {"building_id": tower.id, "fact": "generator", "value": "有"}
    session.add(BuildingFact(**said | {"fact": "ev_chargers"}, source_id=hidden.id))
    unlisted = create_building(session, publishable=False)
    board = board_of(session, tower, unlisted, staff=False)
    assert board.ids.tolist() == [tower.id]
    assert cell(board, "unit_area")[1] == 0
    assert cell(board, "ev_chargers")[0] == 0
    assert len(board_of(session, tower, unlisted).ids) == 2
