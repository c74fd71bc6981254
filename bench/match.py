"""Answers to requirements: ranked units and blocks, costs and relaxations, inside a process and over HTTP.

    .venv/bin/python bench/match.py [--buildings 1000000 | --here] [--cases 200] [--rounds 3] [--clients 4]

Requirements are drawn with a fixed seed: a space by area, limits or people, and two to eight further criteria. Inside
the process it is the ranking alone, without rows of the database; nothing is kept of a case. Over HTTP so many clients,
each with a connection kept open, ask a running `./loumap serve` with as many workers as there are cores for
/api/v1/match, 20 results with costs; `one_client` is the same with one client. Cases differ, so nothing is remembered.

Prints JSON: milliseconds by the clock and of the processor (p50, p95, p99), requests a second, load.
"""

import argparse
import gc
import http.client
import os
import threading
import time
from collections.abc import Sequence
from statistics import mean, quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit

import harness  # noqa: F401 - lets the product be imported
from harness import city
from harness.match_cases import draw
from harness.processes import cpu_seconds, product
from harness.report import medians, show

from geo.db import engine
from geo.matching import Market, match, parse
from geo.state_search import Table
from webmap.database_logins import PUBLIC
from webmap.db import database_url
from webmap.state_files import StateFiles


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--cases", type=int, default=200, help="requirements that are drawn (default 200)")
    parser.add_argument("--rounds", type=int, default=3, help="times that they are all asked (default 3)")
    parser.add_argument("--clients", type=int, default=4, help="at once over HTTP (default 4)")
    asked = parser.parse_args()
    cases = draw(asked.cases)
    with city.opened(asked) as settings:
        states = StateFiles(engine(database_url(settings, PUBLIC)), settings.data / "published")
        state = states.current(settings.today())
        market = Market(Table(state.columns, state.unit_ids))
        inside = medians([_inside(market, cases) for _ in range(asked.rounds)])
        over = _over_http(cases, asked)
        units = len(state.unit_ids)
        show({"units": units, "on_market": len(market), "cases": len(cases), "in_process": inside, **over})


def _inside(market: Market, cases: Sequence[dict[str, str]]) -> dict[str, float]:
    gc.collect()
    times, cpu = [], []
    for case in cases:
        began, busy = time.perf_counter(), time.thread_time()
        match(market, parse(case))
        cpu.append((time.thread_time() - busy) * 1e3)
        times.append((time.perf_counter() - began) * 1e3)
    return {**_told(times), "cpu_ms": mean(cpu), "cpu_p95_ms": quantiles(cpu, n=100)[94]}


def _over_http(cases: Sequence[dict[str, str]], asked: argparse.Namespace) -> dict[str, Any]:
    paths = [f"/api/v1/match?{urlencode(case)}" for case in cases]
    rounds: dict[str, list[dict[str, float]]] = {"one_client": [], f"{asked.clients}_clients": []}
    with product(workers=len(os.sched_getaffinity(0))) as (address, pid):
        _asked(address, paths, asked.clients)  # every worker opens the state
        for _ in range(asked.rounds):
            for name, clients in zip(rounds, (1, asked.clients), strict=True):
                before, began = cpu_seconds([pid]), time.perf_counter()
                times = _asked(address, paths, clients)
                spent = time.perf_counter() - began
                busy = (cpu_seconds([pid]) - before) * 1e3 / len(paths)
                rounds[name].append({**_told(times), "cpu_ms": busy, "per_second": len(paths) / spent})
    return {name: medians(each) for name, each in rounds.items()}


def _asked(address: str, paths: Sequence[str], clients: int) -> list[float]:
    """Milliseconds of each request, asked by so many clients in turn."""
    times: list[float] = []
    failed: list[str] = []

    def ask(mine: Sequence[str]) -> None:
        client = http.client.HTTPConnection(urlsplit(address).netloc)
        for path in mine:
            began = time.perf_counter()
            client.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = client.getresponse()
            body = answer.read()
            times.append((time.perf_counter() - began) * 1e3)
            if answer.status != 200:
                failed.append(f"{path}: {answer.status} {body[:200]!r}")

    threads = [threading.Thread(target=ask, args=(paths[start::clients],)) for start in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(failed[0])
    return times


def _told(times: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(times, n=100)
    return {f"p{at}_ms": cuts[at - 1] for at in (50, 95, 99)}


if __name__ == "__main__":
    main()
