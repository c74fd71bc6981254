"""The limit of anything that asks the database: prepared statements with binary results, straight through libpq."""

import multiprocessing
import time
from collections.abc import Sequence
from statistics import quantiles
from typing import Any

import psycopg
from psycopg import pq

from geo.prepared import Bound
from harness.wrk import Load

WARM = 8
"""Answers before the clock starts: PostgreSQL settles for a plan after the fifth."""


def libpq(dsn: str, asked: Sequence[Bound], *, seconds: float, connections: int = 8) -> Load:
    """Ask for everything in turn, round and round, on several connections at once, each in a process of its own."""
    context = multiprocessing.get_context("fork")
    at, ready, told = context.Value("l", 0), context.Barrier(connections + 1), context.Queue()
    values = (dsn, asked, at, ready, told, seconds)
    workers = [context.Process(target=_ask, args=values, daemon=True) for _ in range(connections)]
    for worker in workers:
        worker.start()
    ready.wait()
    answers = [told.get() for _ in workers]
    for worker in workers:
        worker.join()
    spent = sorted(one for times, _, _ in answers for one in times)
    cuts = quantiles(spent, n=100)
    rate = sum(len(times) / took for times, took, _ in answers)
    size = sum(size for _, _, size in answers) / len(spent)
    return Load(len(spent), round(rate, 1), round(size), 0, 0, *(round(cuts[at] * 1e3, 3) for at in (49, 89, 98)))


def alone(dsn: str, asked: Sequence[Bound], rounds: int = 3) -> list[tuple[float, bytes]]:
    """For each question the least milliseconds of some rounds on one connection, and the tile."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        _warm(connection, asked)
        best = [(1e9, b"")] * len(asked)
        for _ in range(rounds):
            for place, question in enumerate(asked):
                began = time.perf_counter()
                answer = _answer(connection, question)
                best[place] = min(best[place], ((time.perf_counter() - began) * 1e3, answer))
    return best


def _ask(dsn: str, asked: Sequence[Bound], at: Any, ready: Any, told: Any, seconds: float) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        _warm(connection, asked)
        ready.wait()
        began = last = time.perf_counter()
        times, size = [], 0
        while last - began < seconds:
            with at.get_lock():
                place = at.value
                at.value = (place + 1) % len(asked)
            size += len(_answer(connection, asked[place]))
            now = time.perf_counter()
            times.append(now - last)
            last = now
        told.put((times, last - began, size))


def _warm(connection: psycopg.Connection[Any], asked: Sequence[Bound]) -> None:
    left = {question.name: WARM for question in asked}
    for name, text in {question.name: question.text for question in asked}.items():
        prepared = connection.pgconn.prepare(name, text)
        assert prepared.status == pq.ExecStatus.COMMAND_OK, prepared.get_error_message()
    for question in asked:
        if left[question.name]:
            left[question.name] -= 1
            _answer(connection, question)


def _answer(connection: psycopg.Connection[Any], asked: Bound) -> bytes:
    result = connection.pgconn.exec_prepared(asked.name, asked.data, asked.formats, 1)
    assert result.status == pq.ExecStatus.TUPLES_OK, result.get_error_message()
    return result.get_value(0, 1) or b""
