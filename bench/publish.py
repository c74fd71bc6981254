"""A copy of a whole city: seconds, files, bytes and memory of `./loumap publish`, of the first one and of two after it.

    .venv/bin/python bench/publish.py [--buildings 1000000 | --here] [--pages 200]

The second publication goes into the same folder while nothing has changed, the third after the rents of 100 units have
(they are changed back afterwards); `changed_kinds` are the files that it wrote, by folder.
Peak memory is that of the publishing process; the database's is not in it. `largest_kb` are the largest files that a
browser asks for whole. Prints JSON.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import harness  # noqa: F401 - lets the product be imported
import psycopg
from harness import city
from harness.processes import ENVIRON, PRODUCT, ROOT
from harness.report import show

from geo import versions
from webmap.config import Settings

_OTHER_RENTS = """
    UPDATE units SET rent_amount = rent_amount + %(more)s, rent_cny_m2_day = rent_cny_m2_day + %(more)s
    WHERE id IN (SELECT id FROM units WHERE public_status = 'vacant' AND rent_unit = 'cny_m2_day'
                 ORDER BY md5(id::text) LIMIT 100)"""
_SAID = re.compile(r"([\d,]+) files written.*?([\d,]+) kept, ([\d,]+) removed; ([\d.,]+) MB in all")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    city.add_options(parser)
    parser.add_argument("--pages", type=int, default=200, help="buildings with pages of their own, at most")
    asked, load = parser.parse_args(), os.getloadavg()
    with city.opened(asked) as settings, tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        figures = {"first": measured(folder, asked.pages), "again": measured(folder, asked.pages)}
        before = written_at(folder)
        with other_rents(settings):
            figures["changed"] = measured(folder, asked.pages)
        figures |= {"changed_kinds": newer(folder, before), "kinds": kinds(folder)}
    show({**figures, "load_before": [round(one, 2) for one in load]})


def measured(folder: Path, pages: int) -> dict[str, Any]:
    """One publication."""
    began = time.perf_counter()
    command = [*PRODUCT, "publish", str(folder), "--pages", str(pages), "--address", "https://copy.example"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ENVIRON}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    counted = _SAID.search(said)
    if process.returncode or counted is None:
        sys.exit(said)
    written, kept, removed, total_mb = (float(number.replace(",", "")) for number in counted.groups())
    told = {"seconds": round(time.perf_counter() - began, 1), "peak_mb": used.ru_maxrss // 1024}
    return {**told, "written": int(written), "kept": int(kept), "removed": int(removed), "total_mb": total_mb}


@contextmanager
def other_rents(settings: Settings) -> Iterator[None]:
    """Have 100 units ask a little more."""
    for more in (0.01, -0.01):
        with psycopg.connect(city.app_dsn(settings)) as connection:
            connection.execute(_OTHER_RENTS, {"more": more})
            connection.commit()
            time.sleep(1.1)  # a layer gets a new version once a second at most
            versions.bump(connection)
        if more > 0:
            yield


def written_at(folder: Path) -> dict[Path, int]:
    """When each file was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def newer(folder: Path, before: dict[Path, int]) -> dict[str, int]:
    """How many files were written since, by folder."""
    fresh = [path for path, at in written_at(folder).items() if before.get(path) != at]
    return dict(Counter(str(path.relative_to(folder).parent) for path in fresh).most_common(12))


def kinds(folder: Path) -> dict[str, Any]:
    """Megabytes of each kind of file, and the largest of those that are read whole."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    sizes: Counter[str] = Counter()
    for path in files:
        sizes[path.suffix] += path.stat().st_size
    whole = sorted((path.stat().st_size for path in files if path.suffix == ".z"), reverse=True)
    return {
        "mb": {suffix: round(size / 1e6, 1) for suffix, size in sizes.most_common(5)},
        "largest_kb": [round(size / 1000) for size in whole[:3]],
    }


if __name__ == "__main__":
    main()
