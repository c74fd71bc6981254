"""Reads the values of settings: each function takes the text of a variable and gives its value or says what it must be.

All raise `BadSettingError`.
"""

import re
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geo.crs import parse_crs
from geo.errors import BadQualityRulesError, LouMapError, UnknownCrsError
from geo.quality.rules import Rules, read_rules


class BadSettingError(LouMapError):
    """A setting is not understood."""


def read_text(value: str) -> str:
    """The text as it is."""
    return value


def read_zone(value: str) -> ZoneInfo:
    """A time zone."""
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadSettingError("is not a time zone; give one such as Asia/Shanghai") from None


def read_url(value: str, schemes: tuple[str, ...]) -> str:
    """An address of one of the schemes, without a slash at its end."""
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        raise BadSettingError(f"is not an address; it must start with {' or '.join(f'{s}://' for s in schemes)}")
    return value.rstrip("/")


def read_crs(value: str) -> str:
    """A coordinate system in its one spelling."""
    try:
        return parse_crs(value)
    except UnknownCrsError as error:
        raise BadSettingError(str(error)) from None


def read_database_url(value: str) -> str:
    """An address of PostgreSQL, for our driver."""
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise BadSettingError("is not a PostgreSQL address; give postgresql://user:password@host:5432/database")
    return f"postgresql+psycopg://{rest}"


def read_number(value: str, low: int, high: int) -> int:
    """A whole number between two."""
    if not value.isdecimal() or not low <= int(value) <= high:
        raise BadSettingError(f"is not a whole number from {low} to {high}")
    return int(value)


def read_hosts(value: str) -> tuple[str, ...]:
    """Names of machines, with a dot in front for all names below one."""
    names = tuple(name.strip().lower() for name in value.split(",") if name.strip())
    if any(not re.fullmatch(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?", name) for name in names):
        raise BadSettingError("is not a list of names; give such as loumap.example.cn,.example.org (with all below it)")
    return names


def read_framing_hosts(value: str) -> tuple[str, ...]:
    """Names as `read_hosts` reads them, with a port (:8080, :* for any) where it is not the usual one, or * alone."""
    if value.strip() == "*":
        return ("*",)
    names = tuple(name.strip().lower() for name in value.split(",") if name.strip())
    read_hosts(",".join(re.sub(r":(\d{1,5}|\*)$", "", name) for name in names))
    return names


def read_word(value: str, words: tuple[str, ...]) -> str:
    """One of some words."""
    if value not in words:
        raise BadSettingError(f"is not one of {', '.join(words)}")
    return value


def read_folder(value: str) -> Path:
    """A folder by its whole path."""
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise BadSettingError("is not a whole path; it must start with /")
    return path


def read_quality_rules(value: str) -> Rules:
    """What the board of data quality reckons with, of an office's own file."""
    try:
        return read_rules(read_folder(value))
    except BadQualityRulesError as error:
        raise BadSettingError(f"is not understood: {str(error).removesuffix('.')}") from None


def read_file(value: str) -> Path:
    """A file that is there, by its whole path."""
    path = read_folder(value)
    if not path.is_file():
        raise BadSettingError("is no file")
    return path


def read_secret(value: str) -> str:
    """A secret that is long enough."""
    if len(value) < 32:
        raise BadSettingError("is too short; give at least 32 random characters or leave it out")
    return value


read_web_url = partial(read_url, schemes=("https", "http"))
read_webhook_url = partial(read_url, schemes=("https", "http"))
read_smtp_url = partial(read_url, schemes=("smtp", "smtps"))
