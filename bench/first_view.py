"""First view of the map page: bytes over the wire by kind, and time until the map stands still.

    .venv/bin/python bench/first_view.py http://127.0.0.1:8000/ [--peer http://127.0.0.1:9000/map.html] [--rounds 5]

Every round opens each page in a fresh browser without cache, one after the other, so that both meet the same load.
Prints JSON: medians, their ratio, bytes and the machine's load. A peer sets `window.tIdle` (ms) when still.
"""

import argparse
import json
import os
from collections import Counter
from statistics import median

from playwright.sync_api import Playwright, Request, sync_playwright

FLAGS = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
SOFTWARE_GL = ("--disable-component-update", "--disable-dev-shm-usage", "--use-angle=swiftshader")
STILL = "() => window.tIdle || performance.getEntriesByName('still')[0]?.startTime"


def kind_of(url: str) -> str:
    """Whose bytes these are: the map library's, data, or our own."""
    if "maplibre" in url:
        return "library"
    return "data" if any(part in url for part in ("/tiles/", "/state/", "/api/", ".geojson")) else "own"


def open_once(playwright: Playwright, url: str) -> dict:
    """One visit in a fresh browser: ms until still and bytes by kind, requests of workers included."""
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=[*FLAGS, *SOFTWARE_GL, "--enable-unsafe-swiftshader"]
    )
    page = browser.new_page(viewport={"width": 1360, "height": 820})
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(url, wait_until="commit")
    page.wait_for_function(STILL, timeout=60_000)
    still = page.evaluate(STILL)
    page.wait_for_timeout(1000)
    kinds: Counter[str] = Counter()
    for request in finished:
        sizes = request.sizes()
        kinds[kind_of(request.url)] += sizes["responseBodySize"] + sizes["responseHeadersSize"]
    hosts = {request.url.split("/")[2] for request in finished if request.url.startswith("http")}
    browser.close()
    return {"ms": still, "bytes": dict(kinds), "hosts": sorted(hosts)}


def summary(rounds: list[dict]) -> dict:
    """Medians of several visits."""
    total = [sum(one["bytes"].values()) for one in rounds]
    return {
        "ms": round(median(one["ms"] for one in rounds)),
        "kib": {kind: round(count / 1024, 1) for kind, count in rounds[-1]["bytes"].items()},
        "kib_total": round(median(total) / 1024, 1),
        "hosts": rounds[-1]["hosts"],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--peer")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    visits: dict[str, list[dict]] = {"ours": [], **({"peer": []} if asked.peer else {})}
    with sync_playwright() as playwright:
        for _ in range(asked.rounds):
            for name in visits:
                visits[name].append(open_once(playwright, asked.url if name == "ours" else asked.peer))
    result: dict = {name: summary(rounds) for name, rounds in visits.items()}
    if asked.peer:
        result["ours_over_peer"] = round(result["ours"]["ms"] / result["peer"]["ms"], 2)
    print(json.dumps({**result, "rounds": asked.rounds, "load": os.getloadavg()}, indent=1))


if __name__ == "__main__":
    main()
