"""Environments of their own for peers that are Python packages, so that the product's stays as it is installed."""

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path


class NotInstalledError(Exception):
    """The packages cannot be had here."""


def python_with(folder: Path, packages: Sequence[str], proof: str) -> Path:
    """The interpreter of an environment in `folder` that can do `proof` (such as "import x"), made unless it is there.

    Raises
    ------
    NotInstalledError
        It cannot be made; says why.
    """
    python = folder / "bin" / "python"
    if python.exists() and subprocess.run([python, "-c", proof], capture_output=True, check=False).returncode == 0:
        return python
    venv.create(folder, with_pip=True, clear=True)
    install = [python, "-m", "pip", "install", "--quiet", *packages]
    done = subprocess.run(install, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise NotInstalledError(f"{packages[0]} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return python
