"""A district in one file: opened from a disk with the network off, with scripts and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from geo.exports.offline import Asking
from geo.filters import Filters
from geo.model import Building, Unit
from tests.browser.conftest import DESK, PHONE, TODAY
from tests.browser.watching import fits
from webmap import create_app
from webmap.carried.asked import Carried, Pick
from webmap.carried.page import carried_page
from webmap.config import Settings
from webmap.db import Database

HOSTILE = "</script><img src=x onerror=alert(1)>"
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def path(district: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the invented district, in which one tower has a name that would be markup."""
    home = tmp_path_factory.mktemp("carried")
    settings = Settings(
        data=home, secret_key="a secret that only tests know, 40 letters", map_review_number="GS(2026)1号"
    )
    app = create_app(settings, district)
    with district.new_session() as session, app.test_request_context("/"):
        chosen = select(Building).where(Building.managed).order_by(Building.id)
        session.scalars(chosen).first().name = HOSTILE
        session.flush()
        page = carried_page(session, settings, Carried(Asking(Filters(), TODAY)))
        session.rollback()
    file = home / "district.html"
    file.write_text(page, "utf-8")
    return file


@pytest.fixture(scope="module")
def chosen(district: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of two units that somebody has chosen for a client, the second one gone since."""
    home = tmp_path_factory.mktemp("chosen")
    settings = Settings(data=home, secret_key="a secret that only tests know, 40 letters")
    app = create_app(settings, district)
    with district.new_session() as session, app.test_request_context("/"):
        vacant = select(Unit).where(Unit.public_status == "vacant").order_by(Unit.id)
        unit = session.scalars(vacant).first()
        building = session.get_one(Building, unit.building_id)
        picks = (Pick(building.code, (unit.code,), note="朝南，电梯厅旁"), Pick("", ("gone2026",)))
        asking = Asking(Filters(), TODAY, codes=(building.code,))
        page = carried_page(session, settings, Carried(asking, "为您选的", "清单", "王总您好", "小李", picks))
    file = home / "chosen.html"
    file.write_text(page, "utf-8")
    return file


def opened(browser: Browser, path: Path, size: dict[str, int], *, scripts: bool) -> Iterator[Page]:
    """The file in a browser that has no network; whatever it asks for or complains of fails the test."""
    context = browser.new_context(offline=True, viewport=size, java_script_enabled=scripts)
    page = context.new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda message: heard.append(message.text))
    page.goto(path.as_uri())
    yield page
    assert heard == [path.as_uri()]
    context.close()


def test_it_is_small_and_searched_filtered_and_looked_into_without_a_network(browser: Browser, path: Path) -> None:
    assert path.stat().st_size < MOST_BYTES
    for page in opened(browser, path, DESK, scripts=True):
        rows = page.locator(".results button")
        all_of_them = rows.count()
        page.get_by_label("面积 ≥").fill("2000")
        assert 0 < rows.count() < all_of_them
        page.get_by_label("面积 ≥").fill("")
        page.get_by_label("搜索").fill("onerror")
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text(HOSTILE)
        rows.click()
        expect(page.locator(".tower h2")).to_have_text(HOSTILE)
        assert page.locator(".plan td.st-vacant, .plan td.st-in_use").count() > 20
        page.get_by_role("button", name="返回列表").click()
        page.get_by_label("搜索").fill("")
        expect(rows).to_have_count(all_of_them)
        page.evaluate("document.getElementById('map').focus()")
        page.keyboard.press("+")
        assert "GS(2026)1号" in page.locator(".panel .foot").inner_text()
        assert "2026-11-20" in page.locator(".bar").inner_text()
        page.set_viewport_size(PHONE)
        assert fits(page)


def test_a_choice_stands_first_with_its_notes_and_leads_to_its_units(browser: Browser, chosen: Path) -> None:
    for size in (DESK, PHONE):
        for page in opened(browser, chosen, size, scripts=True):
            lines = page.locator(".panel .picks > li")
            expect(lines).to_have_count(2)
            expect(page.locator(".panel")).to_contain_text("王总您好")
            expect(lines.first).to_contain_text("朝南，电梯厅旁")
            expect(lines.last).to_contain_text("gone2026 · 已不在册")
            lines.first.get_by_role("button").click()
            expect(page.locator(".units tr.marked")).to_have_count(1)
            expect(page.locator(".plan td.marked")).to_have_count(1)
            page.get_by_role("button", name="返回列表").click()
            expect(lines.first).to_be_visible()
            assert fits(page)
    for page in opened(browser, chosen, PHONE, scripts=False):
        expect(page.locator("main .picks")).to_contain_text("朝南，电梯厅旁")
        expect(page.locator("main .map svg text").last).to_be_attached()
        assert fits(page)


def test_it_reads_without_scripts_as_a_map_and_tables(browser: Browser, path: Path) -> None:
    for page in opened(browser, path, PHONE, scripts=False):
        assert fits(page)
        assert page.locator(".still .map svg path").count() > 100
        first = page.locator(".still .list tbody a").first
        name = first.inner_text()
        first.click()
        section = page.locator("section:target")
        expect(section.locator("h2")).to_have_text(name)
        assert section.locator(".units tbody tr").count() > 3
        assert section.locator("svg path").count() > 1
        assert "不会自动更新" in page.locator("main").inner_text()
        assert page.locator(".app").is_hidden()
