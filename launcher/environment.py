"""Makes the virtual environment with the locked Python packages, once per lock."""

from __future__ import annotations

import shutil
import subprocess
import sys

from launcher.progress import SetupError, run, step
from launcher.project import PYTHON, ROOT, VENV, fingerprint, is_stamped

OLDEST_PYTHON = (3, 11)
LOCKS = {"base": "Python packages", "dev": "Python packages for tests", "node": "Node.js"}

_PLACE = VENV / ".loumap-place"


def find_python() -> str:
    """Give the interpreter for the virtual environment: ours if new enough, else another one that is installed.

    Raises
    ------
    SetupError
        There is none.
    """
    if sys.version_info >= OLDEST_PYTHON:
        return sys.executable
    for minor in range(14, OLDEST_PYTHON[1] - 1, -1):
        if path := shutil.which(f"python3.{minor}"):
            return path
    this = f"{sys.version_info[0]}.{sys.version_info[1]}"
    raise SetupError(f"LouMap runs on Python 3.11 or newer; this is {this}. Install a newer one with its venv package.")


def environment_works() -> bool:
    """Say whether there is a virtual environment of this very place whose interpreter starts and has pip."""
    if not PYTHON.exists() or (_PLACE.exists() and _PLACE.read_text() != str(VENV)):
        return False  # the programs in a moved environment name the old place
    return not subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode


def is_installed(lock: str) -> bool:
    """Say whether the packages of `requirements/<lock>.txt`, as it is now, were installed completely."""
    return PYTHON.exists() and is_stamped(VENV / f".loumap-{lock}", _fingerprint(lock))


def ensure_environment(python: str) -> None:
    """Make the virtual environment when there is none that works."""
    if not environment_works():
        with step("Virtual environment"):
            run([python, "-m", "venv", "--clear", VENV])
        _PLACE.write_text(str(VENV))


def ensure_packages(lock: str) -> None:
    """Install the packages of a lock, each checked against its hashes; nothing to do takes no time."""
    if is_installed(lock):
        return
    with step(f"{LOCKS[lock]} (requirements/{lock}.txt)"):
        options = ["--require-hashes", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        run([PYTHON, "-m", "pip", "install", *options, "-r", f"requirements/{lock}.txt"])
    (VENV / f".loumap-{lock}").write_text(_fingerprint(lock))


def _fingerprint(lock: str) -> str:
    return fingerprint([ROOT / "requirements" / f"{lock}.txt"], str(PYTHON.resolve()))
