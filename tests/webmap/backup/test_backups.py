"""What a backup holds comes back, whole; what cannot come back is said before anything is touched."""

import io
import json
import os
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from geo.db import engine as make_engine
from geo.model import Building, LayerVersion, Unit
from tests.factories import create_unit, create_user
from tests.postgres import CloneMaker
from webmap import backups, migrate
from webmap.auth.models import UserSession
from webmap.backup import archive, making
from webmap.backup.errors import BackupFailedError
from webmap.backup.snapshot import snapshot_of
from webmap.cli import main
from webmap.config import Settings
from webmap.database_logins import APP, OWNER
from webmap.files import path_with, store_file
from webmap.models import StoredFile

SECRET = b"the secret of this installation, made once and kept"


@pytest.fixture
def site(settings: Settings, clones: CloneMaker, clone: str, data_dir: Path) -> Settings:
    """An installation with a database of its own, a data folder that PostgreSQL may enter, and a secret."""
    home = data_dir.parent
    (home / "secret_key").write_bytes(SECRET)
    return replace(
        settings,
        data=home,
        database_url=clones.server.dsn(APP, clone),
        database_url_owner=clones.server.dsn(OWNER, clone),
    )


@pytest.fixture
def engine(site: Settings) -> Iterator[Engine]:
    made = make_engine(str(site.database_url_owner))
    yield made
    made.dispose()


@pytest.fixture
def written(site: Settings, engine: Engine, tmp_path: Path) -> Path:
    """A backup of a unit, a signed-in person and an uploaded file; nobody is connected any more."""
    with Session(engine) as session, session.begin():
        create_unit(session, label="1203")
        user = create_user(session, name="Li")
        session.add(UserSession(token_sha256=b"t" * 32, user_id=user.id, expires_at=datetime.now(UTC) + timedelta(1)))
        store_file(session, user, site.data / "files", io.BytesIO(b"a plan"), "plan.pdf", limit_bytes=100)
    engine.dispose()
    path = tmp_path / "loumap.zip"
    making.make_backup(site, path)
    return path


def run(site: Settings, *arguments: object) -> Result:
    environ = {
        "LOUMAP_DATA": str(site.data),
        "LOUMAP_DATABASE_URL": site.database_url,
        "LOUMAP_DATABASE_URL_OWNER": site.database_url_owner,
    }
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environ)


