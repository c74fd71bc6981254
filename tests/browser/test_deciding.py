"""Somebody decides between a few places: comparison, charts, a list to take along, news by mail, photos."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.test_map_details import managed
from tests.browser.test_map_page import open_map
from tests.browser.test_shortlist import some_units
from tests.browser.watching import fits
from tests.factories import PASSWORD, create_user
from webmap.db import Database
from webmap.models import Mail

pytestmark = pytest.mark.browser

HEADS = "table.beside thead th a:not(.drop)"


def test_every_press_on_compare_adds_a_column(tenant: Page) -> None:
    first, second = some_units(tenant, 2)
    for number, unit in enumerate((first, second), 1):
        tenant.goto(f"/u/{unit['code']}")
        tenant.get_by_role("link", name=re.compile("^比较")).click()
        expect(tenant.locator(HEADS)).to_have_count(number)
    assert tenant.url.endswith(f"/compare?u={first['code']},{second['code']}")
    assert fits(tenant)
    lines = tenant.locator("table.beside tbody tr:not(.group)")
    every = lines.count()
    tenant.get_by_role("link", name="只看不同之处").click()
    expect(tenant.locator("table.beside tr.differs").first).to_be_visible()
    assert lines.count() < every
    tenant.locator("table.beside .drop").first.click()
    expect(tenant.locator(HEADS)).to_have_count(1)
    tenant.get_by_role("link", name=re.compile(r"^\+ 比较")).first.click()
    expect(tenant.locator(HEADS)).to_have_count(2)


def test_charts_have_their_table_and_a_past_day_stands_beside_today(tenant: Page) -> None:
    tenant.goto(f"/b/{managed(tenant)[0]['code']}")
    past = tenant.locator("section", has=tenant.locator("#past"))
    expect(past.locator("figure svg")).to_have_count(2)
    past.get_by_text("数据表").click()
    expect(past.locator(".figures-table tbody tr")).to_have_count(24)
    past.get_by_label("与某日对照").fill("2026-03-01")
    past.get_by_role("button", name="查看").click()
    expect(tenant).to_have_url(re.compile("as_of=2026-03-01"))
    sides = tenant.locator("#then .sides section")
    expect(sides).to_have_count(2)
    left, right = (sides.nth(place).bounding_box() for place in (0, 1))
    assert left and right
    assert left["y"] == pytest.approx(right["y"], abs=1)
    assert left["x"] + left["width"] <= right["x"]
    assert fits(tenant)


def test_a_list_goes_along_as_workbook_and_on_paper(tenant: Page) -> None:
    codes = [unit["code"] for unit in some_units(tenant, 2)]
    tenant.goto(f"/shortlist?u={','.join(codes)}&n.{codes[0]}=先看这套")
    assert fits(tenant)
    with tenant.expect_download() as download:
        tenant.get_by_role("link", name="导出 Excel").click()
    sheet = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    assert "先看这套" in [cell for row in sheet.values for cell in row]
    paper = tenant.get_by_role("link", name="导出 PDF").get_attribute("href")
    assert tenant.request.get(str(paper)).body().startswith(b"%PDF-")


def test_news_by_mail_begin_with_a_confirmation_and_end_with_one_click(tenant: Page, district: Database) -> None:
    address = f"lin{(tenant.viewport_size or {})['width']}@example.cn"
    open_map(tenant, "/?area_min=300")
    tenant.locator("#follow").click()
    tenant.get_by_label("邮箱").fill(address)
    tenant.get_by_role("button", name="发确认邮件").click()
    expect(tenant.get_by_role("heading", name="请查收邮件")).to_be_visible()
    with district.new_session() as session:
        body = session.scalars(select(Mail.body).where(Mail.recipient == address)).one()
    link = re.search(r"https?://[^/\s]+(/alerts/\S+)", body)
    assert link
    tenant.goto(link[1])
    assert fits(tenant)
    tenant.get_by_role("button", name="确认接收").click()
    expect(tenant.get_by_role("heading", name="已开始提醒")).to_be_visible()
    tenant.goto(f"{link[1]}/end")
    expect(tenant.get_by_role("heading", name="已停止提醒")).to_be_visible()


def test_a_photo_that_the_administrator_adds_is_seen_on_unit_and_building(page: Page, district: Database) -> None:
    with district.new_session() as session, session.begin():
        name = create_user(session, "administrator").name
    unit = some_units(page, 1)[0]
    photo = io.BytesIO()
    Image.new("RGB", (1600, 1000), "#8fa9c4").save(photo, "JPEG")
    page.goto("/login")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.goto(f"/u/{unit['code']}")
    page.get_by_role("link", name="编辑图片").click()
    page.get_by_label("关于").last.select_option(unit["code"])
    page.get_by_label("照片或平面图").set_input_files(
        {"name": "office.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    page.get_by_label("图上是什么").last.fill("开敞办公区")
    page.get_by_label("来源：谁拍的").last.fill("物业")
    page.get_by_role("button", name="加入", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已加入")).to_be_visible()
    page.goto(f"/u/{unit['code']}")
    shown = page.get_by_role("img", name="开敞办公区")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") > 0
    page.goto(f"/b/{unit['building']}")
    thumb = page.locator("table.vacancies .thumb img")
    thumb.scroll_into_view_if_needed()
    expect(thumb).to_be_visible()
