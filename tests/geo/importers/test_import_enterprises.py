"""A register of enterprises: each goes to the building it works in, by credit code it stays one."""

import pytest
from sqlalchemy import func, select

from geo.model import Enterprise, Tenancy
from tests.factories import create_building, create_enterprise, create_floor, create_unit
from tests.geo.importers.importing import bring, counts, table

HEAD = "企业名称,统一社会信用代码,行业代码,楼宇名称,房号,租赁面积"
CODE = "91310000MA1FL0000X"


@pytest.fixture
def tower(session):
    return create_building(session, name="云澜大厦", name_en=None)


def only(session):
    return session.scalars(select(Enterprise)).one()


def homes(session):
    """Where enterprises are now known to sit."""
    found = session.scalars(select(Tenancy).where(func.upper_inf(Tenancy.known)).order_by(Tenancy.id))
    return [(tenancy.building_id, tenancy.unit_id, tenancy.area_m2) for tenancy in found]


def test_an_enterprise_sits_in_its_building_and_room(session, tmp_path, tower):
    unit = create_unit(session, create_floor(session, tower, 12), label="1203")
    path = table(tmp_path / "企业.csv", HEAD, f"海原科技有限公司,{CODE},6510,雲瀾大樓,1203,200")
    assert counts(bring(session, path, "enterprises")) == {"read": 1, "added": 1}
    firm = only(session)
    assert (firm.building_id, firm.industry_code, firm.industry_group) == (tower.id, "6510", "it")
    assert homes(session) == [(tower.id, unit.id, 200)]


def test_repeating_the_register_changes_nothing(session, tmp_path, tower):
    path = table(tmp_path / "企业.csv", HEAD, f"海原科技有限公司,{CODE},6510,云澜大厦,,", "林记面馆,,,云澜大厦,,")
    bring(session, path, "enterprises")
    assert counts(bring(session, path, "enterprises")) == {"read": 2, "unchanged": 2}
    assert session.scalar(select(func.count()).select_from(Tenancy)) == 2


def test_a_move_closes_the_old_tenancy(session, tmp_path, tower):
    other = create_building(session, name="江口中心", name_en=None)
    bring(session, table(tmp_path / "企业.csv", HEAD, f"海原科技有限公司,{CODE},6510,云澜大厦,,"), "enterprises")
    path = table(tmp_path / "企业.csv", HEAD, f"海原科技有限公司,{CODE},6510,江口中心,,")
    assert counts(bring(session, path, "enterprises")) == {"read": 1, "updated": 1}
    assert homes(session) == [(other.id, None, None)]
    assert session.scalar(select(func.count()).select_from(Tenancy)) == 2


def test_a_credit_code_that_another_source_registered_is_the_same_enterprise(session, tmp_path, tower):
    firm = create_enterprise(session, name="海原科技", credit_code=CODE)
    path = table(tmp_path / "企业.csv", HEAD, f"海原科技有限公司,{CODE},6510,云澜大厦,,")
    assert counts(bring(session, path, "enterprises", source_publishable=True)) == {"read": 1, "updated": 1}
    assert (only(session).id, firm.name, firm.building_id) == (firm.id, "海原科技有限公司", tower.id)


def test_a_point_in_front_of_a_building_is_taken_to_it(session, tmp_path):
    building = create_building(session, name=None, name_en=None)
    head = "企业名称,经度,纬度"
    lines = ("海原科技有限公司,121.47022,31.23", "云海贸易有限公司,121.4712,31.23")
    report = bring(session, table(tmp_path / "企业.csv", head, *lines), "enterprises")
    found = dict(session.execute(select(Enterprise.name, Enterprise.building_id)).all())
    assert found == {"海原科技有限公司": building.id, "云海贸易有限公司": None}
    assert report.issue_counts["enterprise_elsewhere"] == 1


def test_an_unknown_industry_is_reported_and_goes_to_the_rest(session, tmp_path, tower):
    path = table(
        tmp_path / "企业.csv", "企业名称,行业", "海原科技有限公司,软件和信息技术服务业", "云海贸易有限公司,星际旅行"
    )
    bring(session, path, "enterprises")
    groups = dict(session.execute(select(Enterprise.name, Enterprise.industry_group)).all())
    assert groups["云海贸易有限公司"] == "other"
    assert groups["海原科技有限公司"] != "other"
