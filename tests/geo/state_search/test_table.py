"""A state made ready: counted by runs, by kinds, and taken over from the state before where nothing changed."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.columns import pack, unpack
from geo.facets import facets
from geo.filters import Filters
from geo.snapshot import build
from geo.state_search import Search, Table
from geo.state_search.units import Runs, UnitGroup
from tests.geo.test_search import add_building

TODAY = date(2026, 3, 10)


@given(runs=st.lists(st.lists(st.booleans(), max_size=20), max_size=40))
def test_flags_are_counted_run_by_run(runs: list[list[bool]]) -> None:
    flags = np.array([flag for run in runs for flag in run], bool)
    counts = Runs(np.array([len(run) for run in runs], np.int32)).sums(flags)
    assert counts.tolist() == [sum(run) for run in runs]


@given(
    values=st.lists(st.floats(0, 5, width=32).map(lambda value: round(value) / 2), max_size=30),
    kind=st.sampled_from(["<f4", "<i2", "<i4", "<u4"]),
    data=st.data(),
)
def test_units_are_ordered_by_value_and_then_by_id(values: list[float], kind: str, data: st.DataObject) -> None:
    ids = np.array(data.draw(st.permutations(range(len(values)))), np.int64)
    sign = -1 if kind != "<u4" and data.draw(st.booleans()) else 1
    column = np.array([sign * value for value in values], kind)
    units = {"occupancy": ("u1", [1] * len(values)), "floor": (kind.strip("<"), column)}
    state = unpack(pack({"words": {"occupancy": ["vacant"]}}, {"units": units}))
    group = UnitGroup(state, ids, "vacant")
    assert group.order("floor").tolist() == np.lexsort((ids, column)).tolist()
    assert group.order("id").tolist() == np.argsort(ids).tolist()


def ready(session: Session, before: Table | None = None) -> Table:
    built = build(session.connection().connection.driver_connection, TODAY)
    return Table(unpack(built.data), built.unit_ids, before)


@pytest.fixture
def district(session: Session) -> Session:
    rng = np.random.default_rng(5)
    for number in range(12):
        add_building(session, rng, number)
    return session


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ("UPDATE units SET area_m2 = area_m2 + 1", {"kinds", "texts", "name_ranks"}),
        ("UPDATE buildings SET grade = 'c'", {"texts", "name_ranks"}),
        ("UPDATE buildings SET search_text = 'x' || search_text", {"kinds"}),
        ("UPDATE buildings SET withdrawn_at = now() WHERE id = (SELECT min(id) FROM buildings)", set()),
    ],
)
def test_a_new_state_takes_over_what_no_change_concerns(district: Session, change: str, kept: set[str]) -> None:
    before = ready(district)
    filters = Filters(q="中", grade=("c",), near=("metro",))
    _ = facets(Search(before, filters)), before.name_ranks
    district.execute(text(change))
    after = ready(district, before)
    assert {name for name in ("kinds", "texts", "name_ranks") if name in vars(after)} == kept
    fresh = Search(ready(district), filters)
    assert facets(Search(after, filters)) == facets(fresh)


def test_a_new_state_has_ready_what_was_asked_of_the_units_before(district: Session) -> None:
    before, after = ready(district), ready(district)
    before.groups["vacant"].order("area")
    after.like(before)
    assert "area" in vars(after.groups["vacant"])["_orders"]
