"""A manager reports from a telephone, with and without a network; staff accept it at a desk, and the map knows."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.browser.watching import watch
from tests.factories import PASSWORD, create_user
from webmap.auth.models import User, UserRole
from webmap.db import Database
from webmap.vacancy.models import ReturnLine, ReturnSubmission, VacancyReturn

PHONE = {"width": 390, "height": 844}
LEAST_PX = 44
"""Of anything that a finger has to meet."""

PATIENCE_MS = 30_000
"""With an answer of the server, on a machine that does other things as well."""


@pytest.fixture
def tower(district: Database) -> Iterator[str]:
    """The code of a tower with a manager and a clerk, and no returns."""
    with Session(district.app) as session, session.begin():
        session.execute(delete(VacancyReturn))
        tower = session.scalars(select(Building).where(Building.name == "潆澜双塔东塔")).one()
        if session.scalar(select(User).where(User.name == "wuye")) is None:
            manager = create_user(session, name="wuye")
            manager.roles = [UserRole(role="manager", building_id=tower.id)]
            create_user(session, "staff", name="clerk")
        code = tower.code
    yield code


@pytest.fixture
def phone(browser: Browser, site: str, tower: str) -> Iterator[Page]:
    """A manager's telephone, signed in."""
    context = browser.new_context(base_url=site, viewport=PHONE, has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, "wuye")
    yield page
    context.close()


def sign_in(page: Page, name: str) -> None:
    page.goto("/login")
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/desk|/return"))


def change(page: Page, place: int, state: str) -> None:
    """Touch the unit at a place of the plan, choose what it is, and close the sheet."""
    page.locator(".room summary").nth(place).tap()
    page.locator("dialog .choice", has_text=state).tap()
    page.locator("dialog .done").tap()


def sent(district: Database) -> int:
    with Session(district.app) as session:
        return len(session.scalars(select(ReturnSubmission.id)).all())


def test_ten_changes_on_a_telephone_are_accepted_at_a_desk_and_public(
    phone: Page, tower: str, district: Database, context: BrowserContext, page: Page
) -> None:
    problems = watch(phone)
    phone.goto("/return")
    phone.get_by_role("link", name="填报变化").first.tap()
    expect(phone.locator(".send")).to_have_text("本周无变化，确认", timeout=PATIENCE_MS)
    for place in range(10):
        change(phone, place, "不清楚" if place else "空置")
    expect(phone.locator(".count")).to_have_text("已改 10 处")
    small = phone.evaluate(
        f"[...document.querySelectorAll('.room summary, .send, .other-ways a')]"
        f".filter(each => each.getBoundingClientRect().height < {LEAST_PX}).length"
    )
    assert small == 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.locator(".send").tap()
    phone.wait_for_url("**/return/receipts/**")
    expect(phone.get_by_role("heading", name="10 处变化")).to_be_visible()
    assert problems == []
    sign_in(page, "clerk")
    page.goto("/desk/returns")
    page.get_by_role("link", name="潆澜双塔东塔").click()
    page.get_by_role("button", name="全部确认").click()
    expect(page.get_by_text("已确认。地图和楼宇页面随即更新。")).to_be_visible()
    with Session(district.app) as session:
        line = session.scalars(select(ReturnLine).where(ReturnLine.status == "vacant")).one()
        code = session.get_one(Unit, line.unit_id).code
    page.goto(f"/u/{code}")
    expect(page.locator("main")).to_contain_text("物业空置周报")


def test_without_a_network_the_return_waits_and_goes_once_by_itself(
    phone: Page, tower: str, district: Database
) -> None:
    phone.goto(f"/return/{tower}")
    phone.context.set_offline(True)
    change(phone, 0, "装修中")
    phone.locator(".send").tap()
    expect(phone.locator(".outbox")).to_contain_text("没有网络", timeout=PATIENCE_MS)
    assert sent(district) == 0
    phone.context.set_offline(False)
    expect(phone.locator(".outbox")).to_contain_text("之前没发出的周报已送达", timeout=PATIENCE_MS)
    assert sent(district) == 1
    phone.goto(f"/return/{tower}")
    expect(phone.locator(".room.waits")).to_have_count(1)
    expect(phone.locator(".room.changed")).to_have_count(0)
    assert sent(district) == 1


def test_a_page_that_was_open_once_opens_again_without_a_network(phone: Page, tower: str) -> None:
    phone.goto(f"/return/{tower}")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()
    change(phone, 0, "装修中")
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator(".room.changed")).to_have_count(1)
    expect(phone.locator(".count")).to_have_text("已改 1 处")
    phone.context.set_offline(False)


def test_what_was_filled_in_survives_signing_in_again(phone: Page, tower: str, district: Database) -> None:
    phone.goto(f"/return/{tower}")
    change(phone, 1, "装修中")
    phone.context.clear_cookies()
    phone.locator(".send").tap()
    expect(phone.locator(".outbox")).to_contain_text("登录已过期", timeout=PATIENCE_MS)
    phone.locator(".outbox a").tap()
    phone.locator("[name=name]").fill("wuye")
    phone.locator("[name=password]").fill(PASSWORD)
    phone.locator("main form button").first.tap()
    expect(phone.locator(".outbox")).to_contain_text("之前没发出的周报已送达", timeout=PATIENCE_MS)
    assert sent(district) == 1


def test_nobody_sends_what_somebody_else_wrote_on_the_same_telephone(
    phone: Page, tower: str, district: Database
) -> None:
    phone.goto(f"/return/{tower}")
    phone.context.set_offline(True)
    change(phone, 2, "装修中")
    phone.locator(".send").tap()
    expect(phone.locator(".outbox")).to_contain_text("没有网络", timeout=PATIENCE_MS)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    sign_in(phone, "clerk")
    phone.goto(f"/return/{tower}")
    expect(phone.locator(".count")).to_have_text("未改动")
    assert sent(district) == 0


def test_without_scripts_the_return_is_a_form(browser: Browser, site: str, tower: str, district: Database) -> None:
    context = browser.new_context(base_url=site, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "wuye")
    page.goto(f"/return/{tower}")
    page.locator(".room summary").nth(3).click()
    page.locator("details[open] .choice", has_text="装修中").click()
    page.get_by_role("button", name="发送周报").click()
    expect(page.get_by_role("heading", name="1 处变化")).to_be_visible()
    assert sent(district) == 1
    context.close()
