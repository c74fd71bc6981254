"""The server colours buildings as the map page does."""

import re
from pathlib import Path

from geo.exports.colouring import AGE, COLOURINGS, GRADES, OLDER, OVER, STARS, UNKNOWN, VACANCY
from geo.exports.svg_stack import COLOURS

SOURCE = Path(__file__).parents[3] / "static" / "src"


def ramp(name: str) -> list[tuple[str, str, str]]:
    found = re.search(rf"const {name} = \[(.*?)\];", (SOURCE / "map" / "colours.js").read_text("utf-8"), re.DOTALL)
    assert found
    return re.findall(r"code: '(\w+)', colour: '(#\w+)', upTo: ([\w.]+)", found[1])


def test_classes_limits_and_colours_are_those_of_the_map_page() -> None:
    script = (SOURCE / "map" / "colours.js").read_text("utf-8")
    for name, steps, last in (("VACANCY", VACANCY, OVER), ("AGE", AGE, OLDER)):
        mine = [(code, colour, f"{limit:g}") for code, colour, limit in steps]
        assert ramp(name) == [*mine, (*last, "Infinity")]
    assert re.search(r"NONE = '(#\w+)'", script)[1] == UNKNOWN
    assert tuple(re.findall(r"#\w+", re.search(r"const GRADES = (.*);", script)[1])) == GRADES
    assert tuple(re.findall(r"#\w+", re.search(r"const STARS = (.*);", script)[1]))[::-1] == STARS


def test_every_colouring_of_the_map_page_can_be_drawn() -> None:
    state = (SOURCE / "map" / "state.js").read_text("utf-8")
    assert tuple(re.findall(r"'(\w+)'", re.search(r"COLOURINGS = (.*);", state)[1])) == COLOURINGS


def test_the_small_plan_has_the_colours_of_the_pages() -> None:
    styles = (SOURCE / "site.css").read_text("utf-8")
    assert all(colour in styles for status, colour in COLOURS.items() if status != "unknown")
