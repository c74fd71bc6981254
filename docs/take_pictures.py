"""Takes the pictures of the documents from a running demo: `.venv/bin/python docs/take_pictures.py [ADDRESS]`."""

import json
import sys
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
FLAGS = ("--no-sandbox", "--disable-quic", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
DESKTOP, PHONE = {"width": 1360, "height": 820}, {"width": 390, "height": 844}


def take(page: Page, address: str, name: str, settle_ms: int) -> None:
    """One picture, once the page stands still."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(settle_ms)
    page.screenshot(path=PICTURES / f"{name}.png")


def main(address: str) -> None:
    """The map, a selected tower, a building's page, and the map on a phone."""
    PICTURES.mkdir(exist_ok=True)
    with urlopen(f"{address}/api/v1/buildings?sort=-height&limit=1") as answer:
        code = json.load(answer)["items"][0]["code"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        desktop = browser.new_page(viewport=DESKTOP)
        take(desktop, f"{address}/", "map", 6000)
        take(desktop, f"{address}/?b={code}", "tower", 6000)
        take(desktop, f"{address}/b/{code}", "building", 1000)
        take(browser.new_page(viewport=PHONE), f"{address}/", "phone", 6000)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
