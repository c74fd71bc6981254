"""A stacking plan drawn small: what stands for which unit."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from geo.exports.svg_stack import COLOURS, MARKED, draw_stack
from geo.stacking import Room, Storey, stacking_plan

PATH = "{http://www.w3.org/2000/svg}path"


def drawn(rooms: list[Room], *, mark: tuple[int, ...] = ()) -> list[ElementTree.Element]:
    floors = [Storey(1, 1, "1", None, "office", Decimal(400)), Storey(2, 2, "2", None, "office", Decimal(400))]
    plan = stacking_plan(floors, rooms, [])
    return list(ElementTree.fromstring(draw_stack(plan, title="甲楼 <1>", mark=mark, width=100)).iter(PATH))


def widths(path: ElementTree.Element) -> list[float]:
    return [float(width) for width in re.findall(r"M[\d.]+ [\d.]+h([\d.]+)", path.attrib["d"])]


def test_units_are_as_wide_as_their_area_and_share_the_colour_of_their_state() -> None:
    rooms = [
        Room(1, 1, "101", Decimal(300), "vacant", None),
        Room(2, 1, "102", Decimal(100), "in_use", None),
        Room(3, 2, "201", Decimal(400), "vacant", None),
    ]
    paths = {path.attrib["fill"]: widths(path) for path in drawn(rooms)}
    assert sorted(paths[COLOURS["vacant"]]) == pytest.approx([75, 100], abs=2)
    assert paths[COLOURS["in_use"]] == pytest.approx([25], abs=2)


def test_a_marked_unit_is_drawn_last_with_a_dark_edge() -> None:
    rooms = [Room(1, 1, "101", Decimal(400), "vacant", None), Room(3, 2, "201", Decimal(400), "vacant", None)]
    usual, marked = drawn(rooms, mark=(1,))
    assert "stroke" not in usual.attrib
    assert (marked.attrib["stroke"], len(widths(marked))) == (MARKED, 1)
