"""A tenant finds space: on a phone and at a desk, from a sentence to an answer, and with a circle on the map."""

import re
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_map_page import count, open_map, rows
from tests.browser.watching import fits

pytestmark = pytest.mark.browser

SENTENCE = "300 平左右，地铁 15 分钟内"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_sentence_leads_to_a_unit_a_comparison_and_an_answer(tenant: Page) -> None:
    tenant.goto("/match")
    tenant.locator('.say input[name="q"]').fill(SENTENCE)
    tenant.keyboard.press("Enter")
    units = tenant.locator("article.result .units a")
    expect(units.first).to_be_visible()
    assert fits(tenant)
    codes = [str(units.nth(place).get_attribute("href")).rsplit("/", 1)[1] for place in (0, 1)]
    units.first.click()
    expect(tenant.locator("h1")).to_be_visible()
    assert fits(tenant)
    tenant.goto(f"/compare?u={','.join(codes)}")
    expect(tenant.locator("table.beside thead th a[href*='/u/']")).to_have_count(2)
    assert fits(tenant)
    tenant.locator("table.beside thead th a[href*='/u/']").first.click()
    tenant.get_by_role("link", name="咨询").first.click()
    tenant.get_by_label("想了解什么").fill("下周可以看房吗？")
    tenant.get_by_label("怎么称呼您").fill("林女士")
    tenant.get_by_label("怎样联系您").fill("0000-1234")
    tenant.get_by_label("我同意").check()
    tenant.get_by_role("button", name="发送").click()
    expect(tenant).to_have_url(re.compile(r"/inquiries/\w+/[\w-]+"))
    expect(tenant.get_by_text("下周可以看房吗？")).to_be_visible()
    assert fits(tenant)


def test_a_filter_is_followed_by_feed(tenant: Page) -> None:
    open_map(tenant, "/?area_min=300&area_max=800")
    assert count(tenant) > 0
    tenant.locator("#follow").click()
    feed = tenant.get_by_role("link", name="Atom")
    expect(feed).to_have_attribute("href", re.compile("area_min=300"))
    answer = tenant.request.get(str(feed.get_attribute("href")))
    assert ElementTree.fromstring(answer.body()).tag == f"{ATOM}feed"


def test_what_the_map_shows_is_taken_along(tenant: Page) -> None:
    open_map(tenant, "/?area_min=800")
    assert count(tenant) > 0
    tenant.locator("#take").click()
    expect(tenant.get_by_text("面积 ≥ 800 m²").first).to_be_visible()
    assert fits(tenant)
    file = tenant.get_by_role("link", name="下载离线地图").get_attribute("href")
    assert "面积 ≥ 800 m²" in tenant.request.get(str(file)).text()


def test_a_circle_drawn_on_the_map_is_what_the_list_holds(tenant: Page) -> None:
    open_map(tenant)
    before = count(tenant)
    tenant.locator("#draw").click()
    tenant.locator("#sketch").get_by_role("button", name="圆", exact=True).click()
    box = tenant.locator("#map").bounding_box()
    assert box
    press = tenant.touchscreen.tap if tenant.viewport_size == PHONE else tenant.mouse.click
    for x, y in ((0.5, 0.35), (0.7, 0.35)):
        press(box["x"] + x * box["width"], box["y"] + y * box["height"])
        tenant.wait_for_timeout(350)  # two quick clicks would be one double click
    expect(tenant).to_have_url(re.compile(r"\?shape=circle%3A[\d.]+,[\d.]+,\d+"))
    expect(tenant.locator("#count")).not_to_have_text(f"{before:,}")
    assert 0 < count(tenant) < before
    drawn = count(tenant)
    tenant.reload()
    expect(tenant.locator("#count")).to_have_text(f"{drawn:,}")
    tenant.locator("#sketch").get_by_role("button", name="去掉画出的范围").click()
    expect(tenant.locator("#count")).to_have_text(f"{before:,}")


def test_a_circle_around_a_building_needs_no_pointer(page: Page) -> None:
    open_map(page, "/?view=2d")
    before = count(page)
    rows(page).first.press("Enter")
    page.get_by_role("button", name="位置", exact=True).press("Enter")
    page.get_by_label("以选中的楼宇为圆心").fill("200")
    page.keyboard.press("Enter")
    expect(page.locator("#filter-place .shape-chip")).to_contain_text("圈内 200 m")
    expect(page.locator("#count")).not_to_have_text(f"{before:,}")
    assert 0 < count(page) < before
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_list_follows_the_map_when_asked_to(page: Page) -> None:
    open_map(page)
    before = count(page)
    page.get_by_role("switch", name="随地图移动更新列表").click()
    for _ in range(2):
        page.locator("#zoom-in").click()
    expect(page.locator("#count-detail")).to_contain_text("视野内")
    expect(page.locator("#count")).not_to_have_text(f"{before:,}")
    page.get_by_role("switch", name="随地图移动更新列表").click()
    expect(page.locator("#count")).to_have_text(f"{before:,}")


def test_without_scripts_filters_list_and_drawing_work(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/")
        page.locator("summary").first.click()
        page.locator('input[name="area_min"]').fill("800")
        page.get_by_role("button", name="查看结果").click()
        expect(page).to_have_url(re.compile(r"/\?area_min=800$"))
        name = rows(page).first.locator("b").inner_text()
        drawing = page.frame_locator("iframe.plain-map")
        drawing.locator("a", has=page.locator("title", has_text=name)).first.click(force=True)
        expect(page).to_have_url(re.compile(r"/b/\w+$"))
