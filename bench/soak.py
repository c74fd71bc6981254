"""One unit after another changes: is the new state there soon, at what cost, and does memory stay flat.

    .venv/bin/python bench/soak.py [--buildings 1000000 | --here] [--refreshes 1000] [--seconds 120]

First inside this process and without a pause: a unit changes, the version is bumped, the state is patched and opened,
`--refreshes` times. Then `./loumap serve` with two workers: `--seconds` without changes, in which a reader asks for
facets and tiles in turn; as long with one change after the other, each followed until every worker tells it to its
readers; and both again without the reader and the following, so that processor time per refresh is that of refreshes
alone (of both workers; that of PostgreSQL only where nobody else uses the server). Units get their state back in the
end (with `--here` this writes to the installation of the settings).

Prints JSON: milliseconds (p50, p99, max), processor milliseconds of ours and of PostgreSQL per refresh, MB per worker
at the start and at the end with the slope per 1,000 refreshes, load.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import harness  # noqa: F401 - lets the product be imported
import numpy as np
from harness import city
from harness.processes import cpu_seconds, product
from harness.report import ratio, show
from harness.workers import Line, line_to_each, memory_of, workers_of
from sqlalchemy import bindparam, text

from webmap.config import Settings
from webmap.db import Database, connect
from webmap.freshness import bump
from webmap.state_files import StateFiles

CHANGE = text(
    "UPDATE units SET public_status = CASE public_status WHEN 'vacant' THEN 'in_use' ELSE 'vacant' END WHERE id = :id"
)
STATES = text("SELECT public_status, array_agg(id) FROM units WHERE id = ANY (:ids) GROUP BY 1")
RESTORE = text("UPDATE units SET public_status = :status WHERE id = ANY (:ids)")
LET_BUMP = text("UPDATE layer_versions SET changed_at = changed_at - interval '2 seconds' WHERE layer = 'state'")
FACETS = "/api/v1/facets?occupancy=vacant&area_min=200&rent_max=9"
SAMPLED_EVERY = 10
READER_PAUSE_S = 0.02
CHANGES_PER_S = 1 / 1.15
"""A layer is bumped at most once a second."""


@dataclass
class Measured:
    """What a stretch of time gave."""

    refreshes: int = 0
    ours_s: float = 0
    postgres_s: float = 0
    delays_ms: list[float] = field(default_factory=list)
    reads_ms: dict[str, list[float]] = field(default_factory=lambda: {"facets": [], "tile": []})
    memory: dict[int, list[dict[str, float]]] = field(default_factory=dict)


class City:
    """The database with units that change, and get their state back."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        with tempfile.TemporaryDirectory() as folder:
            present = StateFiles(database.public, Path(folder)).refresh(settings.today())
            chosen = random.Random(1).sample(range(len(present.unit_ids)), min(5000, len(present.unit_ids)))
            self._ids = [int(present.unit_ids[row]) for row in chosen]
        with database.new_session() as session:
            self._before = session.execute(STATES, {"ids": self._ids}).all()
        self._next = 0

    def change(self, *, at_once: bool = False) -> None:
        """Let one unit, or empty it."""
        self._next = (self._next + 1) % len(self._ids)
        with self.database.new_session() as session, session.begin():
            session.execute(CHANGE, {"id": self._ids[self._next]})
            if at_once:
                session.execute(LET_BUMP)

    def restore(self) -> None:
        """As it was."""
        with self.database.new_session() as session, session.begin():
            for status, ids in self._before:
                session.execute(RESTORE.bindparams(bindparam("status", status), bindparam("ids", ids)))


def in_process(town: City, refreshes: int, postgres: list[int]) -> dict[str, Any]:
    """Refreshes one after the other in this process."""
    me, found = os.getpid(), Measured()
    with tempfile.TemporaryDirectory(dir=town.settings.data) as folder:
        states, today = StateFiles(town.database.public, Path(folder)), town.settings.today()
        town.change(at_once=True)
        bump(town.database)
        began = time.perf_counter()
        states.follow(today)
        build_s = time.perf_counter() - began
        for number in range(refreshes):
            town.change(at_once=True)
            bump(town.database)
            before, began, spent = states.current(today).version, time.perf_counter(), time.process_time()
            asked = cpu_seconds(postgres)
            states.follow(today)
            found.ours_s += time.process_time() - spent
            found.postgres_s += cpu_seconds(postgres) - asked
            found.delays_ms.append((time.perf_counter() - began) * 1000)
            found.refreshes += states.current(today).version > before
            if number % SAMPLED_EVERY == 0:
                found.memory.setdefault(me, []).append(memory_of(me))
    return {
        "first_state_s": round(build_s, 2),
        "refreshes": found.refreshes,
        "refresh_ms": _spread(found.delays_ms),
        "ours_cpu_ms": round(found.ours_s / refreshes * 1000, 1),
        "postgres_cpu_ms": round(found.postgres_s / refreshes * 1000, 1),
        "memory": _memory(found.memory, SAMPLED_EVERY),
    }


