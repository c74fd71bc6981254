"""Asks the running site everything its OpenAPI document allows, and much that it does not (schemathesis).

    .venv/bin/python bench/security/contract.py [--examples 50] [--seconds 300] [--address http://…]

A site of its own with an invented city unless an address is given. Every answer of the API must be as documented:
status, type and shape; nothing may be a fault of the server, and wrong values must be refused. Pages, feeds and files
(`pages.py`) may be asked for with any texts without a fault of the server. Prints JSON: cases, findings (0 expected).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import harness  # noqa: F401 - lets the product be imported
from harness.report import show
from harness.sites import site
from pages import document, known


def main() -> None:
    """Run schemathesis and count what it found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=50, help="made-up requests for each operation (default 50)")
    parser.add_argument("--seconds", type=int, default=300, help="at most so long (default 300)")
    parser.add_argument("--address", help="a running site instead of one of its own")
    asked = parser.parse_args()
    with address_of(asked.address, "contract") as address, tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages.json"
        pages.write_text(json.dumps(document(known(address))))
        limits = ["--max-examples", str(asked.examples), "--max-time", str(asked.seconds)]
        api = _tried([f"{address}/api/v1/openapi.json", *limits])
        faults = _tried([str(pages), "--url", address, "--checks", "not_a_server_error", *limits])
    show({"api": api, "pages": faults, "findings": api["findings"] + faults["findings"]})
    sys.exit(api["exit"] or faults["exit"])


def _tried(asked: list[str]) -> dict[str, int]:
    """One run: how it ended, how many cases it tried and what it found."""
    program = str(Path(sys.executable).with_name("schemathesis"))
    command = [program, "--config-file", str(Path(__file__).with_name("schemathesis.toml")), "run", "--no-color"]
    command += [*asked, "--workers", "1", "--continue-on-failure"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=False, cwd="/tmp")
    sys.stderr.write(done.stdout)
    cases = re.findall(r"(\d[\d,]*) generated", done.stdout)
    found = re.findall(r"(\d[\d,]*) (?:unique )?failures?", done.stdout)
    return {
        "exit": done.returncode,
        "cases": int(cases[-1].replace(",", "")) if cases else 0,
        "findings": int(found[-1]) if found else 0,
    }


@contextmanager
def address_of(given: str | None, name: str) -> Iterator[str]:
    """The address that was given, or that of a site that runs for a block."""
    if given:
        yield given.rstrip("/")
        return
    with site(f"security-{name}") as place:
        place.serve()
        yield place.address


if __name__ == "__main__":
    main()
