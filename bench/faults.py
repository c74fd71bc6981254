"""What is lost and what is doubled when something breaks in the middle of work.

    .venv/bin/python bench/faults.py [--drill web --drill postgres …] [--returns 1000]

Every drill has a site of its own (an invented city, web server with two processes, worker where one is needed) below
`/var/tmp/loumap-bench`, breaks something again and again while managers send weekly returns, and counts afterwards: a
sending with a receipt that the database does not have is lost, one that it has twice is doubled, one whose lines are
not all there is torn. Managers send again with the same key until they have a receipt, as their page does.

    web         kill -9 of one web process after the other, and of the whole server
    postgres    kill -9 of the database server
    connection  the sender hangs up as soon as the return is sent, every third time
    clock       the clock of database and web server jumps two hours ahead and three back (libfaketime)
    worker      kill -9 of the worker while it sends mail, tells followers and imports a file
    disk        the disk of the files, then that of the database, is full (as root; small tmpfs mounts)

Prints JSON: lost, doubled, torn (all expected to be 0), how many sendings it took, the words people were told.
"""

import argparse
import threading
import time
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any

import harness  # noqa: F401 - lets the product be imported
from faults_clock import clock_jumps
from faults_disk import disk_is_full
from faults_worker import worker_killed
from harness.report import show
from harness.reporters import Manager, Told, tokens
from harness.sites import Site, site

MANAGERS = 8
DEAREST = 15
"""Above all rents of the invented city (CNY per m² and day), so that every sending says something new."""

MOST_BROKEN = 12
COUNT = """
    SELECT split_part(s.key, '.', 1), s.code, count(*) OVER (PARTITION BY split_part(s.key, '.', 1)),
           (SELECT count(*) FROM return_lines l WHERE l.submission_id = s.id)
    FROM return_submissions s WHERE s.key LIKE 'drill-%'"""
Breaker = Callable[[Site, int], object]


def main() -> None:
    """Carry out the drills that were asked for, or all."""
    drills: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
        "web": lambda asked: returns_while("web", asked.returns, _break_web, every_s=4),
        "postgres": lambda asked: returns_while("postgres", asked.returns, _break_postgres, every_s=6),
        "connection": lambda asked: returns_while("connection", asked.returns, None, cut_every=3),
        "clock": lambda asked: clock_jumps(returns_while, asked.returns),
        "worker": lambda asked: worker_killed(),
        "disk": lambda asked: disk_is_full(),
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drill", action="append", choices=drills, help="only this one; may be given again")
    parser.add_argument("--returns", type=int, default=1000, help="returns that are sent in a drill (default 1000)")
    asked = parser.parse_args()
    show({name: drills[name](asked) for name in asked.drill or drills})


def returns_while(
    name: str,
    returns: int,
    break_it: Breaker | None,
    *,
    every_s: float = 5,
    cut_every: int = 0,
    prepare: Callable[[Site], object] = lambda site: site.serve(),
) -> dict[str, Any]:
    """Have managers send so many returns while something is broken again and again; what was lost and doubled."""
    with site(f"faults-{name}") as place:
        prepare(place)
        links = tokens(place.settings, MANAGERS)
        told = [Told() for _ in links]
        shares = [range(number, returns, len(links)) for number in range(len(links))]
        sending = [
            threading.Thread(target=_send, args=(place.address, link, one, share, cut_every), daemon=True)
            for link, one, share in zip(links, told, shares, strict=True)
        ]
        began = time.monotonic()
        for thread in sending:
            thread.start()
        broken = _break_until_done(place, sending, break_it, every_s)
        seconds = time.monotonic() - began
        return {**_compared(place, told, returns), **broken, "seconds": round(seconds, 1)}


def _send(address: str, link: str, told: Told, share: range, cut_every: int) -> None:
    manager, random = Manager(address, link, told), Random(share.start)
    codes = manager.open()
    for number in share:
        rent = DEAREST + number / 100
        is_cut = bool(cut_every) and number % cut_every == 0
        manager.send(f"drill-{number:05}", [random.choice(codes)], rent, cut=is_cut)


def _break_until_done(
    place: Site, sending: list[threading.Thread], break_it: Breaker | None, every_s: float
) -> dict[str, Any]:
    """Break it again and again, each time once it works again, until all is sent; how often, and how long it took."""
    out: list[float] = []
    while alive := [thread for thread in sending if thread.is_alive()]:
        alive[0].join(every_s)
        if break_it is not None and alive[0].is_alive() and len(out) < MOST_BROKEN:
            began = time.monotonic()
            break_it(place, len(out))
            place.await_readiness()
            out.append(round(time.monotonic() - began, 1))
    return {"broken": len(out), "ready_again_s_max": max(out, default=None)}


def _compared(place: Site, told: list[Told], returns: int) -> dict[str, Any]:
    """What managers were told beside what the database holds."""
    receipts = {key: receipt for one in told for key, receipt in one.receipts.items()}
    with place.connected() as connection:
        rows = connection.execute(COUNT).fetchall()
    kept = {key: code for key, code, _, _ in rows}
    words: dict[str, int] = {}
    for one in told:
        for what, times in one.words.items():
            words[what] = words.get(what, 0) + times
    return {
        "returns": returns,
        "acknowledged": len(receipts),
        "lost": sum(kept.get(key) != receipt for key, receipt in receipts.items()),
        "doubled": sum(times > 1 for _, _, times, _ in rows),
        "torn": sum(lines != 1 for *_, lines in rows),
        "sendings": sum(one.sendings for one in told),
        "answer_s_p50": round(median(second for one in told for second in one.seconds), 3),
        "told_instead_of_a_receipt": words,
        "stack_traces": place.traces,
    }


def _break_web(place: Site, number: int) -> None:
    if number % 3 < 2:
        place.kill_one_web_process()
    else:
        place.kill_web()
        place.serve()


def _break_postgres(place: Site, number: int) -> None:
    place.kill_postgres()


if __name__ == "__main__":
    main()
