"""A city too large for one state file: the page takes windows of it, and filtered tiles."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo import window
from geo.model import Unit
from tests.browser.test_map_details import managed
from tests.browser.test_map_page import choose_grade, count, open_map, rows
from tests.browser.watching import watch
from webmap import map_mode
from webmap.db import Database

DISTRICT = "/?at=29.15,122.951,14.6"
EVERYTHING = "/?at=29.15,122.951,11&view=2d"
WHOLE_STATE = re.compile(r"/state/\d+(\?|$)")
WINDOW = re.compile(r"/state/\d+/window\?")


@pytest.fixture(autouse=True)
def _large_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server take the district for a city that no browser is given whole."""
    monkeypatch.setattr(map_mode, "MOST_UNITS", 0)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let windows hold few units, so that from afar they hold only the first of what matches."""
    monkeypatch.setattr(window, "MOST_UNITS", 400)


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The addresses that the page asked for so far."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


@pytest.fixture
def whole(browser: Browser, site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The same district in a page that took it whole."""
    with browser.new_context(base_url=site, reduced_motion="reduce") as context:
        page = context.new_page()
        problems = watch(page)
        with monkeypatch.context() as patch:
            patch.setattr(map_mode, "MOST_UNITS", 1_000_000)
            open_map(page, EVERYTHING)
        yield page
        assert problems == []


def windows(asked: list[str]) -> set[str]:
    """What windows were asked for, whatever the version."""
    return {WINDOW.split(address)[1] for address in asked if WINDOW.search(address)}


def drag(page: Page, by: int) -> None:
    """Draw the map aside with the mouse."""
    page.mouse.move(900, 400)
    page.mouse.down()
    page.mouse.move(900 - by, 400, steps=5)
    page.mouse.up()


def test_the_whole_state_is_never_asked_for(page: Page, asked: list[str]) -> None:
    open_map(page, DISTRICT)
    assert count(page) > 50
    expect(page.locator("#count-detail")).to_contain_text("视野内")
    expect(rows(page).first).to_be_visible()
    assert not [address for address in asked if WHOLE_STATE.search(address)]
    assert len(windows(asked)) == 1
    assert [address for address in asked if "/tiles/market/" in address]


def test_a_window_that_holds_everything_says_what_the_file_says(page: Page, whole: Page, asked: list[str]) -> None:
    open_map(page, EVERYTHING)
    assert windows(asked)
    assert count(page) == count(whole)
    assert rows(page).all_inner_texts() == rows(whole).all_inner_texts()


def test_a_complete_window_is_filtered_without_asking_again(page: Page, asked: list[str]) -> None:
    open_map(page, DISTRICT)
    before = page.locator("#count").inner_text()
    choose_grade(page, "超甲级")
    expect(page.locator("#count")).not_to_have_text(before)
    expect(rows(page).filter(has_not_text="超甲级")).to_have_count(0)
    expect(page.locator("#filter-grade .chip").first.locator("small")).to_have_text(page.locator("#count").inner_text())
    page.wait_for_timeout(500)
    assert len(windows(asked)) == 1
    assert any("/tiles/market/" in address and address.endswith("?grade=super_a") for address in asked)


@pytest.mark.usefixtures("few_at_once")
def test_where_only_the_first_are_sent_the_server_counts(page: Page, whole: Page, asked: list[str]) -> None:
    open_map(page, EVERYTHING + "&by=grade")  # a window that nobody asked for when windows held more
    assert count(page) == count(whole)
    assert rows(page).first.inner_text() == rows(whole).first.inner_text()
    everything = page.locator("#count").inner_text()
    page.get_by_role("button", name="等级", exact=True).first.click()
    promised = page.locator("#filter-grade .chip").first
    expect(promised.locator("small")).to_have_text(re.compile(r"\d"))
    number = promised.locator("small").inner_text()
    promised.click()
    expect(page.locator("#count")).not_to_have_text(everything)
    expect(page.locator("#count")).to_have_text(number)
    assert len(windows(asked)) == 2


def test_the_list_follows_the_map(page: Page, asked: list[str]) -> None:
    open_map(page, "/?at=29.15,122.951,16.4&view=2d&bearing=0")
    before = rows(page).first.inner_text()
    drag(page, 500)
    expect(page).to_have_url(re.compile("at=29.15"))
    drag(page, 500)
    expect(rows(page).first).not_to_have_text(before)
    assert len(windows(asked)) > 1


def test_a_name_is_looked_for_beyond_the_view_and_leads_there(page: Page) -> None:
    there = managed(page)[0]
    open_map(page, "/?at=29.163,122.93,16.5&view=2d")
    page.locator("#q").fill(there["name"])
    expect(rows(page).first).to_contain_text(there["name"])
    rows(page).first.click()
    expect(page.locator("#card h2")).to_have_text(there["name"])
    lat = there["location"][1]
    expect(page).to_have_url(re.compile(rf"at={lat:.2f}"))


