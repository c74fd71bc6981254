"""Takes the pictures of the documents from a running demo: `.venv/bin/python docs/take_pictures.py [ADDRESS]`.

With name and password of an account that reports on a tower after the address, those for managers are taken too.
"""

import json
import sys
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
FLAGS = ("--no-sandbox", "--disable-quic", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
DESKTOP, PHONE = {"width": 1360, "height": 820}, {"width": 390, "height": 844}


def take(page: Page, address: str, name: str, settle_ms: int) -> None:
    """One picture, once the page stands still."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(settle_ms)
    page.screenshot(path=PICTURES / f"{name}.png")


def take_return(browser: Browser, address: str, name: str, password: str) -> None:
    """A manager's week on a phone: the list, the plan, a unit, the receipt, what it brings. It sends a return."""
    page = browser.new_page(viewport=PHONE, device_scale_factor=1.5, has_touch=True)
    page.goto(f"{address}/login")
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").first.click()
    take(page, f"{address}/return", "return-list", 300)
    page.locator(".owed .acts a").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "return-plan.png")
    page.locator(".room summary").nth(3).tap()
    page.locator("dialog .choice", has_text="空置").tap()
    page.locator("dialog [name^=offered]").check()
    page.locator("dialog [name^=rent_amount]").fill("4.2")
    page.screenshot(path=PICTURES / "return-sheet.png")
    page.locator("dialog .done").tap()
    page.locator(".send").tap()
    page.wait_for_url("**/return/receipts/**")
    page.screenshot(path=PICTURES / "return-receipt.png")
    page.get_by_role("link", name="周报带来了什么").click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "return-result.png")


def main(address: str, *account: str) -> None:
    """The map, a selected tower, a building's page, and the map on a phone; a manager's week."""
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
        if account:
            take_return(browser, address, *account)
        browser.close()


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["http://127.0.0.1:8000"]))
