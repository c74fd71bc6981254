"""The stacking plan in a browser: colours at once, a floor found, keys, and the same floor on the map."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_map_details import managed


def test_colours_switch_at_once_and_stay_in_the_address(page: Page) -> None:
    page.goto(f"/b/{managed(page)[0]['code']}")
    plan = page.locator("section.plan")
    before = plan.locator("td.unit").first.evaluate("cell => getComputedStyle(cell).backgroundColor")
    plan.get_by_role("link", name="数据时效", exact=True).click()
    expect(plan).to_have_attribute("data-by", "age")
    expect(plan.locator(".legend[data-by=age]")).to_be_visible()
    expect(plan.locator(".legend[data-by=occupancy]")).to_be_hidden()
    assert plan.locator("td.unit").first.evaluate("cell => getComputedStyle(cell).backgroundColor") != before
    assert page.url.endswith("?colour=age")


def test_a_floor_is_found_walked_with_keys_and_lit_on_the_map(page: Page) -> None:
    page.goto(f"/b/{managed(page)[0]['code']}")
    page.get_by_role("searchbox", name="找楼层或单元").fill("12")
    page.get_by_role("searchbox", name="找楼层或单元").press("Enter")
    expect(page.locator("tr.found")).to_have_attribute("data-label", "12")
    expect(page.get_by_role("status").filter(has_text="找到 1 处")).to_be_visible()
    expect(page.locator("tr.found td a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').dataset.label") == "11"
    page.keyboard.press("ArrowUp")
    button = page.get_by_role("link", name="在三维地图中查看")
    floor = page.locator("tr.found").get_attribute("data-floor")
    expect(button).to_have_attribute("href", re.compile(rf"[?&]floor={floor}$"))
    button.click()
    expect(page.locator("#card .units h3").first).to_contain_text("12")