def rewritten(path: Path, **said: Any) -> Path:
    """The backup with something else in its manifest."""
    other = path.with_name("other.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, json.dumps(json.loads(body) | said) if name == "manifest.json" else body)
    return other


def test_what_was_backed_up_comes_back_proved(site: Settings, engine: Engine, written: Path) -> None:
    with Session(engine) as session, session.begin():
        [file] = session.scalars(select(StoredFile.sha256))
        before = session.scalars(select(LayerVersion.version).where(LayerVersion.layer == "state")).one()
        session.delete(session.scalars(select(Unit)).one())
    path_with(site.data / "files", file).unlink()
    (site.data / "secret_key").write_bytes(b"another secret that came to be meanwhile, of as many signs")
    engine.dispose()
    answer = run(site, "restore", "--replace", written)
    assert answer.exit_code == 0, answer.output
    with Session(engine) as session:
        assert session.scalars(select(Unit.label)).one() == "1203"
        assert session.scalars(select(UserSession.revoked_at)).one() is not None
        assert session.scalars(select(LayerVersion.version).where(LayerVersion.layer == "state")).one() > before
    assert path_with(site.data / "files", file).read_bytes() == b"a plan"
    assert (site.data / "secret_key").read_bytes() == SECRET
    assert [path.read_bytes()[:7] for path in site.data.glob("secret_key.before-*")] == [b"another"]
    with make_engine(str(site.database_url)).connect() as visitor:
        assert visitor.scalar(select(func.count(Building.id))) == 1


def test_an_older_backup_is_brought_to_the_present_schema(site: Settings, engine: Engine, tmp_path: Path) -> None:
    with migrate.one_at_a_time(engine) as connection:
        migrate.downgrade(connection, "0018")
    engine.dispose()
    making.make_backup(site, tmp_path / "old.zip")
    assert run(site, "restore", "--no-check", tmp_path / "old.zip").exit_code == 0
    assert migrate.status(engine).up_to_date


def test_a_backup_is_nobody_elses_to_read_and_never_overwritten(site: Settings, written: Path) -> None:
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    with pytest.raises(BackupFailedError, match="is there already"):
        making.make_backup(site, written)
    assert run(site, "backup", "--no-check").exit_code == 0
    assert stat.S_IMODE(backups.folder_of(site).stat().st_mode) == 0o700


def test_the_secret_stays_out_when_that_is_asked(site: Settings, written: Path, tmp_path: Path) -> None:
    assert "secret is not in it" in run(site, "backup", "--no-check", "--no-secret", tmp_path / "b.zip").output
    with archive.opened(tmp_path / "b.zip") as (without, _), archive.opened(written) as (whole, _):
        assert set(whole.namelist()) - set(without.namelist()) == {"secret_key"}


def test_a_changed_byte_is_found(site: Settings, written: Path) -> None:
    data = bytearray(written.read_bytes())
    data[data.index(b"a plan")] ^= 1
    written.write_bytes(data)
    answer = run(site, "backup", "--check", written)
    assert answer.exit_code == 1
    assert "files/" in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.parametrize("part", [0, 10, 1000])
def test_a_backup_that_was_cut_off_is_refused(site: Settings, written: Path, part: int) -> None:
    written.write_bytes(written.read_bytes()[: -part or None] if part else b"")
    answer = run(site, "restore", "--replace", written)
    assert answer.exit_code == 1
    assert "is no whole backup" in answer.output


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"revision": "9999"}, "a newer one made it. Update this one first"),
        ({"format": 99}, "made by a newer LouMap"),
        ({"server": 99}, "The backup is of PostgreSQL 99"),
    ],
)
def test_what_a_newer_program_made_is_refused(site: Settings, written: Path, said: dict[str, Any], words: str) -> None:
    answer = run(site, "restore", "--replace", "--no-check", rewritten(written, **said))
    assert answer.exit_code == 1
    assert words in answer.output


def test_nothing_is_replaced_while_the_site_runs(site: Settings, engine: Engine, written: Path) -> None:
    with engine.connect():
        answer = run(site, "restore", "--replace", written)
    assert "loumap_owner (1)" in answer.output
    assert "Stop ./loumap serve" in answer.output


def test_a_database_in_use_is_replaced_only_when_that_is_said(site: Settings, written: Path) -> None:
    assert "restore with --replace" in run(site, "restore", "--no-check", written).output


def test_a_restore_that_fails_at_its_end_leaves_everything_as_it_was(
    site: Settings, engine: Engine, written: Path
) -> None:
    with Session(engine) as session, session.begin():
        session.scalars(select(Unit)).one().label = "1204"
    engine.dispose()
    with archive.opened(written) as (_, manifest):
        wrong = rewritten(written, tables=manifest.tables | {"units": 2})
    answer = run(site, "restore", "--replace", "--no-check", wrong)
    assert "units has 1 rows, the backup had 2" in answer.output
    with Session(engine) as session:
        assert session.scalars(select(Unit.label)).one() == "1204"


def test_a_file_that_is_gone_from_the_disk_is_named_and_all_else_is_kept(site: Settings, written: Path) -> None:
    [file] = [path for path in (site.data / "files").rglob("*") if path.is_file()]
    file.unlink()
    answer = run(site, "backup", "--no-check")
    assert answer.exit_code == 1
    assert "Bytes of 1 stored files are missing" in answer.output
    assert len(backups.backups_in(backups.folder_of(site))) == 1


def test_a_file_that_is_deleted_during_a_backup_is_still_in_it(site: Settings, written: Path) -> None:
    with snapshot_of(site) as snapshot:
        path_with(site.data / "files", snapshot.files[0]).unlink()
        assert (snapshot.pins / snapshot.files[0]).read_bytes() == b"a plan"
    assert not snapshot.pins.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_is_said_in_words_and_nothing_is_left_on_it(site: Settings, written: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], check=True)
    try:
        with pytest.raises(BackupFailedError, match=r"is full .*; nothing was left there"):
            making.make_backup(site, small / "loumap.zip")
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
