"""Tiles that are kept: the product from memory, behind the shipped nginx, and nginx with the same bytes as plain files.

    .venv/bin/python bench/cached_tiles.py [--buildings 50000 | --here] [--rounds 5] [--seconds 4] [--workers 2]

The same list of different tiles (seeded, density weighted, zooms 13 to 16), all of them warm, goes in turn to
(a) `./loumap serve`, (b) nginx with the gzipped tiles as files, the limit, and (c) `./loumap serve` behind
`deploy/nginx.conf` with its cache full; whether (c) reaches the product shows in its processor time. wrk makes the load
with one thread and 8 connections for all of them; it takes a core of its own while it can, so on two cores all three
share the other. nginx keeps files open in (b) and (c), which spares it an `open` for each request; `files_as_usual` is
(b) with nginx's own settings, which do not. Without nginx only (a) is measured.

Prints JSON: medians of the rounds, ratios to (b), processor time per request of each process tree, load.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

import harness  # noqa: F401 - lets the product be imported
from harness import city, nginx
from harness.processes import cpu_seconds, product
from harness.report import medians, ratio, show
from harness.tile_lists import tiles_among_buildings
from harness.wrk import Load, wrk

from webmap.serving import usual_workers
from webmap.tile_answers import TileAddress

ZOOMS = range(13, 17)
CONNECTIONS = 8
CODING = {"Accept-Encoding": "gzip"}


def fetch(address: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of an answer, as it is sent."""
    with urlopen(Request(address, headers=CODING), timeout=60) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def warmed(address: str, paths: list[str]) -> Iterator[tuple[str, bytes]]:
    """Ask for every tile until every worker holds it; gives each with its bytes."""
    for path in paths:
        body, headers = fetch(address + path)
        assert headers["content-encoding"] == "gzip", f"{path} is not compressed"
        yield path, body
    wrk(address, paths, seconds=3, connections=4 * CONNECTIONS, headers=CODING)


def as_files(tiles: dict[str, bytes], folder: Path) -> None:
    """Put the tiles where nginx finds them by their addresses."""
    for path, body in tiles.items():
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


def settled_version(address: str, still_s: float = 3) -> int:
    """The version of the outlines, once no change of a city that was just made gives it a new one."""
    found, since = 0, time.monotonic()
    while time.monotonic() < since + still_s:
        current = int(json.loads(fetch(f"{address}/api/v1/versions")[0])["layers"]["buildings"])
        if current != found:
            found, since = current, time.monotonic()
        time.sleep(0.2)
    return found


def figures(load: Load, cpu_s: float, tile_bytes: float) -> dict[str, float]:
    """One round of one candidate; every answer must have been a whole tile."""
    assert load.refused == load.broken == 0, f"{load.refused} answers were errors, {load.broken} requests had none"
    assert load.bytes_each > 0.98 * tile_bytes, f"answers of {load.bytes_each} bytes are not tiles of {tile_bytes:.0f}"
    cpu_ms = round(cpu_s * 1e3 / max(1, load.requests), 4)
    times = {"p50_ms": load.p50_ms, "p99_ms": load.p99_ms}
    return {"per_second": load.per_second, "cpu_ms": cpu_ms, **times, "bytes": load.bytes_each}


def measure(meet: dict[str, tuple[Callable[[], Load], set[int]]], rounds: int, tile_bytes: float) -> dict[str, Any]:
    """Interleaved rounds; each candidate's medians and its ratio to plain files."""
    told: dict[str, list[dict[str, float]]] = {name: [] for name in meet}
    for _ in range(rounds):
        for name, (run, pids) in meet.items():
            before = cpu_seconds(pids)
            load = run()
            told[name].append(figures(load, cpu_seconds(pids) - before, tile_bytes))
    found = {name: medians(each) for name, each in told.items()}
    if "files" not in found:
        return {**found, "skipped": "nginx is not installed: no files, no proxy"}
    limit = found["files"]["per_second"]
    return {
        **found,
        "loumap_over_files": ratio(found["loumap"]["per_second"], limit),
        "loumap_over_files_as_usual": ratio(found["loumap"]["per_second"], found["files_as_usual"]["per_second"]),
        "behind_nginx_over_files": ratio(found["behind_nginx"]["per_second"], limit),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of each candidate in each round")
    parser.add_argument("--tiles", type=int, default=2000, help="different tiles at most")
    parser.add_argument(
        "--workers", type=int, default=usual_workers(), help="of the product and of nginx; one per core"
    )
    asked = parser.parse_args()
    with city.opened(asked) as settings, ExitStack() as stack:
        listed = tiles_among_buildings(city.public_dsn(settings), ZOOMS, asked.tiles)
        address, pid = stack.enter_context(product(workers=asked.workers, environ={"LOUMAP_PROXIES": "1"}))
        current = settled_version(address)
        paths = [TileAddress("buildings", current, tile).path for tile in listed]
        tiles = dict(warmed(address, paths))

        def load(server: str) -> Callable[[], Load]:
            return lambda: wrk(server, paths, seconds=asked.seconds, connections=CONNECTIONS, headers=CODING)

        meet = {"loumap": (load(address), {pid})}
        if nginx.is_here():
            folder = Path(stack.enter_context(TemporaryDirectory()))
            as_files(tiles, folder / "tiles")
            plain: dict[str, Any] = {"root": folder / "tiles", "workers": asked.workers, "known": paths[0]}
            files, files_pid = stack.enter_context(nginx.files(folder / "files", **plain))
            usual, usual_pid = stack.enter_context(nginx.files(folder / "usual", **plain, kept_open=False))
            proxy = nginx.shipped(folder / "proxy", address.removeprefix("http://"), workers=asked.workers)
            behind, behind_pid = stack.enter_context(proxy)
            for path in paths:
                fetch(behind + path)
                assert fetch(behind + path)[1]["x-cache"] == "HIT", f"{path} is not kept"
            meet["files"] = load(files), {files_pid}
            meet["files_as_usual"] = load(usual), {usual_pid}
            meet["behind_nginx"] = load(behind), {pid, behind_pid}
        size = mean(len(body) for body in tiles.values())
        show({"tiles": len(paths), "workers": asked.workers, **measure(meet, asked.rounds, size)})


if __name__ == "__main__":
    main()
