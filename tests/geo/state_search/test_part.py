"""A search in a small box looks at what stands there alone, and finds the same."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy.orm import Session

from geo.columns import unpack
from geo.facets import facets
from geo.filters import Box, Filters
from geo.snapshot import build
from geo.state_search import Search, Table, searched
from geo.state_search.conditions import boxed
from geo.state_search.pages import unit_page
from tests.geo.test_search import add_building

TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def eighths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty buildings have no hundredth."""
    monkeypatch.setattr("geo.state_search.part.SMALL", 1 / 8)


@pytest.fixture
def table(session: Session) -> Table:
    """Forty buildings."""
    rng = np.random.default_rng(8)
    for number in range(40):
        add_building(session, rng, number)
    built = build(session.connection().connection.driver_connection, TODAY)
    return Table(unpack(built.data), built.unit_ids)


def box_around(table: Table, row: int) -> Box:
    lon, lat = (float(table.building(name)[row]) / 1e6 for name in ("lon", "lat"))
    return lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5


FILTERS = [
    Filters(),
    Filters(area_min=Decimal(100), occupancy=("vacant", "soon")),
    Filters(q="中", grade=("a", "b")),
    Filters(near=("metro",), fitout=("basic",), rent_max=Decimal(6)),
]


@pytest.mark.parametrize("asked", FILTERS)
def test_a_small_box_is_searched_by_itself_with_the_same_answer(table: Table, asked: Filters) -> None:
    for row in range(0, table.building_count, 5):
        filters = replace(asked, bbox=box_around(table, row))
        whole, small = Search(table, filters), searched(table, filters)
        assert small.table.building_count <= table.building_count / 8
        assert (small.building_count, small.unit_count) == (whole.building_count, whole.unit_count)
        assert small.area_m2 == pytest.approx(whole.area_m2)
        assert facets(small) == facets(whole)
        assert unit_page(small, "-area", None, 5) == unit_page(whole, "-area", None, 5)


def test_a_large_box_or_none_is_searched_in_the_whole_city(table: Table) -> None:
    assert searched(table, Filters()).table is table
    assert searched(table, Filters(bbox=(-170, -80, 170, 80))).table is table


def test_who_stands_in_a_box_is_found_from_west_to_east(table: Table) -> None:
    lons, lats = (np.sort(table.building(name)) / 1e6 for name in ("lon", "lat"))
    for west, east in ((0, 39), (3, 3), (10, 30), (0, 0)):
        for south, north in ((0, 39), (5, 20), (7, 7)):
            box = (lons[west], lats[south], lons[east], lats[north])
            assert table.rows_in(box).tolist() == np.flatnonzero(boxed(table, box)).tolist()


def test_a_box_where_nothing_stands_finds_nothing(table: Table) -> None:
    nowhere = searched(table, Filters(bbox=(0, 0, 1, 1)))
    assert (nowhere.building_count, nowhere.unit_count, nowhere.area_m2) == (0, 0, 0.0)
    assert all(count.buildings == 0 for counts in facets(nowhere).values() for count in counts)
