"""A visitor with a browser picks units as he goes; the list is his own until he sends it."""

import re

from playwright.sync_api import Page, expect


def some_units(page: Page, count: int) -> list[dict[str, str]]:
    asked = f"/api/v1/units?occupancy=vacant&limit={count}&sort=-area"
    return [
        {"code": unit["code"], "building": unit["building"]["code"]} for unit in page.request.get(asked).json()["items"]
    ]


def test_a_visitor_picks_annotates_orders_and_keeps_a_list(page: Page) -> None:
    first, second = some_units(page, 2)
    page.goto(f"/u/{first['code']}")
    bar, pick = page.locator("[data-picks]"), page.locator(f"[data-pick='{first['code']}']")
    pick.click()
    expect(pick).to_have_text("✓ 已在清单", use_inner_text=True)
    expect(bar).to_have_text("清单 1", use_inner_text=True)
    page.goto(f"/b/{second['building']}")
    page.locator(f"[data-pick='{second['code']}']").press("Space")
    expect(bar).to_have_text("清单 2", use_inner_text=True)
    bar.click()
    expect(page).to_have_url(re.compile(f"u={first['code']},{second['code']}$"))
    note = page.get_by_label("备注").first
    note.fill("先看这套")
    note.blur()
    expect(page).to_have_url(re.compile(f"n.{first['code']}="))
    expect(page.get_by_role("link", name="导出 PDF")).to_have_attribute("href", re.compile(f"n.{first['code']}="))
    page.get_by_role("button", name="下移").first.click()
    expect(page).to_have_url(re.compile(f"u={second['code']},{first['code']}&n.{first['code']}="))
    page.goto("/shortlist")
    expect(page).to_have_url(re.compile(f"u={second['code']},{first['code']}&n.{first['code']}="))


def test_a_list_that_came_by_a_link_leaves_ours_alone_until_we_take_it(page: Page) -> None:
    ours, theirs = (unit["code"] for unit in some_units(page, 2))
    page.goto(f"/u/{ours}")
    page.locator(f"[data-pick='{ours}']").click()
    page.goto(f"/shortlist?u={theirs}")
    expect(page.locator("[data-picks]")).to_have_text("清单 1", use_inner_text=True)
    page.get_by_role("button", name="并入我的清单").click()
    expect(page.locator("[data-picks]")).to_have_text("清单 2", use_inner_text=True)


def test_units_in_the_card_of_the_map_can_be_picked(page: Page) -> None:
    unit = some_units(page, 1)[0]
    page.goto(f"/?b={unit['building']}")
    pick = page.locator("#card [data-pick]").first
    pick.click()
    expect(pick).to_have_attribute("data-picked", "")
    expect(page.locator("[data-picks]")).to_have_text("清单 1", use_inner_text=True)
    expect(page).to_have_url(re.compile(f"b={unit['building']}"))
