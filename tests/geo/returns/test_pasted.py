"""Reports as people send them in chats are read by rules, and what no rule reads is shown."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.returns.pasted import PastedLine, read_pasted
from geo.returns.said import Said
from geo.returns.standing import UnitNow

TODAY = date(2026, 11, 22)


def unit(number: int, label: str, floor: str, area: int, **said: Any) -> UnitNow:
    now = Said(**{"state": "in_use", "tenant": "甲公司", "area_m2": Decimal(area)} | said)
    return UnitNow(
        number, f"c{number}", 1, label, int(floor), floor, 1, Decimal(area), now, 0, None, None, None, "", None
    )


UNITS = [
    unit(1, "1203", "12", 148),
    unit(2, "1204", "12", 150),
    unit(3, "1205", "12", 90, state="vacant", offered=True, tenant=None),
    unit(4, "1501", "15", 1480),
    unit(5, "1601", "16", 700),
    unit(6, "1602", "16", 700),
]


def read(text: str) -> list[PastedLine]:
    return read_pasted(text, UNITS, ["云澜大厦A座"], TODAY)


def told(text: str) -> dict[str, tuple[str, Any]]:
    """Label → state and rent."""
    return {u.unit.label: (u.said.state, u.said.rent_amount) for line in read(text) for u in line.units}


def test_the_usual_message_of_a_building() -> None:
    lines = read("A座 12楼 1203 已租；15楼 整层 空置 1,480平 4.2元")
    assert [[u.unit.label for u in line.units] for line in lines] == [["1203"], ["1501"]]
    floor = lines[1].units[0].said
    assert (floor.state, floor.offered, floor.rent_amount, floor.rent_unit) == (
        *("vacant", True, Decimal("4.2")),
        "cny_m2_day",
    )
    assert floor.area_m2 == Decimal(1480)
    assert ("rent_unit", "cny_m2_day") in lines[1].notes, "what a bare 4.2元 is per is said, not hidden"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1203已租 1204空置", {"1203": ("in_use", None), "1204": ("vacant", None)}),
        ("1203、1204 空置", {"1203": ("vacant", None), "1204": ("vacant", None)}),
        ("1203-05 空置", {"1203": ("vacant", None), "1204": ("vacant", None), "1205": ("vacant", None)}),
        ("12楼 03室 退租", {"1203": ("vacant", None)}),
        ("１２０３　空置", {"1203": ("vacant", None)}),
        ("十二层1203 裝修中", {"1203": ("fitting_out", None)}),
        ("16F整层在谈 130元/㎡·月", {"1601": ("negotiating", Decimal(130)), "1602": ("negotiating", Decimal(130))}),
        ("1203 签了，1204 自用", {"1203": ("signed", None), "1204": ("own_use", None)}),
        ("1205 租金降到3.8元/平/天", {"1205": ("vacant", Decimal("3.8"))}),
    ],
)
def test_ways_to_say_it(text: str, expected: dict[str, Any]) -> None:
    assert told(text) == expected


def test_the_rent_a_tenant_pays_is_no_offer() -> None:
    assert told("1203 在租 4.2元") == {"1203": ("in_use", None)}


def test_a_day_from_which_it_is_free_makes_an_offer_and_a_day_since_when_does_not() -> None:
    soon = read("1203 明年3月可租")[0].units[0]
    assert (soon.said.state, soon.said.offered, soon.said.available_on) == ("in_use", True, date(2027, 3, 1))
    since = read("1203 租户：海原科技有限公司 2026年11月1日起")[0].units[0]
    assert (since.said.tenant, since.since, since.said.offered) == ("海原科技有限公司", date(2026, 11, 1), False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1299 空置", ("no_room", "1299")),
        ("B座 1203 空置", ("other_building", "B座")),
        ("空置三间", ("no_place", "")),
        ("1203", ("nothing_said", "")),
    ],
)
def test_what_cannot_be_placed_is_said_and_changes_nothing(text: str, problem: tuple[str, str]) -> None:
    line = read(text)[0]
    assert problem in line.problems
    assert line.units == ()


def test_an_area_that_differs_from_what_is_registered_is_noted() -> None:
    assert ("area", "1,400") in read("16楼 整层 空置 1,480平")[0].notes


def test_words_that_no_rule_reads_are_shown() -> None:
    assert ("unread", "大家辛苦") in read("1203 空置 大家辛苦")[0].notes


@given(st.text(alphabet="120345AB座楼层整空置已租自用，；、-~ \n元平㎡./年月日万公司租户室", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    for line in read(text):
        assert bool(line.units) != bool(line.problems)