def served(town: City, seconds: float, postgres: list[int]) -> dict[str, Any]:
    """Refreshes in running workers, with and without a reader."""
    with product(workers=2) as (address, server):
        workers = workers_of(server)
        _warm_up(address)
        with line_to_each(address, workers) as lines:
            _follow(town, lines)
            stretches = {
                (reads, changes): _stretch(town, address, lines, seconds, postgres, reads=reads, changes=changes)
                for reads in (True, False)
                for changes in (False, True)
            }
    quiet, busy = stretches[True, False], stretches[True, True]
    idle, alone = stretches[False, False], stretches[False, True]
    refreshes = max(alone.refreshes, 1)
    return {
        "refreshes": busy.refreshes + alone.refreshes,
        "seen_by_every_worker_ms": _spread(busy.delays_ms),
        "workers_cpu_ms_per_refresh": round((alone.ours_s - idle.ours_s) / refreshes * 1000, 1),
        "postgres_cpu_ms_per_refresh": round((alone.postgres_s - idle.postgres_s) / refreshes * 1000, 1),
        "reader": {
            name: {
                "without_changes_ms": _spread(quiet.reads_ms[name]),
                "with_changes_ms": _spread(busy.reads_ms[name]),
                "p99_over_quiet": ratio(_spread(busy.reads_ms[name])["p99"], _spread(quiet.reads_ms[name])["p99"]),
            }
            for name in quiet.reads_ms
        },
        "memory": _memory({worker: busy.memory[worker] + alone.memory[worker] for worker in workers}, 1),
    }


def _warm_up(address: str) -> None:
    """Until every worker has its state; each takes some of the connections."""
    for _ in range(20):
        with closing(Line(address)) as line:
            line.get(FACETS)


def _stretch(
    town: City,
    address: str,
    lines: dict[int, Line],
    seconds: float,
    postgres: list[int],
    *,
    reads: bool,
    changes: bool,
) -> Measured:
    found, workers = Measured(), list(lines)
    spent, asked, began = cpu_seconds(workers), cpu_seconds(postgres), time.perf_counter()
    with _reading(address, found) if reads else _nothing():
        while time.perf_counter() - began < seconds:
            started = time.perf_counter()
            if changes and reads:
                found.delays_ms.append(_follow(town, lines) * 1000)
            elif changes:
                town.change()
            for worker, line in lines.items():
                line.state_version()  # or the server would hang up
                found.memory.setdefault(worker, []).append(memory_of(worker))
            found.refreshes += changes
            time.sleep(max(0.0, started + 1 / CHANGES_PER_S - time.perf_counter()))
    found.ours_s, found.postgres_s = cpu_seconds(workers) - spent, cpu_seconds(postgres) - asked
    return found


def _follow(town: City, lines: dict[int, Line]) -> float:
    """Change something; seconds from the commit until every worker tells it."""
    before = {worker: line.state_version() for worker, line in lines.items()}
    town.change()
    committed = time.perf_counter()
    waiting = dict(lines)
    while waiting:
        waiting = {worker: line for worker, line in waiting.items() if line.state_version() <= before[worker]}
        time.sleep(0.01)
        if time.perf_counter() - committed > 60:
            raise SystemExit("A change was not seen within a minute.")
    return time.perf_counter() - committed


@contextmanager
def _reading(address: str, found: Measured) -> Iterator[None]:
    """Somebody who asks for facets and for tiles, each on a connection of his own, as long as the block lasts."""
    stopped = threading.Event()

    def read() -> None:
        line, number = Line(address), 0
        while not stopped.wait(READER_PAUSE_S):
            number += 1
            for name, path in (("facets", FACETS), ("tile", _tile(line, number))):
                began = time.perf_counter()
                status, _ = line.get(path)
                found.reads_ms[name].append((time.perf_counter() - began) * 1000)
                if status not in (200, 204, 307):
                    raise SystemExit(f"{path} was answered {status}.")
        line.close()

    reader = threading.Thread(target=read)
    reader.start()
    yield
    stopped.set()
    reader.join()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _tile(line: Line, number: int) -> str:
    """A tile of the outlines that has hardly been asked for before."""
    _tile.version = getattr(_tile, "version", None) or _version(line)  # type: ignore[attr-defined]  # asked once
    x, y = 13700 + number % 60, 6680 + number // 60 % 60
    return f"/tiles/buildings/{_tile.version}/14/{x}/{y}.mvt"  # type: ignore[attr-defined]  # as above


def _version(line: Line) -> int:
    import json  # noqa: PLC0415

    found: int = json.loads(line.get("/api/v1/versions")[1])["layers"]["buildings"]
    return found


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {"p50": 0.0, "p99": 0.0, "max": 0.0}
    p50, p99, most = np.percentile(values, [50, 99, 100]).tolist()
    return {"p50": round(p50, 1), "p99": round(p99, 1), "max": round(most, 1)}


def _memory(samples: dict[int, list[dict[str, float]]], every: int) -> list[dict[str, float]]:
    """For each process where it began and ended, and MB per 1,000 refreshes by the straight line through its own."""
    told = []
    for rows in samples.values():
        half = rows[len(rows) // 4 :]  # memory is taken and kept at first
        own = [row["own_mb"] for row in half]
        slope = float(np.polyfit(np.arange(len(own)) * every, own, 1)[0]) * 1000 if len(own) > 1 else 0.0
        first, last = rows[0], rows[-1]
        told.append({**{f"{name}_first": round(first[name], 1) for name in first}, **last, "own_mb_per_1000": slope})
    return [{name: round(value, 2) for name, value in one.items()} for one in told]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--refreshes", type=int, default=1000, help="inside this process")
    parser.add_argument("--seconds", type=float, default=120, help="of each of the four stretches with running workers")
    asked = parser.parse_args()
    with city.opened(asked) as settings:
        database = connect(settings)
        server = city.server_pid(city.app_dsn(settings))
        postgres = [server] if server else []
        town = City(settings, database)
        try:
            alone = in_process(town, asked.refreshes, postgres) if asked.refreshes else None
            print(alone, file=sys.stderr)
            running = served(town, asked.seconds, postgres) if asked.seconds else None
        finally:
            town.restore()
    show({"in_process": alone, "served": running, "postgres_is_here": bool(server)})


if __name__ == "__main__":
    main()
