"""Two maps of clusters that move together, and the months of one as a film."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_both_maps_of_a_comparison_go_together_and_a_phone_shows_one_at_a_time(page: Page) -> None:
    page.goto("/clusters/side-by-side?other=it&industry=finance")
    expect(page.locator(".beside[data-ready]")).to_be_visible()
    maps = page.locator(".beside .view svg")
    expect(maps).to_have_count(2)
    page.locator(".beside .view").first.focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    boxes = [maps.nth(at).get_attribute("viewBox") for at in (0, 1)]
    assert boxes[0] == boxes[1] != "0 0 720 560"
    page.keyboard.press("ArrowRight")
    expect(maps.nth(1)).to_have_attribute("viewBox", re.compile("^248 155"))
    page.get_by_role("button", name="还原").click()
    expect(maps.nth(0)).to_have_attribute("viewBox", "0 0 720 560")

    page.set_viewport_size({"width": 390, "height": 844})
    cards = page.locator(".beside [data-map]")
    expect(cards.nth(0)).to_be_hidden()
    page.locator("[data-side='0']").click()
    expect(cards.nth(0)).to_be_visible()
    expect(cards.nth(1)).to_be_hidden()


def test_months_play_as_a_film_and_stand_still_for_those_who_want_no_motion(page: Page) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/clusters/months?months=3")
    film = page.locator(".film[data-ready]")
    expect(film).to_be_visible()
    day, slider = film.locator("output"), film.get_by_label("月份")
    first, second, third = page.locator(".months img").evaluate_all("list => list.map(each => each.dataset.day)")
    expect(day).to_have_text(third)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(day).to_have_text(second)
    film.get_by_role("button", name="上一月").click()
    expect(day).to_have_text(first)
    expect(film.locator(".stage")).to_have_attribute("src", re.compile(f"as_of={first}"))
    film.get_by_role("button", name="播放").click()
    expect(day).to_have_text(third)
    film.get_by_role("button", name="暂停").click()

    page.emulate_media(reduced_motion="reduce")
    page.reload()
    expect(film).to_be_visible()
    expect(film.locator("[data-run]")).to_be_hidden()
