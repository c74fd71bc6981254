"""A map in a file: it opens from a stick, with the network off."""

from pathlib import Path

from playwright.sync_api import Browser

from geo.exports.folium_page import folium_page
from geo.filters import Filters
from tests.browser.conftest import TODAY
from webmap.db import Database
from webmap.exports.commands import read_leaflet

MIDDLE_OF_A_BUILDING = """() => {
  const map = Object.values(window).find(value => value instanceof L.Map);
  const buildings = Object.values(window).filter(value => value instanceof L.GeoJSON).at(-1);
  const at = map.latLngToContainerPoint(buildings.getLayers()[0].getBounds().getCenter());
  return [at.x, at.y];
}"""


def test_it_opens_without_a_network_and_tells_of_a_building(
    browser: Browser, district: Database, tmp_path: Path
) -> None:
    with district.new_public_session() as session:
        page_text = folium_page(session, Filters(area_min=800, near=("metro",)), TODAY, read_leaflet())
    path = tmp_path / "map.html"
    path.write_text(page_text, "utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1360, "height": 820})
    page = context.new_page()
    asked, problems = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    page.wait_for_selector(".leaflet-container canvas")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert problems == []
    told = page.locator(".lm-top").inner_text()
    assert "面积 ≥ 800 m²" in told
    assert "2026-11-20" in told
    page.mouse.click(*page.evaluate(MIDDLE_OF_A_BUILDING))
    assert "空置率" in page.locator(".leaflet-popup-content").inner_text()
    context.close()
