"""Targets in a report: each area and year as the plan has it, the gap, the trend and the light by a stated rule."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.model import Area, Building
from tests.factories import create_area, create_source, create_target, square
from tests.web import text_of
from tests.webmap.reports.conftest import Made

WORLD = square(121.47, 31.23)


@pytest.fixture
def planned(session: Session, tower: Building) -> Area:
    """A street with the tower, of which plans ask for 78 % now and 90 % next year, and for stars without a year."""
    street = create_area(session, code="street01", name="江湾街道")
    create_target(session, street, year=2026, value=0.78, publishable=True)
    create_target(session, street, year=2027, value=0.9, publishable=True)
    create_target(session, street, year=2025, value=0.5, publishable=True)
    create_target(session, street, year=None, indicator="star_buildings", value=3, publishable=True)
    return street


def test_every_target_says_its_year_gap_and_light_and_no_year_is_made_up(
    planner: FlaskClient, planned: Area, made: Made
) -> None:
    page = planner.get(made(chapters=["targets"], area="street01")).text
    told = text_of(page)
    assert "还差的不超过目标的 5% 为“接近”" in told
    assert "江湾街道 企业入驻率 2026 ≥ 78% 75% 3 个百分点" in told
    assert "◐ 接近" in told
    assert "江湾街道 企业入驻率 2027 ≥ 90% 75% 15 个百分点" in told
    assert "未到期" in told
    assert "江湾街道 星级楼宇数 未写年份 ≥ 3 幢 0 幢 3 幢" in told
    assert "○ 未达标" in told
    assert "≥ 50%" not in told
    assert 'href="/indicators/occupancy_rate?' in page


def test_a_target_that_is_not_public_is_told_to_staff_alone(
    planner: FlaskClient, session: Session, planned: Area, made: Made
) -> None:
    inner = create_source(session, secrecy="internal", publishable=False)
    create_target(session, planned, indicator="vacancy_rate", bound="at_most", value=0.1, source_id=inner.id)
    assert "≤ 10%" not in text_of(planner.get(made(chapters=["targets"])).text)
    assert "≤ 10%" in text_of(planner.get(made(chapters=["targets"], audience="staff")).text)


def test_a_target_of_tax_is_held_against_the_year_it_is_of_and_told_to_nobody_who_may_not_see_tax(
    planner: FlaskClient, session: Session, planned: Area, made: Made
) -> None:
    create_target(session, planned, year=2026, indicator="tax", scope="full", value=2e9, publishable=True)
    told = text_of(planner.get(made(chapters=["targets"])).text)
    assert "楼宇税收收入 2026 ≥ 20 亿元 — —" in told
    assert "没有数字" in told


def test_without_targets_the_chapter_says_so(planner: FlaskClient, made: Made) -> None:
    assert "没有可以说的规划目标" in text_of(planner.get(made(chapters=["targets"])).text)
