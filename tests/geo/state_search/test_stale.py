"""Units that nobody has confirmed for long are left out; the browser is held to the same vectors (`tests/js`)."""

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest

from geo.columns import Columns, pack, unpack
from geo.facets import facets
from geo.filters import OCCUPANCIES, parse
from geo.stamps import is_stale, last_word, stale_before
from geo.state_search import Search, Table
from tests.geo.matching import states

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "stale.json").read_text("utf-8"))
TODAY = date(2026, 3, 10)


def table() -> Table:
    """The units of the vectors in one building."""
    rows = [{**unit, "occupancy": OCCUPANCIES.index(unit["occupancy"]) + 1} for unit in VECTORS["units"]]
    made = states.market([{}], rows).table.columns
    kinds = {name: about["type"] for name, about in made.header["tables"]["units"]["columns"].items()}
    units = {name: (kind, made.array("units", name)) for name, kind in kinds.items()}
    units["stale"] = "u1", np.array([unit["stale"] for unit in VECTORS["units"]])
    return Table(_with_units(made, units), np.arange(len(rows)))


def _with_units(made: Columns, units: dict) -> Columns:
    about = made.header["tables"]["buildings"]["columns"]
    buildings = {name: (column["type"], made.tables["buildings"][name]) for name, column in about.items()}
    header = {name: value for name, value in made.header.items() if name != "tables"}
    return unpack(pack({**header, "stale_days": 60}, {"buildings": buildings, "units": units}))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["query"])
def test_a_search_finds_and_leaves_out_what_the_vectors_say(case: dict) -> None:
    search = Search(table(), parse(dict(parse_qsl(case["query"]))))
    assert (search.unit_count, search.stale_count) == (case["units"], case["left_out"])


def test_counts_beside_states_follow_what_is_left_out() -> None:
    def counts(query: dict[str, str]) -> dict[str, int]:
        search = Search(table(), parse(query))
        return {count.value: count.units for count in facets(search)["occupancy"]}

    assert counts({}) == {"vacant": 1, "soon": 1, "in_use": 1, "own_use": 0, "unknown": 0}
    assert counts({"stale": "1"}) == {"vacant": 3, "soon": 2, "in_use": 1, "own_use": 0, "unknown": 0}


def test_a_state_that_does_not_say_what_is_stale_leaves_nothing_out() -> None:
    rows = [{"occupancy": OCCUPANCIES.index(unit["occupancy"]) + 1} for unit in VECTORS["units"]]
    search = Search(states.market([{}], rows).table, parse({"occupancy": "vacant,soon"}))
    assert (search.unit_count, search.stale_count) == (5, 0)


@pytest.mark.parametrize(
    ("status", "reported_on", "verified_on", "stale"),
    [
        ("vacant", date(2026, 1, 9), None, False),
        ("vacant", date(2026, 1, 8), None, True),
        ("soon", date(2026, 1, 8), date(2026, 1, 9), False),
        ("soon", date(2026, 1, 8), date(2026, 1, 7), True),
        ("in_use", date(2020, 1, 1), None, False),
        ("vacant", None, None, False),
    ],
)
def test_the_last_word_decides_and_the_sixtieth_day_still_counts(
    status: str, reported_on: date | None, verified_on: date | None, stale: bool
) -> None:
    word = last_word(reported_on, verified_on)
    assert is_stale(status, word, stale_before(TODAY, 60)) is stale
    assert not is_stale(status, word, stale_before(TODAY, 0))
