"""In a large city nobody waits while indicators are set beside those of a year: it is done behind everybody's back."""

import time

import pytest
from sqlalchemy.orm import Session

from geo.indicators import indicators, read_record
from geo.indicators.comparing import breaks, compare
from geo.looking_back import Moment, driver_of
from tests.factories import create_building, create_floor, create_unit, square
from tests.geo.indicators.test_targets import NOW
from webmap import indicator_records
from webmap.errors import PreparingError
from webmap.indicator_records import Known, broken, compared

PATIENCE_S = 30


@pytest.fixture
def known(session: Session) -> Known:
    """A tower with two units."""
    floor = create_floor(session, create_building(session, square(121.47)))
    for _ in range(2):
        create_unit(session, floor)
    return Known(read_record(driver_of(session), Moment(NOW.as_of, NOW.known_at)), [])


def test_a_small_city_is_compared_at_once(known: Known) -> None:
    chosen = indicators()[:3]
    assert compared(known, None, chosen) == compare(known.record.whole, NOW.as_of, chosen)


def test_who_asks_of_a_large_city_comes_again_and_is_told_the_same(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indicator_records, "LARGE", 1)
    chosen = indicators()[:3]
    with pytest.raises(PreparingError):
        compared(known, None, chosen)
    until = time.monotonic() + PATIENCE_S
    while known.under_way:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert compared(known, None, chosen) == compare(known.record.whole, NOW.as_of, chosen)
    assert known.breaks.get(None) == broken(known, None) == breaks(known.record.whole, NOW.as_of)


def test_what_nobody_can_tell_is_not_asked_for_again_and_again(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indicator_records, "LARGE", 1)
    with pytest.raises(PreparingError):
        compared(known, None, [])
    until = time.monotonic() + PATIENCE_S
    while known.under_way:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert compared(known, None, []) == []


def test_only_so_many_comparisons_of_a_city_wait(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indicator_records, "LARGE", 1)
    for other in range(indicator_records.MOST_UNDER_WAY):
        known.under_way.add(other)
    with pytest.raises(PreparingError):
        compared(known, None, indicators()[:1])
    assert known.under_way == set(range(indicator_records.MOST_UNDER_WAY))
