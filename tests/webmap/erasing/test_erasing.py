"""What must not be kept is gone from every table, file, cache and past view; that it was erased, and why, stays."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, select, text, update

from geo.audit import AuditEntry
from geo.db import engine as make_engine
from geo.errors import BadParameterError
from geo.history import Author, change_unit, publish_offer, verify_units
from geo.model import Building, Enterprise, ImportRun, Party, UnitState
from tests.factories import create_building, create_enterprise, create_floor, create_source, create_unit
from tests.postgres import CloneMaker
from webmap import create_app, jobs
from webmap.cli import main
from webmap.config import Settings
from webmap.database_logins import APP
from webmap.db import Database
from webmap.erasing.operations import erase, look
from webmap.files import store_file
from webmap.imports.models import ImportUpload
from webmap.mail import send

NAME, TODAY = '欧阳"秘密"先生 13800138000', date(2026, 11, 22)


@pytest.fixture
def site(settings: Settings, clones: CloneMaker, clone: str) -> Iterator[Settings]:
    owner = clones.server.dsn(database=clone)
    yield replace(settings, database_url=clones.server.dsn(APP, clone), database_url_owner=owner)


@pytest.fixture
def planted(live_database: Database, site: Settings) -> str:
    """The name in names, notes, versions, reports, mail, jobs, uploads; gives the code of the building."""
    with live_database.new_session() as session, session.begin():
        building = create_building(session, name=f"{NAME}大厦", aliases=["江口", f"{NAME}楼"])
        unit = create_unit(session, create_floor(session, building, 3), label=NAME)
        by = Author(create_source(session, name=f"{NAME}的来信").id, 7)
        terms = {"rent_low": 5, "rent_unit": "cny_m2_day", "title": NAME}
        publish_offer(session, [unit.id], terms, on=TODAY, by=by, today=TODAY)
        change_unit(session, unit.id, {"occupancy": "vacant", "area_source": NAME}, on=TODAY, by=by, today=TODAY)
        change_unit(session, unit.id, {"occupancy": "own_use", "area_source": "产证"}, on=TODAY, by=by, today=TODAY)
        verify_units(session, [unit.id], on=TODAY, by=by, today=TODAY, how=f"问过{NAME}")
        firm = create_enterprise(session, building, name=NAME, address=f"海湾路1号（{NAME}）")
        session.execute(update(Enterprise).values(name="海原科技有限公司"))
        session.add(Party(kind="person", name=NAME, source_id=firm.source_id))
        report = {"issues": [{"value": NAME}]}
        run = ImportRun(source_id=firm.source_id, kind="units", file_name=f"{NAME}.csv", report=report, state="done")
        session.add(run)
        send(session, "li@example.com", NAME, f"您好，{NAME}")
        jobs.enqueue(session, "prune_accounts", timestamp=0, lock=NAME)
        sent, folder = BytesIO(NAME.encode("gb18030")), site.data / "files"
        stored = store_file(session, None, folder, sent, "a.csv", limit_bytes=99)
        session.add(ImportUpload(file_sha256=stored.sha256, file_name="a.csv", options={"source": NAME}))
        return building.code


def everywhere(live_database: Database, clones: CloneMaker, clone: str, home: Path) -> list[str]:
    """Where the name is to be found: tables, and files of the data home."""
    needles = [NAME.encode(), NAME.encode("gb18030"), "秘密".encode(), b"13800138000"]
    owner = make_engine(clones.server.dsn(database=clone))
    found = []
    with owner.connect() as connection:
        for table in inspect(owner).get_table_names():
            rows = connection.execute(text(f'SELECT t::text FROM "{table}" t')).scalars()
            if any(needle in row.encode() for row in rows for needle in needles):
                found.append(table)
        statistics = connection.execute(text("SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats"))
        if any("13800138000" in str(row) for row in statistics):
            found.append("pg_stats")
    owner.dispose()
    files = [path for path in home.rglob("*") if path.is_file()]
    return found + [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


def test_it_is_gone_from_every_table_file_cache_and_past_view(
    live_database: Database, clones: CloneMaker, clone: str, site: Settings, planted: str
) -> None:
    app = create_app(site, live_database)
    client = app.test_client()
    pages = (f"/b/{planted}", f"/b/{planted}?as_of={TODAY}", "/api/v1/units", "/api/v1/buildings", "/")
    before = [client.get(page).text for page in pages]
    assert "13800138000" in before[0]
    held = everywhere(live_database, clones, clone, site.data)
    for table in ("audit_log", "buildings", "enterprises", "import_runs", "mails", "offers", "parties", "sources",
                  "unit_states", "units", "procrastinate_jobs", "import_uploads"):  # fmt: skip
        assert table in held, table
    owner = make_engine(clones.server.dsn(database=clone))
    erased = erase(owner, site, NAME, "本人要求")
    owner.dispose()
    assert erased.files_in_use == []
    assert len(erased.files) == 1
    assert everywhere(live_database, clones, clone, site.data) == []
    after = create_app(site, live_database).test_client()
    for page in pages:
        answer = after.get(page)
        assert "13800138000" not in answer.text, page
    assert "本人要求" in after.get(f"/b/{planted}").text


def test_reason_and_day_stay_in_place_and_in_the_audit_and_history_keeps_its_shape(
    live_database: Database, clones: CloneMaker, clone: str, site: Settings, planted: str
) -> None:
    with live_database.new_session() as session:
        every = select(UnitState.id, UnitState.valid, UnitState.known, UnitState.occupancy).order_by(UnitState.id)
        versions = session.execute(every).all()
    owner = make_engine(clones.server.dsn(database=clone))
    erase(owner, site, NAME, "本人要求")
    owner.dispose()
    with live_database.new_session() as session:
        assert session.execute(every).all() == versions
        name = session.scalars(select(Building.name)).one()
        assert name.startswith("【已删除 ")
        assert name.endswith("：本人要求】大厦")
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "erasure"))
        assert entry.after["reason"] == "本人要求"
        assert entry.after["tables"]["unit_states"] >= 2
        assert "秘密" not in str(entry.after)
        session.execute(update(Building).values(lifts=3))
        last = select(AuditEntry).where(AuditEntry.table_name == "buildings").order_by(AuditEntry.id.desc())
        assert session.scalars(last.limit(1)).one().after == {"lifts": 3}


def test_looking_changes_nothing_and_short_texts_are_refused(
    live_database: Database, clones: CloneMaker, clone: str, site: Settings, planted: str
) -> None:
    owner = make_engine(clones.server.dsn(database=clone))
    found = look(owner, site, NAME)
    assert found.rows["buildings"] == 1
    assert len(found.files) == 1
    with live_database.new_session() as session:
        assert NAME in session.scalars(select(Building.name)).one()
    with pytest.raises(BadParameterError, match="at least 4"):
        look(owner, site, "江口")
    owner.dispose()


def test_the_command_looks_first_and_overwrites_when_told(site: Settings, planted: str, monkeypatch) -> None:
    for name, value in {
        "LOUMAP_DATABASE_URL": site.database_url,
        "LOUMAP_DATABASE_URL_OWNER": site.database_url_owner,
        "LOUMAP_DATA": str(site.data),
    }.items():
        monkeypatch.setenv(name, str(value))
    folder = site.data / "backups"
    folder.mkdir()
    for name in ("loumap-20261101-030000.zip", "before-the-move.zip"):
        (folder / name).touch()
    asked = CliRunner().invoke(main, ["erase", "--reason", "本人要求"], input=f"{NAME}\n")
    assert re.search(r"loumap-20261101-030000\.zip: kept until 20\d\d-\d\d-\d\d\n", asked.output)
    assert "before-the-move.zip: kept until somebody deletes it" in asked.output
    assert "Nothing was changed" in asked.output
    done = CliRunner().invoke(main, ["erase", "--reason", "本人要求", "--yes", NAME])
    assert (done.exit_code, "Overwritten" in done.output) == (0, True), done.output
    assert "13800138000" not in done.output
    again = CliRunner().invoke(main, ["erase", "--reason", "本人要求", "--yes", NAME])
    assert again.exit_code == 1
