"""Tiles that are not in memory yet: the product beside tipg and beside the database alone on the very same statements.

    .venv/bin/python bench/tiles.py [--buildings 1000000 | --here] [--rounds 5] [--seconds 4] [--no-peer]

Two kinds of work: `outlines` (layer buildings, zooms 13 to 16) and `filtered` (layer market, zooms 10 to 16, several
searches). Each round gives the same list of different tiles, seeded and density weighted, to every candidate in turn,
over 8 connections. The product runs as `./loumap serve` with the smallest memory for tiles there is
(LOUMAP_TILE_CACHE_MB=1), which a list of several megabytes never hits; `from_memory` proves it. The peer draws the same
buildings with the same attributes out of the table, filters by what it can (grade). The limit is a libpq client with
prepared statements and binary results, which neither compresses nor speaks HTTP.

Prints JSON: medians of the rounds, ratios, processor time per request (server and database apart), bytes, load; and
for every zoom the time of the database for one tile alone, and its size.
"""

import argparse
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.request import urlopen

import harness  # noqa: F401 - lets the product be imported
import psycopg
from harness import city
from harness.libpq import alone, libpq
from harness.processes import cpu_seconds, product
from harness.report import medians, ratio, show
from harness.tile_lists import tiles_among_buildings
from harness.tipg import PeerMissingError, tipg
from harness.tipg import path as peer_path
from harness.wrk import Load, wrk
from isal import igzip

from geo import filters as filter_language
from geo import tiles, versions
from geo.db import engine as make_engine
from geo.filters import Filters
from geo.market_tiles import Market
from geo.outline_boxes import OutlineBoxes
from geo.prepared import Bound
from geo.state_search import Table
from geo.tiles import Tile
from webmap.config import Settings
from webmap.database_logins import PUBLIC
from webmap.db import database_url
from webmap.state_files import StateFiles
from webmap.tile_answers import TileAddress
from webmap.tile_source import QUALITY

CONNECTIONS = 8
OUTLINES, FILTERED = range(13, 17), range(10, 17)
SEARCHES = {
    "grade=a": "grade = 'a'",
    "grade=a,b&area_min=200&area_max=1200": "grade IN ('a','b')",
    "rent_max=5&fitout=basic,furnished": "managed = true",
    "industry=it,finance&near=metro": "managed = true",
}
"""Filters of the product → the nearest that the peer can do, in CQL2."""


@dataclass(frozen=True)
class Work:
    """The same tiles for each of those who are measured."""

    name: str
    paths: list[str]
    peer_paths: list[str]
    questions: list[Bound]


def outlines(dsn: str, current: dict[str, int], count: int) -> Work:
    """Outlines of all buildings."""
    listed = tiles_among_buildings(dsn, OUTLINES, count)
    return Work(
        "outlines",
        [TileAddress("buildings", current["buildings"], tile).path for tile in listed],
        [peer_path(tile.zoom, tile.x, tile.y) for tile in listed],
        [tiles.question("buildings", tile) for tile in listed],
    )


def filtered(dsn: str, market: Market, count: int) -> Work:
    """What searches find: every tile for each of them."""
    listed = tiles_among_buildings(dsn, FILTERED, count)
    asked = [(tile, search) for tile in listed for search in SEARCHES]
    boxes = OutlineBoxes()
    with psycopg.connect(dsn, autocommit=True) as connection:
        questions = [_question(market, boxes, connection, _filters(search), tile) for tile, search in asked]
    return Work(
        "filtered",
        ["?".join(TileAddress("market", market.version, tile, _filters(search)).key) for tile, search in asked],
        [peer_path(tile.zoom, tile.x, tile.y, SEARCHES[search]) for tile, search in asked],
        questions,
    )


def opened_market(settings: Settings) -> Market:
    """The market out of the state file that the product has made."""
    states = StateFiles(make_engine(database_url(settings, PUBLIC)), settings.data / "published")
    state = states.current(settings.today())
    return Market(Table(state.columns, state.unit_ids))


def measure(work: Work, meet: dict[str, tuple[Callable[[], Load], set[int]]], rounds: int, database: int) -> Any:
    """Interleaved rounds; requests a second and processor time of each, with the ratios of the product."""
    told: dict[str, list[dict[str, float]]] = {name: [] for name in meet}
    for _ in range(rounds):
        for name, (run, pids) in meet.items():
            before = cpu_seconds(pids), cpu_seconds({database})
            load = run()
            after = cpu_seconds(pids), cpu_seconds({database})
            told[name].append(_figures(load, after[0] - before[0], after[1] - before[1]))
    found = {name: medians(each) for name, each in told.items()}
    ours = found["loumap"]["per_second"]
    return {
        **found,
        "over_limit": ratio(ours, found["libpq"]["per_second"]),
        "over_peer": ratio(ours, found["tipg"]["per_second"]) if "tipg" in found else None,
        "tiles": len(work.paths),
    }


