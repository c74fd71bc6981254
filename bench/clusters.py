"""Clusters of a million enterprises in twenty industries: how fast, and whether what was planted is found.

    .venv/bin/python bench/clusters.py [--seeds 10] [--first 0] [--tuning] [--rounds 3] [--enterprises 1000000]

The cities are those of `harness/planted_city.py`, of seeds by which nothing was chosen; `--tuning` takes the others.
Everything is measured inside one process, from residents in memory, one method after the other in every round:

`poisson_path_s`  the excess of all industries: cells of 250 m, sums with one ring of neighbours, expected values,
                  scores, exact chances, adjusted values and which cells are hot;
`per_industry_ms` the same divided by the industries; `esda_ms` is PySAL's G_Local (no permutations) of one industry on
                  the very same counts and neighbours, `esda_with_weights_ms` with making its weights;
`outlines_s_…`    the outlines of all industries by `geo.clusters.outlines`, with its own usual parameters (`library`)
                  and with those that the page of clusters begins with (`page`).

Found and right are counted by enterprises, on outlines: a planted disc is found when at least half of its enterprises
of the industry lie in outlines of that industry; an outline is right when at least half of its enterprises of the
industry lie in planted discs of that industry. Recall is the found among the planted, precision the right among the
outlines.

Prints JSON: medians of the rounds, recall and precision by seed and of all, for the parameters of both; load.
"""

import argparse
import time
import warnings
from typing import Any

import harness  # noqa: F401 - lets the product be imported
import numpy as np
from esda import G_Local
from harness.planted_city import TUNED_ON, PlantedCity, plant
from harness.report import medians, ratio, show
from libpysal.weights import WSP
from numpy.typing import NDArray
from scipy import sparse

from geo.clusters.analysis import Question, density_of
from geo.clusters.cells import cut
from geo.clusters.concentration import poisson_discoveries
from geo.clusters.field import Field
from geo.clusters.outlines import USUAL, Density, Outline, density_outlines

CELL_M, RINGS, LEVEL = 250.0, 1, 0.05
INDUSTRIES = 20
WAYS = {"library": USUAL, "page": density_of(Question(""))}

Floats = NDArray[np.float64]


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="cities that are searched (default 10)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first of them (default 0)")
    parser.add_argument("--tuning", action="store_true", help="the seeds that parameters are chosen by")
    parser.add_argument("--rounds", type=int, default=3, help="times that speed is measured (default 3)")
    parser.add_argument("--enterprises", type=int, default=1_000_000, help="in a city (default 1000000)")
    asked = parser.parse_args()
    seeds = list(TUNED_ON)[: asked.seeds] if asked.tuning else [asked.first + each for each in range(asked.seeds)]
    cities = {seed: plant(seed, asked.enterprises, asked.enterprises * 120 // 1000) for seed in seeds}
    speed = medians([_speed(cities[seeds[0]]) for _ in range(asked.rounds)])
    show(
        {
            "enterprises": asked.enterprises,
            **speed,
            "esda_over_ours": ratio(speed["esda_ms"], speed["per_industry_ms"]),
            **{name: _quality(cities, how) for name, how in WAYS.items()},
        }
    )


def _quality(cities: dict[int, PlantedCity], how: Density) -> dict[str, Any]:
    """What outlines drawn in this way find, of all cities and of each."""
    found = {seed: _held_against(city, how) for seed, city in cities.items()}
    total = {name: sum(each[name] for each in found.values()) for name in ("planted", "found", "outlines", "right")}
    by_seed = {seed: _rates(each) for seed, each in found.items()}
    return {"density": {name: getattr(how, name) for name in how.__slots__}, **_rates(total), "by_seed": by_seed}


def _speed(city: PlantedCity) -> dict[str, float]:
    keys, numbers = np.unique(city.building * INDUSTRIES + city.industry, return_counts=True)
    building, industry = keys // INDUSTRIES, keys % INDUSTRIES
    began = time.perf_counter()
    cells = cut(city.x, city.y, CELL_M)
    counts = cells.taking(building).sums(industry, INDUSTRIES, numbers)
    near = cells.around(RINGS)
    around = near @ counts
    found = poisson_discoveries(around, around.sum(axis=1), counts.sum(axis=0) / counts.sum(), LEVEL)
    hot = (found.q <= LEVEL) & (found.z > 0)
    ours = time.perf_counter() - began
    figures = {"cells": len(cells), "hot": int(hot.sum()), "poisson_path_s": ours, "per_industry_ms": ours / 20 * 1e3}
    for name, how in WAYS.items():
        began = time.perf_counter()
        _outlines(city, how)
        figures[f"outlines_s_{name}"] = time.perf_counter() - began
    return {**figures, **_esda(counts[:, 0], near)}


def _esda(values: Floats, near: "sparse.csr_array") -> dict[str, float]:
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = WSP(near - sparse.eye_array(near.shape[0])).to_W(silence_warnings=True)
        made = time.perf_counter()
        G_Local(values, weights, transform="B", permutations=0, star=True)
    ended = time.perf_counter()
    return {"esda_ms": (ended - made) * 1e3, "esda_with_weights_ms": (ended - began) * 1e3}


def _table(city: PlantedCity) -> Floats:
    flat = np.bincount(city.building * INDUSTRIES + city.industry, minlength=len(city.x) * INDUSTRIES)
    return flat.reshape(-1, INDUSTRIES).astype(float)


def _outlines(city: PlantedCity, how: Density) -> list[list[Outline]]:
    table = _table(city)
    field = Field(city.x, city.y, table.sum(axis=1))
    return [density_outlines(field, table[:, industry], how) for industry in range(INDUSTRIES)]


def _held_against(city: PlantedCity, how: Density) -> dict[str, int]:
    table = _table(city)
    figures = {"planted": len(city.discs), "found": 0, "outlines": 0, "right": 0}
    for industry, outlines in enumerate(_outlines(city, how)):
        here = table[:, industry]
        told, planted = np.zeros(len(here), bool), np.zeros(len(here), bool)
        for outline in outlines:
            told[outline.buildings] = True
        for disc in city.discs:
            if disc.industry == industry:
                inside = np.hypot(city.x - disc.x, city.y - disc.y) <= disc.radius_m
                planted |= inside
                figures["found"] += bool(2 * here[inside & told].sum() >= here[inside].sum())
        for outline in outlines:
            mine = here[outline.buildings]
            figures["right"] += bool(2 * mine[planted[outline.buildings]].sum() >= mine.sum())
        figures["outlines"] += len(outlines)
    return figures


def _rates(figures: dict[str, int]) -> dict[str, Any]:
    recall, precision = ratio(figures["found"], figures["planted"]), ratio(figures["right"], figures["outlines"])
    return {**figures, "recall": recall, "precision": precision}


if __name__ == "__main__":
    main()
