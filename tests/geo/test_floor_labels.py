"""Floors are recognised by whatever the lift, the lease or the spreadsheet calls them."""

import pytest

from geo.errors import UnreadableQuantityError
from geo.floor_labels import parse_floor, parse_floors


@pytest.mark.parametrize(
    ("text", "label", "number"),
    [
        ("3", "3", 3), ("3F", "3", 3), ("F3", "3", 3), ("L3", "3", 3), ("3层", "3", 3), ("第3层", "3", 3),
        ("三楼", "3", 3),
        ("３Ｆ", "3", 3), ("3.0", "3", 3), ("3/F", "3", 3), ("12A", "12A", 12), ("12a层", "12A", 12),
        ("二十三層", "23", 23),
        ("B1", "B1", -1), ("B1F", "B1", -1), ("-1", "B1", -1), ("-1F", "B1", -1), ("负一层", "B1", -1),
        ("地下一层", "B1", -1),
        ("地下2层", "B2", -2), ("首层", "1", 1), ("G", "1", 1), ("夹层", "M", None), ("3夹层", "3M", 3),
        ("B1M", "B1M", -1),
        ("屋顶", "R", None), (" 8 楼 ", "8", 8),
    ],
)  # fmt: skip
def test_a_floor_is_read(text: str, label: str, number: int | None) -> None:
    floor = parse_floor(text)
    assert (floor.label, floor.number) == (label, number)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3F-4F", "3", "4"), ("3-4层", "3", "4"), ("3~5", "3", "5"), ("B2-1F", "B2", "1"), ("三至五层", "3", "5"),
        ("3、4层", "3", "4"), ("12-12A", "12", "12A"), ("5F-3F", "3", "5"), ("-2至-1", "B2", "B1"),
        ("1-夹层", "1", "M"),
    ],
)  # fmt: skip
def test_a_range_of_floors_has_two_ends(text: str, low: str, high: str) -> None:
    assert [floor.label for floor in parse_floors(text)] == [low, high]
    with pytest.raises(UnreadableQuantityError, match="is a range; give one floor per row"):
        parse_floor(text)


@pytest.mark.parametrize("text", ["", "全楼", "2.5", "0", "999", "高区", "3-4-5", "A", "待定", "层"])
def test_what_is_no_floor_is_refused(text: str) -> None:
    with pytest.raises(UnreadableQuantityError, match="write it as"):
        parse_floors(text)


def test_floors_sort_from_the_basement_to_the_roof() -> None:
    labels = ["R", "12A", "2", "B1", "12", "1", "夹层", "B2", "15", "3M", "3"]
    floors = sorted(map(parse_floor, labels), key=lambda floor: floor.order)
    assert [floor.label for floor in floors] == ["B2", "B1", "1", "M", "2", "3", "3M", "12", "12A", "15", "R"]
