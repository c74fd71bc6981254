"""A promoter frames the map, sends a link of it, and whoever opens it elsewhere sees the same."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_map_page import count, open_map
from tests.browser.watching import watch
from tests.factories import PASSWORD, create_user
from webmap.db import Database

FRAMED = "/en/?area_min=300&grade=super_a,a&by=age&at=29.15100,122.95200,15.2&pitch=40&bearing=25"


@pytest.fixture
def promoter(page: Page, district: Database) -> Page:
    with district.new_session() as session, session.begin():
        create_user(session, "promoter", name="promoter")
    page.goto("/en/login")
    page.fill("[name=name]", "promoter")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk**")
    return page


@pytest.fixture
def client(browser: Browser, site: str) -> Iterator[Page]:
    """The telephone of somebody else."""
    with browser.new_context(
        base_url=site, viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        problems = watch(page)
        yield page
        assert problems == []


def said(address: str) -> dict[str, list[str]]:
    """The parameters of an address but for the moment and the link."""
    found = parse_qs(urlsplit(address).query)
    return {name: value for name, value in found.items() if name not in ("s", "date", "known_at")}


def test_a_frozen_link_shows_elsewhere_what_its_maker_saw(promoter: Page, client: Page) -> None:
    open_map(promoter, FRAMED)
    seen = count(promoter)
    promoter.locator(".controls [data-share-page]").click()
    promoter.get_by_label("Frozen").check()
    promoter.get_by_label("Title").fill("Large floors")
    promoter.get_by_role("button", name="Make the link").click()
    link = promoter.get_by_label("Short link").input_value()
    assert len(urlsplit(link).path) == len("/s/") + 9

    open_map(client, link)
    assert count(client) == seen
    assert said(client.url) == said(FRAMED) | {"at": ["29.15100,122.95200,15.2"]}
    assert urlsplit(client.url).path == "/en/"
    assert "known_at" in client.url
    expect(client).to_have_title("Large floors · Offices to let · LouMap 楼图")
