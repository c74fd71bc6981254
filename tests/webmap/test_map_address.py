"""Python and the browser read an address of the map to the same state, and write it so that it is read again."""

import json
import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BadParameterError
from geo.filters import Filters, Origin, choices
from geo.shapes import parse_shape
from geo.state_search.orders import ORDERS
from webmap.map_address import COLOURINGS, MapState, parse, to_query

ROOT = Path(__file__).parents[2]
CODES = st.lists(st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=8, max_size=8), max_size=4, unique=True).map(
    tuple
)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
SHAPES = st.sampled_from(["circle:121.47,31.23,500", None]).map(lambda text: text and parse_shape(text))


def words(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(choices()[name]), max_size=3, unique=True).map(tuple)


def degrees(most: float, digits: int) -> st.SearchStrategy[float]:
    return st.integers(int(-most * 10**digits), int(most * 10**digits)).map(
        lambda whole: round(whole / 10**digits, digits)
    )


def ordered(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    """A least and a most value, either of which may not be said."""
    both = st.tuples(values, values).map(lambda pair: tuple(sorted(pair)))
    return both | st.tuples(values, st.none()) | st.tuples(st.none(), values) | st.just((None, None))


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    amounts = st.integers(1, 999_999_900).map(lambda cents: Decimal(cents) / 100)
    said: dict[str, Any] = {}
    for name, values in (("area", amounts), ("rent", amounts), ("floor", st.integers(-20, 300))):
        said[f"{name}_min"], said[f"{name}_max"] = draw(ordered(values))
    said |= {name: draw(words(name)) for name in ("grade", "star", "theme", "industry", "fitout", "occupancy")}
    said |= {name: draw(words(name)) for name in ("status", "near")}
    said["q"] = draw(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20))
    said["available_by"] = draw(st.none() | DAYS)
    said["rent_unit"] = draw(st.sampled_from(choices()["rent_unit"]))
    said["near_m"], said["walk_min"] = draw(st.integers(50, 3000)), draw(st.sampled_from([5, 10, 15]))
    said["within"], said["cluster"], said["stale"] = draw(CODES), draw(CODES), draw(st.booleans())
    said["walk_from"] = draw(st.sampled_from([None, Origin("x7k2m9qd"), Origin("121.47000,31.23000")]))
    said["bbox"] = draw(st.none() | st.just((121.4, 31.2, 121.5, 31.3)))
    return Filters(**said, shape=draw(SHAPES))


@st.composite
def states(draw: st.DrawFn) -> MapState:
    flat = draw(st.booleans())
    at = st.tuples(degrees(85, 5), degrees(180, 5), st.integers(0, 2400).map(lambda zoom: zoom / 100))
    lately = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31))
    instants = lately.map(lambda instant: f"{instant:%Y-%m-%dT%H:%M:%S.%fZ}")
    return MapState(
        filters=draw(filters()),
        sort=draw(st.sampled_from(sorted(ORDERS))),
        by=draw(st.sampled_from(COLOURINGS)),
        only=draw(CODES),
        layers=draw(st.sampled_from([(), ("transit",), ("transit", "areas")])),
        b=draw(st.sampled_from(["", "x7k2m9qd"])),
        floor=draw(st.none() | st.integers(-20, 300)),
        date=draw(st.none() | DAYS),
        known_at=draw(st.sampled_from(["", "2026-03-31"]) | instants),
        beside=draw(st.sampled_from(["off", "on"])),
        view="2d" if flat else "3d",
        at=draw(at),
        pitch=None if flat else draw(st.integers(0, 85)),
        bearing=draw(st.integers(-180, 180)),
        moving=draw(st.sampled_from(["off", "on"])),
    )


@settings(deadline=None, derandomize=True, max_examples=40)
@given(state=states())
def test_any_state_is_restored_from_its_address(state: MapState) -> None:
    assert parse(to_query(state)) == state


def test_the_browser_restores_what_python_writes_and_the_other_way_round() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    drawn: list[MapState] = []

    @settings(deadline=None, derandomize=True, max_examples=60, database=None)
    @given(state=states())
    def draw(state: MapState) -> None:
        drawn.append(state)

    draw()
    sent = "\n".join(to_query(state) for state in drawn)
    ran = subprocess.run(
        [node, "tests/js/map-addresses.js"], input=sent, cwd=ROOT, text=True, capture_output=True, check=True
    )
    for state, line in zip(drawn, ran.stdout.splitlines(), strict=True):
        assert parse(json.loads(line)["whole"].removeprefix("?")) == state


@pytest.mark.parametrize(
    "query",
    [
        "pitch=90",
        "pitch=NaN",
        "at=1,2",
        "at=91,0,5",
        "floor=1.5",
        "beside=yes",
        "known_at=soon",
        "known_at=2026-13-01",
        "x=1",
    ],
)
def test_what_nobody_writes_is_refused(query: str) -> None:
    with pytest.raises(BadParameterError, match=f"^{query.partition('=')[0]}="):
        parse(query)
