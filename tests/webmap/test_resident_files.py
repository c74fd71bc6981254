"""Who sits where lies on disk beside the state: one process makes it, all open it, readers are not kept waiting."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, select, text

from geo import versions
from geo.clusters.residents import Residents, load_residents
from geo.looking_back import Moment
from geo.model import Building, Tenancy
from tests.factories import create_building, create_enterprise, square
from webmap.db import Database, driver_connection
from webmap.freshness import bump
from webmap.resident_files import ResidentFiles

TODAY = date(2026, 3, 10)


@pytest.fixture
def files(live_database: Database, tmp_path: Path) -> ResidentFiles:
    """Of a process that follows the state, in a district of three towers."""
    with live_database.new_session() as session, session.begin():
        for number in range(3):
            tower = create_building(session, square(121.45 + number * 0.01), name=f"{number}号楼")
            for _ in range(4):
                create_enterprise(session, tower, industry_group="it", industry_code="6510")
    files = ResidentFiles(live_database.public, tmp_path)
    files.follow(change(live_database, lambda: None), TODAY)
    return files


def change(database: Database, act: Callable[[], object]) -> int:
    """Have something done, and bump; gives the new version of the state."""
    act()
    with database.new_session() as session, session.begin():
        session.execute(text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds'"))
    return bump(database)["state"]


def move_in(database: Database) -> None:
    with database.new_session() as session, session.begin():
        create_enterprise(session, session.scalars(select(Building)).first(), industry_group="finance")


def move_out(database: Database) -> None:
    with database.new_session() as session, session.begin():
        last = session.scalars(select(Building.id).order_by(Building.id.desc())).first()
        session.execute(delete(Tenancy).where(Tenancy.building_id == last))


def anew(database: Database) -> Residents:
    with driver_connection(database.public, repeatable=True) as connection:
        return load_residents(connection, Moment(TODAY, datetime.now(UTC)))


def rows(residents: Residents) -> list[tuple[object, ...]]:
    """Everything in order, by ids and names."""
    places = [each[residents.building].tolist() for each in (residents.building_ids, residents.lon, residents.lat)]
    industries = [residents.industries[at] for at in residents.industry.tolist()]
    return sorted(zip(*places, industries, residents.enterprises.tolist(), strict=True), key=str)


def test_what_is_mapped_is_what_the_database_says_after_every_move(
    live_database: Database, files: ResidentFiles
) -> None:
    assert rows(files.current(TODAY).residents) == rows(anew(live_database))
    for move in (move_in, move_out):
        before = files.current(TODAY).version
        version = change(live_database, lambda move=move: move(live_database))
        with driver_connection(live_database.public) as connection:
            assert versions.changed_buildings(connection, before) is not None
        files.follow(version, TODAY)
        opened = files.current(TODAY)
        assert opened.version == version
        assert rows(opened.residents) == rows(anew(live_database))
        assert (np.diff(opened.residents.building.astype(int)) >= 0).all()


def test_readers_have_those_before_until_the_new_ones_are_open(live_database: Database, files: ResidentFiles) -> None:
    before = files.current(TODAY)
    change(live_database, lambda: move_in(live_database))
    assert files.current(TODAY) is before


def test_a_second_process_opens_what_the_first_has_made(
    live_database: Database, files: ResidentFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.resident_files.load_residents", None)
    second = ResidentFiles(live_database.public, tmp_path)
    second.follow(files.current(TODAY).version, TODAY)
    assert rows(second.current(TODAY).residents) == rows(files.current(TODAY).residents)


def test_when_everybody_has_left_nobody_is_there(live_database: Database, files: ResidentFiles) -> None:
    def leave() -> None:
        with live_database.new_session() as session, session.begin():
            session.execute(delete(Tenancy))

    files.follow(change(live_database, leave), TODAY)
    assert rows(files.current(TODAY).residents) == []


def test_a_moment_of_the_past_is_read_once(
    live_database: Database, files: ResidentFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_database.new_session() as session, session.begin():
        session.execute(text("UPDATE tenancies SET known = tstzrange('2026-01-01', NULL), valid = '[2026-02-01,)'"))
    moment = Moment(date(2026, 2, 3), datetime(2026, 3, 1, tzinfo=UTC))
    earlier = Moment(date(2026, 1, 3), datetime(2026, 3, 1, tzinfo=UTC))
    with live_database.new_public_session() as session:
        assert rows(files.past(session, TODAY, moment).residents) == rows(files.current(TODAY).residents)
        assert rows(files.past(session, TODAY, earlier).residents) == []
        monkeypatch.setattr("webmap.resident_files.load_residents", None)
        again = ResidentFiles(live_database.public, files._folder._home)
        again.follow(files.current(TODAY).version, TODAY)
        assert rows(again.past(session, TODAY, moment).residents) == rows(files.current(TODAY).residents)
