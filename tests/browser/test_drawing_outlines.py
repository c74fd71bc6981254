"""Staff draw an outline with the mouse, move a corner, take a step back, and keep it after a look at its area."""

import json

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import Building
from tests.factories import PASSWORD, create_user
from webmap.db import Database

CORNERS = ((-120, -80), (110, -90), (130, 70), (-100, 90))


def drawn(page: Page) -> dict:
    text = page.locator("[name=outline]").evaluate("area => area.value")
    return json.loads(text)


def test_an_outline_is_drawn_moved_taken_back_and_kept(page: Page, district: Database) -> None:
    with district.new_session() as session, session.begin():
        create_user(session, "staff", name="drawer")
        managed = select(Building.code).where(Building.managed).order_by(Building.id.desc())
        code = session.scalars(managed.limit(1)).one()
    page.goto("/login")
    page.fill("[name=name]", "drawer")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").click()
    page.goto(f"/desk/places/{code}/outline")
    page.wait_for_selector("body[data-ready=outline]", timeout=60_000)
    page.get_by_role("button", name="重新画").click()
    box = page.locator("[data-drawing]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in (*CORNERS, CORNERS[0]):
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(250)
    expect(page.get_by_role("button", name="拖动角点")).to_have_attribute("aria-pressed", "true")
    first = drawn(page)
    assert len(first["coordinates"][0]) == 5
    page.mouse.move(x + CORNERS[2][0], y + CORNERS[2][1])
    page.mouse.down()
    page.mouse.move(x + 150, y + 80, steps=5)
    page.mouse.move(x + 170, y + 90, steps=5)
    page.mouse.up()
    expect(page.locator("[name=outline]")).not_to_have_value(json.dumps(first, separators=(",", ":")))
    page.get_by_role("button", name="退一步").click()
    assert drawn(page) == first
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.locator(".examined")).to_contain_text("有效")
    page.get_by_role("button", name="保存轮廓").click()
    expect(page.get_by_role("status").filter(has_text="已保存轮廓")).to_be_visible()
    with Session(district.app) as session:
        kept = session.scalar(select(Building.geom.ST_NPoints()).where(Building.code == code))
    assert kept == 5
