"""The worker does what was enqueued, tidies up, and loses nothing when it is killed."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from geo.audit import AuditEntry
from geo.db import engine as make_engine
from geo.history import Author, change_unit
from tests.factories import create_source, create_unit, create_user
from tests.postgres import CloneMaker
from webmap import jobs
from webmap.auth.models import Attempt, UserSession
from webmap.auth.operations import LIFETIME, prune
from webmap.config import Settings
from webmap.database_logins import JOBS
from webmap.db import Database
from webmap.mail import send
from webmap.models import Mail

ROOT = Path(__file__).parents[2]
HALF_DONE = """
    WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id)
    UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM worker)"""


@pytest.fixture
def work(settings: Settings, clones: CloneMaker, clone: str) -> Settings:
    return replace(settings, database_url=clones.server.dsn(JOBS, clone))


def test_pruning_keeps_what_still_counts(session: Session) -> None:
    user, now = create_user(session), datetime.now(UTC)
    for number, days in enumerate((-2, 1)):
        over = UserSession(token_sha256=bytes([number]) * 32, user_id=user.id, expires_at=now + timedelta(days=days))
        session.add(over)
    revoked = UserSession(token_sha256=b"r" * 32, user_id=user.id, expires_at=now + LIFETIME)
    revoked.revoked_at = now - timedelta(days=3)
    session.add(revoked)
    session.add_all(Attempt(account="a", address="b", attempted_at=now - timedelta(minutes=age)) for age in (1, 60))
    session.flush()
    assert prune(session) == 3
    assert session.scalar(select(func.count(UserSession.id))) == 1
    assert session.scalar(select(func.count(Attempt.id))) == 1


def test_the_worker_tidies_up_by_itself(live_database: Database, work: Settings) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with live_database.new_session() as session:
        session.add(Attempt(account="a", address="b", attempted_at=long_ago))
        jobs.enqueue(session, "prune_accounts", timestamp=0)
        session.commit()
        jobs.run_worker(work, wait=False)
        assert session.scalar(select(func.count(Attempt.id))) == 0


def test_old_entries_leave_the_audit_by_themselves(
    live_database: Database, work: Settings, clones: CloneMaker, clone: str
) -> None:
    owner = make_engine(clones.server.dsn(database=clone))
    with owner.begin() as connection:
        for days in (300, 500):
            at = datetime.now(UTC) - timedelta(days=days)
            connection.execute(insert(AuditEntry).values(table_name="units", action="delete", at=at))
    owner.dispose()
    with live_database.new_session() as session:
        jobs.enqueue(session, "prune_audit", timestamp=0)
        session.commit()
        jobs.run_worker(replace(work, audit_days=365), wait=False)
        assert session.scalar(select(func.count()).where(AuditEntry.action == "delete")) == 1


def test_a_unit_becomes_free_when_its_day_has_come(live_database: Database, work: Settings) -> None:
    yesterday = work.today() - timedelta(days=1)
    with live_database.new_session() as session:
        unit, by = create_unit(session, occupancy="tenant", public_status="in_use"), Author(create_source(session).id)
        change_unit(session, unit.id, {"occupancy": "vacant"}, on=work.today(), by=by, today=yesterday)
        assert unit.public_status == "unknown"
        jobs.enqueue(session, "turn_the_day", timestamp=0)
        session.commit()
        jobs.run_worker(work, wait=False)
        session.refresh(unit)
        assert unit.public_status == "vacant"
        told = select(AuditEntry.via).where(AuditEntry.table_name == "units", AuditEntry.action == "update")
        assert session.scalars(told).all()[-1] == "job turn_the_day"


def test_a_job_whose_worker_was_killed_is_done_by_the_next(live_database: Database, work: Settings) -> None:
    with live_database.new_session() as session:
        mail = send(session, "li@example.com", "空置周报", "…")
        session.execute(text(HALF_DONE))
        jobs.enqueue(session, "retry_stalled", lock="retry_stalled", timestamp=0)
        session.commit()
        for _ in range(2):  # the first finds the job, the second does it if the first did not
            jobs.run_worker(work, wait=False)
        session.refresh(mail)
        assert mail.state == "kept"


def test_the_running_worker_hears_of_a_job_and_stops_when_asked(
    live_database: Database, work: Settings, tmp_path: Path
) -> None:
    environ = {**os.environ, "LOUMAP_DATABASE_URL": str(work.database_url), "LOUMAP_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "webmap.cli", "work"]
    with (
        subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True) as worker,
        live_database.new_session() as session,
    ):
        assert worker.stderr is not None
        assert "waits for jobs" in worker.stderr.readline()
        mail = send(session, "li@example.com", "空置周报", "…")
        session.commit()
        deadline = time.monotonic() + 30
        while session.scalar(select(Mail.state).where(Mail.id == mail.id)) == "waiting":
            assert time.monotonic() < deadline, "nobody did the job"
            session.commit()
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0


def test_a_worker_outlives_the_death_of_its_database(data_dir: Path) -> None:
    environment = {**os.environ, "LOUMAP_DATA": str(data_dir.parent)}
    command = [sys.executable, "-m", "webmap.cli", "work"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        assert any("waits for jobs" in line for line in worker.stderr)
        os.kill(int((data_dir / "cluster" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert any("lost its database" in line for line in worker.stderr)
        assert any("waits for jobs" in line for line in worker.stderr)
        worker.terminate()
        worker.stderr.read()
    assert worker.returncode == 0
