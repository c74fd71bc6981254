"""Tries to smuggle SQL through the addresses that search (sqlmap).

    .venv/bin/python bench/security/injection.py [--level 2] [--address http://…]

A site of its own with an invented city unless an address is given; `sqlmap` is a Debian package. Every parameter of
every address below is tried with what sqlmap knows of PostgreSQL. Prints JSON: addresses, parameters, findings (0
expected).
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import harness  # noqa: F401 - lets the product be imported
from contract import address_of
from harness.report import show
from pages import filled, known

ADDRESSES = (
    "/api/v1/units?q=a&area_min=100&rent_max=9&sort=area&limit=5&grade=a&available_by=2030-01-01",
    "/api/v1/units?as_of=2026-06-01&known_at=2026-06-02T00:00:00Z&after=a",
    "/api/v1/buildings?q=a&within=abc&near=metro&near_m=500&bbox=121,31,122,32&cluster=a",
    "/api/v1/buildings/{building}*?as_of=2026-06-01",
    "/api/v1/isochrones?walk_from={building}&minutes=5",
    "/api/v1/suggest?q=a&at=121.4,31.2&limit=5",
    "/api/v1/match?area_min=100&rent_max=9&q=a&zone=a",
    "/search?q=a",
    "/match?q=a",
    "/?q=a&sort=area&page=1&date=2026-06-01",
    "/b/{building}*?as_of=2026-06-01&known_at=2026-06-02&floor=3&find=a&sort=area",
    "/u/{unit}*?as_of=2026-06-01&known_at=2026-06-02",
    "/state/{version}?as_of=2026-06-01&known_at=2026-06-02",
    "/compare?u={unit}&b={building}",
    "/shortlist?u={unit}",
    "/feeds/units.atom?area_min=100&q=a",
    "/feeds/units.ics?area_min=100&within=a",
    "/inquiries/new?building={building}&unit={unit}&kind=error",
    "/s/a*",
    "/pictures/a*/320.jpg",
)
_INJECTABLE = re.compile(r"^Parameter: (.+)$", re.MULTILINE)


def main() -> None:
    """Try every address and count what gave way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--level", type=int, default=1, help="how much sqlmap tries, 1 to 5 (default 1)")
    parser.add_argument("--address", help="a running site instead of one of its own")
    asked = parser.parse_args()
    if shutil.which("sqlmap") is None:
        raise SystemExit("sqlmap is not installed: apt-get install sqlmap")
    with address_of(asked.address, "injection") as address:
        values = known(address)
        found = {path: _tried(address + filled(path, values), asked.level) for path in ADDRESSES}
    gave_way = {path: names for path, names in found.items() if names}
    tried = sum(path.count("=") + path.count("*") for path in ADDRESSES)
    show({"addresses": len(found), "parameters": tried, "findings": len(gave_way), "gave_way": gave_way})
    sys.exit(1 if gave_way else 0)


def _tried(address: str, level: int) -> list[str]:
    """The parameters of an address through which SQL came."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["sqlmap", "-u", address, "--batch", "--dbms=PostgreSQL", "--level", str(level), "--risk", "2"]
        command += ["--output-dir", folder, "--disable-coloring", "--flush-session", "--threads", "1"]
        command += ["--ignore-code", "400,401,403,404,410,422,429"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    sys.stderr.write(f"{address}\n{done.stdout[-800:]}")
    if "all tested parameters do not appear to be injectable" in done.stdout:
        return []
    return _INJECTABLE.findall(done.stdout) or [f"sqlmap did not come to its end: {done.stdout[-300:]}"]


if __name__ == "__main__":
    main()
