"""The settings of an installation, read from `LOUMAP_…` variables and checked once, when the program starts."""

import logging
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app

from geo.errors import LouMapError
from geo.stamps import stale_before
from webmap.embedded import data_home

_log = logging.getLogger(__name__)

NOT_SETTINGS = frozenset({"LOUMAP_SHARED_DATA"})
"""Variables with our prefix that only the tests and the launcher read."""


class BadSettingError(LouMapError):
    """A setting is not understood."""


def _read_text(value: str) -> str:
    return value


def _read_zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadSettingError("is not a time zone; give one such as Asia/Shanghai") from None


def _read_url(value: str, schemes: tuple[str, ...]) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        raise BadSettingError(f"is not an address; it must start with {' or '.join(f'{s}://' for s in schemes)}")
    return value.rstrip("/")


def _read_database_url(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise BadSettingError("is not a PostgreSQL address; give postgresql://user:password@host:5432/database")
    return f"postgresql+psycopg://{rest}"


def _read_number(value: str, low: int, high: int) -> int:
    if not value.isdecimal() or not low <= int(value) <= high:
        raise BadSettingError(f"is not a whole number from {low} to {high}")
    return int(value)


def _read_hosts(value: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in value.split(",") if name.strip())
    if any(not re.fullmatch(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?", name) for name in names):
        raise BadSettingError("is not a list of names; give such as loumap.example.cn,.example.org (with all below it)")
    return names


def _read_word(value: str, words: tuple[str, ...]) -> str:
    if value not in words:
        raise BadSettingError(f"is not one of {', '.join(words)}")
    return value


def _read_folder(value: str) -> Path:
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise BadSettingError("is not a whole path; it must start with /")
    return path


def _read_secret(value: str) -> str:
    if len(value) < 32:
        raise BadSettingError("is too short; give at least 32 random characters or leave it out")
    return value


_read_web_url = partial(_read_url, schemes=("https", "http"))
_read_webhook_url = partial(_read_url, schemes=("https", "http"))
_read_smtp_url = partial(_read_url, schemes=("smtp", "smtps"))


def _setting(variable: str, meaning: str, read: Callable[[str], Any] = _read_text, default: Any = None) -> Any:
    metadata = {"variable": variable, "meaning": meaning, "read": read}
    secret = (_read_secret, _read_database_url, _read_smtp_url, _read_webhook_url)
    return field(default=default, repr=read not in secret, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """Everything an operator may set; a field's variable and meaning stand in its metadata."""

    # ruff: noqa: RUF009 - `_setting` gives a dataclasses.field

    data: Path = _setting("LOUMAP_DATA", "folder of everything that is stored", Path)
    secret_key: str = _setting(
        "LOUMAP_SECRET_KEY", "signs cookies and forms; made and kept in the data folder when absent", _read_secret, ""
    )
    database_url: str | None = _setting(
        "LOUMAP_DATABASE_URL", "PostgreSQL of your own; the private one is used when absent", _read_database_url
    )
    database_url_owner: str | None = _setting(
        "LOUMAP_DATABASE_URL_OWNER", "the same database for migrations, as the owner", _read_database_url
    )
    database_url_public: str | None = _setting(
        "LOUMAP_DATABASE_URL_PUBLIC", "the same database for visitors, read only", _read_database_url
    )
    database_url_jobs: str | None = _setting(
        "LOUMAP_DATABASE_URL_JOBS", "the same database for the worker", _read_database_url
    )
    timezone: ZoneInfo = _setting("LOUMAP_TIMEZONE", "where a day begins", _read_zone, ZoneInfo("Asia/Shanghai"))
    site_name: str = _setting("LOUMAP_SITE_NAME", "name on every page", default="楼图 LouMap")
    base_url: str | None = _setting("LOUMAP_BASE_URL", "public address of the site", _read_web_url)
    hosts: tuple[str, ...] = _setting(
        "LOUMAP_HOSTS", "names the site is asked by, separated by commas; others are refused", _read_hosts, ()
    )
    icp_number: str | None = _setting("LOUMAP_ICP_NUMBER", "ICP 备案号 in the footer")
    map_review_number: str | None = _setting("LOUMAP_MAP_REVIEW_NUMBER", "审图号 in the footer")
    privacy_url: str | None = _setting("LOUMAP_PRIVACY_URL", "address of the privacy notice", _read_web_url)
    privacy_text: str | None = _setting("LOUMAP_PRIVACY_TEXT", "the privacy notice itself, shown at /privacy")
    smtp_url: str | None = _setting(
        "LOUMAP_SMTP_URL",
        "mail server, smtp://user:password@host:587; mail is kept on a page when absent",
        _read_smtp_url,
    )
    mail_from: str = _setting("LOUMAP_MAIL_FROM", "sender of mail", default="loumap@localhost")
    second_factor: str | None = _setting(
        "LOUMAP_SECOND_FACTOR",
        "required: administrators and tax officers sign in with a code of their telephone too; optional: who wants to",
        partial(_read_word, words=("required", "optional")),
    )
    proxies: int = _setting(
        "LOUMAP_PROXIES", "how many proxies before us set X-Forwarded-For", partial(_read_number, low=0, high=9), 0
    )
    upload_mb: int = _setting(
        "LOUMAP_UPLOAD_MB", "largest file that may be uploaded, in MB", partial(_read_number, low=1, high=4096), 256
    )
    slow_query_ms: int = _setting(
        "LOUMAP_SLOW_QUERY_MS",
        "statements that take longer are written to the log; 0 for none",
        partial(_read_number, low=0, high=3_600_000),
        500,
    )
    metrics_token: str | None = _setting(
        "LOUMAP_METRICS_TOKEN", "who sends it as a bearer token may read /metrics from anywhere", _read_secret
    )
    worker_mb: int = _setting(
        "LOUMAP_WORKER_MB",
        "memory in MB after which a web process is replaced by a fresh one; 0 for never",
        partial(_read_number, low=0, high=1_000_000),
        0,
    )
    tile_cache_mb: int = _setting(
        "LOUMAP_TILE_CACHE_MB",
        "memory of each web process for tiles that are ready, in MB",
        partial(_read_number, low=1, high=65536),
        64,
    )
    audit_days: int = _setting(
        "LOUMAP_AUDIT_DAYS",
        "days after which entries leave the audit",
        partial(_read_number, low=180, high=36500),
        1095,
    )
    inquiry_days: int = _setting(
        "LOUMAP_INQUIRY_DAYS",
        "days without a message after which an inquiry is erased",
        partial(_read_number, low=1, high=3650),
        180,
    )
    stale_days: int = _setting(
        "LOUMAP_STALE_DAYS",
        "days without a word after which a unit on the market is found only when asked for; 0 for never",
        partial(_read_number, low=0, high=3650),
        60,
    )
    backup_folder: Path | None = _setting(
        "LOUMAP_BACKUP_FOLDER", "where backups are kept; `backups` in the data folder when absent", _read_folder
    )
    backup_days: int = _setting(
        "LOUMAP_BACKUP_DAYS",
        "days whose newest backup is kept; 0: the worker makes none",
        partial(_read_number, low=0, high=1000),
        7,
    )
    backup_weeks: int = _setting(
        "LOUMAP_BACKUP_WEEKS", "weeks whose newest backup is kept", partial(_read_number, low=0, high=1000), 4
    )
    backup_months: int = _setting(
        "LOUMAP_BACKUP_MONTHS", "months whose newest backup is kept", partial(_read_number, low=0, high=1000), 6
    )
    chat_webhook: str | None = _setting(
        "LOUMAP_CHAT_WEBHOOK", "robot of a chat (企业微信, 钉钉, 飞书) that is told of late returns", _read_webhook_url
    )
    port: int = _setting(
        "LOUMAP_PORT", "port of the web server (PORT works too)", partial(_read_number, low=1, high=65535), 8000
    )

    @property
    def https(self) -> bool:
        """Whether the site is reached over https, so that cookies may say so."""
        return bool(self.base_url and self.base_url.startswith("https://"))

    @property
    def trusted_hosts(self) -> list[str] | None:
        """Names by which requests may ask for us: those set, that of the address and this machine's; None for any."""
        if not (self.hosts or self.base_url):
            return None
        own = urlsplit(self.base_url).hostname if self.base_url else None
        return [*self.hosts, *([own] if own else []), "localhost", "127.0.0.1"]

    @property
    def site_url(self) -> str:
        """The address of the site for what leaves it, such as mail; never one that a request names."""
        return self.base_url or f"http://localhost:{self.port}"

    @property
    def tile_cache_bytes(self) -> int:
        """Memory of each web process for tiles that are ready."""
        return self.tile_cache_mb * 2**20

    def today(self) -> date:
        """The day it is where the district lies: the only `today` there is."""
        return datetime.now(self.timezone).date()

    def stale_before(self) -> date | None:
        """The day before which the last word on a unit is too old today; None where none is."""
        return stale_before(self.today(), self.stale_days)


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all settings; an empty variable counts as absent.

    Raises
    ------
    BadSettingError
        One line per setting that is not understood, with the remedy.
    """
    values: dict[str, Any] = {"data": data_home(environ)}
    if environ.get("PORT"):
        environ = {"LOUMAP_PORT": environ["PORT"], **environ}
    problems = []
    for item in fields(Settings):
        variable = item.metadata["variable"]
        text = environ.get(variable, "").strip()
        if text and item.name != "data":
            try:
                values[item.name] = item.metadata["read"](text)
            except BadSettingError as error:
                problems.append(f"{variable} {error}.")
    if problems:
        raise BadSettingError("\n".join(problems))
    _warn_of_unknown(environ)
    values.setdefault("secret_key", "")
    try:
        return Settings(**{**values, "secret_key": values["secret_key"] or _kept_secret(values["data"])})
    except OSError as error:
        remedy = "set LOUMAP_DATA to a folder of your own"
        raise BadSettingError(f"{values['data']} cannot be used ({error.strerror}); {remedy}.") from None


def current_settings() -> Settings:
    """The settings of the running app."""
    found: Settings = current_app.extensions["loumap_settings"]
    return found


def variables() -> dict[str, str]:
    """Every variable with its meaning, for `doctor` and the documents."""
    return {item.metadata["variable"]: item.metadata["meaning"] for item in fields(Settings)}


def _warn_of_unknown(environ: Mapping[str, str]) -> None:
    known = variables().keys() | NOT_SETTINGS
    for name in sorted(name for name in environ if name.startswith("LOUMAP_") and name not in known):
        _log.warning("%s is not a setting of LouMap; ./loumap doctor lists them all.", name)


def _kept_secret(home: Path) -> str:
    """The secret of this installation, made on first use; two processes that start together agree on one."""
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        fresh = home / f".secret_key.{secrets.token_hex(4)}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()
