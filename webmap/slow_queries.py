"""Writes statements that take too long into the log: how long, where from, their first words; never their values.

A line reads `slow query: 734 ms, 50 rows, in buildings.listing: SELECT buildings.id, …`; `grep 'slow query'` finds
all. Values stay out because they may be personal: they are bound, and quoted text in a statement is left out.
"""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Engine, ExceptionContext, event

from webmap import metrics

WORDS = 160
"""Letters of a statement that are shown."""

_QUOTED = re.compile(r"'(?:[^']|'')*'")
_log = logging.getLogger("loumap.slow")
_limit_ms = 0


@dataclass
class Timing:
    """What is told of a statement besides its time."""

    rows: int = -1


def set_limit(milliseconds: int) -> None:
    """Report what takes longer than this; nothing if it is 0."""
    global _limit_ms
    _limit_ms = milliseconds


@contextmanager
def timed(name: str) -> Iterator[Timing]:
    """Time what is asked of psycopg directly; `name` says what, without values. Set `rows` of what comes for more."""
    timing = Timing()
    began = time.perf_counter()
    try:
        yield timing
    finally:
        _report(name, time.perf_counter() - began, timing.rows)


def watch(engine: Engine) -> None:
    """Time every statement of an engine, those that fail as well."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def _begin(_connection: object, _cursor: object, _statement: str, _values: object, context: Any, _many: object) -> None:
    context.loumap_began = time.perf_counter()


def _end(_connection: object, cursor: Any, statement: str, _values: object, context: Any, _many: object) -> None:
    _report(statement, time.perf_counter() - context.loumap_began, cursor.rowcount)


def _fail(error: ExceptionContext) -> None:
    began = getattr(error.execution_context, "loumap_began", None)
    if began is not None:
        _report(error.statement or "", time.perf_counter() - began, -1)


def _report(statement: str, seconds: float, rows: int) -> None:
    if not _limit_ms or seconds * 1000 < _limit_ms:
        return
    where = request.endpoint if has_request_context() else None
    metrics.slow_query(where)
    counted = f"{rows} rows" if rows >= 0 else "no rows"
    _log.warning("slow query: %.0f ms, %s, in %s: %s", seconds * 1000, counted, where or "-", _first_words(statement))


def _first_words(statement: str) -> str:
    words = " ".join(_QUOTED.sub("'…'", statement).split())
    return words if len(words) <= WORDS else f"{words[:WORDS]}…"
