"""An import is taken back: what it added goes, what it overwrote returns, what others did since stays."""

from datetime import date

import pytest
from sqlalchemy import func, select

from geo.errors import ImportRefusedError, NotFoundError
from geo.importers.undo import undo
from geo.model import (
    Amenity,
    AmenityDistance,
    Building,
    BuildingFact,
    Confirmation,
    Floor,
    ImportRun,
    IndustryCode,
    Offer,
    Section,
    SourceKey,
    Tenancy,
    Unit,
    UnitState,
)
from tests.factories import create_building, square
from tests.geo.importers.importing import TODAY, bring, counts, geojson, table

UNITS = "楼宇名称,楼层,房号,建筑面积,使用状态,租金(元/㎡·天),填报日期"


def only(session, kind, **values):
    return session.scalars(select(kind).filter_by(**values)).one()


def take_back(session, report):
    undone = undo(session, report.run, TODAY)
    session.expire_all()
    return undone


def test_what_a_run_added_is_withdrawn_and_comes_back_with_its_code(session, tmp_path):
    path = geojson(tmp_path / "a.geojson", (square(), {"id": 1, "名称": "云澜大厦"}))
    report = bring(session, path, "buildings")
    code = only(session, Building).code
    undone = take_back(session, report)
    assert undone.withdrawn == {"buildings": 1}
    assert only(session, Building).withdrawn_at is not None
    assert only(session, SourceKey).code == code
    assert only(session, ImportRun).state == "undone"
    assert counts(bring(session, path, "buildings")) == {"read": 1, "updated": 1}
    assert (only(session, Building).code, only(session, Building).withdrawn_at) == (code, None)


def test_what_a_run_overwrote_returns(session, tmp_path):
    bring(session, geojson(tmp_path / "a.geojson", (square(), {"id": 1, "名称": "云澜大厦", "高度": 80})), "buildings")
    shape = session.scalar(select(func.ST_AsText(Building.geom)))
    moved = (square(121.4701), {"id": 1, "名称": "江口中心", "高度": 95, "别名": "甲;乙"})
    report = bring(session, geojson(tmp_path / "a.geojson", moved), "buildings")
    undone = take_back(session, report)
    building = only(session, Building)
    assert undone.restored == {"buildings": 1}
    assert (building.name, building.height_m, building.aliases) == ("云澜大厦", 80, [])
    assert session.scalar(select(func.ST_AsText(Building.geom))) == shape
    assert "云澜大厦" in building.search_text
    assert "江口" not in building.search_text


def test_a_field_that_somebody_has_changed_since_stays(session, tmp_path):
    bring(session, geojson(tmp_path / "a.geojson", (square(), {"id": 1, "名称": "云澜大厦", "高度": 80})), "buildings")
    changed = (square(), {"id": 1, "名称": "江口中心", "高度": 95})
    report = bring(session, geojson(tmp_path / "a.geojson", changed), "buildings")
    only(session, Building).name = "江口国际中心"
    session.flush()
    undone = take_back(session, report)
    assert undone.kept_fields["buildings"] >= 1
    assert (only(session, Building).name, only(session, Building).height_m) == ("江口国际中心", 80)


def test_a_row_that_a_later_run_has_changed_stays(session, tmp_path):
    first = bring(session, geojson(tmp_path / "a.geojson", (square(), {"id": 1, "高度": 80})), "buildings")
    bring(session, geojson(tmp_path / "a.geojson", (square(), {"id": 1, "高度": 95})), "buildings")
    undone = take_back(session, first)
    assert (undone.withdrawn, undone.kept_rows) == ({}, {"buildings": 1})
    assert only(session, Building).height_m == 95


def test_runs_taken_back_in_turn_lead_to_where_it_began(session, tmp_path):
    reports = [
        bring(session, geojson(tmp_path / "a.geojson", (square(), {"id": 1, "高度": height})), "buildings")
        for height in (80, 90, 95)
    ]
    for report, height in zip(reversed(reports), (90, 80, 80), strict=True):
        take_back(session, report)
        assert only(session, Building).height_m == height
    assert only(session, Building).withdrawn_at is not None


def test_facts_parts_and_publication_go_back_too(session, tmp_path):
    building = create_building(session, name="云澜大厦", grade="b")
    path = table(tmp_path / "list.csv", "楼宇名称,等级,空调", "云澜大厦,甲级,VAV")
    report = bring(session, path, "buildings")
    session.refresh(building)
    assert (building.grade, building.publishable) == ("a", False)
    take_back(session, report)
    assert (building.grade, building.publishable) == ("b", True)
    assert session.scalar(select(func.count()).select_from(BuildingFact)) == 0
    parts = geojson(
        tmp_path / "parts.geojson",
        (square(), {"id": "b", "kind": "building"}),
        (square(), {"id": "p", "kind": "building_part", "height": 20}),
    )
    take_back(session, bring(session, parts, "buildings"))
    assert session.scalar(select(func.count()).select_from(Section)) == 0


