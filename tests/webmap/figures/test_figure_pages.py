"""Tax officers enter, correct and publish figures of their places; nobody else sees tax."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.model import Building, Figure, Target
from tests.factories import create_area, create_building, create_enterprise, create_figure, create_user, square
from tests.web import post_form, sign_in
from webmap.auth.models import UserRole

ENTRY = {
    "indicator": "tax", "place_kind": "building", "place": "云澜大厦", "period": "2025年", "value": "123.5",
    "unit": "万元", "scope": "full", "basis": "received", "one_off": "no", "attribution": "registered",
    "source": "税务部门入库台账",
}  # fmt: skip


class Desk:
    """The browser of somebody who has signed in; forms carry the token of one of its pages."""

    def __init__(self, browser: FlaskClient) -> None:
        self._browser, self.get = browser, browser.get

    def post(self, address: str, data: dict | None = None):
        return post_form(self._browser, "/desk/figures/files", address, **(data or {}))


@pytest.fixture
def building(session: Session) -> Building:
    return create_building(session)


@pytest.fixture
def browser(app: Flask, session: Session, building: Building) -> Desk:
    return browser_of(app, session, "tax_officer")


def browser_of(app: Flask, session: Session, role: str, **place) -> Desk:
    user = create_user(session, name=role, full_name="税务 老王")
    user.roles.append(UserRole(role=role, **place))
    session.flush()
    browser = app.test_client()
    assert sign_in(browser, role).status_code == 302
    return Desk(browser)


def known(session: Session) -> list[Figure]:
    return list(session.scalars(select(Figure).where(func.upper_inf(Figure.known))))


def test_an_officer_enters_tax_and_corrects_it_and_both_stay_readable(browser: Desk, session: Session) -> None:
    assert browser.post("/desk/figures/new", data=ENTRY).status_code == 303
    entered = known(session)[0]
    assert (entered.value, entered.scope, entered.one_off) == (Decimal(1_235_000), "full", False)
    told = {"value": "130", "unit": "万元", "note": "申报更正"}
    assert browser.post(f"/desk/figures/{entered.code}", data=told).status_code == 303
    page = browser.get(f"/desk/figures/{known(session)[0].code}").text
    assert "130.00 万元" in page
    assert "<s>123.50 万元</s>" in page
    assert "税务 老王" in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"period": "去年"}, "看不懂这个期间"),
        ({"period": "2099"}, "还没有结束"),
        ({"place": "没有的楼"}, "没有找到"),
        ({"value": "很多"}, "请填写金额"),
        ({"source": ""}, "请写明数据来源"),
        ({"indicator": "star_buildings"}, "不能按这种对象填写"),
        ({"contributors": "-3"}, "户数请填写正整数"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    browser: Desk, session: Session, wrong: dict, told: str
) -> None:
    answer = browser.post("/desk/figures/new", data=ENTRY | wrong)
    assert answer.status_code == 422
    assert told in answer.text
    assert next(iter(wrong.values())) in answer.text
    assert not known(session)


def test_whoever_was_overtaken_is_told(browser: Desk, session: Session) -> None:
    browser.post("/desk/figures/new", data=ENTRY)
    code = known(session)[0].code
    browser.post(f"/desk/figures/{code}", data={"value": "130", "unit": "万元"})
    answer = browser.post(f"/desk/figures/{code}", data={"value": "140", "unit": "万元"})
    assert answer.status_code == 409
    assert "别人刚刚更正过" in answer.text


def test_staff_see_employees_and_no_tax(app: Flask, session: Session, building: Building) -> None:
    tax = create_figure(session, indicator="tax", building_id=building.id)
    counted = dict.fromkeys(("scope", "basis", "one_off", "attribution"))
    people = create_figure(session, indicator="employees", building_id=building.id, value=321, **counted)
    staff = browser_of(app, session, "staff")
    page = staff.get("/desk/figures").text
    assert people.code in page
    assert tax.code not in page
    assert staff.get(f"/desk/figures/{tax.code}").status_code == 404
    answer = staff.post("/desk/figures/new", data=ENTRY)
    assert "您的账号不能为它填写" in answer.text


def test_an_officer_of_one_area_sees_and_enters_nothing_of_another(
    app: Flask, session: Session, building: Building
) -> None:
    away = create_building(session, square(121.6, 31.4), name="远望大厦")
    firm = create_enterprise(session, away)
    area = create_area(session)
    hidden = create_figure(session, indicator="tax", enterprise_id=firm.id)
    mine = create_figure(session, indicator="tax", building_id=building.id)
    officer = browser_of(app, session, "tax_officer", area=area)
    page = officer.get("/desk/figures").text
    assert mine.code in page
    assert hidden.code not in page
    assert "您的账号不能为它填写" in officer.post("/desk/figures/new", data=ENTRY | {"place": "远望大厦"}).text
    assert officer.post("/desk/figures/new", data=ENTRY).status_code == 303
    assert officer.get("/desk/figures/publish").status_code == 403


def test_a_figure_entered_by_mistake_is_taken_back(browser: Desk, session: Session) -> None:
    browser.post("/desk/figures/new", data=ENTRY)
    code = known(session)[0].code
    assert browser.post(f"/desk/figures/{code}/withdraw").status_code == 303
    assert not known(session)
    assert "<s>123.50 万元</s>" in browser.get(f"/desk/figures/{code}").text


def test_publishing_shows_what_is_hidden_and_why(browser: Desk, session: Session, building: Building) -> None:
    create_area(session)
    for tax in (100, 110, 120):
        firm = create_enterprise(session, building)
        create_figure(session, indicator="tax", value=tax, enterprise_id=firm.id)
    alone = create_building(session, square(121.475, 31.23), name="独户大厦")
    firm = create_enterprise(session, alone)
    create_figure(session, indicator="tax", value=500, enterprise_id=firm.id)
    page = browser.get("/desk/figures/publish?year=2025").text
    assert "隐去：户数太少或一户独大" in page
    assert browser.post("/desk/figures/publish", data={"year": "2025"}).status_code == 303
    assert "已公布 2025 年" in browser.get("/desk/figures/publish?year=2025").text
    assert browser.get("/desk/figures/publish?year=2099").status_code == 422


def test_a_target_without_a_year_is_kept_without_one(app: Flask, session: Session) -> None:
    area = create_area(session)
    planner = browser_of(app, session, "planner")
    target = {"indicator": "occupancy_rate", "area": area.name, "year": "", "bound": "at_least", "value": "88%"}
    assert planner.post("/desk/targets/new", data=target | {"source": "十五五规划"}).status_code == 303
    kept = session.scalars(select(Target)).one()
    assert (kept.year, kept.value, kept.publishable) == (None, Decimal("0.88"), False)
    assert "未定年份" in planner.get("/desk/targets").text
    assert planner.post(f"/desk/targets/{kept.code}", data={"bound": "at_least", "value": "90%"}).status_code == 303
    assert "<s>88 %</s>" in planner.get(f"/desk/targets/{session.scalars(select(Target.code)).all()[1]}").text


def workbook(*rows) -> BytesIO:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    written = BytesIO()
    book.save(written)
    written.seek(0)
    return written


def send(browser: Desk, file: BytesIO, kind: str = "figures"):
    told = {"file": (file, "税收.xlsx"), "kind": kind, "source": "税务部门入库台账"}
    answer = browser.post("/desk/figures/files", data=told)
    assert answer.status_code == 303
    return answer.location


def test_a_workbook_is_tried_row_by_row_then_written_then_taken_back(
    browser: Desk, session: Session, building: Building
) -> None:
    firm = create_enterprise(session, building, credit_code="91310000MA1K000001")
    browser.post("/desk/figures/new", data=ENTRY)
    file = workbook(
        ["指标", "纳税人名称", "楼宇", "税款所属期", "入库税额(万元)", "级次"],
        ["税收", firm.name, None, "2025年一季度", 12.5, "全口径"],
        ["税收", None, "云澜大厦", "2025", 140, None],
        ["税收", "没有的公司", None, "2025", 5, None],
        ["税收", firm.name, None, "明年", 5, None],
        ["税收", firm.name, None, "2025", "五百", None],
    )
    address = send(browser, file)
    page = browser.get(address).text
    assert "写入 2 行" in page
    for told in ("没有找到“没有的公司”", "“明年”不是期间", "“五百”不是这项指标的数值", "请写成 2025"):
        assert told in page
    assert [row.value for row in known(session)] == [1_235_000], "a dry run leaves nothing"
    assert (
        browser.post(address.split("?")[0], data={"kind": "figures", "source": "税务部门入库台账"}).status_code == 303
    )
    assert sorted(row.value for row in known(session)) == [125_000, 1_400_000]
    page = browser.get("/desk/figures/files").text
    undo = page.split("/desk/figures/files/runs/")[1].split("/undo")[0]
    assert browser.post(f"/desk/figures/files/runs/{undo}/undo").status_code == 303
    assert [row.value for row in known(session)] == [1_235_000], "what was said before holds again"


def test_headings_of_ones_own_are_mapped_by_hand(browser: Desk, session: Session, building: Building) -> None:
    file = workbook(["指标", "楼宇", "期间", "奇怪的列"], ["税收", "云澜大厦", "2025", "7万元"])
    address = send(browser, file)
    assert "还缺：" in browser.get(address).text
    mapped = browser.get(address + "&heading:奇怪的列=value").text
    assert "写入 1 行" in mapped


def test_targets_come_from_a_workbook_too_and_only_for_ones_own_area(app: Flask, session: Session) -> None:
    mine, other = create_area(session), create_area(session, square(121.8, 31.6), name="别处街道")
    planner = browser_of(app, session, "planner", area=mine)
    head = ["区域", "指标", "年份", "要求", "目标值"]
    rows = [[mine.name, "企业入驻率", None, "不低于", "88%"], [other.name, "企业入驻率", 2026, "不低于", "88%"]]
    address = send(planner, workbook(head, *rows), "targets")
    page = planner.get(address).text
    assert "写入 1 行" in page
    assert "您的账号不能为“别处街道”填写" in page


def test_targets_of_an_installations_own_indicators_come_from_a_workbook_too(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        """[[indicator]]
code = "vacant_per_building"
name = "楼均空置面积"
definition = "空置面积除以运营楼宇数。"
numerator = ["vacant_m2"]
denominator = ["operating"]
unit = "m2"
""",
        "utf-8",
    )
    app.extensions["loumap_settings"] = replace(app.extensions["loumap_settings"], indicators=own)
    mine = create_area(session)
    planner = browser_of(app, session, "planner", area=mine)
    rows = [mine.name, "楼均空置面积", 2026, "不高于", 800]
    address = send(planner, workbook(["区域", "指标", "年份", "要求", "目标值"], rows), "targets")
    assert "写入 1 行" in planner.get(address).text


def test_a_file_of_another_account_is_not_found(app: Flask, browser: Desk, session: Session) -> None:
    address = send(browser, workbook(["指标", "楼宇", "期间", "数值"]))
    planner = browser_of(app, session, "planner")
    assert planner.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["figures", "targets"])
def test_the_template_has_a_named_sheet_and_a_dictionary(browser: Desk, session: Session, kind: str) -> None:
    create_user(session)
    answer = browser.get(f"/desk/figures/template-{kind}.xlsx")
    if kind == "targets":
        assert answer.status_code == 403, "a tax officer sets no targets"
        return
    book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["指标", "字典"]
    assert [cell.value for cell in book["指标"][1]][:6] == ["指标", "企业", "统一社会信用代码", "楼宇", "区域", "期间"]
    assert "从业人数" in [row[0].value for row in book["字典"]]


def test_a_visitor_and_a_manager_see_nothing(app: Flask, session: Session, client: FlaskClient) -> None:
    assert client.get("/desk/figures").status_code in (302, 401)
    manager = browser_of(app, session, "manager", building=create_building(session))
    for address in ("/desk/figures", "/desk/figures/new", "/desk/targets", "/desk/figures/files"):
        assert manager.get(address).status_code == 403
