"""What an operator types to import, undo and publish; a run that is killed leaves nothing."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from geo.db import engine as make_engine
from geo.importers.fields import Kind
from geo.importers.run import ImportRequest, run_import
from tests.factories import create_building, create_source, square
from tests.geo.importers.importing import geojson
from tests.postgres import CloneMaker
from webmap.cli import main
from webmap.database_logins import APP, LOGINS, OWNER

ROOT = Path(__file__).parents[3]
Run = Callable[..., Result]
Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def environ(clones: CloneMaker, clone: str, tmp_path: Path) -> dict[str, str]:
    names = dict(zip(LOGINS, ("_OWNER", "", "_PUBLIC", "_JOBS"), strict=True))
    urls = {f"LOUMAP_DATABASE_URL{tail}": clones.server.dsn(login, clone) for login, tail in names.items()}
    return {**urls, "LOUMAP_DATA": str(tmp_path / "home"), "LANG": "C.UTF-8"}


@pytest.fixture
def run(environ: dict[str, str]) -> Run:
    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["import", *map(str, arguments)], env=environ)

    return run


@pytest.fixture
def ask(clones: CloneMaker, clone: str) -> Iterator[Ask]:
    address = clones.server.dsn(OWNER, clone).replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


@pytest.fixture
def session_of(clones: CloneMaker, clone: str) -> Iterator[Session]:
    engine = make_engine(clones.server.dsn(APP, clone))
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return geojson(tmp_path / "楼宇.geojson", (square(), {"id": 1, "名称": "云澜大厦"}), (square(121.48), {"id": 2}))


def test_a_dry_run_reports_and_writes_nothing(run: Run, ask: Ask, file: Path) -> None:
    said = run(file, "--as", "buildings", "--dry-run")
    assert said.exit_code == 0
    assert "added 2" in said.output
    assert "Nothing was written" in said.output
    for table in ("buildings", "sources", "import_runs", "import_changes", "procrastinate_jobs"):
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)]


def test_an_import_says_how_to_take_it_back_and_how_to_publish(run: Run, ask: Ask, file: Path) -> None:
    said = run(file, "--as", "buildings").output
    assert "./loumap import --publish 楼宇" in said or "--publish '楼宇'" in said
    code = said.split("--undo ")[1].split()[0]
    assert ask("SELECT code, state FROM import_runs") == [(code, "done")]
    assert code in run("--list").output
    assert "everybody sees it now (2 rows" in run("--publish", "楼宇").output
    assert ask("SELECT DISTINCT publishable FROM buildings") == [(True,)]
    assert "only staff see it now" in run("--unpublish", "楼宇").output
    assert "buildings: 2 rows withdrawn" in run("--undo", code).output
    assert ask("SELECT count(*) FROM buildings WHERE withdrawn_at IS NULL") == [(0,)]
    assert "undone" in run("--list").output


def test_the_report_is_written_as_workbook_and_as_json(run: Run, file: Path, tmp_path: Path) -> None:
    book, text = tmp_path / "report.xlsx", tmp_path / "report.json"
    run(file, "--as", "buildings", "--report", book, "--report", text)
    assert json.loads(text.read_text("utf-8"))["rows"]["added"] == 2
    cells = [cell for row in openpyxl.load_workbook(book).worksheets[0].iter_rows(values_only=True) for cell in row]
    assert 2 in cells


def test_what_computes_from_the_facts_is_asked_for_with_the_import(run: Run, ask: Ask, file: Path) -> None:
    run(file, "--as", "buildings")
    assert ask("SELECT task_name FROM procrastinate_jobs") == [("compute_derived",)]


def test_headings_and_constants_are_given_by_hand(run: Run, ask: Ask, tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", (square(), {"id": 1, "甲": "云澜大厦"}))
    run(path, "--as", "buildings", "--map", "甲=name", "--set", "status=planned")
    assert ask("SELECT name, status FROM buildings") == [("云澜大厦", "planned")]


def test_a_wrong_field_names_the_right_ones_and_one_bad_file_does_not_stop_the_others(
    run: Run, ask: Ask, file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_text("{", "utf-8")
    said = run(bad, file, "--as", "buildings")
    assert said.exit_code == 1
    assert "bad.geojson" in said.output
    assert ask("SELECT count(*) FROM buildings") == [(2,)]
    said = run(file, "--as", "buildings", "--map", "名称=nmae")
    assert said.exit_code == 1
    assert "name" in said.output


def test_without_files_it_says_what_it_wants(run: Run) -> None:
    said = run()
    assert said.exit_code == 2
    assert "Name the files" in said.output


def test_an_import_that_is_killed_leaves_nothing(
    environ: dict[str, str], ask: Ask, clones: CloneMaker, clone: str, file: Path
) -> None:
    """All rows are in when the process is stopped by force: it waits for the table of jobs, which the test holds."""
    command = [sys.executable, "-m", "webmap.cli", "import", str(file), "--as", "buildings"]
    with psycopg.connect(clones.server.dsn(OWNER, clone).replace("+psycopg", "")) as holding:
        holding.execute("LOCK TABLE procrastinate_jobs IN SHARE MODE")
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ})
        try:
            _wait_until(lambda: ask("SELECT 1 FROM pg_locks WHERE NOT granted"))
        finally:
            process.kill()
            process.wait()
    _wait_until(lambda: not ask(f"SELECT 1 FROM pg_stat_activity WHERE usename = '{APP}' AND datname = '{clone}'"))
    for table in ("buildings", "sources", "import_runs", "import_changes"):
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)]
    assert ask("SELECT count(*) FROM pg_class WHERE relname LIKE 'staged%'") == [(0,)]


def _wait_until(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_invented_sample_steps_aside_for_real_ones(run: Run, ask: Ask, file: Path, session_of: Session) -> None:
    invented = create_source(session_of, name="虚构样例", invented=True)
    sample = create_building(session_of, square(121.6), name="虚构大厦", source_id=invented.id)
    session_of.commit()
    said = run(file, "--as", "buildings", "--publishable").output
    assert "'虚构样例' is now hidden" in said
    shown = {code for (code,) in ask("SELECT code FROM buildings WHERE publishable")}
    assert sample.code not in shown
    assert len(shown) == 2
    run("--publish", "虚构样例")
    assert ask("SELECT count(*) FROM buildings WHERE publishable") == [(3,)]


def test_whoever_looks_while_a_file_is_imported_sees_all_of_it_or_nothing(
    clones: CloneMaker, clone: str, ask: Ask, file: Path, session_of: Session
) -> None:
    seen = []
    request = ImportRequest(path=file, kind=Kind.BUILDINGS, today=date(2026, 11, 21))
    run_import(session_of, request, lambda rows, total: seen.extend(ask("SELECT count(*) FROM buildings")))
    assert set(seen) == {(0,)}
    session_of.commit()
    assert ask("SELECT count(*) FROM buildings") == [(2,)]


def test_a_large_first_file_is_brought_in_by_the_owner_with_the_indexes_last(
    run: Run, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.imports.commands._LARGE_BYTES", 100)
    monkeypatch.setattr("geo.importers.run.BULK_ROWS", 10)
    indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 'buildings' ORDER BY 1"
    numbers = "SELECT relfilenode FROM pg_class WHERE relname = 'ix_buildings_geom'"
    before, built = ask(indexes), ask(numbers)
    first, second = (
        geojson(tmp_path / f"{name}.geojson", *((square(lon + n / 1000), {"id": n}) for n in range(20)))
        for name, lon in (("first", 121.4), ("second", 121.6))
    )
    run(first, "--as", "buildings", "--dry-run")
    assert ask(numbers) == built
    assert "added 20" in run(first, "--as", "buildings").output
    assert ask(indexes) == before
    assert (rebuilt := ask(numbers)) != built
    assert "added 20" in run(second, "--as", "buildings").output
    assert ask(numbers) == rebuilt
    assert "unchanged 20" in run(first, "--as", "buildings").output


def test_after_very_many_rows_the_map_is_told_and_indexes_alone_answer(
    run: Run, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clones: CloneMaker, clone: str
) -> None:
    monkeypatch.setattr("webmap.imports.commands._LARGE_BYTES", 100)
    monkeypatch.setattr("webmap.imports.commands._MANY_ROWS", 10)
    monkeypatch.setattr("geo.importers.run.BULK_ROWS", 10)
    with psycopg.connect(clones.server.conninfo(OWNER, clone), autocommit=True) as owner:
        # As in earnest: what is not on disk yet does not count as seen by everybody.
        owner.execute(f"ALTER DATABASE {clone} SET synchronous_commit = on")
    path = geojson(tmp_path / "a.geojson", *((square(121 + n / 1000), {"id": n}) for n in range(20)))
    run(path, "--as", "buildings")
    told = ask("SELECT layer FROM layer_changes WHERE building_ids IS NULL")
    assert {("buildings",), ("state",)} <= set(told)
    pages = "SELECT relpages > 0 AND relpages = relallvisible FROM pg_class WHERE oid = 'public.buildings'::regclass"
    assert ask(pages) == [(True,)]


def test_an_id_that_stands_twice_in_a_trusted_file_leaves_nothing_and_the_indexes_as_they_were(
    run: Run, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.imports.commands._LARGE_BYTES", 100)
    monkeypatch.setattr("geo.importers.run.BULK_ROWS", 10)
    indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 'buildings' ORDER BY 1"
    before = ask(indexes)
    path = geojson(tmp_path / "a.geojson", *((square(121 + n / 1000), {"id": n % 19}) for n in range(20)))
    said = run(path, "--as", "buildings", "--trusted")
    assert said.exit_code == 1
    assert "without --trusted" in said.output
    assert ask(indexes) == before
    assert ask("SELECT count(*) FROM buildings") == ask("SELECT count(*) FROM import_runs") == [(0,)]
    assert "added 20" in run(path, "--as", "buildings").output
