"""Whoever reads the list finds every number on the picture, however close the places stand."""

import re

from geo.exports.plane import Written
from geo.exports.svg_marks import Mark, draw_marks


def test_every_number_is_there_and_no_card_lies_on_another_where_there_is_room() -> None:
    view = Written((1000, 600))
    drawn = draw_marks(view, [Mark((480.0 + 12 * n, 300.0), f"{n}", f"大厦{n}") for n in range(1, 9)])
    assert sorted(re.findall(r">(\d)</text>", "".join(drawn))) == [f"{n}" for n in range(1, 9)]
    assert len(view.written) == 8


def test_where_there_is_no_room_at_all_the_numbers_stand_without_names() -> None:
    drawn = "".join(draw_marks(Written((90, 70)), [Mark((45.0, 40.0), f"{n}", "很长的大厦名称") for n in (1, 2, 3)]))
    assert "很长" not in drawn
    assert re.findall(r">(\d)</text>", drawn)


def test_a_roof_beside_the_picture_is_marked_at_its_edge() -> None:
    (drawn,) = draw_marks(Written((1000, 600)), [Mark((500.0, -80.0), "7", "高塔")])
    spot = float(re.search(r'<circle cx="500" cy="(\d+)"', drawn)[1])
    assert 0 < spot < 100


def test_names_are_escaped() -> None:
    assert "<b>" not in "".join(draw_marks(Written((1000, 600)), [Mark((500.0, 300.0), "1", "<b>")]))
