"""On Monday morning somebody of an office sees whom to call, goes into the building and to where it is put right."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watching import fits
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


def open_board(page: Page, account: str) -> None:
    """Sign in and come to the board."""
    page.goto("/login?next=/desk/quality")
    page.fill("[name=name]", account)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk/quality")


def test_from_whom_to_call_to_the_building_and_the_page_that_puts_it_right(tenant: Page, officer: str) -> None:
    open_board(tenant, officer)
    first = tenant.locator(".todo li").first
    expect(first.locator(".why")).to_have_text(re.compile(r"\d"))
    expect(first.locator(".call")).to_have_text(re.compile(r"\S"))
    assert fits(tenant)

    name = first.locator(".name a").first.inner_text()
    first.locator(".name a").first.click()
    expect(tenant.locator("h1")).to_have_text(name)
    lacking = tenant.locator("table.fields td.at-end a").first
    expect(lacking).to_be_visible()
    assert fits(tenant)
    code = tenant.url.rpartition("/")[2]
    lacking.click()
    expect(tenant).to_have_url(re.compile(rf"/{code}(/\w+)?$"))
    expect(tenant.locator("main h1")).to_be_visible()
    assert "/desk/quality/" not in tenant.url


def test_the_map_is_coloured_by_what_is_asked(page: Page, officer: str) -> None:
    open_board(page, officer)
    drawn = {"": colours(page)}
    for name, measure in (("时效", "age"), ("矛盾", "disputes")):
        page.locator(".quality-map").get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/desk/quality?measure={measure}")
        expect(page.locator(".quality-map [aria-current=true]")).to_have_text(name)
        drawn[measure] = colours(page)
    assert min(len(set(each)) for each in drawn.values()) > 1
    assert drawn[""] != drawn["age"] != drawn["disputes"]
    counts = [int(each.replace(",", "")) for each in page.locator(".quality-map .legend .muted").all_inner_texts()]
    assert sum(counts) == len(drawn[""])


def colours(page: Page) -> list[str]:
    """What the buildings of the map are filled with, in the order in which they lie there."""
    fills = "all => all.map(each => each.getAttribute('fill'))"
    found: list[str] = page.locator(".quality-map svg a path").evaluate_all(fills)
    return found
