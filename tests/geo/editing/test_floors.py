"""Floors come from a list of labels with skipped numbers, between others too."""

import pytest

from geo.editing.floors import add_floors, check_labels_once, floors_of, read_labels, remove_floor
from geo.errors import BadParameterError
from tests.factories import create_building, create_floor, create_unit


def order(session, building):
    return [(floor.position, floor.label) for floor in floors_of(session, building, None)]


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("1-3", ["1", "2", "3"]),
        ("B2-B1, 1-3，5", ["B2", "B1", "1", "2", "3", "5"]),
        ("B1-B3", ["B3", "B2", "B1"]),
        ("11 - 12、12a、15至16", ["11", "12", "12A", "15", "16"]),
        ("M", ["M"]),
    ],
)
def test_a_list_of_labels_is_read_from_below_to_above(said, labels):
    assert read_labels(said) == labels


@pytest.mark.parametrize("said", ["", " , ", "1-3, 2", "5-3", "B1-3", "1-999", "x" * 21])
def test_lists_that_make_no_floors_are_refused(said):
    with pytest.raises(BadParameterError):
        read_labels(said)


def test_numbers_may_be_skipped_while_positions_follow_one_another(session):
    building = create_building(session, managed=False)
    add_floors(session, building, read_labels("B2-B1, 1-3, 3A, 5"), by=7)
    assert order(session, building) == [
        (-2, "B2"), (-1, "B1"), (1, "1"), (2, "2"), (3, "3"), (4, "3A"), (5, "5"),
    ]  # fmt: skip
    assert building.managed
    add_floors(session, building, read_labels("B3, 6-7"), by=7)
    assert order(session, building)[0] == (-3, "B3")
    assert order(session, building)[-2:] == [(6, "6"), (7, "7")]


def test_a_floor_between_moves_those_above_it_up(session):
    building = create_building(session)
    floors = add_floors(session, building, read_labels("B1, 1-3"), by=7)
    add_floors(session, building, ["1M"], by=7, above=floors[1])
    assert order(session, building) == [(-1, "B1"), (1, "1"), (2, "1M"), (3, "2"), (4, "3")]
    add_floors(session, building, ["GF"], by=7, above=floors[0])
    assert order(session, building)[:3] == [(-1, "B1"), (1, "GF"), (2, "1")]
    add_floors(session, building, ["B2", "B1M"], by=7, above=floors[0])
    assert order(session, building)[:4] == [(-3, "B1"), (-2, "B2"), (-1, "B1M"), (1, "GF")]


def test_a_label_stands_once(session):
    building = create_building(session)
    add_floors(session, building, ["1", "2"], by=7)
    with pytest.raises(BadParameterError, match="does not have yet"):
        add_floors(session, building, ["2"], by=7)
    create_floor(session, building, 9, label="1")
    with pytest.raises(BadParameterError, match="each label once"):
        check_labels_once(session, building)


def test_only_an_empty_floor_can_be_taken_away(session):
    building = create_building(session)
    one, two = add_floors(session, building, ["1", "2"], by=7)
    create_unit(session, two, label="201")
    with pytest.raises(BadParameterError, match="201"):
        remove_floor(session, two, by=7)
    remove_floor(session, one, by=7)
    assert order(session, building) == [(2, "2")]
