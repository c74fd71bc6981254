"""The map page at a city's size: script per filter change, long tasks, layouts, memory, and in which order things come.

    .venv/bin/python bench/front_end.py [--buildings 100000] [--mode window] [--peer http://127.0.0.1:9000/map.html]

Makes the city, starts the server and opens the page in headless Chromium; a peer page takes turns with it, round by
round, each in a browser of its own. A change of filters presses one of the grades (at a peer: moves the slider
`#free`), and what the page's main thread did until it rests is read from the browser's own counters. Memory is what is
left after the garbage has been collected, before the changes and after them.

`--mode` writes `whole` or `window` into the page as it passes, to measure the way that a city of this size does not
get by itself. A peer sets `window.tIdle` (ms) when it stands still. Prints JSON: medians over the rounds.
"""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from harness.city import add_options, opened
from harness.processes import product
from harness.report import medians, ratio, show
from playwright.sync_api import Browser, CDPSession, Page, Playwright, Route, sync_playwright

FLAGS = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
SOFTWARE_GL = ("--disable-component-update", "--disable-dev-shm-usage", "--use-angle=swiftshader")
STILL = "() => window.tIdle || performance.getEntriesByName('still')[0]?.startTime"
MARKS = ("tiles", "list", "charts", "still")
REST_MS = 700
"""A change has had its effect after this long: the slowest measured took half of it."""

WATCH_LONG_TASKS = """
window.longTasks = [];
new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(one => one.duration)))
  .observe({type: 'longtask', buffered: true});
"""
OPEN_GRADES = "document.querySelector('[aria-controls=filter-grade]').click()"
PRESS_GRADE = "step => document.querySelectorAll('#filter-grade .chip')[step % 4].click()"
MOVE_SLIDER = """step => {
  const slider = document.querySelector('#free');
  slider.value = step % 2 ? 0 : 500 + step * 300;
  slider.dispatchEvent(new Event('input'));
}"""


@contextmanager
def opened_page(playwright: Playwright, url: str, mode: str | None) -> Iterator[Page]:
    """A page in a fresh browser, standing still."""
    browser: Browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=[*FLAGS, *SOFTWARE_GL, "--enable-unsafe-swiftshader"]
    )
    page = browser.new_page(viewport={"width": 1360, "height": 820})
    page.add_init_script(WATCH_LONG_TASKS)
    if mode:
        page.route(url, lambda route: _in_mode(route, mode))
    page.goto(url, wait_until="commit")
    page.wait_for_function(STILL, timeout=120_000)
    page.wait_for_timeout(2 * REST_MS)
    yield page
    browser.close()


def _in_mode(route: Route, mode: str) -> None:
    answer = route.fetch()
    body = re.sub(r'"mode": "\w+"', f'"mode": "{mode}"', answer.text())
    route.fulfill(response=answer, body=body)


def visit(playwright: Playwright, url: str, changes: int, mode: str | None, peer: bool) -> dict[str, float]:
    """One visit with its changes of filters, as figures."""
    with opened_page(playwright, url, mode) as page:
        browser = page.context.new_cdp_session(page)
        browser.send("Performance.enable")
        figures = dict.fromkeys((f"{mark}_ms" for mark in MARKS), 0.0) if not peer else {}
        for name in figures:
            found = page.evaluate("name => performance.getEntriesByName(name)[0]?.startTime", name.removesuffix("_ms"))
            figures[name] = found or 0.0
        figures["still_ms"] = page.evaluate(STILL)
        figures["longest_task_at_start_ms"] = max(page.evaluate("window.longTasks"), default=0)
        if not peer:
            page.evaluate(OPEN_GRADES)
            page.wait_for_timeout(REST_MS)
        act = MOVE_SLIDER if peer else PRESS_GRADE
        for step in range(8):  # the first changes compile the code that the others run
            _change(page, browser, act, step)
        page.evaluate("window.longTasks.length = 0")
        before = _memory(browser)
        costs = [_change(page, browser, act, step) for step in range(changes)]
        after = _memory(browser)
        return {**figures, **_summary(costs), **_long(page), **_growth(before, after)}


def _change(page: Page, browser: CDPSession, act: str, step: int) -> dict[str, float]:
    before = _metrics(browser)
    page.evaluate(act, step)
    page.wait_for_timeout(REST_MS)
    after = _metrics(browser)
    return {name: after[name] - before[name] for name in after}


def _metrics(browser: CDPSession) -> dict[str, float]:
    return {one["name"]: one["value"] for one in browser.send("Performance.getMetrics")["metrics"]}


def _memory(browser: CDPSession) -> dict[str, float]:
    for _ in range(3):
        browser.send("HeapProfiler.collectGarbage")
    return _metrics(browser)


def _summary(costs: list[dict[str, float]]) -> dict[str, float]:
    script = sorted(cost["ScriptDuration"] * 1000 for cost in costs)
    return {
        "script_ms_median": median(script),
        "script_ms_p95": script[int(0.95 * (len(script) - 1))],
        "script_ms_max": script[-1],
        "layouts_per_change": median(cost["LayoutCount"] for cost in costs),
        "layout_ms_median": median(cost["LayoutDuration"] * 1000 for cost in costs),
        "task_ms_median": median(cost["TaskDuration"] * 1000 for cost in costs),
    }


def _long(page: Page) -> dict[str, float]:
    tasks = page.evaluate("window.longTasks")
    return {"long_tasks": len(tasks), "longest_task_ms": max(tasks, default=0)}


def _growth(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {
        "heap_mb_before": before["JSHeapUsedSize"] / 2**20,
        "heap_mb_after": after["JSHeapUsedSize"] / 2**20,
        "nodes_before": before["Nodes"],
        "nodes_after": after["Nodes"],
        "listeners_before": before["JSEventListeners"],
        "listeners_after": after["JSEventListeners"],
    }


def measure(address: str, asked: argparse.Namespace) -> dict[str, Any]:
    """All rounds, ours and the peer in turn."""
    visits: dict[str, list[dict[str, float]]] = {"ours": [], **({"peer": []} if asked.peer else {})}
    with sync_playwright() as playwright:
        for _ in range(asked.rounds):
            for name, rounds in visits.items():
                peer = name == "peer"
                url = asked.peer if peer else f"{address}/"
                rounds.append(visit(playwright, url, asked.changes, None if peer else asked.mode, peer))
    result: dict[str, Any] = {name: medians(rounds) for name, rounds in visits.items()}
    if asked.peer:
        names = ("script_ms_median", "script_ms_p95", "still_ms", "heap_mb_after")
        result["ours_over_peer"] = {name: ratio(result["ours"][name], result["peer"][name]) for name in names}
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.set_defaults(buildings=100_000)
    parser.add_argument(
        "--mode", choices=("whole", "window"), help="how the page gets the state; by default its own way"
    )
    parser.add_argument("--peer", help="address of a page to compare with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--changes", type=int, default=50, help="of filters in each round")
    asked = parser.parse_args()
    with opened(asked), product(workers=1) as (address, _):
        result = measure(address, asked)
    show({**result, "mode": asked.mode or "own", "rounds": asked.rounds, "changes": asked.changes})


if __name__ == "__main__":
    main()
