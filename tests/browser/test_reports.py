"""A planner has a report made by one press, reads and freezes it; the cockpit fits a wall and a telephone."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from geo.figures import publish_year
from tests.browser.conftest import PHONE, TODAY
from tests.browser.watching import fits
from tests.factories import PASSWORD, create_user
from webmap.auth.models import User
from webmap.db import Database

pytestmark = pytest.mark.browser

WALL = {"width": 1920, "height": 1080}
PATIENCE_MS = 60_000
"""With a whole report, on a machine that does other things as well."""


@pytest.fixture
def planner(page: Page, district: Database) -> Page:
    """A planner's tab."""
    with district.new_session() as session, session.begin():
        if session.scalar(select(User).where(User.name == "reporter")) is None:
            create_user(session, "planner", name="reporter")
    page.goto("/login")
    page.fill("[name=name]", "reporter")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk**")
    return page


def test_one_press_on_the_cockpit_makes_a_report_that_is_read_and_frozen_with_a_number(planner: Page) -> None:
    planner.set_default_timeout(PATIENCE_MS)
    planner.goto("/cockpit")
    planner.get_by_role("button", name="生成本月月报").click()
    planner.wait_for_url("**/reports/*")
    title = planner.locator("h1")
    expect(title).to_contain_text("楼宇经济月报", timeout=PATIENCE_MS)
    expect(planner.locator(".chapter")).to_have_count(10, timeout=PATIENCE_MS)
    first = planner.locator("#summary .tiles b").first.inner_text()
    assert first.endswith("%")
    planner.locator("#summary .tiles a").first.click()
    expect(planner.locator("h1")).to_contain_text("企业入驻率")
    expect(planner.locator("main")).to_contain_text(first)
    planner.go_back()

    assert fits(planner)
    planner.set_viewport_size(PHONE)
    assert fits(planner)
    planner.get_by_role("button", name="定稿").click()
    expect(planner.locator(".badge.ok").first).to_have_text(re.compile(r"编号 \d{4}-\d\d-01"))
    expect(planner.get_by_role("button", name="删除草稿")).to_have_count(0)
    expect(planner.locator("#summary .tiles b").first).to_have_text(first)


def test_the_cockpit_shows_everything_on_a_wall_and_lies_within_a_telephone(page: Page, district: Database) -> None:
    with district.new_session() as session, session.begin():
        publish_year(session, "tax", TODAY.year - 1)
    page.set_viewport_size(WALL)
    page.goto(f"/cockpit?wall=1&as_of={TODAY}")
    expect(page.locator(".picture > svg")).to_be_visible()
    expect(page.locator(".taxes .ranks ol")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
    assert fits(page)
    for box in page.locator(".ranks .card").all():
        place = box.bounding_box()
        assert place
        assert place["y"] + place["height"] <= WALL["height"]

    page.set_viewport_size(PHONE)
    page.goto(f"/cockpit?as_of={TODAY}")
    expect(page.locator(".firsts .figure").first).to_be_visible()
    expect(page.locator(".tiers li").first).to_contain_text("亿元楼")
    assert fits(page)
