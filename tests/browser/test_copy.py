"""The copy of the district on a plain server of files: what readers do there, on a phone and at a desk."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE, TODAY
from tests.browser.test_map_page import choose_grade, count, rows
from tests.browser.watching import watch
from tests.plain_server import served
from webmap import create_app, map_mode
from webmap.config import Settings
from webmap.copies import Copy
from webmap.db import Database
from webmap.publish.folder import opened
from webmap.publish.operations import Wish, publish

PAGES = 3
"""Buildings with pages of their own, so that the page which the others share is there as well."""


@pytest.fixture(scope="module")
def copy(district: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a copy under a path of its own, on a server that knows files alone."""
    home = tmp_path_factory.mktemp("copied")
    app = create_app(Settings(data=home / "data", secret_key="a secret that only tests know, 40 letters"), district)
    with opened(home / "root" / "some" / "path") as folder:
        publish(app, folder, Wish(Copy(TODAY), "http://localhost", PAGES), lambda _: None)
    with served(home / "root") as address:
        yield f"{address}/some/path"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def reader(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab that fails its test when a request fails, goes elsewhere, or the page complains."""
    touch = request.param is PHONE
    with browser.new_context(viewport=request.param, reduced_motion="reduce", has_touch=touch) as context:
        page = context.new_page()
        problems = watch(page)
        page.on("requestfailed", lambda asked: problems.append(asked.url))
        page.on("response", lambda answer: answer.status >= 400 and problems.append(answer.url))
        yield page
        assert problems == []


def test_a_reader_finds_a_building_in_a_copy(reader: Page, copy: str) -> None:
    """Map, filters, list, card, its page, and the same in two other languages."""
    with reader.expect_response(lambda answer: answer.status == 206 and "/data/tiles/buildings-" in answer.url):
        reader.goto(f"{copy}/index.html")
    expect(reader.locator("body")).to_have_attribute("data-ready", "yes")
    expect(reader.locator(".invented")).to_contain_text("副本")
    everything = count(reader)
    choose_grade(reader, "甲级")
    expect(reader.locator("#count")).not_to_have_text(f"{everything:,}")
    assert 0 < count(reader) < everything
    rows(reader).first.click()
    card = reader.locator("#card")
    expect(card.locator(".tower li").first).to_be_visible()
    card.get_by_role("link", name="查看楼宇页").click()
    expect(reader.locator("h1")).not_to_have_text("")
    for language in ("English", "繁體"):
        reader.locator(".languages").get_by_label(language).click()
        expect(reader.locator("h1")).to_be_visible()
    assert "/zh-hant/" in reader.url


def test_every_building_and_unit_has_an_address(reader: Page, copy: str) -> None:
    """From the list to a building on its sheet, from there to a unit and its language, and back to the building."""
    reader.goto(f"{copy}/en/index.html")
    expect(reader.locator("body")).to_have_attribute("data-ready", "yes")
    links = [row.get_attribute("href") or "" for row in rows(reader).all()]
    own = [link for link in links if re.fullmatch(r"b/\w+\.html", link)]
    sheets = [link for link in links if re.fullmatch(r"listed/\w+\.html#\w+", link)]
    assert len(own) <= PAGES and sheets
    reader.goto(f"{copy}/en/{sheets[0]}")
    expect(reader.locator(".tower li").first).to_be_visible()
    unit = reader.locator(".head h1")
    building = unit.inner_text()
    reader.locator(".units a").first.click()
    expect(unit).to_have_text(re.compile(rf"{re.escape(building)} \w+"))
    label = unit.inner_text().removeprefix(building)
    reader.locator(".languages").get_by_label("繁體").click()
    expect(unit).to_have_text(re.compile(rf"{label}$"))
    reader.get_by_role("link", name="看整棟樓").click()
    expect(unit).not_to_have_text(re.compile(rf"{label}$"))


def test_a_sheet_tells_of_what_its_address_names_without_scripts(browser: Browser, copy: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{copy}/index.html")
        sheets = page.locator('.results a[href^="listed/"]')
        page.goto(f"{copy}/{sheets.first.get_attribute('href')}")
        expect(page.locator("h1:visible")).to_have_count(1)
        row = page.locator(".listed:visible tr[id]").first
        page.goto(f"{page.url.split('#')[0]}#{row.get_attribute('id')}")
        expect(page.locator("tr:target")).to_be_visible()
        expect(page.locator("h1:visible")).to_have_count(1)


def test_the_copy_of_a_large_city_searches_round_the_middle_of_its_map(
    browser: Browser, district: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The district taken for a city too large for one file."""
    monkeypatch.setattr(map_mode, "MOST_UNITS", 0)
    app = create_app(Settings(data=tmp_path / "data", secret_key="a secret that only tests know, 40 letters"), district)
    with opened(tmp_path / "copy") as folder:
        publish(app, folder, Wish(Copy(TODAY), "http://localhost", 0), lambda _: None)
    with served(tmp_path / "copy") as address, browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        problems = watch(page)
        page.goto(f"{address}/en/index.html")
        expect(page.locator("body")).to_have_attribute("data-ready", "yes")
        expect(page.locator("#reach")).to_contain_text("nearest the middle of the map")
        expect(rows(page).first).to_be_visible()
        rows(page).first.click()
        expect(page.locator("#card .tower li").first).to_be_visible()
        for typed in ("Langyu Tower", "langyudasha", "lyds", "琅嶼大廈", "tower langyu"):
            page.locator("#q").fill(typed)
            expect(page.get_by_role("option").first).to_contain_text("Langyu Tower")
        page.get_by_role("option").first.click()
        expect(page.locator("#card h2")).to_have_text("Langyu Tower")
        assert problems == []
