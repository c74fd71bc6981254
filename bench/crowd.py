"""Friday afternoon: fifty managers send their returns at once while two hundred readers browse.

    .venv/bin/python bench/crowd.py [--managers 50] [--units 200] [--readers 200] [--rounds 2]

A site of its own with an invented city of fifty managed buildings of two hundred units each; web server with two
processes. Readers browse from the beginning to the end (`harness/browsing.py`: pages, searches, counts, one after the
other, seven seconds of thought between). For a while they are alone; then all managers open their plan, and all send
at the same moment: every unit is reported anew (as empty, at another rent), on a page of its own for each round. In the
end staff accept every return, several at once.

Prints JSON: what managers and readers were answered by status and in which time (p50, p95, max), readers alone and
beside managers of the same run, returns lost or doubled, lines and facts that are not there exactly once, processor
time of accepting a return, deadlocks by PostgreSQL's own count.
"""

import argparse
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import harness  # noqa: F401 - lets the product be imported
from harness.browsing import THINKING_S, figures, readers
from harness.report import show
from harness.reporters import Manager, Told, tokens
from harness.sites import Site, site
from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.database_setup import opened as opened_database
from webmap.vacancy import deciding
from webmap.vacancy.models import ReturnSubmission, VacancyReturn
from webmap.vacancy.owing import Clock

CITY = """
    CREATE TEMPORARY TABLE chosen AS
        SELECT id, row_number() OVER (ORDER BY managed DESC, id) AS place FROM buildings
        WHERE status = 'operating' AND withdrawn_at IS NULL ORDER BY managed DESC, id LIMIT {buildings};
    UPDATE buildings SET managed = id IN (SELECT id FROM chosen)
        WHERE managed IS DISTINCT FROM (id IN (SELECT id FROM chosen));
    INSERT INTO floors (building_id, label, position)
        SELECT id, '1F', 1 FROM chosen c WHERE NOT EXISTS (SELECT FROM floors f WHERE f.building_id = c.id);
    INSERT INTO units (code, building_id, floor_id, label, area_m2, occupancy, public_status, source_id, publishable)
        SELECT 'c' || c.place || 'x' || n, c.id, f.id, 'C' || n, 100, 'vacant', 'vacant', s.id, true
        FROM chosen c
        JOIN (SELECT DISTINCT ON (building_id) building_id, id FROM floors ORDER BY building_id, position) f
            ON f.building_id = c.id
        CROSS JOIN generate_series(1, {units}) n
        CROSS JOIN (SELECT min(id) AS id FROM sources) s
        WHERE n <= {units} - (SELECT count(*) FROM units u WHERE u.building_id = c.id)"""
KEPT = """
    SELECT split_part(s.key, '.', 1), s.code, count(*) OVER (PARTITION BY split_part(s.key, '.', 1)),
           (SELECT count(*) FROM return_lines l WHERE l.submission_id = s.id)
    FROM return_submissions s WHERE s.key LIKE 'crowd-%'"""
FACTS = """
    SELECT count(*) FILTER (WHERE outcome = 'accepted' AND state_id IS NULL),
           count(*) FILTER (WHERE outcome = 'accepted') - count(DISTINCT state_id),
           count(*) FILTER (WHERE outcome = 'accepted'), count(*) FILTER (WHERE outcome = 'waiting')
    FROM return_lines l JOIN return_submissions s ON s.id = l.submission_id WHERE s.key LIKE 'crowd-%'"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
ADDRESSES = """
    SELECT * FROM (SELECT '/b/' || code FROM buildings WHERE managed AND withdrawn_at IS NULL ORDER BY id LIMIT 5) b
    UNION ALL SELECT * FROM (SELECT '/u/' || code FROM units WHERE public_status = 'vacant' ORDER BY id LIMIT 5) u"""
PATHS = ("/", "/search?q=a", "/match", "/about", "/api/v1/units?area_min=100&rent_max=9", "/api/v1/versions")
PATHS += ("/api/v1/facets?occupancy=vacant", "/api/v1/buildings?limit=20")
WARM_S, ALONE_S = 20.0, 40.0
STAFF = 4


def main() -> None:
    """Let the crowd come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("managers", 50), ("units", 200), ("readers", 200), ("rounds", 2)):
        parser.add_argument(f"--{name}", type=int, default=usual, help=f"default {usual}")
    parser.add_argument("--thinking", type=float, default=THINKING_S, help="of a reader, on average (default 7 s)")
    parser.add_argument("--without-accepting", action="store_true", help="leave out what staff do in the end")
    asked = parser.parse_args()
    with site("crowd", buildings=2000) as place:
        with place.connected() as connection:
            connection.execute(CITY.format(buildings=asked.managers, units=asked.units))
        place.serve()
        show(_crowd(place, asked))


