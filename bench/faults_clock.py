"""The drill of the clock: database and web server live by a clock that jumps, and readers must still see changes."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.sites import Site

from webmap.db import private_server
from webmap.embedded.places import server_account
from webmap.embedded.programs import programs_for

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
JUMPS = ("+2h", "-3h", "+0")
SEEN_WITHIN_S = 10
"""Patience for a change to have a new version after a jump."""


def clock_jumps(returns_while: Callable[..., dict[str, Any]], returns: int) -> dict[str, Any]:
    """Returns are sent while the clock jumps; afterwards a change must still become a version, whatever the hour."""
    if LIBRARY is None:
        return {"skipped": "libfaketime is not installed (apt-get install faketime)"}
    seen: list[dict[str, Any]] = []

    def jump(place: Site, number: int) -> None:
        (place.folder / "clock").write_text(f"{JUMPS[number % len(JUMPS)]}\n")
        time.sleep(1)
        seen.append({"clock": JUMPS[number % len(JUMPS)], "change_seen_after_s": _seen_after(place)})

    found = returns_while("clock", returns, jump, every_s=5, prepare=_faked)
    return {**found, "changes_seen": seen, "changes_unseen": sum(one["change_seen_after_s"] is None for one in seen)}


def _faked(place: Site) -> None:
    """Start database and web server with a clock that follows a file."""
    clock = place.folder / "clock"
    clock.write_text("+0\n")
    clock.chmod(0o644)
    fake = {"LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
    fake |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
    cluster = place.folder / "database" / "cluster"
    programs = programs_for(cluster, server_account(place.folder / "database"))
    programs.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", cluster)
    words = [str(programs.folder / "pg_ctl"), "start", "-w", "-s", "-D", str(cluster), "-l", str(cluster / "faked.log")]
    subprocess.run(words, check=True, cwd="/", env={"LC_ALL": "C.UTF-8", "TZ": "UTC", **fake}, **programs.identity)
    private_server(place.folder / "database").ensure_running()
    place.serve(**fake)


def _seen_after(place: Site) -> float | None:
    """Seconds until a change of a unit has a version of its own; None if it never has."""
    state = "SELECT version FROM layer_versions WHERE layer = 'state'"
    with place.connected() as connection:
        connection.autocommit = True
        before = connection.execute(state).fetchone()
        connection.execute("UPDATE units SET fitout = fitout || '' WHERE id = (SELECT min(id) FROM units)")
        connection.execute("INSERT INTO layer_changes (layer) VALUES ('state')")
        began = time.monotonic()
        while time.monotonic() < began + SEEN_WITHIN_S:
            if connection.execute(state).fetchone() != before:
                return round(time.monotonic() - began, 1)
            time.sleep(0.1)
    return None
