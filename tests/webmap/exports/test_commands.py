"""Files that an operator writes on the command line."""

from datetime import date
from pathlib import Path

import pyogrio
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.exports import workbook
from geo.model import Building, Unit
from tests.factories import create_building, create_floor, create_unit, create_user
from tests.terminal import Run
from webmap.auth.models import User
from webmap.db import Database
from webmap.exports import making
from webmap.picked.selection import Selection as Picked
from webmap.share import operations, selections
from webmap.share.selections import Draft
from webmap.share.states import of_address


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


def test_a_workbook_of_too_many_rows_is_refused_before_one_is_read(
    run: Run, live_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(live_database)
    monkeypatch.setattr(workbook, "MOST_ROWS", 0)
    monkeypatch.setattr(making, "read_batches", lambda *_: pytest.fail("rows are read"))
    done = run("export", "data", "-o", str(tmp_path / "b.xlsx"))
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "narrow the filter, or take CSV" in done.output
    assert list(tmp_path.glob("*b.xlsx*")) == []


def test_an_ending_or_a_filter_that_is_not_known_is_said_in_a_line(run: Run, tmp_path: Path) -> None:
    strange = run("export", "data", "-o", str(tmp_path / "b.dwg"))
    assert strange.exit_code == 1
    assert ".geojson" in strange.output
    wrong = run("export", "data", "--filter", "grade=zzz", "-o", str(tmp_path / "b.csv"))
    assert wrong.exit_code == 1
    assert "grade='zzz'" in wrong.output


def test_the_address_of_a_map_is_understood_as_it_is(run: Run, live_database: Database, tmp_path: Path) -> None:
    fill(live_database)
    with live_database.new_session() as session:
        code = session.scalars(select(Building.code)).one()
    path = tmp_path / "near.csv"
    query = f"walk_from={code}&walk_min=5&sort=rent&at=31.23000,121.47000,15&by=age"
    done = run("export", "data", "--filter", query, "-o", str(path))
    assert done.exit_code == 0, done.output
    assert "1 rows" in done.output
    past = run("export", "data", "--filter", "date=2026-03-01", "-o", str(path))
    assert (past.exit_code, "--link" in past.output) == (1, True)


def test_what_a_link_opens_is_written_for_a_stick(run: Run, live_database: Database, tmp_path: Path) -> None:
    with live_database.new_session() as session, session.begin():
        _tower(session)
        promoter = create_user(session, "promoter", name="promoter")
        link = operations.make(session, promoter, of_address("/en/?grade=a"), "Grade A this spring")
        token = link.token
    path = tmp_path / "link.html"
    done = run("export", "offline", "--link", token, "-o", str(path))
    assert done.exit_code == 0, done.output
    page = path.read_text("utf-8")
    assert "<title>Grade A this spring" in page
    assert 'lang="en"' in page
    assert "Yunlan Tower" in page
    assert run("export", "offline", "--link", token, "--area", "x", "-o", str(path)).exit_code == 2
    unknown = run("export", "offline", "--link", "zzzzzzzzz", "-o", str(path))
    assert (unknown.exit_code, unknown.output.count("\n")) == (1, 1)


def test_a_selection_is_written_with_its_words_for_who_knows_the_passcode(
    run: Run, live_database: Database, tmp_path: Path
) -> None:
    with live_database.new_session() as session, session.begin():
        _tower(session)
        create_user(session, "promoter", name="promoter")
        code = session.scalars(select(Unit.code)).one()
    with live_database.new_session() as session, live_database.new_public_session() as public, session.begin():
        promoter = session.scalars(select(User)).one()
        draft = Draft("为王总选的", "王总您好", "", "", Picked((code,), {code: "朝南"}), passcode="7-8-9-0")
        token = selections.make(session, public, promoter, "zh-Hans", draft, date(2026, 3, 10)).token
    path = tmp_path / "selection.html"
    without = run("export", "offline", "--link", token, "-o", str(path))
    assert without.exit_code == 0, without.output
    assert "云澜大厦" in path.read_text("utf-8")
    assert not any(word in path.read_text("utf-8") for word in ("王总", "朝南", token))
    assert "passcode" in without.output
    assert run("export", "offline", "--link", token, "--passcode", "7-8-9-0", "-o", str(path)).exit_code == 0
    assert all(word in path.read_text("utf-8") for word in ("王总您好", "朝南"))
    assert run("export", "offline", "--link", token, "--passcode", "wrong", "-o", str(path)).exit_code == 1
