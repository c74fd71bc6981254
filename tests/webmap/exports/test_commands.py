"""Files that an operator writes on the command line."""

from pathlib import Path

import pyogrio
from sqlalchemy.orm import Session

from tests.factories import create_building, create_floor, create_unit
from tests.terminal import Run
from webmap.db import Database


def fill(database: Database) -> None:
    with database.new_session() as session, session.begin():
        _tower(session)


def _tower(session: Session) -> None:
    create_unit(session, create_floor(session, create_building(session, name="云澜大厦", grade="a")), area_m2=300)


def test_an_operator_writes_a_search_for_a_gis(run: Run, live_database: Database, tmp_path: Path) -> None:
    fill(live_database)
    path = tmp_path / "units.gpkg"
    done = run("export", "data", "--layer", "units", "--filter", "?grade=a", "-o", str(path), LOUMAP_STALE_DAYS="0")
    assert done.exit_code == 0, done.output
    assert "1 rows" in done.output
    assert pyogrio.read_info(path, layer="units")["features"] == 1


def test_a_table_comes_with_what_its_columns_mean(run: Run, live_database: Database, tmp_path: Path) -> None:
    fill(live_database)
    assert run("export", "data", "-o", str(tmp_path / "b.csv")).exit_code == 0
    assert sorted(path.name for path in tmp_path.glob("b.*")) == ["b.csv", "b.csv-metadata.json"]


def test_an_ending_or_a_filter_that_is_not_known_is_said_in_a_line(run: Run, tmp_path: Path) -> None:
    strange = run("export", "data", "-o", str(tmp_path / "b.dwg"))
    assert strange.exit_code == 1
    assert ".geojson" in strange.output
    wrong = run("export", "data", "--filter", "grade=zzz", "-o", str(tmp_path / "b.csv"))
    assert wrong.exit_code == 1
    assert "grade='zzz'" in wrong.output
