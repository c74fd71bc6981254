"""Looks at everything an installation stands on and says what to do about the rest."""

import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import psycopg

from webmap import assets, backups, migrate
from webmap.config import BadSettingError, Settings, read_settings
from webmap.database_logins import APP, OWNER, PUBLIC
from webmap.database_setup import opened
from webmap.db import database_url
from webmap.errors import NotBuiltError
from webmap.server_check import check_server
from webmap.serving import usual_workers

LEAST_FREE_BYTES = 2_000_000_000
CONNECTIONS_PER_PROCESS = 20
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_VERSIONS = "SELECT current_setting('server_version'), postgis_lib_version(), show_trgm('金融中心')"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, and the remedy if it is not well."""

    what: str
    remedy: str | None = None


def examine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Look at settings, disk, fonts, build and database, one after the other."""
    heard = _Heard()
    logging.getLogger("webmap.config").addHandler(heard)
    try:
        settings = read_settings(environ)
    except BadSettingError as error:
        for line in str(error).splitlines():
            yield Finding("settings", line)
        return
    finally:
        logging.getLogger("webmap.config").removeHandler(heard)
    yield from (Finding("settings", line) for line in heard.lines)
    if not heard.lines:
        yield Finding("settings")
    yield _disk(settings)
    yield _fonts()
    yield _paper()
    yield _build()
    yield _mail(settings)
    yield from _signing_in(settings)
    yield _backup(settings)
    yield from _database(settings)


class _Heard(logging.Handler):
    """Keeps what reading the settings warned of."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


def _disk(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.data, *settings.data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    what = f"disk: {free / 1e9:.1f} GB free for {settings.data}"
    remedy = "make room, or set LOUMAP_DATA to a folder on a larger disk"
    return Finding(what, None if free >= LEAST_FREE_BYTES else remedy)


def _fonts() -> Finding:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    found = any(True for folder in folders if folder.is_dir() for _ in folder.rglob("*CJK*"))
    return Finding("fonts for Chinese in pictures and PDF", None if found else "apt-get install fonts-noto-cjk")


def _paper() -> Finding:
    """Whether the library that writes PDF finds what it stands on."""
    try:
        import_module("weasyprint")
    except OSError:
        remedy = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return Finding("libraries for PDF", remedy)
    return Finding("libraries for PDF")


def _build() -> Finding:
    try:
        assets.manifest()
    except NotBuiltError as error:
        return Finding("front-end build", str(error))
    return Finding("front-end build")


def _mail(settings: Settings) -> Finding:
    return Finding("mail: sent by a server" if settings.smtp_url else "mail: kept on /admin/mails (no LOUMAP_SMTP_URL)")


def _signing_in(settings: Settings) -> Iterator[Finding]:
    """Whether a site that others reach says who signs in with a second factor, and by which name it is reached."""
    reached = settings.base_url is not None
    undecided = "set LOUMAP_SECOND_FACTOR=required for administrators and tax officers (optional: as they like)"
    what = f"second factor: {settings.second_factor or 'optional'}"
    yield Finding(what, undecided if reached and settings.second_factor is None else None)
    if reached and not settings.https:
        yield Finding(
            "sign-in", "passwords cross the net unencrypted; let a proxy speak https and say so in LOUMAP_BASE_URL"
        )
    if settings.smtp_url and not reached:
        yield Finding("links in mail", "set LOUMAP_BASE_URL; without it they lead to this machine alone")


def _backup(settings: Settings) -> Finding:
    folder = backups.folder_of(settings)
    if not settings.backup_days:
        return Finding("backups: none are made (LOUMAP_BACKUP_DAYS=0)")
    newest = next(iter(backups.backups_in(folder)), None)
    if newest is None:
        return Finding(f"backups: none in {folder} yet; ./loumap work makes one every night, ./loumap backup now")
    days = (datetime.now(UTC) - newest.made_at).days
    remedy = "is ./loumap work running? its log says why there is none; ./loumap backup makes one now"
    return Finding(f"backups: the newest is {days} days old, in {folder}", remedy if days > 1 else None)


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None and not (settings.data / "database" / "cluster").exists():
        yield Finding("database", "there is none yet; ./loumap demo makes one")
        return
    try:
        with psycopg.connect(_conninfo(settings, OWNER), connect_timeout=5) as connection:
            problems = check_server(connection)
            yield from (Finding(f"database: {problem.what.rstrip('.')}", problem.remedy) for problem in problems)
            if problems:
                return
            yield _versions(connection)
            if settings.database_url is None:
                yield Finding(f"database: private, its SOCKET for pg_dump is {connection.info.host}")
            yield _connections(connection)
    except psycopg.OperationalError as error:
        yield Finding("database", f"it does not answer ({str(error).strip()}); check LOUMAP_DATABASE_URL")
        return
    yield _schema(settings)
    yield from _logins(settings)


def _versions(connection: psycopg.Connection) -> Finding:
    row = connection.execute(_VERSIONS).fetchone()
    assert row is not None
    return Finding(f"database: PostgreSQL {row[0]}, PostGIS {row[1]}, Chinese search with {len(row[2])} trigrams")


def _connections(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT current_setting('max_connections')").fetchone()
    assert row is not None
    most = int(row[0])
    needed = CONNECTIONS_PER_PROCESS * (usual_workers() + 1)
    remedy = f"set max_connections to {needed} or more for the web processes of all cores and the worker"
    return Finding(f"database: {most} connections", None if most >= needed else remedy)


def _schema(settings: Settings) -> Finding:
    with opened(settings, OWNER) as engine:
        status = migrate.status(engine)
    what = f"schema: {status.current or 'none'} of {status.head}"
    return Finding(what, None if status.up_to_date else "./loumap migrate brings it up to date")


def _logins(settings: Settings) -> Iterator[Finding]:
    """Look whether visitors' requests could write, which the database itself should prevent."""
    for login, question in ((APP, _IS_OWNER), (PUBLIC, _MAY_WRITE)):
        with psycopg.connect(_conninfo(settings, login), connect_timeout=5) as connection:
            row = connection.execute(question).fetchone()
        name, tail = ("app", "") if login == APP else ("public", "_PUBLIC")
        remedy = f"set LOUMAP_DATABASE_URL{tail} to a login of its own, see docs/operations.md"
        yield Finding(f"login {name}: no more rights than it needs", remedy if row and row[0] else None)


_IS_OWNER = """
    SELECT rolsuper OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
                               AND tablename = 'buildings')
    FROM pg_roles WHERE rolname = current_user"""
_MAY_WRITE = "SELECT has_table_privilege(to_regclass('buildings'), 'UPDATE')"


def _conninfo(settings: Settings, login: str) -> str:
    return database_url(settings, login).replace("postgresql+psycopg://", "postgresql://", 1)
