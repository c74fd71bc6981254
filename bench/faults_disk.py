"""The drill of the full disk: that of the files, then that of the database, each a small mount that is filled up.

The database is first left without room for rows, then without room for its log too, which stops it.
"""

import errno
import os
import re
import secrets
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg
from harness.sites import Site, site
from sqlalchemy.orm import Session

from webmap.auth import operations as accounts
from webmap.database_setup import opened as opened_database

IMPORTED = """
    SELECT count(DISTINCT source_key), count(*) FROM amenities WHERE name LIKE '满盘 8-%' AND withdrawn_at IS NULL"""
PASSWORD = secrets.token_urlsafe(15)
FILES_MB, DATABASE_MB, LOG_MB = 1, 900, 1500
ROWS = 20_000
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def disk_is_full() -> dict[str, Any]:
    """Upload onto a disk that is full, then import into a database whose disk is full; what people are told."""
    if os.geteuid() != 0:
        return {"skipped": "only root can mount a small disk"}
    place = Path(os.environ.get("LOUMAP_BENCH", "/var/tmp/loumap-bench")) / "faults-disk"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    place.chmod(0o711)
    try:
        with _small_disk(place, DATABASE_MB), site("disk", folder=place) as running:
            running.serve()
            running.work()
            browser, processes = _Browser(running), set(running.web_processes())
            with _small_disk(place / "files", FILES_MB):
                uploads = _upload_until_full(browser, place / "files")
            found = {"files": uploads, "database": _fill_database(running, browser)}
            died = len(processes.difference(running.web_processes()))
            lives = {"web_processes_died": died, "worker_lives": running.working}
            return {**found, **lives, "stack_traces": running.traces}
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    options = f"size={megabytes}m,mode=711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "loumap-drill", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def _upload_until_full(browser: "_Browser", folder: Path) -> dict[str, Any]:
    """Files of a megabyte, each another one, until one is not taken; then once more when there is room."""
    answers = [browser.upload(_points(5_000, number)) for number in range(5)]
    taken = sum(status < 400 for status, _ in answers)
    left = [path.name for path in folder.rglob(".incoming-*")]
    kept = [path for path in folder.rglob("*") if path.is_file()]
    kept[0].unlink()
    return {
        "uploads": len(answers),
        "taken": taken,
        "lost": taken - len(kept),
        "half_written": len(left),
        "told": next((words for status, words in answers if status >= 400), None),
        "status": next((status for status, _ in answers if status >= 400), None),
        "after_room_was_made": browser.upload(_points(100, 99))[0],
    }


def _fill_database(running: Site, browser: "_Browser") -> dict[str, Any]:
    """Fill the disk of the database, import, make room, import again."""
    filler = running.folder / "filler"
    status, checked = browser.upload(_points(ROWS // 2, 7))
    with filler.open("wb") as file, suppress(OSError):
        while True:
            file.write(b"\0" * (1 << 16))
            file.flush()
    answer = browser.confirm(checked) if status < 400 else (status, checked)
    reading = browser.get("/api/v1/buildings?limit=1")[0]
    stopped = _fill_log(running)
    without_log = browser.upload(_points(100, 9))
    filler.unlink()
    again = _until_ready(browser)
    with running.connected() as connection:
        rows = connection.execute("SELECT count(*) FROM amenities WHERE name LIKE '满盘 %'").fetchone()
    status, checked = browser.upload(_points(ROWS // 2, 8))
    after = browser.confirm(checked) if status < 400 else (status, checked)
    with running.connected() as connection:
        distinct, held = connection.execute(IMPORTED).fetchone() or (0, 0)
    return {
        "lost": ROWS // 2 - distinct,
        "doubled": held - distinct,
        "told": answer[1],
        "status": answer[0],
        "rows_of_what_failed": (rows or [0])[0],
        "readers_meanwhile": reading,
        "database_stopped": stopped,
        "told_without_database": without_log,
        "ready_again_after_s": again,
        "import_after_room_was_made": after,
    }


def _fill_log(running: Site) -> bool:
    """Write until there is no room for the log of the database either; whether that has stopped it, as it does."""
    where = {"host": str(running.folder / "database" / "run"), "user": "postgres", "dbname": "loumap"}
    try:
        with psycopg.connect(**where, autocommit=True) as connection:
            for _ in range(LOG_MB):
                connection.execute("SELECT pg_logical_emit_message(true, 'drill', repeat('x', 1000000))")
    except psycopg.OperationalError:
        return True
    return False


def _until_ready(browser: "_Browser") -> float:
    began = time.monotonic()
    while browser.get("/readyz")[0] != 200 and time.monotonic() < began + 120:
        time.sleep(0.5)
    return round(time.monotonic() - began, 1)


def _points(number: int, salt: int) -> bytes:
    """Amenities as CSV, about 60 bytes each."""
    rows = [f"f{salt}-{n},满盘 {salt}-{n},cafe,{121.4 + n % 200 / 1000},{31.2 + n / 1e6}" for n in range(number)]
    return ("id,name,category,lon,lat\n" + "\n".join(rows) + "\n" + "," * 4).encode() + b" " * (salt + 1)


class _Browser:
    """An administrator's browser."""

    def __init__(self, running: Site) -> None:
        self._address = running.address
        self._open = build_opener(HTTPCookieProcessor(CookieJar()))
        with opened_database(running.settings) as engine, Session(engine) as session, session.begin():
            accounts.add_user(session, "drill", PASSWORD, ["administrator"])
        self._post("/login", {"name": "drill", "password": PASSWORD})

    def get(self, path: str) -> tuple[int, str]:
        """Status and page."""
        try:
            with self._open.open(self._address + path, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 599, str(error)

    def upload(self, data: bytes) -> tuple[int, str]:
        """Upload a CSV; gives the status, and the address of the upload or what was said instead."""
        token, border = self._token("/admin/imports"), uuid.uuid4().hex
        fields = {"csrf_token": token, "kind": "amenities"}
        parts = [f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in fields.items()]  # fmt: skip
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="drill.csv"\r\n\r\n'.encode()
        body = b"".join(parts) + head + data + f"\r\n--{border}--\r\n".encode()
        return self._sent("/admin/imports", body, f"multipart/form-data; boundary={border}")

    def confirm(self, address: str) -> tuple[int, str]:
        """Confirm an upload that was checked; gives the status and what its page says."""
        path = address.removeprefix(self._address)
        status, said = self._post(f"{path}/confirm", {}, at=path)
        return status, said if status >= 400 else _words(self.get(path)[1])

    def _post(self, path: str, form: dict[str, str], at: str | None = None) -> tuple[int, str]:
        body = urlencode({**form, "csrf_token": self._token(at or path)}).encode()
        return self._sent(path, body, "application/x-www-form-urlencoded")

    def _sent(self, path: str, body: bytes, kind: str) -> tuple[int, str]:
        request = Request(self._address + path, body, {"Content-Type": kind})
        try:
            with self._open.open(request, timeout=300) as answer:
                return answer.status, answer.url
        except HTTPError as error:
            return error.code, _words(error.read().decode())
        except OSError as error:
            return 599, f"{type(error).__name__} {errno.errorcode.get(error.errno or 0, '')}"

    def _token(self, path: str) -> str:
        found = _TOKEN.search(self.get(path)[1])
        return found[1] if found else ""


def _words(page: str) -> str:
    """What the middle of a page says."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    return re.sub(r"(<[^>]+>|\s)+", " ", main[0] if main else page).strip()[:300]
