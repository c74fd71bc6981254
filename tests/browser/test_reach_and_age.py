"""Somebody narrows the map to what is reached on foot, and meets spaces that nobody has confirmed for long."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_map_details import managed
from tests.browser.test_map_page import count, open_map

pytestmark = pytest.mark.browser


def test_five_and_fifteen_minutes_on_foot_from_a_building_narrow_the_list(tenant: Page) -> None:
    chosen = managed(tenant)[0]["code"]
    open_map(tenant)
    everywhere = count(tenant)
    open_map(tenant, f"/?b={chosen}")
    card = tenant.locator("#card")
    for minutes in ("5", "15"):
        card.get_by_role("button", name=f"{minutes} 分钟", exact=True).click()
        expect(tenant).to_have_url(re.compile("walk_from=" + (".*walk_min=5" if minutes == "5" else ".*walk_min=15")))
        expect(tenant.locator("#count")).not_to_have_text(f"{everywhere:,}")
    near = int((tenant.locator("#count").text_content() or "").replace(",", ""))  # behind the card on a phone
    assert 0 < near < everywhere


def test_spaces_that_nobody_has_confirmed_for_long_are_counted_and_shown_when_asked_for(tenant: Page) -> None:
    open_map(tenant)
    few, line = count(tenant), tenant.locator("#left-out")
    expect(line).to_contain_text("超过 60 天没有人确认空置")
    left_out = int(re.search(r"\d+", line.inner_text())[0])  # type: ignore[index]  # it says how many
    line.get_by_role("link", name="显示").or_(line.get_by_role("button", name="显示")).click()
    expect(tenant.locator("#count")).to_have_text(f"{few + left_out:,}")
    expect(line).to_contain_text("已包含")
    line.get_by_role("button", name="不再显示").click()
    expect(tenant.locator("#count")).to_have_text(f"{few:,}")
