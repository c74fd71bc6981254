"""Tax in a report: tiers, who is next to cross and tax per m², exact for tax officers and as published for others."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.figures import publish_year
from geo.model import Building, PublishedFigure
from tests.factories import create_building, create_enterprise, create_figure, create_user, square
from tests.geo.indicators.lives import unit_with
from tests.web import post_form, sign_in, text_of

MILLION = 1_000_000
EVEN, DOMINATED = (0.3, 0.3, 0.2, 0.2), (0.9, 0.05, 0.03, 0.02)


@pytest.fixture
def towers(app: Flask, session: Session) -> dict[str, Building]:
    """Towers of 10,000 m² by their tax of 2025: one over 100 million, one next to it, one of one great payer."""
    app.extensions["loumap_unattended_s"] = 0
    found = {}
    for at, (name, millions, shares) in enumerate(
        (("亿元大厦", 150, EVEN), ("将满大厦", 90, EVEN), ("独大大厦", 300, DOMINATED), ("小楼", 20, EVEN))
    ):
        tower = create_building(session, square(121.47 + at / 1000), name=name, leasable_area_m2=10_000)
        unit_with(session, tower, [("tenant", date(2024, 1, 1), None)], 10_000)
        for share in shares:
            firm = create_enterprise(session, tower)
            create_figure(
                session, indicator="tax", enterprise_id=firm.id, value=Decimal(str(millions * share * MILLION))
            )
        found[name] = tower
    return found


def made(client: FlaskClient, audience: str) -> str:
    """The address of a report of the taxes and targets."""
    answer = post_form(client, "/reports", "/reports", span="2026-Q3", audience=audience, chapters=["summary", "taxes"])
    assert answer.status_code == 303, text_of(answer.text)
    client.get(answer.location)
    return str(answer.location)


@pytest.fixture
def officer(client: FlaskClient, session: Session) -> FlaskClient:
    """A tax officer's browser."""
    sign_in(client, create_user(session, "tax_officer").name)
    return client


def test_a_tax_officer_reads_the_sums_to_the_yuan_with_scope_and_year(
    officer: FlaskClient, towers: dict[str, Building]
) -> None:
    page = officer.get(made(officer, "tax")).text
    told = text_of(page)
    assert "税收是 2025 年全年的（全口径 · 入库 · 不含一次性税收 · 注册地）" in told
    assert "亿元楼 2 幢，准亿元楼 1 幢，千万元楼 1 幢" in told
    assert "1 独大大厦 300,000,000 元 亿元楼 — 30,000 元" in told
    assert "3 将满大厦 90,000,000 元 准亿元楼 1,000 万元 9,000 元" in told
    assert 'href="/indicators/building_tax?' in page
    assert "不得外传" in told


def test_in_public_a_tower_of_one_great_payer_has_no_tax_no_tier_no_rank_and_no_tax_per_m2(
    officer: FlaskClient, session: Session, towers: dict[str, Building]
) -> None:
    publish_year(session, "tax", 2025)
    for audience in ("public", "staff"):
        told = text_of(officer.get(made(officer, audience)).text)
        assert "至少 3 户纳税、最大一户不超过 80%" in told
        assert "独大大厦" not in told
        assert "300,000,000" not in told
        assert "30,000 元" not in told
        shown = session.scalars(select(PublishedFigure.building_id).where(PublishedFigure.value.is_not(None)))
        names = {ident: name for name, tower in towers.items() for ident in [tower.id]}
        assert all(names[ident] in told for ident in shown if ident is not None)
        assert "将满大厦" in told


def test_what_nobody_published_is_in_no_report_for_the_public(
    officer: FlaskClient, towers: dict[str, Building]
) -> None:
    told = text_of(officer.get(made(officer, "public")).text)
    assert "这一年没有公布过楼宇税收" in told
    assert "90,000,000" not in told


def test_the_annex_for_the_public_holds_no_sum_that_was_not_published(
    officer: FlaskClient, session: Session, towers: dict[str, Building]
) -> None:
    publish_year(session, "tax", 2025)
    kept = officer.get(f"{made(officer, 'public')}/data.json").text
    assert "300000000" not in kept
    assert "building_tax" not in kept
    assert "90000000" in kept


def test_frozen_it_tells_the_same_tax_to_the_yuan_after_a_correction(
    officer: FlaskClient, session: Session, towers: dict[str, Building]
) -> None:
    address = made(officer, "tax")
    post_form(officer, "/reports", f"{address}/freeze")
    before = officer.get(f"{address}/data.json").data
    session.execute(text("UPDATE figures SET value = value + 1"))
    assert officer.get(f"{address}/data.json").data == before
    assert b"300000000" in before
    assert "300,000,004" in text_of(officer.get(made(officer, "tax")).text)