def test_the_history_of_units_is_corrected_not_erased(session, tmp_path):
    tower = create_building(session, name="云澜大厦", managed=False)
    bring(session, table(tmp_path / "房源.csv", UNITS, "云澜大厦,12,1203,320,空置,5.5,2026-11-01"), "units")
    offer = only(session, Offer)
    later = table(
        tmp_path / "房源.csv", UNITS, "云澜大厦,12,1203,320,已租,,2026-11-08", "云澜大厦,13,1301,90,空置,,2026-11-08"
    )
    undone = take_back(session, bring(session, later, "units"))
    unit, added = only(session, Unit, label="1203"), only(session, Unit, label="1301")
    assert (unit.public_status, unit.rent_amount) == ("vacant", 5.5)
    again = session.get(Offer, unit.offer_id)
    assert (again.code, again.valid, again.known.upper) == (offer.code, offer.valid, None)
    assert (offer.withdrawn_at, unit.reported_on) == (None, date(2026, 11, 1))
    held = session.scalars(select(UnitState).where(func.upper_inf(UnitState.known), UnitState.unit_id == unit.id)).all()
    assert [(state.valid.lower, state.valid.upper, state.occupancy) for state in held] == [
        (date(2026, 11, 1), None, "vacant")
    ]
    assert session.scalar(select(func.count()).where(UnitState.unit_id == unit.id)) == 4
    assert added.withdrawn_at is not None
    assert [floor.label for floor in session.scalars(select(Floor))] == ["12"]
    assert undone.withdrawn == {"units": 1}
    assert (undone.removed["offers"], undone.restored["offers"]) == (2, 1)
    assert tower.managed


def test_the_first_list_of_a_building_leaves_no_trace_on_its_pages(session, tmp_path):
    tower = create_building(session, name="云澜大厦", managed=False)
    report = bring(session, table(tmp_path / "房源.csv", UNITS, "云澜大厦,12,1203,320,空置,5.5,2026-11-01"), "units")
    take_back(session, report)
    assert not tower.managed
    assert session.scalar(select(func.count()).select_from(Floor)) == 0
    assert session.scalar(select(func.count()).where(func.upper_inf(UnitState.known))) == 0
    assert bring(session, tmp_path / "房源.csv", "units").rows["updated"] == 1
    unit = only(session, Unit)
    assert (session.get(Floor, unit.floor_id).label, unit.public_status) == ("12", "vacant")
    assert session.scalar(select(func.count()).where(func.upper_inf(UnitState.known))) == 1


def test_a_confirmation_stays_written_but_counts_no_more(session, tmp_path):
    create_building(session, name="云澜大厦")
    bring(session, table(tmp_path / "房源.csv", UNITS, "云澜大厦,12,1203,320,空置,5.5,2026-11-01"), "units")
    later = table(tmp_path / "房源.csv", UNITS, "云澜大厦,12,1203,320,空置,5.5,2026-11-08")
    take_back(session, bring(session, later, "units"))
    assert session.scalar(select(func.count()).select_from(Confirmation)) == 1
    assert only(session, Unit).reported_on == date(2026, 11, 1)


def test_an_enterprise_is_back_where_it_was(session, tmp_path):
    one, other = create_building(session, name="云澜大厦"), create_building(session, name="江口中心")
    head = "企业名称,楼宇名称"
    bring(session, table(tmp_path / "企业.csv", head, "海原科技有限公司,云澜大厦"), "enterprises")
    moved = bring(session, table(tmp_path / "企业.csv", head, "海原科技有限公司,江口中心"), "enterprises")
    where = select(Tenancy.building_id).where(func.upper_inf(Tenancy.known))
    assert session.scalars(where).all() == [other.id]
    take_back(session, moved)
    assert session.scalars(where).all() == [one.id]


def test_distances_no_longer_lead_to_withdrawn_amenities(session, tmp_path):
    create_building(session)
    path = table(tmp_path / "poi.csv", "name,type,lon,lat", "江海银行,银行,121.47,31.231")
    report = bring(session, path, "amenities", source_publishable=True)
    assert session.scalar(select(func.count()).select_from(AmenityDistance)) == 1
    take_back(session, report)
    assert only(session, Amenity).withdrawn_at is not None
    assert session.scalar(select(func.count()).select_from(AmenityDistance)) == 0


def test_industry_codes_become_what_they_were(session, tmp_path):
    head = "code,level,section,parent,name"
    bring(session, table(tmp_path / "codes.csv", head, "J,1,J,,金融"), "taxonomy")
    report = bring(session, table(tmp_path / "codes.csv", head, "J,1,J,,金融业", "66,2,J,J,货币金融服务"), "taxonomy")
    take_back(session, report)
    assert session.execute(select(IndustryCode.code, IndustryCode.name)).all() == [("J", "金融")]


def test_a_run_is_taken_back_once(session, tmp_path):
    report = bring(session, geojson(tmp_path / "a.geojson", (square(), {"id": 1})), "buildings")
    take_back(session, report)
    with pytest.raises(ImportRefusedError, match="has been undone already"):
        undo(session, report.run, TODAY)
    with pytest.raises(NotFoundError, match="--list shows them"):
        undo(session, "nothere1", TODAY)
