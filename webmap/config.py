"""The settings of an installation, read from `LOUMAP_…` variables and checked once, when the program starts."""

import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app

from geo.quality.rules import Rules, read_rules
from geo.stamps import stale_before
from webmap.embedded import data_home
from webmap.setting_values import (
    BadSettingError,
    read_crs,
    read_database_url,
    read_file,
    read_folder,
    read_framing_hosts,
    read_hosts,
    read_number,
    read_quality_rules,
    read_secret,
    read_smtp_url,
    read_text,
    read_web_url,
    read_webhook_url,
    read_word,
    read_zone,
)

_log = logging.getLogger(__name__)

NOT_SETTINGS = frozenset({"LOUMAP_SHARED_DATA"})
"""Variables with our prefix that only the tests and the launcher read."""


def _setting(variable: str, meaning: str, read: Callable[[str], Any] = read_text, default: Any = None) -> Any:
    metadata = {"variable": variable, "meaning": meaning, "read": read}
    secret = (read_secret, read_database_url, read_smtp_url, read_webhook_url)
    return field(default=default, repr=read not in secret, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """Everything an operator may set; a field's variable and meaning stand in its metadata."""

    # ruff: noqa: RUF009 - `_setting` gives a dataclasses.field

    data: Path = _setting("LOUMAP_DATA", "folder of everything that is stored", Path)
    secret_key: str = _setting(
        "LOUMAP_SECRET_KEY", "signs cookies and forms; made and kept in the data folder when absent", read_secret, ""
    )
    database_url: str | None = _setting(
        "LOUMAP_DATABASE_URL", "PostgreSQL of your own; the private one is used when absent", read_database_url
    )
    database_url_owner: str | None = _setting(
        "LOUMAP_DATABASE_URL_OWNER", "the same database for migrations, as the owner", read_database_url
    )
    database_url_public: str | None = _setting(
        "LOUMAP_DATABASE_URL_PUBLIC", "the same database for visitors, read only", read_database_url
    )
    database_url_jobs: str | None = _setting(
        "LOUMAP_DATABASE_URL_JOBS", "the same database for the worker", read_database_url
    )
    timezone: ZoneInfo = _setting("LOUMAP_TIMEZONE", "where a day begins", read_zone, ZoneInfo("Asia/Shanghai"))
    display_crs: str = _setting(
        "LOUMAP_DISPLAY_CRS", "coordinate system in which staff see and paste outlines", read_crs, "wgs84"
    )
    site_name: str = _setting("LOUMAP_SITE_NAME", "name on every page", default="楼图 LouMap")
    base_url: str | None = _setting("LOUMAP_BASE_URL", "public address of the site", read_web_url)
    hosts: tuple[str, ...] = _setting(
        "LOUMAP_HOSTS", "names the site is asked by, separated by commas; others are refused", read_hosts, ()
    )
    embed_hosts: tuple[str, ...] = _setting(
        "LOUMAP_EMBED_HOSTS",
        "sites that may show the map in a frame, separated by commas; * for any",
        read_framing_hosts,
        (),
    )
    indicators: Path | None = _setting(
        "LOUMAP_INDICATORS", "a TOML file of the installation's own indicators, beside the usual ones", read_file
    )
    warnings: Path | None = _setting(
        "LOUMAP_WARNINGS", "a TOML file of the limits from which the cockpit warns, where they differ", read_file
    )
    icp_number: str | None = _setting("LOUMAP_ICP_NUMBER", "ICP 备案号 in the footer")
    map_review_number: str | None = _setting("LOUMAP_MAP_REVIEW_NUMBER", "审图号 in the footer")
    privacy_url: str | None = _setting("LOUMAP_PRIVACY_URL", "address of the privacy notice", read_web_url)
    privacy_text: str | None = _setting("LOUMAP_PRIVACY_TEXT", "the privacy notice itself, shown at /privacy")
    smtp_url: str | None = _setting(
        "LOUMAP_SMTP_URL",
        "mail server, smtp://user:password@host:587; mail is kept on a page when absent",
        read_smtp_url,
    )
    mail_from: str = _setting("LOUMAP_MAIL_FROM", "sender of mail", default="loumap@localhost")
    second_factor: str | None = _setting(
        "LOUMAP_SECOND_FACTOR",
        "required: administrators and tax officers sign in with a code of their telephone too; optional: who wants to",
        partial(read_word, words=("required", "optional")),
    )
    proxies: int = _setting(
        "LOUMAP_PROXIES", "how many proxies before us set X-Forwarded-For", partial(read_number, low=0, high=9), 0
    )
    upload_mb: int = _setting(
        "LOUMAP_UPLOAD_MB", "largest file that may be uploaded, in MB", partial(read_number, low=1, high=4096), 256
    )
    slow_query_ms: int = _setting(
        "LOUMAP_SLOW_QUERY_MS",
        "statements that take longer are written to the log; 0 for none",
        partial(read_number, low=0, high=3_600_000),
        500,
    )
    metrics_token: str | None = _setting(
        "LOUMAP_METRICS_TOKEN", "who sends it as a bearer token may read /metrics from anywhere", read_secret
    )
    worker_mb: int = _setting(
        "LOUMAP_WORKER_MB",
        "memory in MB after which a web process is replaced by a fresh one; 0 for never",
        partial(read_number, low=0, high=1_000_000),
        0,
    )
    tile_cache_mb: int = _setting(
        "LOUMAP_TILE_CACHE_MB",
        "memory of each web process for tiles that are ready, in MB",
        partial(read_number, low=1, high=65536),
        64,
    )
    audit_days: int = _setting(
        "LOUMAP_AUDIT_DAYS",
        "days after which entries leave the audit",
        partial(read_number, low=180, high=36500),
        1095,
    )
    inquiry_days: int = _setting(
        "LOUMAP_INQUIRY_DAYS",
        "days without a message after which an inquiry is erased",
        partial(read_number, low=1, high=3650),
        180,
    )
    stale_days: int = _setting(
        "LOUMAP_STALE_DAYS",
        "days without a word after which a unit on the market is found only when asked for; 0 for never",
        partial(read_number, low=0, high=3650),
        60,
    )
    quality: Rules = _setting(
        "LOUMAP_QUALITY",
        "file of weights, days and limits of the data-quality board; those of data/taxonomies/quality.toml when absent",
        read_quality_rules,
        read_rules(),
    )
    least_contributors: int = _setting(
        "LOUMAP_LEAST_CONTRIBUTORS",
        "firms that a sum of tax needs to be shown to everybody",
        partial(read_number, low=3, high=100),
        3,
    )
    largest_share_pct: int = _setting(
        "LOUMAP_LARGEST_SHARE_PCT",
        "percent of a sum of tax that one firm may have paid, if it is to be shown to everybody",
        partial(read_number, low=34, high=95),
        80,
    )
    backup_folder: Path | None = _setting(
        "LOUMAP_BACKUP_FOLDER", "where backups are kept; `backups` in the data folder when absent", read_folder
    )
    backup_days: int = _setting(
        "LOUMAP_BACKUP_DAYS",
        "days whose newest backup is kept; 0: the worker makes none",
        partial(read_number, low=0, high=1000),
        7,
    )
    backup_weeks: int = _setting(
        "LOUMAP_BACKUP_WEEKS", "weeks whose newest backup is kept", partial(read_number, low=0, high=1000), 4
    )
    backup_months: int = _setting(
        "LOUMAP_BACKUP_MONTHS", "months whose newest backup is kept", partial(read_number, low=0, high=1000), 6
    )
    chat_webhook: str | None = _setting(
        "LOUMAP_CHAT_WEBHOOK", "robot of a chat (企业微信, 钉钉, 飞书) that is told of late returns", read_webhook_url
    )
    port: int = _setting(
        "LOUMAP_PORT", "port of the web server (PORT works too)", partial(read_number, low=1, high=65535), 8000
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
