"""A list is its address: it reads back as it was written, and stays short enough to be sent."""

import pytest

from geo.errors import BadParameterError
from webmap.picked.selection import MOST, NOTE_LENGTH, QUERY_LENGTH, Selection, parse


def test_a_list_reads_back_as_it_was_written():
    chosen = Selection(("a1", "b2"), {"b2": "层高 4 m & 朝南 = 好"})
    assert chosen.query == "u=a1,b2&n.b2=%E5%B1%82%E9%AB%98%204%20m%20%26%20%E6%9C%9D%E5%8D%97%20%3D%20%E5%A5%BD"
    assert parse([("u", "a1,b2"), ("n.b2", "层高 4 m & 朝南 = 好")]) == chosen


def test_codes_come_by_commas_or_one_by_one_and_each_once():
    assert parse([("u", "A1, b2,"), ("u", "a1"), ("u", "c3")]).codes == ("a1", "b2", "c3")


def test_what_cannot_be_a_code_and_notes_to_nothing_are_left_out():
    chosen = parse([("u", "a1,<b>,../x,thirteenchars"), ("n.zz", "to nobody"), ("utm_source", "chat")])
    assert chosen == Selection(("a1",), {})


def test_spaces_and_lines_in_a_note_become_one_space():
    assert parse([("u", "a1"), ("n.a1", "  two\r\nlines ")]).notes == {"a1": "two lines"}


def test_a_unit_moves_up_and_down_and_stays_at_the_ends():
    chosen = Selection(("a", "b", "c"))
    assert chosen.moved("b", -1).codes == ("b", "a", "c")
    assert chosen.moved("b", 1).codes == ("a", "c", "b")
    assert chosen.moved("a", -1).codes == chosen.moved("c", 1).codes == chosen.moved("nobody", 1).codes == chosen.codes


def test_more_units_than_a_list_holds_are_refused_with_the_remedy():
    with pytest.raises(BadParameterError, match=f"at most {MOST} units"):
        parse([("u", ",".join(f"c{number}" for number in range(MOST + 1)))])


def test_a_note_that_is_too_long_is_refused_with_the_remedy():
    parse([("u", "a1"), ("n.a1", "x" * NOTE_LENGTH)])
    with pytest.raises(BadParameterError, match=f"at most {NOTE_LENGTH} characters"):
        parse([("u", "a1"), ("n.a1", "x" * (NOTE_LENGTH + 1))])


def test_an_address_never_grows_longer_than_web_servers_take():
    codes = [f"code{number}" for number in range(10)]
    notes = [(f"n.{code}", "长" * NOTE_LENGTH) for code in codes]
    fitting = parse([("u", ",".join(codes)), *notes[:3]])
    assert len(fitting.query) <= QUERY_LENGTH
    with pytest.raises(BadParameterError, match="notes that fit"):
        parse([("u", ",".join(codes)), *notes])
