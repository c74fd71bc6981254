"""Tax of the last full year: tiers by calendar years, what is lacking told, and what was published apart."""

from datetime import date

import pytest
from psycopg.types.range import Range
from sqlalchemy.orm import Session

from geo.figures import publish_year
from geo.indicators import Reckoned, work_out
from geo.indicators.record import Part
from geo.indicators.taxes import with_published, with_taxes
from geo.model import Building
from tests.factories import create_area, create_building, create_enterprise, create_figure, square
from tests.geo.indicators.lives import record_of, unit_with

DAY, LONG_AGO = date(2026, 6, 30), date(2024, 1, 1)


@pytest.fixture
def towers(session: Session) -> list[Building]:
    """Three towers of 1,000 m² with 120, 90 and 20 million of tax in 2025, by four firms each, and one without any."""
    found = [create_building(session, square(121.47 + n / 1000), leasable_area_m2=1000) for n in range(4)]
    for tower, millions in zip(found, (120, 90, 20), strict=False):
        unit_with(session, tower, [("tenant", LONG_AGO, None)], 1000)
        for share in (0.3, 0.3, 0.2, 0.2):
            firm = create_enterprise(session, tower)
            create_figure(session, indicator="tax", enterprise_id=firm.id, value=millions * share * 1e6)
    unit_with(session, found[3], [("tenant", LONG_AGO, None)], 1000)
    return found


def told(part: Part) -> dict[str, Reckoned]:
    return {each.indicator.code: each for each in work_out(part, DAY)}


def test_tiers_are_by_the_tax_of_the_last_calendar_year(session: Session, towers: list[Building]) -> None:
    found = told(with_taxes(record_of(session, DAY, staff=True), session, None).whole)
    assert found["building_tax"].value == 230e6
    counts = [
        found[f"buildings_{name}"].value for name in ("over_100_million", "over_10_million", "next_to_100_million")
    ]
    assert counts == [1, 2, 1]
    assert found["tax_per_m2"].value == pytest.approx(230e6 / 3000)
    assert (found["building_tax"].unknown, found["building_tax"].unknown_share) == (1, 0.25)
    assert (found["tax_source_rate"].numerator, found["tax_source_rate"].denominator) == (12, 12)


def test_a_year_that_lacks_a_quarter_is_not_a_year(session: Session) -> None:
    tower = create_building(session, leasable_area_m2=1000)
    unit_with(session, tower, [("tenant", LONG_AGO, None)], 1000)
    for start, end in ((1, 4), (4, 7), (7, 10)):
        period = Range(date(2025, start, 1), date(2025, end, 1))
        create_figure(session, indicator="tax", building_id=tower.id, period=period, value=5e7)
    found = told(with_taxes(record_of(session, DAY, staff=True), session, None).whole)
    assert found["building_tax"].value is None
    assert found["buildings_over_100_million"].value is None


def test_without_the_right_to_it_no_tax_is_told(session: Session, towers: list[Building]) -> None:
    codes = told(record_of(session, DAY, staff=True).whole).keys()
    assert "building_tax" not in codes
    assert "tax_source_rate" not in codes


def test_everybody_is_told_what_was_published_of_an_area_and_no_more(session: Session, towers: list[Building]) -> None:
    area = create_area(session)
    record = with_published(record_of(session, DAY), session, None)
    assert told(Part(record, record.whole.rows, record.whole._stays, area.id))["published_tax"].value is None
    publish_year(session, "tax", 2025)
    record = with_published(record_of(session, DAY), session, None)
    published = told(Part(record, record.whole.rows, record.whole._stays, area.id))["published_tax"]
    assert published.value in (230e6, None)
    assert told(record.part_of(record.buildings["id"][:2]))["published_tax"].value is None
