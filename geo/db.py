"""Reaching the database: named queries kept in `geo/sql`, and the engine that everything shares."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

from geo.errors import LouMapError

_ONLY_PUBLIC = re.compile(r"\b(?:\w+\.)?publishable AND ")
_HEAD = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_INCLUDE = re.compile(r"^-- include: (\w+)$", re.MULTILINE)


class UnknownQueryError(LouMapError):
    """There is no query of this name in geo/sql."""


@cache
def query(name: str, *, staff: bool = False) -> str:
    """The text of the query called `name`, from whichever file of `geo/sql` holds it.

    Every query starts with a line ``-- name: its_name`` followed by a sentence that says what it gives. A line
    ``-- include: other_name`` stands for the text of another. For staff the condition ``publishable AND``, which every
    query for the public carries, falls away.

    Raises
    ------
    UnknownQueryError
        No file holds it.
    """
    try:
        text = _queries()[name]
    except KeyError:
        raise UnknownQueryError(f"There is no query {name!r} in geo/sql.") from None
    text = _INCLUDE.sub(lambda line: query(line[1]).rstrip(), text)
    return _ONLY_PUBLIC.sub("", text) if staff else text


@cache
def _queries() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(files("geo").joinpath("sql").iterdir(), key=str):
        if path.name.endswith(".sql"):
            _, *parts = _HEAD.split(path.read_text("utf-8"))
            found.update(zip(parts[::2], parts[1::2], strict=True))
    return found


def engine(url: str | URL, *, pool_size: int = 5, limits: Mapping[str, str] | None = None, **options: object) -> Engine:
    """An engine with the driver, JSON and time zone settings that LouMap relies on; times are UTC inside.

    `limits` are settings of PostgreSQL for all its connections, such as ``{"statement_timeout": "10s"}``. Errors do not
    show the values of statements, which may be personal.
    """
    kept = {"timezone": "UTC", "jit": "off", **(limits or {})}
    arguments = {"options": " ".join(f"-c {name}={value}" for name, value in kept.items())}
    return create_engine(
        url, pool_size=pool_size, pool_pre_ping=True, hide_parameters=True, connect_args=arguments, **options
    )
