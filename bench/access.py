"""Ways on foot from every building to the nearest amenity of every category: the product beside igraph and pandana.

    .venv/bin/python bench/access.py [--buildings 100000 | --here] [--rounds 3] [--peers igraph pandana]

The city's roads become the product's network, cut at the doors of all its buildings (listed or not) and at its
amenities. Each round lets the library that the product uses and the peers find, on this one graph, the nearest amenity
of each of the categories within 3 km for every door: each in a process and an environment of its own, in turn. Reading,
building the network and bringing doors to it is measured once; so is `./loumap`'s whole work for listed buildings,
stored in a transaction that is rolled back.

Prints JSON: seconds and processor seconds of the ways alone, memory of the process (its peak), the share of ways on
which a peer agrees to a metre, ratios to the product, and the machine's load.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import harness  # noqa: F401 - lets the product be imported
import numpy as np
import shapely
from harness import city
from harness.environment import NotInstalledError, python_with
from harness.processes import ROOT
from harness.report import medians, ratio, show
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access import REACH_M, store_distances
from geo.access.doors import footholds
from geo.access.ground import surroundings
from geo.access.paths import Ways, ways_between
from geo.crs import local_metric
from geo.db import engine
from webmap.database_logins import APP
from webmap.db import database_url

CATEGORIES = 20
RUNNER = Path(__file__).resolve().parent / "harness" / "nearest.py"
PEERS = {"igraph": ("igraph", "numpy"), "pandana": ("pandana", "numpy", "pandas")}
_HOUSES = "SELECT ST_AsBinary(geom) FROM buildings WHERE withdrawn_at IS NULL AND publishable ORDER BY id LIMIT :count"
_PLACES = "SELECT category, ST_AsBinary(geom) FROM amenities WHERE open AND publishable AND withdrawn_at IS NULL"


def prepared(session: Session, count: int) -> tuple[Ways, np.ndarray, dict[str, float]]:
    """The network cut at doors and amenities, the category of each amenity, and the seconds that took."""
    started = time.process_time()
    outlines = _shapes(session.execute(text(_HOUSES), {"count": count}).scalars())
    rows = session.execute(text(_PLACES)).all()
    box = tuple(shapely.total_bounds(outlines).tolist())
    plane = local_metric(box[::2], box[1::2])
    ground, after_network = surroundings(session, box, plane), time.process_time()
    doors = footholds(ground.network, plane.project(outlines), ground.walls)
    goals = footholds(ground.network, plane.project(_shapes(row[1] for row in rows)), ground.walls)
    ways, done = ways_between(ground.network, doors, goals, REACH_M), time.process_time()
    # A city with fewer categories asks some of them twice.
    kinds = sorted({row[0] for row in rows})
    kinds = np.array([kinds.index(row[0]) for row in rows])
    return ways, kinds, {"reading_cpu_s": after_network - started, "doors_cpu_s": done - after_network}


def written(ways: Ways, kinds: np.ndarray, file: Path) -> None:
    """Save the graph as plain arrays: links, a node for every amenity beside its edge, doors, and what is asked."""
    usable, reached = np.flatnonzero(ways.goals.edges >= 0), np.flatnonzero(ways.doors.edges >= 0)
    cut, goals = ways.cut, ways.cut.nodes + np.arange(len(usable))
    at = cut.places[len(ways.doors) + usable]
    asked = [np.flatnonzero(kinds[usable] == number % (kinds.max() + 1)) for number in range(CATEGORIES)]
    np.savez(
        file,
        starts=np.concatenate([cut.starts, goals]),
        ends=np.concatenate([cut.ends, at]),
        metres=np.maximum(np.concatenate([cut.metres, ways.goals.away_m[usable]]), 1e-3),
        nodes=cut.nodes + len(usable),
        doors=cut.places[reached],
        goals=goals[np.concatenate(asked)],
        asked=np.repeat(np.arange(CATEGORIES), [len(one) for one in asked]),
        reach=REACH_M,
    )


def run(python: str | Path, name: str, file: Path) -> dict[str, float]:
    """One candidate in a process of its own."""
    metres, figures = file.with_name(f"{name}.npy"), file.with_name(f"{name}.json")
    command = [str(python), str(RUNNER), name, str(file), str(metres), str(figures)]
    subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=True)
    found: dict[str, float] = json.loads(figures.read_text())
    return found


def pythons(folder: Path, wanted: list[str]) -> dict[str, str | Path]:
    """The interpreter of each peer that can be had here; a word of why for the others."""
    found: dict[str, str | Path] = {}
    for name in wanted:
        try:
            found[name] = python_with(folder / name, PEERS[name], f"import {name}")
        except NotInstalledError as error:
            found[name] = f"skipped: {error}"
    return found


def agreement(file: Path, name: str) -> float:
    """The share of ways on which a peer and the product agree to a metre."""
    ours, theirs = (np.load(file.with_name(f"{one}.npy")) for one in ("scipy", name))
    return round(float(np.mean(np.abs(np.minimum(ours, REACH_M) - np.minimum(theirs, REACH_M)) < 1)), 4)


def stored(session: Session) -> dict[str, float]:
    """The whole work of the product for listed buildings, rolled back."""
    started, cpu = time.monotonic(), time.process_time()
    rows = store_distances(session)
    session.flush()
    figures = {"rows": rows, "seconds": time.monotonic() - started, "cpu_s": time.process_time() - cpu}
    session.rollback()
    return {name: round(value, 2) for name, value in figures.items()}


def _shapes(wkb: object) -> np.ndarray:
    return np.asarray(shapely.from_wkb(np.array([bytes(one) for one in wkb], dtype=object)), dtype=object)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.set_defaults(buildings=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS), help="none: no peer")
    asked = parser.parse_args()
    folder = Path(os.environ.get("LOUMAP_BENCH", "/var/tmp/loumap-bench")) / "access"
    folder.mkdir(parents=True, exist_ok=True)
    file, load = folder / "graph.npz", os.getloadavg()
    with city.opened(asked) as settings, Session(engine(database_url(settings, APP))) as session:
        ways, kinds, once = prepared(session, asked.buildings)
        written(ways, kinds, file)
        size = {"buildings": len(ways.doors), "links": len(ways.cut.starts), "amenities": len(kinds)}
        whole = stored(session)
    candidates: dict[str, str | Path] = {"scipy": sys.executable, **pythons(folder, asked.peers)}
    ready = {name: python for name, python in candidates.items() if not str(python).startswith("skipped")}
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in ready}
    for _ in range(asked.rounds):
        for name, python in ready.items():
            rounds[name].append(run(python, name, file))
    middle = {name: medians(figures) for name, figures in rounds.items()}
    ratios = {f"{name}_over_scipy": ratio(one["seconds"], middle["scipy"]["seconds"]) for name, one in middle.items()}
    show({
        **size, "categories": CATEGORIES, "with_a_road": round(float(np.mean(ways.doors.edges >= 0)), 3),
        "once": {name: round(value, 2) for name, value in once.items()},
        **{name: middle.get(name, str(python)) for name, python in candidates.items()},
        "agree": {name: agreement(file, name) for name in ready if name != "scipy"},
        "ratios": ratios, "listed_stored": whole, "load_before": [round(one, 2) for one in load],
    })  # fmt: skip


if __name__ == "__main__":
    main()
