"""A planner changes industry, measure and cells, keeps the link, and looks into a cell."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_link_keeps_what_was_chosen_and_a_cell_tells_who_how_much_and_since_when(page: Page) -> None:
    page.goto("/clusters?rings=2&q=0.1")
    page.locator("select[name=industry]").select_option("it")
    page.locator("select[name=cell_m]").select_option("500")
    page.get_by_role("button", name="计算").click()
    expect(page).to_have_url(re.compile(r"industry=it\b.*cell_m=500\b.*rings=2\b.*q=0\.1\b"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("信息技术")

    page.locator("select[name=by]").select_option("area")
    page.get_by_role("button", name="计算").click()
    expect(page).to_have_url(re.compile(r"industry=it\b.*by=area\b.*rings=2\b.*q=0\.1\b"))
    expect(page.locator(".answer")).to_contain_text("m²")
    expect(page.locator(".note")).to_contain_text("公开的用房面积一年一张表")
    expect(page.locator("select[name=statistic]").locator("option")).to_have_count(1)
    expect(page.locator("select[name=rings]")).to_have_value("2")

    cell = page.locator(".map-of-cells a[href*='/clusters/cell']").first
    leads_to = cell.get_attribute("href") or ""
    assert "by=area" in leads_to
    assert "rings=2" in leads_to
    cell.click()
    expect(page).to_have_url(re.compile(r"/clusters/cell\?industry=it&by=area"))
    expect(page.get_by_role("heading", name="谁在这里")).to_be_visible()
    figures = page.locator(".figures")
    expect(figures).to_contain_text("本格用房（m²）")
    expect(figures).to_contain_text(re.compile(r"占 [\d.]+%，全区 [\d.]+%"))
    expect(figures).to_contain_text("区位商")
    expect(page.locator("section[aria-labelledby=trend] svg")).to_be_visible()
    expect(page.locator("section[aria-labelledby=trend] tbody tr")).to_have_count(13)

    page.get_by_role("link", name="← 产业集聚").click()
    expect(page.locator("select[name=by]")).to_have_value("area")
    expect(page.locator("select[name=industry]")).to_have_value("it")
    page.locator("select[name=by]").select_option("enterprises")
    page.get_by_role("button", name="计算").click()
    expect(page.locator(".answer")).to_contain_text("家")
    expect(page.locator("select[name=rings]")).to_have_value("2")
