"""Runs every check of the project and the tests, and sums up at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from launcher.frontend import ensure_node_modules, has_frontend
from launcher.project import PYTHON, ROOT, VENV

_FOR_TESTS = ("LOUMAP_SHARED_DATA",)

_SIDE_BY_SIDE = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist=loadfile", "--no-loadscope-reorder"]
"""Files of tests go to processes with a database server of each, in the order of collection: the browser is last."""


def run_checks(pytest_arguments: Sequence[str]) -> int:
    """Run the checks one after the other, all of them even when one fails; give 0 only if every one passed."""
    env = _clean_environment()
    checks: list[tuple[str, list[str | Path]]] = [
        ("ruff", [PYTHON, "-m", "ruff", "check", "--output-format=concise", "."]),
        ("mypy", [PYTHON, "-m", "mypy", "--strict", "geo"]),
        ("import-linter", [VENV / "bin" / "lint-imports", "--no-logo"]),
    ]
    if has_frontend():
        env = {**env, "PATH": ensure_node_modules()["PATH"]}
        checks += [(f"npm run {script}", ["npm", "run", "--silent", script]) for script in ("check", "test")]
    checks.append(("pytest", [PYTHON, "-m", "pytest", *(pytest_arguments or _SIDE_BY_SIDE)]))
    results = []
    for name, command in checks:
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        done = subprocess.run([str(w) for w in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False)
        results.append((name, done.returncode, time.monotonic() - started))
    return _sum_up(results)


def _clean_environment() -> dict[str, str]:
    """Give our environment without the settings of an installation: tests must not touch its database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOUMAP_") or name in _FOR_TESTS}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _sum_up(results: list[tuple[str, int, float]]) -> int:
    print("\n== summary")
    for name, code, seconds in results:
        print(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({seconds:.0f} s{f', exit {code}' if code else ''})")
    sys.stdout.flush()
    return 0 if all(code == 0 for _, code, _ in results) else 1
