"""A record that was written to disk answers to the digit as the one that was read."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from geo.indicators import Record, indicators, work_out
from geo.indicators.record_file import BadRecordFileError, opened, packed
from tests.factories import create_building, create_enterprise, square
from tests.geo.indicators.lives import record_of, unit_with

DAY = date(2026, 6, 1)


def through(record: Record, path: Path) -> Record:
    path.write_bytes(b"".join(packed(record)))
    return opened(path)


@pytest.mark.parametrize("staff", [False, True])
def test_every_indicator_is_the_same(session: Session, tmp_path: Path, staff: bool) -> None:
    for lon in (121.47, 121.48):
        tower = create_building(session, square(lon), leasable_area_m2=1000)
        unit_with(session, tower, [("vacant", date(2024, 1, 1), date(2025, 9, 1)), ("tenant", date(2025, 9, 1), None)])
        create_enterprise(session, tower, employees=7, industry_code="66")
    record = record_of(session, DAY, staff=staff)
    again = through(record, tmp_path / "record")
    assert again.moment == record.moment
    told = [each for each in indicators() if each.group != "tax" and "tax" not in each.code]
    assert repr(work_out(again.whole, DAY, told)) == repr(work_out(record.whole, DAY, told))
    assert (again.staff is None) == (not staff)


def test_an_empty_city_has_a_file_too_and_another_file_is_none(session: Session, tmp_path: Path) -> None:
    again = through(record_of(session, DAY), tmp_path / "record")
    assert len(again.buildings) == 0
    assert work_out(again.whole, DAY)[0].n == 0
    (tmp_path / "record").write_bytes(b"something else altogether")
    with pytest.raises(BadRecordFileError):
        opened(tmp_path / "record")
