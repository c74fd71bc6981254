"""A planner has a report made, reads it, freezes it with a number and publishes it; later facts do not change it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from geo.model import Building
from geo.reports import fingerprint
from tests.factories import create_area, square
from tests.web import post_form, text_of
from tests.webmap.reports.conftest import ALL, Made
from webmap.reports.models import Report

CHAPTERS = ("概况", "空置与去化", "企业与产业", "重点楼宇", "方法与数据说明")


def act(client: FlaskClient, address: str, name: str) -> TestResponse:
    """What a button of a report does."""
    return post_form(client, "/reports", f"{address}/{name}")


def article(page: str) -> str:
    """The report itself, without what the page around it says."""
    return page[page.index("<article>") : page.index("</article>")]


def test_every_number_says_its_base_and_leads_to_its_definition(planner: FlaskClient, made: Made) -> None:
    page = planner.get(made()).text
    told = text_of(page)
    assert "楼宇经济季报（2026 年第 3 季度）" in told
    assert "企业入驻率 75% ，即已使用的 750 m² 除以可租售的 1,000 m²" in told
    assert "空置面积 250 m²" in told
    assert 'href="/indicators/occupancy_rate?as_of=2026-09-30&amp;known_at=' in page
    assert [each for each in CHAPTERS if each not in told] == []


def test_it_reads_in_english_and_in_traditional_characters(planner: FlaskClient, made: Made) -> None:
    address = made()
    assert "The occupancy rate is 75%" in text_of(planner.get(f"/en{address}").text).replace(" %", "%")
    assert "企業入駐率" in text_of(planner.get(f"/zh-hant{address}").text)


def test_a_frozen_report_stays_to_the_digit_when_facts_are_corrected_and_renamed(
    planner: FlaskClient, session: Session, made: Made
) -> None:
    address = made()
    assert act(planner, address, "freeze").status_code == 303
    before = article(planner.get(address).text)
    session.execute(text("UPDATE unit_states SET occupancy = 'tenant', contract = 'let', area_m2 = area_m2 + 1"))
    session.execute(text("UPDATE buildings SET name = '改名大厦', leasable_area_m2 = 5000"))
    assert article(planner.get(address).text) == before
    assert "改名大厦" not in before
    assert article(planner.get(made()).text) != before


def test_what_is_kept_is_what_was_measured(session: Session, made: Made) -> None:
    made()
    report = session.scalars(select(Report)).one()
    session.refresh(report, ["document"])
    assert fingerprint(report.document or {}) == report.sha256


def test_numbers_count_up_within_a_span_and_what_is_frozen_cannot_be_changed(
    planner: FlaskClient, session: Session, made: Made
) -> None:
    for span in ("2026-Q3", "2026-Q3", "2025"):
        address = made(span=span)
        act(planner, address, "freeze")
    numbers = session.scalars(select(Report.number).order_by(Report.id)).all()
    assert numbers == ["2026-Q3-01", "2026-Q3-02", "2025-01"]
    assert [act(planner, address, name).status_code for name in ("again", "discard", "freeze")] == [422, 422, 422]
    assert planner.get("/reports/2026-Q3-02").status_code == 200


def test_a_draft_can_be_written_anew_or_thrown_away(planner: FlaskClient, session: Session, made: Made) -> None:
    address = made()
    session.execute(text("UPDATE buildings SET name = '改名大厦'"))
    assert "改名大厦" not in planner.get(address).text
    assert act(planner, address, "again").status_code == 303
    assert "改名大厦" in planner.get(address, follow_redirects=True).text
    act(planner, address, "discard")
    assert planner.get(address).status_code == 404


def test_visitors_see_a_report_once_it_is_published_and_no_longer_when_it_is_withdrawn(
    app: Flask, planner: FlaskClient, made: Made
) -> None:
    visitor, address = app.test_client(), made()
    act(planner, address, "freeze")
    assert visitor.get(address).status_code == 404
    assert address not in visitor.get("/reports").text
    act(planner, address, "publish")
    assert "编号 2026-Q3-01" in text_of(visitor.get(address).text)
    assert address in visitor.get("/reports").text
    assert "取消公开" not in visitor.get(address).text
    act(planner, address, "withdraw")
    assert visitor.get(address).status_code == 404


def test_one_for_staff_holds_what_they_alone_see_and_can_never_be_published(
    app: Flask, planner: FlaskClient, made: Made
) -> None:
    address = made(audience="staff")
    assert "入驻企业注册率" in text_of(planner.get(address).text)
    assert "入驻企业注册率" not in text_of(planner.get(made()).text)
    act(planner, address, "freeze")
    assert act(planner, address, "publish").status_code == 422
    assert app.test_client().get(address).status_code == 404


def test_a_planner_cannot_have_one_made_with_tax(planner: FlaskClient, tower: Building) -> None:
    answer = post_form(planner, "/reports", "/reports", span="2026-Q3", audience="tax")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"span": "2031"}, {"span": "soon"}, {"area": "nowhere"}, {"audience": "all"}, {"chapters": ["tales"]}]
)
def test_what_cannot_be_told_of_is_answered_with_what_can(
    planner: FlaskClient, tower: Building, wrong: dict[str, object]
) -> None:
    asked = {"span": "2026-Q3", "audience": "public", "chapters": ALL, **wrong}
    answer = post_form(planner, "/reports", "/reports", **asked)
    assert answer.status_code == 422
    assert "这个值不能用" in answer.text


def test_only_the_chapters_asked_for_are_written_and_always_how_it_was_made(planner: FlaskClient, made: Made) -> None:
    told = text_of(article(planner.get(made(chapters=["vacancy"])).text))
    assert "1　空置与去化" in told or "1 空置与去化" in told
    assert "方法与数据说明" in told
    assert "重点楼宇" not in told


def test_an_area_without_buildings_is_told_of_without_zeros(planner: FlaskClient, session: Session, made: Made) -> None:
    create_area(session, square(120.0, 30.0), code="far", name="远郊街道")
    assert "入驻率无从计算" in text_of(planner.get(made(area="far")).text)
