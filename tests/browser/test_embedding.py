"""A page of another site holds the map, filters it, and hears what its reader sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.plain_server import served

pytestmark = pytest.mark.browser

HOST_PAGE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>News</title>
<iframe src="{site}/en/embed?grade=a" width="{width}" height="560" title="Map"></iframe>
<script>
const heard = [];
addEventListener('message', ({{origin, data}}) => heard.push({{origin, ...data}}));
const say = message => document.querySelector('iframe').contentWindow.postMessage({{loumap: 1, ...message}}, '{site}');
const last = type => heard.findLast(each => each.type === type);
</script>"""


@pytest.fixture
def other_site(site: str, tmp_path: Path) -> Iterator[str]:
    """The address of a site of another origin whose pages hold the map."""
    for name, width in (("desk", 960), ("phone", 370)):
        (tmp_path / f"{name}.html").write_text(HOST_PAGE.format(site=site, width=width), "utf-8")
    with served(tmp_path) as address:
        yield address


def test_a_page_elsewhere_filters_the_map_and_hears_what_is_shown(page: Page, other_site: str, site: str) -> None:
    page.goto(f"{other_site}/desk.html")
    page.wait_for_function("last('found')")
    ready, found = page.evaluate("[last('ready'), last('found')]")
    assert ready["origin"] == site
    assert ready["values"]["grade"] == "a"
    assert 0 < found["buildings"] <= found["units"]

    page.evaluate("say({type: 'set', values: {grade: null, area_min: 1000, by: 'age'}})")
    page.wait_for_function(f"last('state')?.values.area_min === '1000' && last('found').units !== {found['units']}")
    assert "grade" not in page.evaluate("last('state').values")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#count")).to_have_text(f"{page.evaluate('last(`found`).units'):,}")
    whole = frame.locator("#whole")
    expect(whole).to_have_attribute("href", f"{site}/en/?area_min=1000&by=age")

    frame.locator("a.result").first.click()
    page.wait_for_function("last('state').values.b")
    expect(frame.locator("#card").get_by_role("heading").first).to_be_visible()
    assert page.evaluate("history.length") == 2  # the blank tab and this page: no step back is taken away

    page.evaluate("say({type: 'set', values: {area_min: 'many'}})")
    page.wait_for_function("last('error')")
    assert "area_min" in page.evaluate("last('error').message")
    assert page.evaluate("last('state').values.area_min") == "1000"


def test_on_a_phone_the_frame_has_the_map_above_its_list(page: Page, other_site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{other_site}/phone.html")
    page.wait_for_function("last('found')")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#grip")).to_be_visible()
    expect(frame.locator("header.bar")).to_have_count(0)
