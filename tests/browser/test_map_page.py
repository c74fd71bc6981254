"""What people do on the map page, in a real browser before the real server."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import Building, Unit
from tests.browser.watching import watch
from webmap.db import Database

pytestmark = pytest.mark.browser

STILL = "() => performance.getEntriesByName('still').length > 0"
FLAT_PNG_BYTES = 40_000
"""A picture of an empty map takes less than this."""

NO_WEBGL = """
const usual = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith('webgl') ? null : usual.call(this, kind, ...rest);
};
"""


def open_map(page: Page, query: str = "/") -> None:
    """Open the map page and wait until list and map stand still."""
    page.goto(query)
    page.wait_for_function(STILL)


def count(page: Page) -> int:
    """The number of spaces that the panel states."""
    expect(page.locator("#count")).to_have_text(re.compile(r"\d"))
    return int(page.locator("#count").inner_text().replace(",", ""))


def rows(page: Page) -> Locator:
    """The rows of the list."""
    return page.locator("a.result")


def choose_grade(page: Page, name: str) -> None:
    """Open the filter on grades and press one."""
    page.get_by_role("button", name="等级", exact=True).first.click()
    page.locator("#filter-grade .chip", has_text=name).first.click()


def test_visitor_sees_the_district_drawn_with_its_buildings_listed(page: Page) -> None:
    open_map(page)
    assert count(page) > 100
    expect(rows(page).first).to_be_visible()
    assert len(page.locator("#map").screenshot()) > FLAT_PNG_BYTES
    assert page.url.endswith("/")


def test_the_map_on_paper_is_the_picture_on_the_screen_with_its_legend(page: Page) -> None:
    open_map(page)
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    picture = page.locator("img.printed")
    expect(picture).to_be_visible()
    assert len(picture.get_attribute("src") or "") > FLAT_PNG_BYTES
    expect(page.locator("#legend")).to_be_visible()
    expect(page.locator("#attribution")).to_be_visible()
    expect(page.locator(".controls")).to_be_hidden()
    expect(page.locator(".on-paper")).to_contain_text("打印于")


def test_count_list_and_address_follow_a_filter(page: Page) -> None:
    open_map(page)
    before, names = count(page), rows(page).all_inner_texts()
    choose_grade(page, "超甲级")
    expect(page).to_have_url(re.compile(r"\?grade=super_a$"))
    expect(page.locator("#count")).not_to_have_text(f"{before:,}")
    assert 0 < count(page) < before
    expect(rows(page).filter(has_not_text="超甲级")).to_have_count(0)
    assert len(rows(page).all_inner_texts()) < len(names)
    page.get_by_role("button", name="清除全部").click()
    expect(page.locator("#count")).to_have_text(f"{before:,}")


def test_every_choice_says_how_many_spaces_it_would_give(page: Page) -> None:
    open_map(page)
    everything = page.locator("#count").inner_text()
    choose_grade(page, "超甲级")
    expect(page.locator("#count")).not_to_have_text(everything)
    chips = page.locator("#filter-grade .chip")
    expect(chips.filter(has_text="超甲级").locator("small")).to_have_text(page.locator("#count").inner_text())
    promised = chips.filter(has_text="甲级").nth(1)
    number = int(promised.locator("small").inner_text().replace(",", ""))
    own = count(page)
    promised.click()
    expect(page.locator("#count")).to_have_text(f"{own + number:,}")


def test_search_finds_a_building_by_the_initials_of_its_pinyin(page: Page) -> None:
    open_map(page)
    page.keyboard.press("/")
    page.keyboard.type("cxzx")
    expect(rows(page).first).to_contain_text("潮心中心")
    assert all("潮心中心" in row for row in rows(page).all_inner_texts())


def test_visitor_opens_a_building_and_its_page_and_comes_back_to_the_same_state(page: Page) -> None:
    open_map(page, "/?grade=a")
    name = rows(page).nth(1).locator("b").first.inner_text()
    rows(page).nth(1).click()
    card = page.locator("#card")
    expect(card.get_by_role("heading", name=name)).to_be_visible()
    card.locator("[role=option]").nth(4).click()
    expect(page).to_have_url(re.compile(r"b=\w+.*floor=\d+"))
    expect(card.locator(".units li").first).to_contain_text("m²")
    state = page.url
    card.get_by_role("link", name="查看楼宇页").click()
    expect(page.locator("h1")).to_contain_text(name)
    page.go_back()
    page.wait_for_function(STILL)
    assert page.url == state
    expect(page.locator("#card").get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator("#card [role=option][aria-selected=true]")).to_have_count(1)


def test_back_and_forward_restore_filter_selection_and_colours(page: Page) -> None:
    open_map(page)
    first = count(page)
    choose_grade(page, "超甲级")
    expect(page).to_have_url(re.compile("grade=super_a"))
    page.get_by_role("button", name="主导产业", exact=True).click()
    rows(page).first.click()
    expect(page.locator("#card")).to_be_visible()
    page.go_back()
    expect(page.locator("#card")).to_be_hidden()
    page.go_back()
    expect(page.get_by_role("button", name="空置率", exact=True)).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.locator("#count")).to_have_text(f"{first:,}")
    for _ in range(3):
        page.go_forward()
    expect(page.locator("#card")).to_be_visible()
    expect(page).to_have_url(re.compile(r"grade=super_a&by=industry&b=\w+"))


def test_copied_link_shows_another_person_the_same(page: Page, context: BrowserContext) -> None:
    open_map(page, "/?view=2d&near=metro&near_m=300&sort=rent&at=29.15,122.951,15.9")
    page.get_by_role("button", name="复制链接").first.click()
    expect(page.locator("#toast")).to_have_text("链接已复制")
    link = page.evaluate("navigator.clipboard.readText()")
    other = context.new_page()
    open_map(other, link)
    assert rows(other).all_inner_texts() == rows(page).all_inner_texts()
    assert other.url == link
    expect(other.locator("#flat")).to_have_text("3D")


def test_empty_result_says_which_filter_to_relax_and_what_that_gives(page: Page) -> None:
    open_map(page, "/?area_min=200000&grade=a")
    assert count(page) == 0
    advice = page.locator(".relax").first
    expect(advice).to_contain_text("200,000")
    gain = advice.locator("b").inner_text()
    advice.click()
    expect(page).to_have_url(re.compile(r"\?grade=a$"))
    expect(page.locator("#count")).not_to_have_text("0")
    assert f"{count(page):,}" in gain


def test_pressing_a_class_of_the_legend_shows_only_its_buildings(page: Page) -> None:
    open_map(page)
    classes = page.locator("#classes button")
    wanted = classes.filter(has_text="≤50%")
    expect(wanted.locator("small")).to_have_text(re.compile(r"\d"))
    number = int(wanted.locator("small").inner_text())
    wanted.click()
    expect(wanted).to_have_attribute("aria-pressed", "true")
    expect(rows(page)).to_have_count(number)
    expect(page).to_have_url(re.compile(r"\?only=v50$"))
    expect(classes.filter(has_text="≤10%").locator("small")).not_to_have_text("0")


def test_list_and_map_light_each_other_up_and_a_click_on_the_map_selects(page: Page, district: Database) -> None:
    with Session(district.app) as session:
        code = session.scalars(select(Building.code).where(Building.name == "渚云大厦")).one()
    open_map(page, f"/?b={code}&view=2d")
    page.get_by_role("button", name="关闭").click()
    box = page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2 - 180, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    expect(page.locator("#hover")).to_contain_text("渚云大厦")
    expect(page.locator("a.result.lit")).to_contain_text("渚云大厦")
    page.mouse.click(x, y)
    expect(page.locator("#card")).to_contain_text("渚云大厦")


def test_a_floor_of_the_sliced_building_can_be_clicked_on_the_map(page: Page) -> None:
    open_map(page)
    rows(page).first.click()
    expect(page.locator("#card [role=option]").first).to_be_visible()
    page.wait_for_timeout(1500)
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2 - 180, box["y"] + box["height"] * 0.64 - 25)
    expect(page).to_have_url(re.compile(r"floor=\d+"))
    expect(page.locator("#card [role=option][aria-selected=true]")).to_have_count(1)


def test_everything_but_the_picture_works_by_keyboard(page: Page) -> None:
    open_map(page)
    rows(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    card = page.locator("#card")
    expect(card.locator("[role=option]").first).to_be_visible()
    card.locator("[role=option][tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("floor="))
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_layers_are_switched_and_their_sources_named(page: Page) -> None:
    open_map(page)
    page.get_by_role("button", name="图层").click()
    page.get_by_label("产业集群").check()
    page.get_by_label("轨道交通").uncheck()
    expect(page).to_have_url(re.compile(r"\?layers=clusters$"))
    expect(page.locator("#attribution")).to_contain_text("虚构")


def test_an_edit_is_seen_without_loading_the_page_again(page: Page, district: Database) -> None:
    open_map(page)
    before = count(page)
    with Session(district.app) as session, session.begin():
        unit = session.scalars(select(Unit).where(Unit.public_status == "vacant").limit(1)).one()
        unit.public_status = "in_use"
        unit_id = unit.id
    expect(page.locator("#count")).to_have_text(f"{before - 1:,}", timeout=15_000)
    with Session(district.app) as session, session.begin():
        session.get_one(Unit, unit_id).public_status = "vacant"
    expect(page.locator("#count")).to_have_text(f"{before:,}", timeout=15_000)


def test_the_page_speaks_three_languages(page: Page) -> None:
    open_map(page, "/en/")
    expect(page.get_by_role("button", name="Grade", exact=True).first).to_be_visible()
    expect(page.locator("#count-detail")).to_contain_text("buildings")
    open_map(page, "/zh-hant/")
    expect(page.get_by_role("button", name="產業", exact=True)).to_be_visible()
    expect(page.locator("#results")).to_contain_text("大廈")


def test_without_webgl_the_list_and_the_filters_still_work(page: Page) -> None:
    page.add_init_script(NO_WEBGL)
    page.goto("/")
    expect(page.get_by_text("此浏览器不能显示三维地图")).to_be_visible()
    expect(page.locator("#map svg a").first).to_be_visible()
    before = count(page)
    choose_grade(page, "超甲级")
    expect(page.locator("#count")).not_to_have_text(f"{before:,}")
    rows(page).first.click()
    expect(page.locator("#card [role=option]").first).to_be_visible()


def test_on_a_phone_the_panel_is_a_sheet_of_three_heights(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    problems = watch(page)
    open_map(page)
    panel, grip = page.locator("#panel"), page.locator("#grip")
    heights = []
    for _ in range(3):
        grip.click()
        page.wait_for_timeout(400)
        heights.append(panel.bounding_box()["height"])
    assert len({round(height) for height in heights}) == 3
    box = grip.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, 60, steps=6)
    page.mouse.up()
    expect(panel).to_have_attribute("data-stop", "high")
    rows(page).first.click()
    expect(page.locator("#card")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert problems == []
    context.close()


@pytest.mark.parametrize("width", [1360, 390])
def test_axe_finds_no_barrier(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 820})
    for query, press in (("/", ".pill:nth-child(6)"), ("/?by=age", ".pill:nth-child(1)"), ("/?area_min=200000", "")):
        open_map(page, query)
        if press:
            page.locator(press).click()
        _expect_no_violations(page)
    open_map(page)
    rows(page).first.click()
    expect(page.locator("#card [role=option]").first).to_be_visible()
    _expect_no_violations(page)


def _expect_no_violations(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


def test_a_link_into_the_past_shows_that_day_and_says_so(page: Page) -> None:
    open_map(page, "/?date=2026-05-01")
    expect(page.locator("#count-detail")).to_contain_text("2026-05-01")
    assert count(page) > 0
