"""Which industry leads, and with how much: by level of the classification and by enterprises, area or tax."""

from datetime import date
from typing import Any

import pytest
from psycopg.types.range import Range
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.indicators import Indicator, Record, indicators, work_out
from geo.indicators.concentration import leading_industry
from geo.indicators.days import Day
from geo.indicators.taxes import with_taxes
from geo.model import Building, Tenancy
from tests.factories import create_building, create_enterprise, create_figure, square
from tests.geo.indicators.lives import record_of

DAY = date(2026, 6, 1)


def named(code: str) -> Indicator:
    return next(each for each in indicators() if each.code == code)


def told(record: Record, code: str) -> tuple[float | None, float | None, str | None]:
    """Value, what is not known, and who leads."""
    [found] = work_out(record.whole, DAY, [named(code)])
    return found.value, found.unknown, leading_industry(Day(record.whole, DAY), found.indicator.numerator)


@pytest.fixture
def tower(session: Session) -> Building:
    """Two banks, one insurer (all finance, J), three of information technology of one division, one without a code."""
    building = create_building(session, square(121.47))
    firms: list[tuple[str | None, str, Any]] = [
        *(("66", "finance", 1000), ("6621", "finance", 200), ("68", "finance", None)),
        *(("65", "it", 100), ("6513", "it", 100), ("65", "it", 50), (None, "other", 400)),
    ]
    for code, group, area in firms:
        firm = create_enterprise(session, building, industry_code=code, industry_group=group)
        session.execute(update(Tenancy).where(Tenancy.enterprise_id == firm.id).values(area_m2=area))
        tax = {"enterprise_id": firm.id, "indicator": "tax"}
        create_figure(session, **tax, value=9_000_000 if code == "68" else 500_000)
    return building


def test_a_level_of_the_classification_changes_who_leads(session: Session, tower: Building) -> None:
    record = record_of(session, DAY)
    assert told(record, "industry_concentration") == (pytest.approx(3 / 7), None, "finance")
    assert told(record, "industry_concentration_section")[:2] == (pytest.approx(3 / 7), 1)
    assert told(record, "industry_concentration_division") == (pytest.approx(3 / 7), 1, "65")


def test_by_area_and_by_tax_another_may_lead_and_both_are_not_for_visitors(session: Session, tower: Building) -> None:
    record = record_of(session, DAY, staff=True)
    assert told(record, "industry_concentration_division_area") == (pytest.approx(1200 / 1850), 1, "66")
    taxed = with_taxes(record, session, None)
    assert told(taxed, "industry_concentration_division_tax") == (pytest.approx(9 / 12), None, "68")
    assert told(taxed, "industry_concentration_section_tax")[2] == "J"
    public = record_of(session, DAY)
    staff = [each for each in indicators() if each.variant_of and each.confidentiality != "public"]
    assert len(staff) == 6
    assert work_out(public.whole, DAY, staff) == []


def test_who_sits_in_several_buildings_counts_once_in_all_of_them(session: Session, tower: Building) -> None:
    second = create_building(session, square(121.48))
    firm = session.query(Tenancy).order_by(Tenancy.id).first()
    assert firm is not None
    session.add(
        Tenancy(
            enterprise_id=firm.enterprise_id,
            building_id=second.id,
            source_id=firm.source_id,
            valid=Range(date(2024, 1, 1), None),
        )
    )
    value, _, _ = told(record_of(session, DAY), "industry_concentration_section")
    assert value == pytest.approx(3 / 7)
