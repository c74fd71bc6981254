"""The worker makes a backup every night, and keeps as many as the rule says."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.postgres import CloneMaker
from webmap import backups, jobs
from webmap.backups import Backup, backups_in, kept_until, to_keep
from webmap.config import Settings
from webmap.database_logins import JOBS, OWNER
from webmap.db import Database

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
"""In Shanghai, on a Sunday."""


def nightly(nights: int) -> list[Backup]:
    moments = [NOON - timedelta(days=days) for days in range(nights)]
    return [Backup(moment, Path(f"loumap-{moment:%Y%m%d-%H%M%S}.zip")) for moment in moments]


def kept_days(settings: Settings, made: list[Backup]) -> list[str]:
    return [f"{backup.made_at:%m-%d}" for backup in sorted(to_keep(made, settings), reverse=True)]


def test_days_weeks_and_months_are_kept(settings: Settings) -> None:
    rule = replace(settings, backup_days=3, backup_weeks=3, backup_months=3)
    assert kept_days(rule, nightly(100)) == ["11-22", "11-21", "11-20", "11-15", "11-08", "10-31", "09-30"]


def test_of_a_day_the_newest_is_kept_and_days_without_one_do_not_count(settings: Settings) -> None:
    rule = replace(settings, backup_days=2, backup_weeks=0, backup_months=0)
    twice = [Backup(NOON - timedelta(hours=hours), Path(str(hours))) for hours in (0, 1, 240, 241)]
    assert [backup.path.name for backup in sorted(to_keep(twice, rule), reverse=True)] == ["0", "240"]


def test_files_of_other_names_are_not_ours_to_delete(tmp_path: Path) -> None:
    for name in ("loumap-20261122-030000.zip", "loumap-before-upgrade.zip", "loumap-20261121-030000.failed"):
        (tmp_path / name).touch()
    assert [backup.path.name for backup in backups_in(tmp_path)] == ["loumap-20261122-030000.zip"]


@pytest.fixture
def work(settings: Settings, clones: CloneMaker, clone: str, data_dir: Path) -> Settings:
    owner = clones.server.dsn(OWNER, clone)
    worker = clones.server.dsn(JOBS, clone)
    return replace(
        settings, data=data_dir.parent, database_url=worker, database_url_owner=owner, backup_days=1, backup_weeks=0,
        backup_months=0,
    )  # fmt: skip


def _work(database: Database, work: Settings) -> None:
    with database.new_session() as session:
        jobs.enqueue(session, "make_backup", timestamp=0)
        session.commit()
    jobs.run_worker(work, wait=False)


def test_the_worker_makes_one_proves_it_and_deletes_what_is_over(live_database: Database, work: Settings) -> None:
    folder = backups.folder_of(work)
    folder.mkdir()
    (folder / "loumap-20200101-000000.zip").touch()
    (folder / ".incoming-dead-loumap-20200102-000000.zip").touch()
    _work(live_database, work)
    assert [backup.made_at.year > 2020 for backup in backups_in(folder)] == [True]
    assert len(list(folder.iterdir())) == 1
    assert not (work.data / ".scratch").exists()


def test_the_worker_makes_none_where_the_operator_wants_none(live_database: Database, work: Settings) -> None:
    _work(live_database, replace(work, backup_days=0))
    assert not backups.folder_of(work).exists()


def test_older_backups_stay_when_the_new_one_cannot_be_proved(
    live_database: Database, work: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = backups.folder_of(work)
    folder.mkdir()
    (folder / "loumap-20200101-000000.zip").touch()
    monkeypatch.setattr("webmap.backup.checking.find_servers", list)
    _work(live_database, work)
    assert [backup.made_at.year for backup in backups_in(folder)] == [2020]
    assert len(list(folder.glob("*.failed"))) == 1


def test_it_can_be_told_until_when_a_backup_is_kept(settings: Settings) -> None:
    noon = datetime.combine(settings.today(), time(12), settings.timezone).astimezone(UTC)
    made = Backup(noon, Path("made"))
    for days, weeks, months, least, most in ((2, 0, 0, 2, 2), (1, 2, 0, 1, 14), (1, 0, 2, 1, 62)):
        rule = replace(settings, backup_days=days, backup_weeks=weeks, backup_months=months)
        until = kept_until([made], rule)[made]
        assert until is not None
        assert least <= (until - settings.today()).days <= most
    assert kept_until([made], replace(settings, backup_days=0)) == {made: None}
