"""Readers who browse a site in a process of their own, with pauses as people make them, and what they were answered.

The pauses are those of TPC-W, the benchmark of shops on the web: drawn from an exponential distribution with a mean of
seven seconds and cut at ten times that. Everybody asks for the next page only when the last one is there.
"""

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

THINKING_S = 7.0
LONGEST = 10
PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """When somebody asked (by the clock that all processes share), how long it took, and the status or error."""

    asked_at: float
    seconds: float
    status: str


class Readers:
    """What readers were answered so far; complete once they have left."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []

    def between(self, start: float, end: float) -> dict[str, Any]:
        """What those were answered who asked in a stretch of time (`time.monotonic`)."""
        chosen = [answer for answer in self.answers if start <= answer.asked_at < end]
        statuses = Counter(answer.status for answer in chosen)
        return {"by_status": dict(statuses), **figures([answer.seconds for answer in chosen])}


@contextmanager
def readers(address: str, paths: Sequence[str], number: int, thinking_s: float = THINKING_S) -> Iterator[Readers]:
    """So many people browse for a block."""
    context = multiprocessing.get_context("spawn")
    over, told = context.Event(), context.Queue()
    process = context.Process(target=_all, args=(address, list(paths), number, thinking_s, over, told), daemon=True)
    process.start()
    found = Readers()
    told.get()
    try:
        yield found
    finally:
        over.set()
        found.answers = told.get(timeout=2 * PATIENCE_S)
        process.join()


def figures(seconds: Sequence[float]) -> dict[str, float]:
    """How many, the middle one, the one that 95 in 100 stay below, and the longest."""
    found = sorted(seconds) or [0.0]
    late = found[int(len(found) * 0.95) - (len(found) > 1)]
    shown = {"p50_s": found[len(found) // 2], "p95_s": late, "max_s": found[-1]}
    return {"answers": len(seconds)} | {name: round(value, 3) for name, value in shown.items()}


def _all(address: str, paths: list[str], number: int, thinking_s: float, over: Any, told: Any) -> None:
    answers: list[Answer] = []
    given = (address, paths, thinking_s, over, answers)
    threads = [threading.Thread(target=_browse, args=(*given, Random(each)), daemon=True) for each in range(number)]
    for thread in threads:
        thread.start()
    told.put("browsing")
    for thread in threads:
        thread.join()
    told.put(answers)


def _browse(
    address: str, paths: list[str], thinking_s: float, over: Any, answers: list[Answer], random: Random
) -> None:
    while not over.wait(min(random.expovariate(1 / thinking_s), LONGEST * thinking_s)):
        began = time.monotonic()
        try:
            with urlopen(address + random.choice(paths), timeout=PATIENCE_S) as answer:
                answer.read()
                status = str(answer.status)
        except HTTPError as error:
            status = str(error.code)
        except OSError as error:
            status = type(error).__name__
        answers.append(Answer(began, time.monotonic() - began, status))
