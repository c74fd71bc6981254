"""A planner supposes what might be and sees why something changed; a tax officer enters a figure and puts it right."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser.watching import watch
from tests.factories import PASSWORD, create_user
from webmap.auth.models import User, UserRole
from webmap.db import Database

DESK = {"width": 1360, "height": 820}


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a visitor."""
    context = browser.new_context(base_url=site, viewport=DESK, reduced_motion="reduce")
    page = context.new_page()
    problems = watch(page)
    yield page
    context.close()
    assert problems == []


def test_a_planner_supposes_and_sees_step_by_step_what_changed(page: Page) -> None:
    page.goto("/indicators/occupancy_rate")
    page.locator("#buildings ~ table tbody a").first.click()
    expect(page.locator("#inside")).to_be_visible()
    page.locator("summary.storey").first.click()
    expect(page.locator("details[open] tbody tr").first).to_be_visible()

    page.goto("/indicators/suppose")
    page.get_by_label("面积（m²）").fill("1200")
    page.get_by_role("button", name="加上").click()
    expect(page).to_have_url(re.compile(r"building=[0-9a-z]{8}.*m2=1200"))
    expect(page.locator("#then ~ table tbody tr")).to_have_count(5)
    page.get_by_label("面积（m²）").fill("300")
    page.get_by_label("动作").select_option("lost")
    page.get_by_role("button", name="加上").click()
    expect(page).to_have_url(re.compile(r"try=let\.[0-9a-z]{8}\.1200"))
    expect(page.locator("#supposed ~ ul li")).to_have_count(2)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#supposed ~ ul li")).to_have_count(2)

    page.goto("/indicators/change")
    expect(page.locator("figure.course svg")).to_be_visible()
    expect(page.locator("#steps ~ table tbody tr").last).to_be_visible()


def test_a_tax_officer_enters_a_figure_and_puts_it_right(page: Page, district: Database) -> None:
    with Session(district.app) as session, session.begin():
        if session.scalar(select(User).where(User.name == "shui")) is None:
            create_user(session, name="shui").roles = [UserRole(role="tax_officer")]
    page.goto("/login")
    page.locator("[name=name]").fill("shui")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/desk"))
    page.goto("/desk/figures/new")
    page.locator("[name=indicator]").select_option("employees")
    page.locator("[name=place_kind]").select_option("building")
    page.locator("[name=place]").fill("潆澜双塔东塔")
    page.locator("[name=period]").fill("2025")
    page.locator("[name=value]").fill("1860")
    page.locator("[name=source]").fill("街道统计台账")
    page.locator("main form button.primary").first.click()
    expect(page).to_have_url(re.compile("/desk/figures$"))
    page.locator("form.finder [name=q]").fill("潆澜双塔东塔")
    page.locator("form.finder [name=kind]").select_option("employees")
    page.locator("form.finder button").click()
    page.locator("tr", has_text="1,860").locator("a").click()
    page.locator("[name=value]").fill("1806")
    page.locator("main form button.primary").first.click()
    expect(page.locator("s", has_text="1,860")).to_be_visible()
    expect(page.get_by_text("1,806").first).to_be_visible()
