"""The part of `./loumap doctor` that works before anything is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from launcher.environment import environment_works, find_python, is_installed
from launcher.frontend import has_frontend, is_built
from launcher.packages import all_missing, what_to_type
from launcher.progress import SetupError


def examine(application: Callable[[], int]) -> int:
    """Print what is ready and what to do about the rest, then let the application look deeper; 0 when all is well."""
    print(f"Python {sys.version.split()[0]}, {_system()}")
    ready = [_packages(), _environment(), _frontend()]
    sys.stdout.flush()
    deeper = application() if is_installed("base") and environment_works() else 1
    return 0 if all(ready) and deeper == 0 else 1


def _packages() -> bool:
    try:
        python = None if environment_works() else find_python()
    except SetupError as error:
        return _tell(False, "Python", str(error))
    needed = all_missing(python, database=not os.environ.get("LOUMAP_DATABASE_URL"), tests=False)
    fine = _tell(not needed, "system packages", what_to_type(needed) if needed else "")
    if wanted := all_missing(None, database=False, tests=True):
        print(f"  (./loumap test also needs: {', '.join(p for need in wanted for p in need.packages)})")
    return fine


def _environment() -> bool:
    return _tell(is_installed("base"), "Python packages", "./loumap demo installs them")


def _frontend() -> bool:
    return not has_frontend() or _tell(is_built(), "front-end build", "./loumap demo or ./loumap serve builds it")


def _tell(fine: bool, what: str, remedy: str) -> bool:
    print(f"{'ok     ' if fine else 'MISSING'} {what}{'' if fine else f': {remedy}'}")
    return fine


def _system() -> str:
    try:
        with open("/etc/os-release", encoding="utf-8") as file:
            names = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    except FileNotFoundError:
        return sys.platform
    return names.get("PRETTY_NAME", sys.platform).strip('"')
