"""The search field of the map page suggests what has a name and goes there, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_map_page import open_map

pytestmark = pytest.mark.browser

MOST_LOOKS, PAUSE_MS = 180, 500
"""For the index, which a process of its own makes when the server has started."""


def type_until_suggested(page: Page, text: str) -> None:
    """Type; wait until the index is there and its answer on screen."""
    for _ in range(MOST_LOOKS):
        if page.evaluate("async () => (await (await fetch('/api/v1/suggest?q=cx')).json()).ready"):
            break
        page.wait_for_timeout(PAUSE_MS)
    page.keyboard.press("/")
    page.keyboard.type(text)
    expect(page.locator("#suggest").get_by_role("option").first).to_be_visible()


def test_arrow_keys_and_enter_select_a_suggested_building(page: Page) -> None:
    open_map(page)
    type_until_suggested(page, "chaoxin")
    field = page.locator("#q")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#suggest").get_by_role("option", selected=True)
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "none")
    name = chosen.locator("b").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#card").get_by_role("heading", name=name)).to_be_visible()
    expect(field).to_have_value("")
    expect(page.locator("#suggest")).to_be_hidden()


def test_escape_closes_the_list_and_an_area_becomes_a_filter(page: Page) -> None:
    open_map(page)
    type_until_suggested(page, "潮心街道")
    page.keyboard.press("Escape")
    expect(page.locator("#suggest")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("潮心街道")
    page.keyboard.type(" ")
    page.locator("#suggest").get_by_role("option", name="潮心街道").first.click()
    expect(page).to_have_url(re.compile("within="))
