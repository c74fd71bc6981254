"""Metres from every door of a graph to the nearest goal of each category, by one library: run as a program of its own.

    python nearest.py scipy|igraph|pandana GRAPH.npz METRES.npy FIGURES.json

The figures are seconds and processor seconds from the arrays to the metres, `setup_s` of them before the first
category, and the peak of memory in MB. Imports nothing of the product, so that any environment can run it.
"""

# ruff: noqa: PLC0415 - each way needs a library that the others' environments lack

import json
import sys
import time
from pathlib import Path

import numpy as np


def by_scipy(given, marks):
    """One Dijkstra from all goals of a category at once, as the product does it."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    rows = np.concatenate([given["starts"], given["ends"]])
    columns = np.concatenate([given["ends"], given["starts"]])
    order, size = np.argsort(rows, kind="stable"), int(given["nodes"])
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))]).astype(np.int32)
    metres = np.concatenate([given["metres"]] * 2)[order]
    matrix = csr_array((metres, columns[order].astype(np.int32), offsets), shape=(size, size))
    marks.append(time.perf_counter())
    for goals in given["categories"]:
        found, _, _ = dijkstra(
            matrix, indices=goals, min_only=True, return_predecessors=True, limit=float(given["reach"])
        )
        yield found[given["doors"]]


def by_igraph(given, marks):
    """A further vertex for each category, tied to its goals by nothing, and the distances from it."""
    import igraph

    size, categories = int(given["nodes"]), given["categories"]
    ties = [(size + number, goal) for number, goals in enumerate(categories) for goal in goals.tolist()]
    links = np.column_stack([given["starts"], given["ends"]])
    both = np.concatenate([links, links[:, ::-1], np.array(ties)])
    weights = np.concatenate([given["metres"], given["metres"], np.zeros(len(ties))]).tolist()
    network = igraph.Graph(n=size + len(categories), edges=both, directed=True)
    marks.append(time.perf_counter())
    doors = given["doors"].tolist()
    for number in range(len(categories)):
        found = network.distances(source=[size + number], weights=weights, mode="out")[0]
        yield np.array(found)[doors]


def by_pandana(given, marks):
    """Contraction hierarchies, then the nearest point of interest for all nodes; nodes lie on a line, goals on them."""
    import pandana
    import pandas

    size, metres = int(given["nodes"]), pandas.DataFrame({"metres": given["metres"]})
    at = pandas.Series(np.arange(size, dtype=float))
    network = pandana.Network(
        at, at * 0, pandas.Series(given["starts"]), pandas.Series(given["ends"]), metres, twoway=True
    )
    reach = float(given["reach"])
    marks.append(time.perf_counter())
    for number, goals in enumerate(given["categories"]):
        name = f"category {number}"
        network.set_pois(name, reach, 1, pandas.Series(goals.astype(float)), pandas.Series(goals * 0.0))
        yield network.nearest_pois(reach, name, num_pois=1)[1].to_numpy()[given["doors"]]


def main():
    """Read, measure, write, print."""
    name, source, target, report = sys.argv[1:]
    with np.load(source) as file:
        given = dict(file)
    given["categories"] = [given["goals"][given["asked"] == one] for one in range(given["asked"].max() + 1)]
    ways = {"scipy": by_scipy, "igraph": by_igraph, "pandana": by_pandana}[name]
    started, cpu, marks = time.perf_counter(), time.process_time(), []
    found = np.array(list(ways(given, marks)), dtype=np.float32)
    ended = time.perf_counter()
    figures = {"seconds": ended - started, "cpu_s": time.process_time() - cpu, "setup_s": marks[0] - started}
    np.save(target, found)
    lines = Path("/proc/self/status").read_text().splitlines()  # rusage would tell of the parent before exec, too
    figures["peak_mb"] = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    Path(report).write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
