"""States of the past: made once, patched with what may still be shown, and in a large city behind the reader's back."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text, update

from geo import snapshot
from geo.model import Building, Unit
from geo.snapshot import Moment
from tests.factories import create_building, create_floor, create_unit, square
from tests.webmap.test_state_files import TODAY, change
from webmap import past_states, state_folder
from webmap.db import Database, driver_connection
from webmap.errors import BusyError, PreparingError
from webmap.state_files import StateFiles

PATIENCE_S = 30


@pytest.fixture
def moment() -> Moment:
    """A moment before which everything was known."""
    return Moment(TODAY, datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture
def states(live_database: Database, tmp_path: Path) -> StateFiles:
    """Of a process, with two buildings in the state."""
    with live_database.new_session() as session, session.begin():
        for number, name in enumerate(("一号楼", "二号楼")):
            building = create_building(session, square(lon=121.47 + number / 100), name=name)
            create_unit(session, create_floor(session, building))
    change(live_database, lambda: None)
    states = StateFiles(live_database.public, tmp_path)
    assert states.follow(TODAY)
    return states


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every city is so large that nobody waits for its past."""
    monkeypatch.setattr(past_states, "AT_ONCE_UNITS", 0)


def execute(database: Database, statement: object) -> Callable[[], None]:
    def act() -> None:
        with database.new_session() as session, session.begin():
            session.execute(statement)

    return act


def prepared(states: StateFiles, moment: Moment) -> past_states.OpenState:
    """The state of a moment as a reader gets it who asks until it is there."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return states.pasts.open(TODAY, moment)
        except PreparingError:
            assert time.monotonic() < until
            time.sleep(0.02)


def names(state: past_states.OpenState) -> list[str]:
    return list(state.columns.texts("buildings", "name"))


def test_a_patched_past_is_the_one_that_would_be_made_anew(
    live_database: Database, states: StateFiles, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = states.pasts.open(TODAY, moment)
    hidden = update(Building).where(Building.name == "一号楼").values(publishable=False)
    let = update(Unit).values(occupancy="tenant", public_status="in_use")
    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "build", None)
        for act in (let, hidden):
            change(live_database, execute(live_database, act))
            states.refresh(TODAY)
            opened = states.pasts.open(TODAY, moment)
    assert (names(first), names(opened)) == (["一号楼", "二号楼"], ["二号楼"])
    with driver_connection(live_database.public, repeatable=True) as connection:
        anew = snapshot.build(connection, TODAY, moment)
    assert opened.version == anew.version > first.version
    assert opened.path.read_bytes() == anew.data
    assert opened.unit_ids.tolist() == anew.unit_ids.tolist()


@pytest.mark.usefixtures("large")
def test_in_a_large_city_nobody_waits_for_a_past_and_all_processes_share_it(
    live_database: Database, states: StateFiles, moment: Moment, tmp_path: Path
) -> None:
    with pytest.raises(PreparingError):
        states.pasts.open(TODAY, moment)
    made = prepared(states, moment)
    assert names(made) == ["一号楼", "二号楼"]
    other = StateFiles(live_database.public, tmp_path)
    assert other.follow(TODAY)
    assert other.pasts.open(TODAY, moment).path == made.path


@pytest.mark.usefixtures("large")
def test_how_far_a_past_is_can_be_read_by_every_process(
    live_database: Database, states: StateFiles, moment: Moment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half, go_on, build = threading.Event(), threading.Event(), snapshot.build

    def held(*args: object, tell: Callable[[int, int], object], **how: object) -> snapshot.Snapshot:
        tell(3, 6)
        half.set()
        assert go_on.wait(PATIENCE_S)
        return build(*args, **how)

    monkeypatch.setattr(snapshot, "build", held)
    with pytest.raises(PreparingError):
        states.pasts.open(TODAY, moment)
    assert half.wait(PATIENCE_S)
    other = StateFiles(live_database.public, tmp_path)
    assert other.follow(TODAY)
    with pytest.raises(PreparingError) as told:
        other.pasts.open(TODAY, moment)
    go_on.set()
    assert (told.value.done, told.value.of) == (3, 6)
    assert prepared(other, moment).path == prepared(states, moment).path


@pytest.mark.usefixtures("large")
def test_what_is_withdrawn_leaves_the_past_of_a_large_city_within_a_minute(
    live_database: Database, states: StateFiles, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(states, moment)
    hidden = update(Building).where(Building.name == "一号楼").values(publishable=False)
    change(live_database, execute(live_database, hidden))
    states.refresh(TODAY)
    assert states.follow(TODAY)
    assert names(states.pasts.open(TODAY, moment)) == ["一号楼", "二号楼"]
    monkeypatch.setattr(past_states, "LASTS_S", 0)
    assert names(states.pasts.open(TODAY, moment)) == ["二号楼"]


@pytest.mark.usefixtures("large")
def test_when_all_has_changed_the_past_of_a_large_city_is_made_anew_behind(
    live_database: Database, states: StateFiles, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_states, "LASTS_S", 0)
    prepared(states, moment)
    everything = text("INSERT INTO layer_changes (layer) VALUES ('state')")
    version = change(live_database, execute(live_database, everything))
    assert states.follow(TODAY)
    with pytest.raises(PreparingError):
        states.pasts.open(TODAY, moment)
    assert prepared(states, moment).version == version


def test_few_wait_for_the_past(states: StateFiles, moment: Moment) -> None:
    for _ in range(past_states.PASTS_AT_ONCE):
        assert states.pasts._waiting.acquire(blocking=False)
    with pytest.raises(BusyError):
        states.pasts.open(TODAY, moment)


def test_pasts_not_used_for_longest_make_room_and_are_made_again(
    states: StateFiles, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = states.pasts.open(TODAY, moment).path
    monkeypatch.setattr(state_folder, "KEPT_PAST_BYTES", first.stat().st_size)
    second = states.pasts.open(TODAY, Moment(date(2026, 3, 9), moment.known_at)).path
    assert (first.exists(), second.exists()) == (False, True)
    assert states.pasts.open(TODAY, moment).path.exists()
    assert states.current(TODAY).path.exists()


def test_a_new_day_needs_no_new_past(states: StateFiles, moment: Moment) -> None:
    made = states.pasts.open(TODAY, moment)
    tomorrow = date.fromordinal(TODAY.toordinal() + 1)
    assert states.follow(tomorrow)
    assert states.pasts.open(tomorrow, moment).path == made.path