def by_zoom(dsn: str, work: list[tuple[int, Bound]]) -> dict[int, Any]:
    """For every zoom: milliseconds of the database for one tile on one connection, and kB as sent."""
    rows = []
    for zoom in sorted({zoom for zoom, _ in work}):
        best = alone(dsn, [question for place, question in work if place == zoom])
        sizes = [len(igzip.compress(tile, QUALITY)) / 1000 for _, tile in best]
        times = [ms for ms, _ in best]
        figures = {"ms": median(times), "ms_most": max(times), "kB": mean(sizes), "kB_most": max(sizes)}
        rows.append((zoom, {"tiles": len(best), **{name: round(value, 2) for name, value in figures.items()}}))
    return dict(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of each candidate in each round")
    parser.add_argument("--tiles", type=int, default=430, help="different tiles at most, as many of each zoom")
    parser.add_argument("--workers", type=int, help="processes of the product and of the peer; default one per core")
    parser.add_argument("--no-peer", action="store_true", help="leave tipg out")
    asked = parser.parse_args()
    with city.opened(asked) as settings, ExitStack() as stack:
        dsn = city.public_dsn(settings)
        workers = asked.workers or len(os.sched_getaffinity(0))
        address, pid = stack.enter_context(product(workers=workers, environ={"LOUMAP_TILE_CACHE_MB": "1"}))
        market = opened_market(settings)
        with psycopg.connect(dsn) as connection:
            current = versions.current(connection)
        peer = None if asked.no_peer else stack.enter_context(_peer(city.app_dsn(settings), workers))
        result: dict[str, Any] = {"buildings": _count(dsn), "workers": workers, "connections": CONNECTIONS}
        if isinstance(peer, str):
            result["peer_skipped"] = peer
        for work in (outlines(dsn, current, asked.tiles), filtered(dsn, market, asked.tiles)):
            meet = _meet(work, (address, pid), peer, dsn, asked.seconds)
            before = _from_memory(address)
            result[work.name] = measure(work, meet, asked.rounds, city.server_pid(dsn) or 0)
            after = _from_memory(address)
            result[work.name]["from_memory"] = ratio(after[0] - before[0], after[1] - before[1])
            zooms = [int(re.findall(r"/\d+", path)[1][1:]) for path in work.paths]
            result[work.name]["by_zoom"] = by_zoom(dsn, list(zip(zooms, work.questions, strict=True)))
        show(result)


def _meet(
    work: Work, ours: tuple[str, int], peer: Any, dsn: str, seconds: float
) -> dict[str, tuple[Callable[[], Load], set[int]]]:
    """Who is measured: by name, how to run it and whose processor time it takes."""
    over_http: dict[str, Any] = {"seconds": seconds, "connections": CONNECTIONS}
    packed = {"Accept-Encoding": "gzip"}
    meet: dict[str, tuple[Callable[[], Load], set[int]]] = {
        "loumap": (
            lambda: wrk(ours[0], work.paths, seconds=seconds, connections=CONNECTIONS, headers=packed),
            {ours[1]},
        ),
        "libpq": (lambda: libpq(dsn, work.questions, seconds=seconds, connections=CONNECTIONS), {os.getpid()}),
    }
    if isinstance(peer, tuple):
        meet["tipg"] = (lambda: wrk(peer[0], work.peer_paths, **over_http), {peer[1]})
    for run, _ in meet.values():
        run()  # connections, plans and searches are ready before the first round
    return meet


@contextmanager
def _peer(dsn: str, workers: int) -> Iterator[tuple[str, int] | str]:
    """The peer's address and process, or why there is none."""
    folder = Path(os.environ.get("LOUMAP_BENCH", "/var/tmp/loumap-bench")) / "tipg"
    try:
        with tipg(dsn, folder, workers=workers) as found:
            yield found
    except PeerMissingError as missing:
        yield str(missing)


def _figures(load: Load, server_s: float, database_s: float) -> dict[str, float]:
    answered = max(1, load.requests)
    return {
        "per_second": load.per_second,
        "p50_ms": load.p50_ms,
        "p99_ms": load.p99_ms,
        "bytes": load.bytes_each,
        "failed": load.refused + load.broken,
        "server_cpu_ms": server_s / answered * 1e3,
        "database_cpu_ms": database_s / answered * 1e3,
    }


def _from_memory(address: str) -> tuple[float, float]:
    """How many tiles the product has answered from memory, and how many in all."""
    with urlopen(f"{address}/metrics", timeout=30) as answer:
        told = re.findall(r'^loumap_tiles_total\{.*source="(\w+)".*\} ([\d.e+]+)', answer.read().decode(), re.MULTILINE)
    return sum(float(n) for source, n in told if source == "memory"), sum(float(n) for _, n in told)


def _question(
    market: Market, boxes: OutlineBoxes, connection: psycopg.Connection[Any], wanted: Filters, tile: Tile
) -> Bound:
    if tile.zoom < tiles.OUTLINES_FROM_ZOOM:
        return market.cells(wanted, tile)
    return market.outlines(wanted, tile, boxes.around(connection, tile))


def _filters(search: str) -> Filters:
    return filter_language.parse(dict(pair.split("=") for pair in search.split("&")))


def _count(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM buildings").fetchone()
        return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
