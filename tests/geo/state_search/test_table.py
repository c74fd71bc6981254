"""A state made ready: counted by runs, by kinds, and taken over from the state before where nothing changed."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.columns import unpack
from geo.facets import facets
from geo.filters import Filters
from geo.snapshot import build
from geo.state_search import Search, Table
from geo.state_search.units import Runs
from tests.geo.test_search import add_building

TODAY = date(2026, 3, 10)


@given(runs=st.lists(st.lists(st.booleans(), max_size=20), max_size=40))
def test_flags_are_counted_run_by_run(runs: list[list[bool]]) -> None:
    flags = np.array([flag for run in runs for flag in run], bool)
    counts = Runs(np.array([len(run) for run in runs], np.int32)).sums(flags)
    assert counts.tolist() == [sum(run) for run in runs]


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
