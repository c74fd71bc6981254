"""A manager's list of rooms goes into buildings, floors, states, history and offers."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from geo.conditions import standing
from geo.editing.authors import author_of
from geo.editing.reshaping import Part, Terms, split_unit
from geo.history import Author, change_unit, publish_offer, write_present
from geo.model import Building, Confirmation, FieldEdit, Floor, Offer, Unit, UnitState
from tests.factories import create_building, create_enterprise, create_floor, create_source, create_unit
from tests.geo.importers.importing import TODAY, bring, counts, table

HEAD = "楼宇名称,楼层,房号,建筑面积,使用状态,租金(元/㎡·天),填报日期"


@pytest.fixture
def tower(session):
    return create_building(session, name="云澜大厦", name_en=None, managed=False, floors_above=20)


def rows(session):
    return {unit.label: unit for unit in session.scalars(select(Unit).order_by(Unit.id))}


def history(session, unit):
    """What is held now of a unit: (from, until, occupancy, contract)."""
    found = session.scalars(
        select(UnitState).where(UnitState.unit_id == unit.id, func.upper_inf(UnitState.known)).order_by(UnitState.valid)
    )
    return [(state.valid.lower, state.valid.upper, state.occupancy, state.contract) for state in found]


def test_rooms_go_into_their_building_and_floor_with_state_and_offer(session, tmp_path, tower):
    path = table(
        tmp_path / "房源.csv",
        HEAD,
        "雲瀾大樓,12层,1203,320㎡,空置,5.5,2026-11-01",
        "云澜大厦,12F,1204,150,已租,,2026-11-01",
    )
    report = bring(session, path, "units")
    assert counts(report) == {"read": 2, "added": 2}
    vacant, let = rows(session)["1203"], rows(session)["1204"]
    floor = session.get(Floor, vacant.floor_id)
    assert (vacant.building_id, floor.label, floor.position, let.floor_id) == (tower.id, "12", 12, floor.id)
    assert (vacant.public_status, vacant.area_m2, vacant.rent_cny_m2_day) == ("vacant", 320, 5.5)
    assert (let.public_status, let.occupancy, let.offer_id) == ("in_use", "tenant", None)
    assert history(session, vacant) == [(date(2026, 11, 1), None, "vacant", "none")]
    assert history(session, let) == [(date(2026, 11, 1), None, "tenant", "let")]
    offer = session.get(Offer, vacant.offer_id)
    assert (offer.rent_low, offer.rent_unit, offer.published_at is not None) == (5.5, "cny_m2_day", True)
    assert tower.managed


def test_repeating_a_list_changes_nothing(session, tmp_path, tower):
    path = table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01")
    bring(session, path, "units")
    assert counts(bring(session, path, "units")) == {"read": 1, "unchanged": 1}
    for thing in (Unit, UnitState, Offer, Floor):
        assert session.scalar(select(func.count()).select_from(thing)) == 1
    assert session.scalar(select(func.count()).select_from(Confirmation)) == 0


def test_no_change_in_a_later_list_is_a_confirmation(session, tmp_path, tower):
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01"), "units")
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-08"), "units")
    unit = rows(session)["1203"]
    assert history(session, unit) == [(date(2026, 11, 1), None, "vacant", "none")]
    assert session.scalars(select(Confirmation.confirmed_on)).all() == [date(2026, 11, 8)]
    assert unit.reported_on == date(2026, 11, 8)


def test_a_changed_state_closes_what_was_known_and_ends_the_offer(session, tmp_path, tower):
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01"), "units")
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,已租,,2026-11-08"), "units")
    unit = rows(session)["1203"]
    assert history(session, unit) == [
        (date(2026, 11, 1), date(2026, 11, 8), "vacant", "none"),
        (date(2026, 11, 8), None, "tenant", "let"),
    ]
    assert session.scalar(select(func.count()).select_from(UnitState)) == 3
    assert (unit.public_status, unit.offer_id, unit.rent_amount) == ("in_use", None, None)
    stood = session.scalars(select(Offer).where(func.upper_inf(Offer.known))).one()
    assert (stood.valid.lower, stood.valid.upper, stood.withdrawn_at) == (date(2026, 11, 1), date(2026, 11, 8), None)


def test_new_terms_are_a_new_version_of_the_offer(session, tmp_path, tower):
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01"), "units")
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.2,2026-11-08"), "units")
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.1,2026-11-08"), "units")
    held = session.scalars(select(Offer).where(func.upper_inf(Offer.known)).order_by(Offer.valid)).all()
    assert [(version.valid.lower, version.valid.upper, float(version.rent_low)) for version in held] == [
        (date(2026, 11, 1), date(2026, 11, 8), 5.5),
        (date(2026, 11, 8), None, 5.1),
    ]
    assert len({version.code for version in session.scalars(select(Offer))}) == 1
    unit = rows(session)["1203"]
    assert (unit.offer_id, float(unit.rent_amount)) == (held[1].id, 5.1)


def test_what_a_person_said_of_a_unit_is_not_undone_by_a_list_without_dates(session, tmp_path, tower):
    undated = table(tmp_path / "房源.csv", "楼宇,楼层,房号,面积,状态", "云澜大厦,12,1203,320,空置")
    bring(session, undated, "units")
    unit = rows(session)["1203"]
    by = Author(create_source(session).id, user_id=7)
    change_unit(session, unit.id, {"occupancy": "own_use"}, on=date(2026, 11, 21), by=by, today=TODAY)
    report = bring(session, undated, "units")
    assert report.issue_counts["state_outspoken"] == 1
    assert (unit.public_status, history(session, unit)[-1][2]) == ("own_use", "own_use")
    dated = table(tmp_path / "nov.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-21")
    bring(session, dated, "units")
    assert unit.public_status == "vacant"


def test_what_staff_corrected_stays_in_the_history_too(session, tmp_path, tower):
    path = table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01")
    bring(session, path, "units")
    unit = rows(session)["1203"]
    by = Author(create_source(session).id, user_id=7)
    change_unit(session, unit.id, {"area_m2": 300, "use": "retail"}, on=date(2026, 11, 1), by=by, today=TODAY)
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,已租,,2026-11-22"), "units")
    last = session.scalars(select(UnitState).where(func.upper_inf(UnitState.known)).order_by(UnitState.valid)).all()[-1]
    assert (last.occupancy, last.area_m2, last.use) == ("tenant", 300, "retail")
    assert (unit.occupancy, unit.area_m2, unit.use) == ("tenant", 300, "retail")


def test_where_somebody_else_offers_the_unit_too_the_newest_offer_counts(session, tmp_path, tower):
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01"), "units")
    unit = rows(session)["1203"]
    by = Author(create_source(session).id, user_id=7)
    terms = {"rent_low": 6, "rent_unit": "cny_m2_day"}
    offer = publish_offer(session, [unit.id], terms, on=date(2026, 11, 2), by=by, today=TODAY).offer
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.2,2026-11-08"), "units")
    assert (unit.offer_id, float(unit.rent_amount)) == (offer.id, 6)


def test_the_import_leaves_units_as_the_writer_of_history_would(session, tmp_path, tower):
    lines = ("12,1203,320,空置,5.5,2026-11-01", "12,1204,150,已租,,2026-11-01", "13,1301,90,不详,,2026-11-02")
    bring(
        session,
        table(tmp_path / "房源.csv", HEAD, *(f"云澜大厦,{line}" for line in lines)),
        "units",
        source_publishable=True,
    )
    bring(session, table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-08"), "units")
    assert write_present(session, [unit.id for unit in rows(session).values()], TODAY) == []


def test_an_older_list_goes_into_the_history_but_not_before_the_present(session, tmp_path, tower):
    bring(session, table(tmp_path / "nov.csv", HEAD, "云澜大厦,12,1203,320,已租,,2026-11-08"), "units")
    report = bring(session, table(tmp_path / "oct.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-10-01"), "units")
    unit = rows(session)["1203"]
    assert report.issue_counts["state_older"] == 1
    assert (unit.public_status, unit.reported_on, unit.offer_id) == ("in_use", date(2026, 11, 8), None)
    assert history(session, unit) == [
        (date(2026, 10, 1), date(2026, 11, 8), "vacant", "none"),
        (date(2026, 11, 8), None, "tenant", "let"),
    ]


def test_a_list_of_another_source_speaks_of_the_same_rooms(session, tmp_path, tower):
    floor = create_floor(session, tower, 12, label="12F")
    unit = create_unit(session, floor, label="1203", reported_on=date(2026, 10, 1))
    path = table(tmp_path / "nov.csv", HEAD, "云澜大厦,12层,1203,200,自用,,2026-11-08")
    assert counts(bring(session, path, "units")) == {"read": 1, "updated": 1}
    assert (unit.public_status, unit.state_source_id != unit.source_id) == ("own_use", True)


def test_what_staff_corrected_on_a_unit_stays(session, tmp_path, tower):
    path = table(tmp_path / "房源.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01")
    bring(session, path, "units")
    unit = rows(session)["1203"]
    unit.area_m2 = 300
    session.add(FieldEdit(table_name="units", row_id=unit.id, field="area_m2"))
    session.flush()
    report = bring(session, path, "units")
    assert (rows(session)["1203"].area_m2, report.issue_counts["kept_for_staff"]) == (300, 1)


def test_an_area_that_staff_corrected_stays_in_the_history_too(session, tmp_path, tower):
    bring(session, table(tmp_path / "a.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01"), "units")
    unit, by = rows(session)["1203"], author_of(session, 7)
    change_unit(session, unit.id, {"area_m2": 300}, on=date(2026, 11, 1), by=by, today=date(2026, 11, 22))
    bring(session, table(tmp_path / "b.csv", HEAD, "云澜大厦,12,1203,320,自用,,2026-11-08"), "units")
    write_present(session, [unit.id], date(2026, 11, 22))
    assert (unit.area_m2, unit.occupancy) == (300, "own_use")
    edit = session.scalars(select(FieldEdit).where(FieldEdit.field == "area_m2")).one()
    assert (edit.after, edit.file_value) == (300, 320)


def test_a_repeated_list_does_not_bring_back_a_unit_that_was_split(session, tmp_path, tower):
    path = table(tmp_path / "a.csv", HEAD, "云澜大厦,12,1203,320,空置,5.5,2026-11-01")
    bring(session, path, "units")
    unit, by = rows(session)["1203"], author_of(session, 7)
    halves = (Part("1203A", Decimal(200)), Part("1203B", Decimal(120)))
    split_unit(session, unit.id, halves, Terms(date(2026, 11, 8)), by=by, today=date(2026, 11, 22))
    lines = ("云澜大厦,12,1203,320,空置,5.5,2026-11-15", "云澜大厦,12,1203A,200,自用,,2026-11-15")
    report = bring(session, table(tmp_path / "b.csv", HEAD, *lines), "units")
    assert report.issue_counts["unit_ended"] == 1
    today = standing(date(2026, 11, 22), staff=True)
    now = session.execute(select(Unit.label, Unit.occupancy).where(*today).order_by(Unit.label)).all()
    assert now == [("1203A", "own_use"), ("1203B", "vacant")]


def test_blocks_of_one_name_are_told_apart_and_ties_are_not_guessed(session, tmp_path):
    _, b = (create_building(session, name=f"云澜大厦{mark}座", name_en=None) for mark in "AB")
    head = "楼宇,房号,面积,状态"
    lines = ("云澜大厦Ｂ栋,1203,100,空置", "云澜大厦,1204,100,空置", "云澜大厦C座,1205,100,空置")
    report = bring(session, table(tmp_path / "房源.csv", head, *lines), "units")
    assert {label: unit.building_id for label, unit in rows(session).items()} == {"1203": b.id}
    assert counts(report) == {"read": 3, "added": 1, "rejected": 2}
    refused = {issue.row: issue for issue in report.issues if issue.code == "building_unknown"}
    assert "云澜大厦A座" in refused[3].sentence()


def test_two_buildings_of_one_name_are_told_apart_by_code_or_place(session, tmp_path):
    one, two = create_building(session, code="near0001"), create_building(session, code="near0002")
    head, lines = "楼宇,楼宇编号,房号,面积", ("云澜大厦,near0002,1203,100", "云澜大厦,,1204,100")
    report = bring(session, table(tmp_path / "房源.csv", head, *lines), "units")
    assert rows(session)["1203"].building_id == two.id
    (tie,) = [issue for issue in report.issues if issue.code == "building_tie"]
    assert tie.row == 3
    assert "near0001" in tie.sentence()
    assert one.code in tie.more["closest"]


def test_the_building_is_found_inside_a_full_address(session, tmp_path, tower):
    path = table(tmp_path / "房源.csv", "地址,面积,状态", "某某区海湾路300号云澜大厦1203室,100,空置")
    bring(session, path, "units")
    unit = rows(session)["1203室"]
    assert (unit.building_id, session.get(Floor, unit.floor_id).label) == (tower.id, "12")


def test_premises_with_points_alone_get_a_building_at_each_point(session, tmp_path):
    head = "Reference,Address,Latitude,Longitude,Occupied"
    lines = (
        '1,"Suite 3, 2nd Floor, Oswin House, 38, Mill Road, Harton, HA1 4BA",53.79,-1.75,Y',
        '2,"Unit 1, Oswin House, 38, Mill Road, Harton, HA1 4BA",53.79,-1.75,',
        '3,"40, Mill Road, Harton, HA1 4BA",53.79,-1.75,Y',
        '4,"Old Mill, River Lane, Harton, HA1 4BB",53.80,-1.75,Deceased',
    )
    path = table(tmp_path / "premises.csv", head, *lines)
    report = bring(session, path, "units")
    assert counts(report) == {"read": 4, "added": 4}
    found = rows(session)
    assert set(found) == {"Suite 3, 2nd Floor", "Unit 1", "40, Mill Road", "Old Mill"}
    buildings = {building.id: building for building in session.scalars(select(Building))}
    assert {building.address for building in buildings.values()} == {
        "Mill Road, Harton, HA1 4BA",
        "Old Mill, River Lane, Harton, HA1 4BB",
    }
    assert all(building.managed for building in buildings.values())
    assert report.issue_counts["building_from_point"] == 1
    assert counts(bring(session, path, "units")) == {"read": 4, "unchanged": 4}


def test_premises_move_into_the_outline_once_that_is_known(session, tmp_path):
    head, line = "Reference,Address,Latitude,Longitude,Occupied", '1,"Old Mill, River Lane, Harton",31.23,121.47,Y'
    path = table(tmp_path / "premises.csv", head, line)
    bring(session, path, "units")
    marker = session.scalars(select(Building)).one()
    outline = create_building(session, name=None, name_en=None)
    assert counts(bring(session, path, "units")) == {"read": 1, "updated": 1}
    session.refresh(marker)
    assert rows(session)["Old Mill"].building_id == outline.id
    assert marker.withdrawn_at is not None


def test_a_blank_state_is_unknown_where_the_column_says_yes_and_no(session, tmp_path, tower):
    head, lines = "楼宇,房号,是否在用", ("云澜大厦,1,是", "云澜大厦,2,否", "云澜大厦,3,", "云澜大厦,4,待核实")
    bring(session, table(tmp_path / "房源.csv", head, *lines), "units")
    assert [unit.public_status for unit in rows(session).values()] == ["in_use", "vacant", "unknown", "unknown"]


def test_floors_keep_their_labels_and_find_a_free_position(session, tmp_path, tower):
    create_floor(session, tower, 13, label="12A")
    head = "楼宇,楼层,房号"
    lines = [f"云澜大厦,{floor},{number}" for number, floor in enumerate(["12A", "13", "B1", "1", "夹层", "屋顶"])]
    bring(session, table(tmp_path / "房源.csv", head, *lines), "units")
    floors = {floor.label: floor.position for floor in session.scalars(select(Floor))}
    assert floors == {"12A": 13, "13": 14, "B1": -1, "1": 1, "M": 2, "R": 15}


def test_a_unit_that_can_be_divided_says_from_which_area_on(session, tmp_path, tower):
    head = "楼宇,房号,面积,状态,租金(元/㎡/月),可租日期"
    bring(session, table(tmp_path / "房源.csv", head, "云澜大厦,1203,150-800㎡,空置,135,2027-03-15"), "units")
    unit = rows(session)["1203"]
    assert (unit.area_m2, unit.min_area_m2, unit.available_on) == (800, 150, date(2027, 3, 1))
    assert (unit.rent_amount, unit.rent_unit) == (135, "cny_m2_month")
    assert unit.rent_cny_m2_day == pytest.approx(135 * 12 / 365)


def test_the_end_of_a_lease_and_the_rent_paid_are_not_offered(session, tmp_path, tower):
    head = "楼宇,房号,状态,到期日期,租金(元/㎡·天)"
    bring(session, table(tmp_path / "房源.csv", head, "云澜大厦,1203,已租,2027-03-15,5.5"), "units")
    unit = rows(session)["1203"]
    assert (unit.public_status, unit.available_on, unit.rent_amount, unit.offer_id) == ("in_use", None, None, None)


def test_a_tenant_is_linked_when_it_is_a_known_enterprise(session, tmp_path, tower):
    firm = create_enterprise(session, name="海原科技有限公司")
    head, lines = "楼宇,房号,状态,承租人", ("云澜大厦,1,已租,海原科技有限公司", "云澜大厦,2,已租,张三")
    report = bring(session, table(tmp_path / "房源.csv", head, *lines), "units")
    tenants = session.scalars(select(UnitState.tenant_id).order_by(UnitState.unit_id)).all()
    assert (tenants, report.issue_counts["tenant_unknown"]) == ([firm.id, None], 1)


def test_rooms_without_numbers_are_all_kept(session, tmp_path, tower):
    bring(session, table(tmp_path / "房源.csv", "楼宇,楼层,面积", "云澜大厦,3,100", "云澜大厦,3,200"), "units")
    assert sorted(unit.area_m2 for unit in session.scalars(select(Unit))) == [100, 200]


def test_units_of_a_source_for_staff_alone_do_not_hide_their_building(session, tmp_path, tower):
    bring(session, table(tmp_path / "房源.csv", "楼宇,房号", "云澜大厦,3"), "units")
    session.refresh(tower)
    assert tower.publishable
    assert create_source(session).publishable


@pytest.mark.real_data
def test_bradford_gives_its_premises_with_blank_as_vacant(session, shared_data):
    report = bring(session, shared_data / "uk_vacancy" / "bradford.csv", "units")
    assert (report.rows["read"], report.rows["added"], report.rows["rejected"]) == (19323, 19250, 73)
    states = dict(session.execute(select(Unit.public_status, func.count()).group_by(Unit.public_status)).all())
    assert states == {"in_use": 16867, "vacant": 2383}


TERMS = f"{HEAD},免租期,押付方式,年递增(%),恢复原状(元/㎡),租金是否含物业费,是否含税"


def terms(session, label):
    offer = session.get(Offer, rows(session)[label].offer_id)
    free = (offer.rent_free_months, offer.rent_free_with_fee)
    fees = (offer.property_fee_included, offer.tax_included)
    return free, offer.deposit_months, offer.escalation_pct, offer.restoration_cny_m2, fees


def test_the_terms_of_an_offer_are_kept(session, tmp_path, tower):
    room = "云澜大厦,12F,1203,320,空置,5.5,2026-11-01"
    path = table(tmp_path / "房源.csv", TERMS, f"{room},2个月(含物业费),押三付一,5%,150,不含,含")
    assert counts(bring(session, path, "units")) == {"read": 1, "added": 1}
    assert terms(session, "1203") == ((2, True), 3, 5, 150, (False, True))
    assert counts(bring(session, path, "units")) == {"read": 1, "unchanged": 1}


def test_a_list_without_terms_leaves_them_and_one_with_others_replaces_them(session, tmp_path, tower):
    room = "云澜大厦,12F,1203,320,空置,5.5,2026-11-01"
    bring(session, table(tmp_path / "房源.csv", TERMS, f"{room},2个月(含物业费),押三付一,5%,150,不含,含"), "units")
    first = rows(session)["1203"].offer_id
    bring(session, table(tmp_path / "房源.csv", HEAD, room), "units")
    assert rows(session)["1203"].offer_id == first
    bring(session, table(tmp_path / "房源.csv", f"{HEAD},免租期", f"{room},1"), "units")
    session.expire_all()
    assert terms(session, "1203") == ((1, None), 3, 5, 150, (False, True))
