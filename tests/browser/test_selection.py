"""A promoter puts places together for a client, who reads, marks, asks and takes them along, and is answered."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from geo.model import Unit
from tests.browser.test_shortlist import some_units
from tests.browser.watching import fits
from webmap.db import Database
from webmap.models import InquirySend

AT = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT10:30")


@pytest.fixture
def let(district: Database) -> Iterator[Any]:
    """Lets a unit of a code; afterwards it is as it was, since other tests count."""
    before: dict[str, tuple[str, str]] = {}

    def change(code: str, occupancy: str, public_status: str) -> None:
        with district.new_session() as session, session.begin():
            unit = session.scalars(select(Unit).where(Unit.code == code)).one()
            before.setdefault(code, (unit.occupancy, unit.public_status))
            unit.occupancy, unit.public_status = occupancy, public_status

    yield lambda code: change(code, "tenant", "in_use")
    for code, was in before.items():
        change(code, *was)


@pytest.fixture
def nobody_has_asked(district: Database) -> None:
    """Forget who asked within the hour: after six from one network the seventh has to wait, whoever sent them."""
    with district.new_session() as session, session.begin():
        session.execute(delete(InquirySend))


def introduce(page: Page, form: str) -> None:
    """Say who one is and agree, in one of the forms of a selection."""
    fields = page.locator(form)
    fields.get_by_label("怎么称呼您").fill("王女士")
    fields.get_by_label("怎样联系您").fill("wang@example.com")
    fields.get_by_label("我同意为答复而使用以上信息").check()


def made(promoter: Page, units: list[dict[str, str]]) -> str:
    """The link of a selection of two units and a building, made from the promoter's shortlist."""
    for unit in units:
        promoter.goto(f"/u/{unit['code']}")
        pick = promoter.locator(f"[data-pick='{unit['code']}']").first
        pick.click()
        expect(pick).to_have_attribute("data-picked", "")
    promoter.goto("/shortlist")
    expect(promoter).to_have_url(re.compile(f"u={units[0]['code']},{units[1]['code']}"))
    promoter.get_by_role("link", name="做成选集").click()
    promoter.get_by_label("再加一处").fill(f"/b/{units[0]['building']}")
    promoter.get_by_role("button", name="加进来").click()
    expect(promoter.locator(".chosen li")).to_have_count(3)
    promoter.locator(".chosen .note-line input").first.fill("整层，可直接入驻")
    promoter.get_by_label("标题").fill("为海原科技选的 3 处")
    promoter.get_by_label("开场的话").fill("王总您好，按您说的选了这几处。")
    promoter.get_by_label("署名和联系方式").fill("招商中心 021-5550000")
    promoter.get_by_label("客户的要求").fill("area_min=1&rent_max=30")
    promoter.get_by_role("button", name="做成链接").click()
    return promoter.get_by_label("短链接").input_value()


@pytest.mark.usefixtures("nobody_has_asked")
def test_a_promoter_and_a_client_find_together(promoter: Page, client: Page, let: Any) -> None:
    units = some_units(promoter, 2)
    first = units[0]["code"]
    link = made(promoter, units)
    own, token = promoter.url, urlsplit(link).path

    client.goto(link)
    expect(client.get_by_role("heading", name="为海原科技选的 3 处")).to_be_visible()
    expect(client.get_by_text("王总您好，按您说的选了这几处。")).to_be_visible()
    item = client.locator(f"[id='{first}']")
    expect(item).to_contain_text("整层，可直接入驻")
    expect(item).to_contain_text("/100")
    assert fits(client)
    item.get_by_role("button", name=re.compile("喜欢")).click()
    expect(client.locator(f"[id='{first}'] .like")).to_have_attribute("aria-pressed", "true")

    client.locator("#ask").get_by_label("想了解什么").fill("空调几点关？")
    introduce(client, "#ask")
    client.get_by_role("button", name="发送").click()
    answers = client.get_by_role("link", name="查看询问和答复").get_attribute("href")

    client.goto(link)
    viewing = client.locator("#viewing")
    expect(viewing.locator(f"[value='{first}']")).to_be_checked()
    viewing.get_by_label("什么时候").fill(AT)
    introduce(client, "#viewing")
    client.get_by_role("button", name="发出看房请求").click()
    entry = client.get_by_role("link", name="加入日历 (ICS)").get_attribute("href")
    (event,) = Calendar.from_ical(client.request.get(entry).body()).walk("VEVENT")
    assert event["status"] == "TENTATIVE"
    assert client.request.get(f"{token}/selection.pdf", timeout=120_000).body().startswith(b"%PDF")
    for name in ("xlsx", "pptx"):
        assert client.request.get(f"{token}/selection.{name}", timeout=60_000).body().startswith(b"PK")

    promoter.goto(own)
    asked = promoter.locator("#asked article")
    expect(asked).to_have_count(2)
    expect(promoter.locator("#asked")).to_contain_text(f"约看：{AT.replace('T', ' ')}")
    expect(promoter.locator("section[aria-labelledby=liked] li")).to_have_count(1)
    question = asked.filter(has_text="空调几点关？")
    question.get_by_label("答复").fill("晚上八点，可以加时。")
    question.get_by_role("button", name="答复", exact=True).click()
    client.goto(answers)
    expect(client.get_by_text("晚上八点，可以加时。")).to_be_visible()

    let(first)
    client.goto(link)
    expect(client.locator(f"[id='{first}'] .change")).to_have_text(re.compile("发出后\\s+星期.起已租出"))
    expect(client.locator(f"#viewing [value='{first}']")).to_have_count(0)
