"""Small things on the map page that a stranger would stumble over."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.test_map_page import open_map, rows
from tests.browser.watching import watch

ASKED = "/?area_min=800&area_max=1000&rent_max=5"
DEGREES_A_PIXEL = 360 / (512 * 2**17)
"""At zoom 17, of longitude."""


def managed(page: Page) -> list[dict[str, Any]]:
    """Buildings that are followed floor by floor, the one with most floors first."""
    items = page.request.get("/api/v1/buildings?limit=200").json()["items"]
    return sorted((item for item in items if item["managed"]), key=lambda item: -item["floors_above"])


def test_units_that_answer_the_filters_come_first_in_the_card(page: Page) -> None:
    open_map(page, ASKED)
    row = rows(page).filter(has_text="可分租").first
    promised = re.search(r"(\d+) 套", row.inner_text())
    assert promised
    row.click()
    titles = page.locator("#card .units h3")
    expect(titles.first).to_have_text(f"符合条件的单元 {promised[1]}")
    expect(titles.nth(1)).to_contain_text("其他可租单元")
    expect(page.locator("#card .units ul").first.locator("li")).to_have_count(int(promised[1]))
    page.get_by_role("button", name="清除全部").click()
    expect(titles.first).to_contain_text("可租单元")
    expect(titles).to_have_count(1)


def test_the_hover_card_is_not_hidden_behind_the_selected_building(page: Page) -> None:
    chosen, other = managed(page)[:2]
    left_of_card_px = 50
    lng, lat = other["location"]
    open_map(page, f"/?b={chosen['code']}&view=2d&bearing=0&at={lat},{lng - left_of_card_px * DEGREES_A_PIXEL},17")
    card = page.locator("#card")
    expect(card.locator(".units")).to_be_visible()
    stage = page.locator("#stage").bounding_box()
    assert stage
    page.mouse.move(stage["x"] + stage["width"] / 2 + left_of_card_px, stage["y"] + stage["height"] / 2)
    expect(page.locator("#hover b")).to_have_text(other["name"])
    hover, edge = page.locator("#hover").bounding_box(), card.bounding_box()
    assert hover
    assert edge
    assert hover["x"] + hover["width"] <= edge["x"]


def test_the_legend_explains_clusters_while_they_are_shown(page: Page) -> None:
    open_map(page, "/?layers=clusters")
    key = page.locator("#legend .cluster-key")
    expect(key).to_contain_text("金融")
    expect(key).to_contain_text("集聚度")
    key.get_by_role("link").click()
    expect(page.locator("#clusters")).to_be_visible()


def test_a_phone_shows_the_place_of_a_link_above_the_sheet(browser: Browser, site: str) -> None:
    size = {"width": 390, "height": 844}
    with browser.new_context(base_url=site, viewport=size, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        problems = watch(page)
        there = managed(page)[0]
        lng, lat = there["location"]
        open_map(page, f"/?view=2d&bearing=0&at={lat},{lng},17.5")
        sheet, stage = page.locator("#panel").bounding_box(), page.locator("#stage").bounding_box()
        assert sheet
        assert stage
        page.touchscreen.tap(size["width"] / 2, (stage["y"] + sheet["y"]) / 2)
        expect(page.locator("#card h2")).to_have_text(there["name"])
        assert problems == []


def test_without_javascript_nothing_waits_for_a_script(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/?grade=super_a")
        expect(page.locator("a.result").first).to_be_visible()
        expect(page.get_by_text("正在载入")).to_be_hidden()
        expect(page.locator("#stage")).to_be_hidden()
