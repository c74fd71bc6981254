"""Pages of 1,000 features as GeoJSON from a city: the product's OGC API beside tipg on the same buildings.

    .venv/bin/python bench/ogc.py [--buildings 1000000 | --here] [--rounds 5] [--seconds 4]

Kinds of pages: `first` (where every client begins), `box` (the first page of boxes among buildings), `deep` (after half
of the collection: by its key here, by its offset there), `filter` (a condition in CQL2 that many buildings meet) and
`filter_box` (the same within boxes). Each round gives the same list of pages to both in
turn, over 8 connections, without compression, with as many processes each as the machine has cores. The peer tells the
same columns of the table of buildings; ours tell the sums of their units besides. Prints JSON: medians of the rounds,
ratios, processor time per request (server and database apart), bytes, load.
"""

import argparse
import os
import random
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import harness  # noqa: F401 - lets the product be imported
import psycopg
from harness import city
from harness.processes import cpu_seconds, product
from harness.report import medians, ratio, show
from harness.tipg import COLLECTION, tipg
from harness.wrk import Load, wrk

PAGE, CONNECTIONS = 1000, 8
BOXES, HALF_DEGREES = 40, 0.012
OURS, THEIRS = "/ogc/collections/buildings/items", f"/collections/{COLLECTION}/items"
CONDITION = f"filter-lang=cql2-text&filter={quote('height_m > 30 AND floors_above < 20')}"
COLUMNS = (
    *("code", "name", "name_en", "address", "status", "managed", "grade", "grade_scheme", "star", "themes", "height_m"),
    *("floors_above", "floors_below", "typical_floor_area_m2", "gross_area_m2", "leasable_area_m2", "completed_year"),
    *("property_fee_cny_m2_month", "parking_spaces", "lifts"),
)


def works(dsn: str) -> dict[str, tuple[list[str], list[str]]]:
    """Kind of page → the paths of the product and of the peer."""
    boxes = [f"bbox={','.join(f'{side:.5f}' for side in box)}" for box in boxes_among_buildings(dsn)]
    with psycopg.connect(dsn) as connection:
        (many, middle), *_ = connection.execute("SELECT count(*), max(id) / 2 FROM buildings").fetchall()
    return {
        "first": ([ours("")], [theirs("")]),
        "box": ([ours(box) for box in boxes], [theirs(box) for box in boxes]),
        "deep": ([ours(f"after={middle}")], [theirs(f"offset={many // 2}")]),
        "filter": ([ours(CONDITION)], [theirs(CONDITION)]),
        "filter_box": ([ours(f"{box}&{CONDITION}") for box in boxes], [theirs(f"{box}&{CONDITION}") for box in boxes]),
    }


def ours(query: str) -> str:
    """A page of the product."""
    return f"{OURS}?limit={PAGE}&{query}"


def theirs(query: str) -> str:
    """The same of the peer."""
    return f"{THEIRS}?limit={PAGE}&geom-column=geom&properties={','.join(COLUMNS)}&{query}"


def boxes_among_buildings(dsn: str) -> list[tuple[float, float, float, float]]:
    """Boxes around buildings, seeded, each with more than a page of them."""
    draw, half = random.Random(7), HALF_DEGREES
    with psycopg.connect(dsn) as connection:
        places = connection.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) p FROM buildings WHERE managed ORDER BY id) s"
        ).fetchall()
    return [(x - half, y - half, x + half, y + half) for x, y in draw.sample(places, BOXES)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of each candidate in each round")
    asked = parser.parse_args()
    with city.opened(asked) as settings, ExitStack() as stack:
        dsn, workers = city.public_dsn(settings), len(os.sched_getaffinity(0))
        address, pid = stack.enter_context(product(workers=workers))
        folder = Path(os.environ.get("LOUMAP_BENCH", "/var/tmp/loumap-bench")) / "tipg"
        peer, peer_pid = stack.enter_context(tipg(city.app_dsn(settings), folder, workers=workers))
        result: dict[str, Any] = {"page": PAGE, "workers": workers, "connections": CONNECTIONS}
        database = city.server_pid(dsn) or 0
        for name, (paths, peer_paths) in works(dsn).items():
            meet = {"loumap": (address, paths, pid), "tipg": (peer, peer_paths, peer_pid)}
            result[name] = measured(meet, database, asked.rounds, asked.seconds)
        show(result)


def measured(meet: dict[str, tuple[str, list[str], int]], database: int, rounds: int, seconds: float) -> dict[str, Any]:
    """Interleaved rounds, after one that does not count."""
    told: dict[str, list[dict[str, float]]] = {name: [] for name in meet}
    for turn in range(rounds + 1):
        for name, (address, paths, pid) in meet.items():
            before = cpu_seconds({pid}), cpu_seconds({database})
            load = wrk(address, paths, seconds=seconds, connections=CONNECTIONS)
            after = cpu_seconds({pid}), cpu_seconds({database})
            if turn:
                told[name].append(figures(load, after[0] - before[0], after[1] - before[1]))
    found = {name: medians(each) for name, each in told.items()}
    return {**found, "over_peer": ratio(found["loumap"]["per_second"], found["tipg"]["per_second"])}


def figures(load: Load, server_s: float, database_s: float) -> dict[str, float]:
    """What a run comes to, by request."""
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


if __name__ == "__main__":
    main()