def _crowd(place: Site, asked: argparse.Namespace) -> dict[str, Any]:
    told = [Told() for _ in range(asked.managers)]
    links = tokens(place.settings, asked.managers)
    managers = [Manager(place.address, link, one) for link, one in zip(links, told, strict=True)]
    with place.connected() as connection:
        paths = [*PATHS * 5, *(path for (path,) in connection.execute(ADDRESSES))]
    with readers(place.address, paths, asked.readers, asked.thinking) as browsing:
        time.sleep(WARM_S)  # the city is like one that has been running for a while
        began = time.monotonic()
        time.sleep(ALONE_S)
        opened = time.monotonic()
        opening = _at_once(managers, lambda manager: manager.open())
        for one in told:
            one.seconds.clear()
            one.words.clear()
        sent = time.monotonic()
        sending = [
            _at_once(managers, lambda manager, n=number: _report(manager, managers.index(manager), n))
            for number in range(asked.rounds)
        ]
        ended = time.monotonic()
    return {
        "managers": asked.managers,
        "units_each": sorted({len(manager.shown) for manager in managers}),
        "all_opened_s": opening,
        "all_sent_s": sending,
        "returns": figures([second for one in told for second in one.seconds]),
        "told_instead_of_a_receipt": dict(sum((Counter(one.words) for one in told), Counter())),
        **_compared(place, told),
        "readers": {
            "alone": browsing.between(began, opened),
            "while_managers_open": browsing.between(opened, sent),
            "while_managers_send": browsing.between(sent, ended),
        },
        "accepting": None if asked.without_accepting else _accept_all(place),
        "stack_traces": place.traces,
    }


def _report(manager: Manager, place: int, number: int) -> None:
    manager.send(f"crowd-{place:03}-{number}", list(manager.shown), 2 + number + place / 100)


def _at_once(managers: list[Manager], act: Any) -> float:
    """Have all managers do something at the same moment; seconds until the last one has done."""
    gate = threading.Barrier(len(managers))

    def begin(manager: Manager) -> None:
        gate.wait()
        act(manager)

    began = time.monotonic()
    with ThreadPoolExecutor(len(managers)) as pool:
        list(pool.map(begin, managers))
    return round(time.monotonic() - began, 2)


def _accept_all(place: Site) -> dict[str, Any]:
    """Staff accept every return, several at once, each in a transaction of its own as their page does."""
    clock = Clock(datetime.now(UTC), place.settings.timezone)
    began, busy = time.monotonic(), time.process_time()
    with opened_database(place.settings) as engine:
        with Session(engine) as session:
            ours = VacancyReturn.submissions.any(ReturnSubmission.key.startswith("crowd-"))
            numbers = session.scalars(select(VacancyReturn.id).where(VacancyReturn.state == "received", ours)).all()

        def accept(number: int) -> None:
            with Session(engine) as session, session.begin():
                owed = session.get_one(VacancyReturn, number)
                for doubt in owed.doubts:
                    doubt.reason = "a drill"
                session.flush()
                deciding.accept(session, None, owed, clock)

        with ThreadPoolExecutor(STAFF) as pool:
            list(pool.map(accept, numbers))
    seconds, busy = time.monotonic() - began, time.process_time() - busy
    with place.connected() as connection:
        lost, doubled, accepted, waiting = connection.execute(FACTS).fetchone() or (0, 0, 0, 0)
    facts = {"lines_accepted": accepted, "still_waiting": waiting, "facts_lost": lost, "facts_doubled": doubled}
    each = {"processor_s_each": round(busy / max(1, len(numbers)), 3)}
    return {"returns": len(numbers), "seconds": round(seconds, 1), **each, **facts}


def _compared(place: Site, told: list[Told]) -> dict[str, Any]:
    receipts = {key: receipt for one in told for key, receipt in one.receipts.items()}
    with place.connected() as connection:
        rows = connection.execute(KEPT).fetchall()
        [deadlocks] = connection.execute(DEADLOCKS).fetchone() or [0]
    kept = {key: code for key, code, _, _ in rows}
    return {
        "acknowledged": len(receipts),
        "lost": sum(kept.get(key) != receipt for key, receipt in receipts.items()),
        "doubled": sum(times > 1 for _, _, times, _ in rows),
        "lines_each": sorted({lines for *_, lines in rows}),
        "deadlocks": deadlocks,
    }


if __name__ == "__main__":
    main()
