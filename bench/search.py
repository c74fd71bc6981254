"""Search with facets: the state in memory beside the same in SQL, inside a process and over HTTP.

    .venv/bin/python bench/search.py [--buildings 1000000 | --here] [--cases 300] [--rounds 3] [--sql-cases 40]

Cases are drawn with a fixed seed from what the city itself holds: one to six filters of all kinds, texts included, most
of them for what is on the market. A case is a page of 50 units in some order, the total, and the counts beside every
value of every filter. Inside the process nothing is remembered of a case from one round to the next but what was found
for its text and for its distance to amenities, and the order of all units by a column, which the product keeps too. In
SQL, which is asked fewer of the cases, one is page and total alone; `facets_in_sql_ms` is what the counts of the first
case take as so many questions to the database. Over HTTP one client asks a running `./loumap serve` for /api/v1/units
and /api/v1/facets with its connection kept open, and for windows of the map page: districts around places drawn at
random, and the whole city. `fallback` is /api/v1/buildings, which unlisted buildings are in as well and which SQL
answers.

Prints JSON: milliseconds by the clock and of the processor (p50, p95, p99), times as many cases a second, load.
"""

import argparse
import gc
import http.client
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from statistics import mean, quantiles
from typing import Any
from urllib.parse import urlsplit

import harness  # noqa: F401 - lets the product be imported
import numpy as np
from harness import city
from harness.processes import cpu_seconds, product
from harness.report import ratio, show
from harness.search_cases import Case, district_boxes, draw, whole_city
from sqlalchemy.orm import Session

from geo.db import engine
from geo.facets import VOCABULARIES, facets, values
from geo.filters import UNIT_FIELDS, Filters, to_query
from geo.search import Asked, find_buildings, find_units, unit_start
from geo.state_search import Search, Table, searched
from geo.state_search.pages import unit_page
from webmap.database_logins import PUBLIC
from webmap.db import database_url
from webmap.state_files import StateFiles

LIMIT = 50
_OF_BUILDINGS = {field.name: field.default for field in fields(Filters) if field.name in UNIT_FIELDS}
"""No condition on units."""


@dataclass(frozen=True)
class Spent:
    """Milliseconds of each case by the clock, and of the processor: of each, or over HTTP of one on average."""

    times: Sequence[float]
    cpu: Sequence[float]

    def told(self) -> dict[str, float]:
        """The figures that are printed."""
        cuts, busy = quantiles(self.times, n=100), quantiles(self.cpu, n=100)
        told = {f"p{at}_ms": round(cuts[at - 1], 3) for at in (50, 95, 99)}
        told |= {f"cpu_p{at}_ms": round(busy[at - 1], 3) for at in (50, 99)}
        return {**told, "mean_ms": round(mean(self.times), 3), "cpu_ms": round(mean(self.cpu), 3)}


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--cases", type=int, default=300, help="searches that are drawn (default 300)")
    parser.add_argument("--rounds", type=int, default=3, help="times that each candidate is asked them all (default 3)")
    parser.add_argument("--sql-cases", type=int, default=40, help="of these, how many SQL is asked too (default 40)")
    asked = parser.parse_args()
    with city.opened(asked) as settings:
        bind = engine(database_url(settings, PUBLIC))
        state = StateFiles(bind, settings.data / "published").current(settings.today())
        table = Table(state.columns, state.unit_ids)
        cases = draw(table, asked.cases)
        inside = _inside(bind, table, cases, settings.today(), asked)
        result = {
            "buildings": len(state.columns.array("buildings", "id")),
            "units": len(state.unit_ids),
            "cases": len(cases),
            **inside,
            "http": _over_http(table, cases, asked),
        }
        show(result)


