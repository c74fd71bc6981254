"""What a carried map holds of a district, and what it must never hold."""

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy.orm import Session

from geo.errors import NotFoundError, TooMuchError
from geo.exports.offline import Asking, District, payload, read_district
from geo.exports.offline.payload import PER_M, sums
from geo.filters import Filters
from tests.factories import create_amenity, create_area, create_building, create_floor, create_unit, square

TODAY = date(2026, 3, 10)


def read(session: Session, filters: Filters | None = None, **more: Any) -> District:
    return read_district(session, Asking(filters or Filters(), TODAY, **more))


def packed(found: District) -> dict[str, Any]:
    return payload(found, lambda row: row.name or "", lambda code, *_: code or "")


def test_a_tower_comes_with_its_units_plan_and_vacancy(session: Session) -> None:
    floor = create_floor(session, create_building(session, leasable_area_m2=1000), 9, label="9A")
    create_unit(session, floor, label="901", area_m2=250)
    create_unit(session, floor, label="902", area_m2=100, public_status="in_use", rent_amount=None, rent_unit=None)
    row = packed(read(session))["towers"][0]
    assert row[1] == "云澜大厦"
    assert row[11] == 0.25
    assert [unit[:5] for unit in row[14]] == [["901", 0, 250, "9A", 9], ["902", 2, 100, "9A", 9]]
    assert row[15][0][0][2][0][0] == "9A"


def test_outlines_are_whole_decimetres_that_lead_back_to_the_place(session: Session) -> None:
    create_building(session, square(half=0.0005))
    found = packed(read(session))
    steps = np.array(found["towers"][0][13][0]).reshape(-1, 2).cumsum(axis=0)
    wide, high = np.ptp(steps, axis=0) / PER_M
    assert wide == pytest.approx(95.2, abs=0.5)
    assert high == pytest.approx(110.9, abs=0.5)
    assert np.allclose(steps.mean(axis=0), np.array(found["size"]) / 2, atol=3)


def test_the_city_around_is_there_without_names(session: Session) -> None:
    create_building(session)
    create_building(session, square(lon=121.4708), name=None, managed=False, height_m=21)
    create_amenity(session, 121.4705, 31.2301, name="江湾站")
    found = packed(read(session))
    assert [height for height, _ in found["around"]] == [21]
    assert [name for name, *_ in found["stops"]] == ["江湾站"]
    assert len(found["towers"]) == 1


def test_nothing_of_it_is_for_staff_alone(session: Session) -> None:
    create_unit(session, create_floor(session, create_building(session)), label="明", occupancy="vacant")
    hidden = create_building(session, square(lon=121.4704), name="内部大厦", publishable=False)
    create_unit(session, create_floor(session, hidden), label="暗")
    found = read(session)
    text = json.dumps(packed(found), ensure_ascii=False)
    assert "明" in text
    assert "内部大厦" not in text
    assert "暗" not in text
    assert found.around == []


def test_an_area_or_a_selection_is_carried_alone(session: Session) -> None:
    area = create_area(session, square(half=0.004), name="滨江片区")
    inside = create_building(session, name="里面大厦")
    outside = create_building(session, square(lon=121.48), name="外面大厦")
    found = read(session, Filters(within=(area.code,)))
    assert [tower.facts.name for tower in found.towers] == ["里面大厦"]
    assert [each.name for each in found.areas] == ["滨江片区"]
    chosen = read(session, codes=(outside.code,))
    assert [tower.facts.name for tower in chosen.towers] == ["外面大厦"]
    assert inside.code not in json.dumps(packed(chosen))


def test_units_that_nobody_has_confirmed_for_long_are_marked_and_not_counted(session: Session) -> None:
    floor = create_floor(session, create_building(session))
    create_unit(session, floor, label="old", reported_on=date(2025, 1, 1))
    create_unit(session, floor, label="new", area_m2=120)
    found = read(session, stale_before=date(2026, 1, 10))
    assert sums(found.towers) == (1, 120)
    assert {unit[0]: unit[12] for unit in packed(found)["towers"][0][14]} == {"new": 0, "old": 1}


def test_nothing_found_and_far_too_much_are_said(session: Session) -> None:
    create_building(session)
    create_building(session, square(lon=121.48))
    with pytest.raises(NotFoundError, match="grade=c"):
        read(session, Filters(grade=("c",)))
    with pytest.raises(TooMuchError, match="name an area"):
        read(session, most=1)
