"""The search box at a city's size: suggestions inside a process and over HTTP, by what is typed.

    .venv/bin/python bench/onebox.py [--buildings 1000000 | --here] [--each 60] [--rounds 3]

Queries are drawn with a fixed seed from names that the city itself holds: beginnings of names while they are typed,
words within them, pinyin, initials, one typo, building and unit, streets with a number, firms, and nonsense.
Inside the process the index alone is asked, mapped as a web process maps it; over HTTP one client asks a running
`./loumap serve` with its connection kept open, rows from the database included. `index_mb` is what lies on disk and is
shared by all processes; `memory_kb` what this process has mapped of it after all queries, and what it alone holds.

Prints JSON: milliseconds by the clock (p50, p95, p99) and of the processor, by kind of query and of all; load.
"""

import argparse
import http.client
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote, urlsplit

import harness  # noqa: F401 - lets the product be imported
import psycopg
from harness import city
from harness.processes import cpu_seconds, product
from harness.report import show

from geo.onebox import LAYERS, find
from geo.text import fold, read_aloud
from webmap.config import Settings
from webmap.database_logins import PUBLIC
from webmap.db import database_url
from webmap.name_index import Names
from webmap.name_index_making import write

WAIT_S = 3600
"""For the index, when it has to be made."""

_NAMES = {
    "building": "SELECT name FROM buildings WHERE name IS NOT NULL ORDER BY md5(code) LIMIT %s",
    "enterprise": "SELECT name FROM enterprises WHERE NOT is_individual ORDER BY md5(code) LIMIT %s",
    "amenity": "SELECT name FROM amenities WHERE name IS NOT NULL ORDER BY md5(code) LIMIT %s",
    "address": "SELECT address FROM buildings WHERE name IS NOT NULL AND address > '' ORDER BY md5(code) LIMIT %s",
}


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--each", type=int, default=60, help="queries of each kind (default 60)")
    parser.add_argument("--rounds", type=int, default=3, help="times that all are asked (default 3)")
    asked = parser.parse_args()
    with city.opened(asked) as settings:
        cases = _cases(city.public_dsn(settings), asked.each)
        names = _names(settings)
        inside = _measured(cases, asked.rounds, lambda typed: find(names.indexes, names.roots, typed, most=24))
        result = {
            "things": {kind: len(index.docs) for kind, index in names.indexes.items()},
            "keys": {kind: len(i.chinese.text) + len(i.latin.text) for kind, i in names.indexes.items()},
            "index_mb": round(sum(f.stat().st_size for f in (settings.data / "names").rglob("*.npy")) / 2**20),
            "in_process": inside,
            "memory_kb": _memory(),
            "http": _over_http(cases, asked.rounds),
        }
        show(result)


def _cases(dsn: str, each: int) -> dict[str, list[str]]:
    """Kind of query → what is typed."""
    random = Random(1)
    with psycopg.connect(dsn) as connection:
        drawn = {kind: [row[0] for row in connection.execute(sql, [each])] for kind, sql in _NAMES.items()}
    every = [random.choice(drawn[random.choice(list(drawn))]) for _ in range(each)]
    spoken = [fold("".join(read_aloud(name)[1][0])) for name in every]
    return {
        "beginning": [name[: random.randint(1, 4)] for name in every],
        "whole": drawn["building"],
        "word": [name[2:] for name in drawn["building"] if len(name) > 3],
        "pinyin": [text[: random.randint(2, len(text))] for text in spoken],
        "initials": [fold("".join(part[0] for part in read_aloud(name)[1][0]))[:6] for name in every],
        "firm": [name[2 : random.randint(4, len(name))] for name in drawn["enterprise"]],
        "address": [text[-random.randint(4, 8) :] for text in drawn["address"]],
        "unit": [f"{name} {random.randint(1, 20)}0{random.randint(1, 9)}" for name in drawn["building"]],
        "typo": [_misspelled(name, "大中海国一", random) for name in every],
        "pinyin_typo": [_misspelled(text[:12], "aeiounghx", random) for text in spoken],
        "nothing": ["".join(random.choices("龘爨qzxvkw", k=random.randint(3, 9))) for _ in range(each)],
    }


def _misspelled(text: str, letters: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + random.choice(letters) + text[at + random.randint(0, 1) :]


def _names(settings: Settings) -> Names:
    """The index of the present version, made unless it is there."""
    url, home = database_url(settings, PUBLIC), settings.data / "names"
    with psycopg.connect(city.public_dsn(settings)) as connection:
        versions: dict[str, int] = dict(connection.execute("SELECT layer, version FROM layer_versions").fetchall())
    names = Names()
    for layer in LAYERS:
        folder = home / f"{layer}-{versions[layer]}"
        if not folder.exists():
            write(url, home, layer, versions[layer])
        names.take(layer, versions[layer], folder)
    return names


def _measured(cases: dict[str, list[str]], rounds: int, ask: Callable[[str], object]) -> dict[str, Any]:
    """Milliseconds by kind and of all: of each query the median of the rounds."""
    times: dict[str, list[list[float]]] = {kind: [[] for _ in typed] for kind, typed in cases.items()}
    busy = time.process_time()
    for _ in range(rounds):
        for kind, listed in cases.items():
            for at, typed in enumerate(listed):
                began = time.perf_counter()
                ask(typed)
                times[kind][at].append((time.perf_counter() - began) * 1e3)
    count = rounds * sum(map(len, cases.values()))
    medians = {kind: [median(each) for each in listed] for kind, listed in times.items()}
    told: dict[str, Any] = {kind: _cuts(listed) for kind, listed in medians.items()}
    own = round((time.process_time() - busy) * 1e3 / count, 3)
    return {**told, "all": {**_cuts([each for listed in medians.values() for each in listed]), "cpu_ms": own}}


def _over_http(cases: dict[str, list[str]], rounds: int) -> dict[str, Any]:
    with product(workers=1) as (address, pid):
        client = http.client.HTTPConnection(urlsplit(address).netloc)
        began = time.monotonic()
        while '"ready":true' not in _get(client, "a") and time.monotonic() - began < WAIT_S:
            time.sleep(1)
        before = cpu_seconds([pid])
        told = _measured(cases, rounds, lambda typed: _get(client, typed))
        spent = (cpu_seconds([pid]) - before) * 1e3 / (rounds * sum(map(len, cases.values())))
        told["all"]["cpu_ms"] = round(spent, 3)
    return told


def _get(client: http.client.HTTPConnection, typed: str) -> str:
    client.request("GET", f"/api/v1/suggest?limit=12&q={quote(typed)}")
    answer = client.getresponse()
    body = answer.read().decode()
    if answer.status != 200:
        raise SystemExit(f"{typed!r}: {answer.status} {body[:200]}")
    return body


def _cuts(times: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(times, n=100)
    return {f"p{at}_ms": round(cuts[at - 1], 2) for at in (50, 95, 99)}


def _memory() -> dict[str, int]:
    """What this process has in memory of files, shared with others, and of its own."""
    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    found = {line[0]: int(line[1]) for line in lines if line[0] in ("RssFile:", "RssAnon:")}
    return {"mapped_files": found["RssFile:"], "own": found["RssAnon:"]}


if __name__ == "__main__":
    main()
