"""Pictures for chats: drawn anew for states that nobody has asked for, and kept ones asked for again.

    .venv/bin/python bench/cards.py [--buildings 2000 | --here] [--states 20]

States of the map are drawn with a fixed seed around the heart of the city: zoom, pitch, bearing, colouring, filters.
`draw` is reading and writing the SVG in the web process, `raster` the process that makes PNG of it, both by the clock
and of the processor; `kept` is the whole request for one that is kept. Limit: 700 ms for both at 2,000 buildings.

Prints JSON: milliseconds (p50, p95), blocks and bytes of a picture, load.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Iterator
from statistics import mean, quantiles
from typing import Any, TypeVar

import harness  # noqa: F401 - lets the product be imported
from harness import city
from harness.report import show

from geo.exports.raster import png
from geo.exports.svg_card import TIMES
from webmap import create_app
from webmap.config import Settings
from webmap.db import public_session
from webmap.map import card
from webmap.published import published

FORMS = ("card", "poster", "sheet")
Made = TypeVar("Made")


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--states", type=int, default=20, help="states of the map for each form (default 20)")
    parser.set_defaults(buildings=2000)
    asked = parser.parse_args()
    with city.opened(asked) as settings:
        show(measured(settings, asked.states))


def measured(settings: Settings, states: int) -> dict[str, Any]:
    """Figures of each form, and of kept pictures."""
    app = create_app(settings)
    with app.test_request_context("/"):
        scene = app.extensions["loumap_scenes"].of(public_session(), published().versions())
    queries = list(drawn(states, scene.start["center"]))
    found: dict[str, Any] = {"listed_buildings": _buildings(app)}
    for form in FORMS:
        found[form] = _form(app, scene, queries, form)
    client = app.test_client()
    client.get(f"/card/map.png?{queries[0]}")
    found["kept"] = told([timed(lambda: client.get(f"/card/map.png?{queries[0]}"))[1] for _ in range(50)])
    return found


def drawn(states: int, centre: list[float]) -> Iterator[str]:
    """Query strings of the map page."""
    dice = random.Random(6)
    for _ in range(states):
        lon, lat = (round(each + dice.uniform(-0.006, 0.006), 5) for each in centre)
        by = dice.choice(["vacancy", "grade", "industry", "age"])
        camera = f"pitch={dice.choice([0, 30, 52, 60])}&bearing={dice.randint(-180, 180)}"
        yield f"at={lat},{lon},{dice.uniform(13.8, 16.2):.2f}&{camera}&by={by}&area_min={dice.choice([100, 300, 800])}"


def _form(app: Any, scene: Any, queries: list[str], form: str) -> dict[str, Any]:
    draws, rasters, sizes, blocks = [], [], [], []
    for query in queries:
        with app.test_request_context(f"/?{query}"):
            state = card.read(dict(pair.split("=") for pair in query.split("&")))
            svg, spent = timed(lambda state=state: card.draw(public_session(), scene, state, form))
        picture, making = timed(lambda svg=svg: png(svg, TIMES[form]))
        draws.append(spent)
        rasters.append(making)
        sizes.append(len(picture) / 1e3)
        blocks.append(svg.count("fill-rule"))
    both = [(one[0] + two[0], one[1] + two[1]) for one, two in zip(draws, rasters, strict=True)]
    paths = {"blocks": round(mean(blocks)), "most_blocks": max(blocks), "kB": round(mean(sizes))}
    return {"draw": told(draws), "raster": told(rasters), "both": told(both), **paths}


def timed(act: Callable[[], Made]) -> tuple[Made, tuple[float, float]]:
    """What it gives, and the milliseconds that it took by the clock and of the processor, children included."""
    began, busy = time.perf_counter(), _busy()
    found = act()
    return found, ((time.perf_counter() - began) * 1e3, (_busy() - busy) * 1e3)


def told(times: list[tuple[float, float]]) -> dict[str, float]:
    """Half and nineteen of twenty took no longer."""
    clock, busy = zip(*times, strict=True)
    names = ("p50_ms", "p95_ms", "cpu_p50_ms", "cpu_p95_ms")
    points = [quantiles(each, n=20)[place] for each in (clock, busy) for place in (9, 18)]
    return {name: round(point, 1) for name, point in zip(names, points, strict=True)}


def _busy() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _buildings(app: Any) -> int:
    with app.test_request_context("/"):
        return len(
            published().states.current(app.extensions["loumap_settings"].today()).columns.array("buildings", "id")
        )


if __name__ == "__main__":
    main()