def _inside(bind: Any, table: Table, cases: Sequence[Case], today: Any, asked: argparse.Namespace) -> dict[str, Any]:
    """Both forms in this process, in turn."""
    few = cases[: asked.sql_cases]
    told: dict[str, list[Spent]] = {"state": [], "sql": []}
    with Session(bind) as session:
        for _ in range(asked.rounds):
            told["state"].append(_timed(lambda case: _in_state(table, case, today), cases))
            told["sql"].append(_timed(lambda case: find_units(session, case.filters, _page(case, today)), few))
        in_sql = _timed(lambda case: _facets_in_sql(session, table, case, today), cases[:1]).times[0]
    best = {name: _typical(spents) for name, spents in told.items()}
    state, sql = mean(best["state"].times[: len(few)]), mean(best["sql"].times)
    return {
        "state": best["state"].told(),
        "sql": best["sql"].told(),
        "facets_in_sql_ms": round(in_sql),
        "state_over_sql": ratio(sql, state),
        "state_over_sql_with_facets": ratio(sql + in_sql, state),
    }


def _over_http(table: Table, cases: Sequence[Case], asked: argparse.Namespace) -> dict[str, Any]:
    """Page, counts and windows of a running server."""
    districts = district_boxes(table, len(cases) // 3)
    paths = {
        "units": [f"/api/v1/units?{case.query(LIMIT)}" for case in cases],
        "facets": [f"/api/v1/facets?{to_query(case.filters)}" for case in cases],
        "windows_of_districts": [_window(table, box, cases[at]) for at, box in enumerate(districts)],
        "fallback": [
            f"/api/v1/buildings?{to_query(replace(case.filters, **_OF_BUILDINGS))}" for case in cases[: asked.sql_cases]
        ],
        "windows_of_the_city": [_window(table, whole_city(table), case) for case in cases[: len(districts)]],
    }
    spent: dict[str, list[Spent]] = {name: [] for name in paths}
    with product(workers=1) as (address, pid):
        client = http.client.HTTPConnection(urlsplit(address).netloc)
        for _ in range(asked.rounds):
            for name, listed in paths.items():
                before = cpu_seconds([pid])
                times = _timed(lambda path: _get(client, path), listed).times
                each = (cpu_seconds([pid]) - before) * 1e3 / len(listed)
                spent[name].append(Spent(times, [each] * len(listed)))
    # The server keeps windows as it sent them: only the first round cuts them.
    first = {name: 1 if name.startswith("windows") else asked.rounds for name in spent}
    return {name: _typical(rounds[: first[name]]).told() for name, rounds in spent.items()}


def _in_state(table: Table, case: Case, today: Any) -> object:
    search = searched(table, case.filters)
    page = unit_page(search, case.sort, unit_start(_page(case, today)), LIMIT)
    return page, search.unit_count, search.area_m2, facets(search)


def _facets_in_sql(session: Session, table: Table, case: Case, today: Any) -> None:
    search = Search(table, case.filters)
    for field in VOCABULARIES:
        for value in values(search, field):
            chosen = replace(case.filters, **{field: (value,)})
            find_units(session, chosen, Asked(today, limit=1))
            find_buildings(session, chosen, Asked(today, limit=1))


def _page(case: Case, today: Any) -> Asked:
    return Asked(today, sort=case.sort, limit=LIMIT)


def _window(table: Table, box: tuple[float, ...], case: Case) -> str:
    edges = ",".join(f"{edge:.5f}" for edge in box)
    return f"/state/{table.version}/window?bbox={edges}&{to_query(replace(case.filters, bbox=None, occupancy=()))}"


def _get(client: http.client.HTTPConnection, path: str) -> None:
    client.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:200]!r}")


def _timed(act: Callable[[Any], object], things: Sequence[Any]) -> Spent:
    gc.collect()
    times, cpu = [], []
    for thing in things:
        began, busy = time.perf_counter(), time.thread_time()
        act(thing)
        cpu.append((time.thread_time() - busy) * 1e3)
        times.append((time.perf_counter() - began) * 1e3)
    return Spent(times, cpu)


def _typical(rounds: Sequence[Spent]) -> Spent:
    """For each case the median of the rounds."""
    times, cpu = (np.median([getattr(one, name) for one in rounds], axis=0).tolist() for name in ("times", "cpu"))
    return Spent(times, cpu)


if __name__ == "__main__":
    main()