def test_a_link_to_a_building_outside_the_window_opens_it_and_goes_there(page: Page) -> None:
    there = managed(page)[0]
    open_map(page, f"/?b={there['code']}")
    expect(page.locator("#card h2")).to_have_text(there["name"])
    expect(page.locator("#card [role=option]").first).to_be_visible()


def test_back_restores_filter_and_list(page: Page) -> None:
    open_map(page, DISTRICT)
    first = page.locator("#count").inner_text()
    choose_grade(page, "超甲级")
    expect(page.locator("#count")).not_to_have_text(first)
    page.get_by_role("button", name="主导产业", exact=True).click()
    page.go_back()
    expect(page.get_by_role("button", name="空置率", exact=True)).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.locator("#count")).to_have_text(first)


def test_an_edit_is_seen_while_somebody_looks(page: Page, district: Database) -> None:
    open_map(page, EVERYTHING)
    before = count(page)
    with Session(district.app) as session, session.begin():
        unit = session.scalars(select(Unit).where(Unit.public_status == "vacant").limit(1)).one()
        unit.public_status = "in_use"
        unit_id = unit.id
    expect(page.locator("#count")).to_have_text(f"{before - 1:,}", timeout=15_000)
    with Session(district.app) as session, session.begin():
        session.get_one(Unit, unit_id).public_status = "vacant"
    expect(page.locator("#count")).to_have_text(f"{before:,}", timeout=15_000)


def test_nothing_in_view_offers_the_whole_city(page: Page) -> None:
    open_map(page, "/?at=29.163,122.90,17&view=2d&grade=super_a")
    expect(page.locator("#results")).to_contain_text("视野内没有符合条件的房源")
    page.get_by_role("button", name="看全城").click()
    expect(rows(page).first).to_be_visible()


def test_from_afar_the_legend_says_what_the_dots_mean(page: Page) -> None:
    open_map(page, EVERYTHING)
    expect(page.locator("#legend .density-key")).to_contain_text("可租面积分布")
    expect(page.locator("#classes")).to_be_hidden()
    page.locator("#zoom-in").click()
    page.locator("#zoom-in").click()
    page.locator("#zoom-in").click()
    expect(page.locator("#classes")).to_be_visible()


def test_a_drawn_circle_is_looked_through_wherever_the_map_stands(page: Page) -> None:
    shape = "shape=circle:122.951,29.15,400"
    open_map(page, f"{DISTRICT}&{shape}")
    total = page.request.get(f"/api/v1/units?occupancy=vacant,soon&limit=1&{shape}").json()["total"]
    expect(page.locator("#count")).to_have_text(f"{total:,}")
    page.locator("#zoom-in").click()
    page.wait_for_timeout(1000)
    expect(page.locator("#count")).to_have_text(f"{total:,}")


def test_a_frozen_map_stays_as_it_was_sent_while_the_city_moves_on(
    promoter: Page, client: Page, district: Database
) -> None:
    open_map(promoter, EVERYTHING + "&area_min=300")
    seen, first = count(promoter), rows(promoter).first.inner_text()
    promoter.locator(".controls [data-share-page]").click()
    promoter.get_by_label("定格").check()
    promoter.get_by_role("button", name="做短链接").click()
    link = promoter.get_by_label("短链接").input_value()
    with Session(district.app) as session, session.begin():
        wanted = (Unit.public_status == "vacant", Unit.area_m2 >= 300)
        taken = session.scalars(select(Unit).where(*wanted).order_by(Unit.id).limit(5)).all()
        before = {unit.id: unit.public_status for unit in taken}
        for unit in taken:
            unit.public_status = "in_use"
    try:
        open_map(client, EVERYTHING + "&area_min=300")
        expect(client.locator("#count")).to_have_text(f"{seen - 5:,}", timeout=15_000)
        frozen, tiles = client.context.new_page(), []
        frozen.on("response", lambda answer: tiles.append(answer.url) if answer.status == 200 else None)
        open_map(frozen, link)
        expect(frozen.locator("#count")).to_have_text(f"{seen:,}")
        assert rows(frozen).first.inner_text() == first
        market = [address for address in tiles if "/tiles/market/" in address]
        assert market
        assert [address for address in market if "known_at=" not in address] == []
        expect(frozen.locator("#time")).to_be_visible()
        frozen.get_by_role("button", name="回到今天").first.click()
        expect(frozen.locator("#count")).to_have_text(f"{seen - 5:,}")
    finally:
        with Session(district.app) as session, session.begin():
            for unit_id, status in before.items():
                session.get_one(Unit, unit_id).public_status = status
    expect(client.locator("#count")).to_have_text(f"{seen:,}", timeout=15_000)
