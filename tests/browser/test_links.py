"""A promoter frames the map, sends a link of it, and whoever opens it elsewhere sees the same."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.test_map_page import count, open_map

FRAMED = "/en/?area_min=300&grade=super_a,a&by=age&at=29.15100,122.95200,15.2&pitch=40&bearing=25"


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
    expect(client).to_have_title("Large floors · Office space map · 楼图 LouMap")
