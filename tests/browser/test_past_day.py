"""A visitor takes the map back to a day of the past, and puts today beside it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_map_details import managed
from tests.browser.test_map_page import count, open_map
from tests.browser.watching import fits

pytestmark = pytest.mark.browser


def test_the_slider_shows_a_day_of_the_past_and_today_beside_it(tenant: Page) -> None:
    open_map(tenant)
    before = count(tenant)
    tenant.get_by_role("button", name="回看过去某一天").click()
    slider = tenant.get_by_role("slider", name="回看")
    for _ in range(9):
        slider.press("ArrowLeft")
    expect(tenant).to_have_url(re.compile(r"\?date=2026-03-01$"))
    expect(tenant.locator("#count-detail")).to_contain_text("2026-03-01")
    then = count(tenant)
    assert 0 < then != before
    tenant.get_by_label("按此日所知").fill("2026-04-01")
    expect(tenant).to_have_url(re.compile(r"\?date=2026-03-01&known_at=2026-04-01$"))
    expect(tenant.locator("#count-detail")).to_contain_text("2026-04-01")
    tenant.get_by_label("按此日所知").fill("")
    expect(tenant.locator("#count")).to_have_text(f"{then:,}")
    tenant.get_by_role("switch", name="与今天并排对照").click()
    captions = tenant.locator(".day-of")
    expect(captions).to_have_text([re.compile(rf"2026-03-01 {then:,} "), re.compile(r"今天 [\d,]+ ")])
    now = int(captions.nth(1).inner_text().split()[1].replace(",", ""))
    assert now >= before  # spaces whose last word is old count on both sides
    left, right = tenant.locator("#map").bounding_box(), tenant.locator("#beside").bounding_box()
    assert left and right
    assert left["x"] + left["width"] == pytest.approx(right["x"], abs=4)
    assert fits(tenant)
    tenant.get_by_role("button", name="回到今天").click()
    expect(tenant.locator("#beside")).to_have_count(0)
    expect(tenant.locator("#count")).to_have_text(f"{before:,}")
    assert "date" not in tenant.url


def test_a_selected_building_stands_as_it_was_and_leads_to_what_changed(page: Page) -> None:
    building = managed(page)[0]
    open_map(page, f"/?b={building['code']}&date=2026-03-01&beside=on")
    card = page.locator("#card")
    expect(card.locator(".units")).to_contain_text("楼层颜色是 2026-03-01 的状况")
    expect(page.locator(".day-of.present")).to_contain_text("今天")
    card.get_by_role("option").nth(8).click()
    expect(card.locator(".units h3")).to_be_visible()
    card.get_by_role("link", name="逐个单元前后对照").click()
    expect(page).to_have_url(re.compile(rf"/b/{building['code']}\?as_of=2026-03-01#then$"))
    expect(page.locator("#then .sides section")).to_have_count(2)
