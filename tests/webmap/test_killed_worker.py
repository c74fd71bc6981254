"""A worker that is killed in the middle of its work leaves nothing half done and nothing done twice."""

import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from geo.model import Amenity, ImportRun
from tests.postgres import CloneMaker
from tests.smtp import mail_server
from webmap import files, jobs
from webmap.config import Settings
from webmap.database_logins import JOBS
from webmap.db import Database
from webmap.imports.models import ImportUpload
from webmap.mail import send

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
LONG_AGO = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
ROWS = 4000


@contextmanager
def worker(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker as a program of its own, killed at the block's end if it is not before."""
    environ = {**os.environ, "LOUMAP_DATABASE_URL": str(settings.database_url), "LOUMAP_DATA": str(settings.data)}
    if settings.smtp_url:
        environ["LOUMAP_SMTP_URL"] = settings.smtp_url
    command = [sys.executable, "-m", "webmap.cli", "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.fixture
def work(settings: Settings, clones: CloneMaker, clone: str) -> Settings:
    return replace(settings, database_url=clones.server.dsn(JOBS, clone))


def do_what_is_left(database: Database, work: Settings) -> None:
    """What happens a minute later: the next worker takes up the jobs of the dead one."""
    with database.new_session() as session:
        session.execute(text(LONG_AGO))
        jobs.enqueue(session, "retry_stalled", lock="retry_stalled", timestamp=0)
        session.commit()
    for _ in range(3):
        jobs.run_worker(work, wait=False)


class _Stalling(socketserver.StreamRequestHandler):
    """A mail server that takes a message and then says nothing, so that nobody knows whether it was taken."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.server.reached.set()  # type: ignore[attr-defined]
                return threading.Event().wait(PATIENCE_S) and None
            self.wfile.write(b"250 fine\r\n")
        return None


def test_a_mail_whose_sending_was_cut_off_is_sent_once(live_database: Database, work: Settings) -> None:
    with live_database.new_session() as session:
        mail = send(session, "li@example.com", "空置周报", "…")
        session.commit()
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Stalling) as stalling:
            stalling.daemon_threads, stalling.reached = True, threading.Event()  # type: ignore[attr-defined]
            threading.Thread(target=stalling.serve_forever, daemon=True).start()
            with worker(replace(work, smtp_url=f"smtp://127.0.0.1:{stalling.server_address[1]}")):
                assert stalling.reached.wait(PATIENCE_S)  # type: ignore[attr-defined]
            stalling.shutdown()
        with mail_server() as post:
            do_what_is_left(live_database, replace(work, smtp_url=post.url))
            assert len(post.messages) == 1
        session.refresh(mail)
        assert mail.state == "sent"


def test_a_file_whose_import_was_cut_off_is_imported_once(live_database: Database, work: Settings) -> None:
    points = [{"type": "Point", "coordinates": [121.4 + n / 1e5, 31.2]} for n in range(ROWS)]
    features = [
        {"type": "Feature", "geometry": point, "properties": {"id": f"c{n}", "name": f"点 {n}", "category": "cafe"}}
        for n, point in enumerate(points)
    ]
    data = BytesIO(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    options = {"kind": "amenities", "source": {}, "mapping": {}, "constants": {}, "locale": "en", "crs": "wgs84"}
    with live_database.new_session() as session:
        file = files.store_file(session, None, work.data / "files", data, "cafes.geojson", limit_bytes=1 << 28)
        upload = ImportUpload(file_sha256=file.sha256, file_name=file.name, state="importing")
        upload.options = options | {"encoding": None, "layer": None}
        session.add(upload)
        session.flush()
        jobs.enqueue(session, "advance_upload", lock="imports", upload_id=upload.id)
        session.commit()
        with live_database.new_session() as holding:
            # The report is written last: the import waits there with all its rows.
            holding.execute(text("SELECT FROM import_uploads FOR UPDATE"))
            with worker(work):
                wait_for_a_waiting_lock(live_database)
        assert session.scalar(select(func.count(Amenity.id))) == 0
        session.commit()
        do_what_is_left(live_database, work)
        assert session.scalar(select(func.count(Amenity.id))) == ROWS
        assert session.scalar(select(func.count(ImportRun.id))) == 1
        session.refresh(upload)
        assert upload.state == "done", upload.error


def wait_for_a_waiting_lock(database: Database) -> None:
    """Wait until some connection of the database waits for a lock."""
    deadline = time.monotonic() + PATIENCE_S
    with database.new_session() as session:
        while not session.scalar(text(WAITING)):
            session.rollback()
            assert time.monotonic() < deadline, "the worker did not come to the place"
            time.sleep(0.1)
